resource "google_identity_platform_inbound_saml_config" "provider" {
  name         = "saml.<slug>"
  display_name = "<workspace>"
  # True once two people have proved the sign-in.
  enabled = false

  idp_config {
    idp_entity_id = "<issuer>"
    sso_url       = "<sign_on_url>"
    sign_request  = <signs_requests>

    dynamic "idp_certificates" {
      for_each = local.certificates
      content {
        x509_certificate = idp_certificates.value
      }
    }
  }

  sp_config {
    sp_entity_id = "<audience>"
    callback_uri = "<login_redirect_url>"
  }
}
