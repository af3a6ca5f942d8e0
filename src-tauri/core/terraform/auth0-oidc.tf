resource "auth0_client" "service" {
  name               = "<service>"
  app_type           = "regular_web"
  oidc_conformant    = true
  callbacks          = ["<login_redirect_url>"]
  initiate_login_uri = "<start_url>"
  grant_types        = ["<grant_type>"]

  jwt_configuration {
    alg = "RS256"
  }
}

# Groups arrive only if an Action adds them, under a name with a namespace of its own.
resource "auth0_action" "groups" {
  name   = "<action_name>"
  deploy = true
  code   = <<-EOT
    <group_action>
  EOT

  supported_triggers {
    id      = "post-login"
    version = "v3"
  }
}

resource "auth0_trigger_action" "groups" {
  trigger   = "post-login"
  action_id = auth0_action.groups.id
}

output "client_id" {
  value = auth0_client.service.client_id
}

# The secret is copied in the application's Settings; people are let in under Connections there.
