resource "okta_app_saml" "service" {
  label                    = "<service>"
  sso_url                  = "<login_redirect_url>"
  recipient                = "<login_redirect_url>"
  destination              = "<login_redirect_url>"
  audience                 = "<audience>"
  subject_name_id_template = "$${user.email}"
  subject_name_id_format   = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
  user_name_template       = "$${source.email}"
  user_name_template_type  = "BUILT_IN"
  response_signed          = true
  assertion_signed         = true
  signature_algorithm      = "RSA_SHA256"
  digest_algorithm         = "SHA256"
  honor_force_authn        = true
  authn_context_class_ref  = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
  hide_web                 = <tile_hidden>
  hide_ios                 = <tile_hidden>

  attribute_statements {
    name   = "email"
    values = ["user.email"]
  }

  attribute_statements {
    type         = "GROUP"
    name         = "groups"
    filter_type  = "REGEX"
    filter_value = ".*"
  }
}

output "issuer" {
  value = okta_app_saml.service.entity_url
}

output "sign_on_url" {
  value = okta_app_saml.service.http_redirect_binding
}

output "metadata" {
  value = okta_app_saml.service.metadata_url
}
