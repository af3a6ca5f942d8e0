variable "realm" {
  type    = string
  default = "<realm>"
}

resource "keycloak_openid_client" "service" {
  realm_id              = var.realm
  client_id             = "<client_id>"
  name                  = "<service>"
  access_type           = "CONFIDENTIAL"
  standard_flow_enabled = <code_flow>
  implicit_flow_enabled = <implicit_flow>
  valid_redirect_uris   = ["<login_redirect_url>"]
  base_url              = "<start_url>"
}

resource "keycloak_openid_group_membership_protocol_mapper" "groups" {
  realm_id        = var.realm
  client_id       = keycloak_openid_client.service.id
  name            = "groups"
  claim_name      = "groups"
  full_path       = false
  add_to_id_token = true
}

output "client_id" {
  value = keycloak_openid_client.service.client_id
}

# The secret is copied in the client's Credentials; Terraform's state holds it too.
