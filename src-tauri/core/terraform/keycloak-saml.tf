variable "realm" {
  type    = string
  default = "<realm>"
}

resource "keycloak_saml_client" "service" {
  realm_id                    = var.realm
  client_id                   = "<audience>"
  name                        = "<service>"
  sign_documents              = true
  sign_assertions             = true
  encrypt_assertions          = false
  client_signature_required   = false
  signature_algorithm         = "RSA_SHA256"
  name_id_format              = "email"
  force_name_id_format        = true
  valid_redirect_uris         = ["<login_redirect_url>"]
  master_saml_processing_url  = "<login_redirect_url>"
  assertion_consumer_post_url = "<login_redirect_url>"
}

resource "keycloak_generic_protocol_mapper" "email" {
  realm_id        = var.realm
  client_id       = keycloak_saml_client.service.id
  name            = "email"
  protocol        = "saml"
  protocol_mapper = "saml-user-property-mapper"
  config = {
    "user.attribute"       = "email"
    "attribute.name"       = "email"
    "attribute.nameformat" = "Basic"
  }
}

resource "keycloak_generic_protocol_mapper" "groups" {
  realm_id        = var.realm
  client_id       = keycloak_saml_client.service.id
  name            = "groups"
  protocol        = "saml"
  protocol_mapper = "saml-group-membership-mapper"
  config = {
    "attribute.name"       = "groups"
    "attribute.nameformat" = "Basic"
    "single"               = "true"
    "full.path"            = "false"
  }
}
