resource "okta_app_oauth" "service" {
  label          = "<service>"
  type           = "web"
  grant_types    = ["<grant_type>"]
  response_types = ["<response_type>"]
  redirect_uris  = ["<login_redirect_url>"]
  login_uri      = "<start_url>"
  login_mode     = "<okta_login_mode>"
  hide_web       = <tile_hidden>
  hide_ios       = <tile_hidden>
  # The secret stays out of the state: copy it under Client Credentials.
  omit_secret = true

  groups_claim {
    type        = "FILTER"
    filter_type = "REGEX"
    name        = "groups"
    value       = ".*"
  }
}

output "client_id" {
  value = okta_app_oauth.service.client_id
}
