resource "azuread_application" "service" {
  display_name            = "<service>"
  sign_in_audience        = "AzureADMyOrg"
  group_membership_claims = ["SecurityGroup"]

  web {
    homepage_url  = "<start_url>"
    redirect_uris = ["<login_redirect_url>"]

    implicit_grant {
      id_token_issuance_enabled = true
    }
  }

  optional_claims {
    id_token {
      name = "email"
    }
  }
}

# Only who is assigned may sign in.
resource "azuread_service_principal" "service" {
  client_id                    = azuread_application.service.client_id
  app_role_assignment_required = true
}

data "azuread_client_config" "current" {}

output "client_id" {
  value = azuread_application.service.client_id
}

output "issuer" {
  value = "https://login.microsoftonline.com/${data.azuread_client_config.current.tenant_id}/v2.0"
}

# A client secret made here would stand in the state: make it under Certificates & secrets, and copy its value.
