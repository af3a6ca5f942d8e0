variable "client_secret" {
  type      = string
  sensitive = true
  default   = null
}

resource "google_identity_platform_oauth_idp_config" "provider" {
  name          = "oidc.<slug>"
  display_name  = "<workspace>"
  issuer        = "<issuer>"
  client_id     = "<client_id>"
  client_secret = var.client_secret
  # True once two people have proved the sign-in.
  enabled = false

  response_type {
    code     = <code_flow>
    id_token = <implicit_flow>
  }
}
