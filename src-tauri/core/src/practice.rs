//! Which set-ups have the practice provider behind them. They stay marked as such wherever they
//! travel: a practice workspace proves nothing about a company's sign-in.

use url::Url;

use crate::connection::Protocol;
use crate::server::is_this_computer;
use crate::set_up::ConnectionFields;

/// The client ID of the practice provider.
const CLIENT_ID: &str = "latchkey-practice";
/// The paths of its SAML entity ID and of its sign-on address.
const ENTITY_ID: &str = "/saml/metadata";
const SIGN_ON: &str = "/saml/sso";

/// Whether these are the practice provider's own values, whichever port it had.
pub fn is_practice(connection: &ConnectionFields) -> bool {
    match connection.protocol {
        Protocol::Oidc => {
            connection.client_id.trim() == CLIENT_ID && is_at(&connection.issuer, "/")
        }
        Protocol::Saml => {
            is_at(&connection.issuer, ENTITY_ID) && is_at(&connection.sign_on_url, SIGN_ON)
        }
    }
}

/// Whether an address of the connection is that of somebody else's provider.
pub fn is_elsewhere(connection: &ConnectionFields) -> bool {
    let of_another = |address: &&String| {
        let named = Url::parse(address.trim()).is_ok_and(|url| url.has_host());
        named
            && ![ENTITY_ID, SIGN_ON, "/"]
                .iter()
                .any(|path| is_at(address, path))
    };
    [&connection.issuer, &connection.sign_on_url]
        .iter()
        .any(of_another)
}

fn is_at(address: &str, path: &str) -> bool {
    let url = Url::parse(address.trim());
    url.is_ok_and(|url| is_this_computer(&url) && url.path() == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oidc(issuer: &str, client_id: &str) -> ConnectionFields {
        ConnectionFields {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            ..ConnectionFields::default()
        }
    }

    fn saml(issuer: &str, sign_on_url: &str) -> ConnectionFields {
        ConnectionFields {
            protocol: Protocol::Saml,
            issuer: issuer.to_owned(),
            sign_on_url: sign_on_url.to_owned(),
            ..ConnectionFields::default()
        }
    }

    #[test]
    fn the_practice_providers_values_are_known_on_whichever_port() {
        for own in [
            oidc("http://127.0.0.1:47114", CLIENT_ID),
            oidc("http://127.0.0.1:9000/", CLIENT_ID),
            saml(
                "http://127.0.0.1:9000/saml/metadata",
                "http://127.0.0.1:9000/saml/sso",
            ),
        ] {
            assert!(is_practice(&own) && !is_elsewhere(&own), "{own:?}");
        }
    }

    #[test]
    fn a_providers_own_values_are_never_taken_for_practice() {
        for real in [
            oidc("https://acme.okta.com", CLIENT_ID),
            oidc("http://127.0.0.1:8080/realms/acme", CLIENT_ID),
            oidc("http://localhost:8080", "acme"),
            oidc("", CLIENT_ID),
            saml(
                "https://idp.acme.example/saml/metadata",
                "https://idp.acme.example/saml/sso",
            ),
            saml(
                "http://127.0.0.1:9000/saml/metadata",
                "https://idp.acme.example/saml/sso",
            ),
            saml("JumpCloud", "http://127.0.0.1:9000/saml/sso"),
        ] {
            assert!(!is_practice(&real), "{real:?}");
        }
    }

    #[test]
    fn what_is_half_typed_names_nobody_else_and_a_whole_address_does() {
        for half in ["", "https://", "acme", "http://127.0.0.1:47114"] {
            assert!(!is_elsewhere(&oidc(half, "")), "{half}");
        }
        for whole in [
            "https://acme.okta.com",
            "http://127.0.0.1:8080/realms/acme",
            "https://idp.acme.example/saml/metadata",
        ] {
            assert!(is_elsewhere(&oidc(whole, CLIENT_ID)), "{whole}");
        }
        let sign_on = "https://idp.acme.example/saml/sso";
        assert!(is_elsewhere(&saml("JumpCloud", sign_on)));
    }
}
