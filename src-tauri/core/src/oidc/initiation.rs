//! A sign-in that the provider starts (OpenID Connect Core 1.0, section 4): its tile sends the
//! person to the service's Initiate login URI, and the service asks as it always does.

use url::Url;

use super::answer::Captured;
use crate::connection::OidcConnection;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::server::same_server;
use crate::text::shown;

/// The longest value that is taken, in bytes.
const LONGEST: usize = 2_000;

/// How much of a value is shown, in characters.
const SHOWN: usize = 300;

/// What the provider sent along. It says who to sign in where, and is neither signed nor secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Initiation {
    issuer: Option<String>,
    login_hint: Option<String>,
    target: Option<String>,
}

impl Initiation {
    /// Reads what came to the Initiate login URI, by address or as a form. Of a parameter that came
    /// twice the first counts.
    pub fn read(captured: &Captured) -> Self {
        let parameters: Vec<(String, String)> = match captured {
            Captured::Address(url) => url.query_pairs().into_owned().collect(),
            Captured::Form(fields) => fields.clone(),
        };
        let value = |name: &str| {
            let found = parameters.iter().find(|(known, _)| known == name);
            found
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_empty() && value.len() <= LONGEST)
        };
        Self {
            issuer: value("iss"),
            login_hint: value("login_hint"),
            target: value("target_link_uri"),
        }
    }

    /// Whom the provider has signed in already.
    pub fn login_hint(&self) -> Option<&str> {
        self.login_hint.as_deref()
    }

    /// What is wrong with it. `service` are the addresses at which the service takes answers.
    ///
    /// Another issuer ends the sign-in: the service would ask another provider, or nobody. Without
    /// one it goes on, as a service can that knows its provider by the address itself.
    pub fn findings(&self, connection: &OidcConnection, service: &[Url]) -> Vec<Finding> {
        let mut findings = Vec::new();
        match self.issuer.as_deref() {
            None => findings.push(Finding::warning(Fault::StartNamesNoIssuer {})),
            Some(received) if received != connection.issuer.as_str() => {
                findings.push(Finding::error(Fault::StartOfOtherIssuer {
                    expected: connection.issuer.as_str().to_owned(),
                    received: shown(received, SHOWN),
                }));
            }
            Some(_) => {}
        }
        if let Some(target) = &self.target {
            let inside = Url::parse(target)
                .is_ok_and(|target| service.iter().any(|one| same_server(one, &target)));
            if !inside {
                findings.push(Finding::warning(Fault::StartLeadsElsewhere {
                    target: shown(target, SHOWN),
                }));
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Flow, Issuer};

    const ISSUER: &str = "https://acme.okta.com";

    fn connection() -> OidcConnection {
        OidcConnection {
            provider: "okta".to_owned(),
            issuer: Issuer::parse(ISSUER).unwrap(),
            client_id: "0oa1".to_owned(),
            scopes: vec!["openid".to_owned()],
            flow: Flow::Code,
            login_hint: false,
            login_redirect_url: "https://app.torq.io/__/auth/handler".parse().unwrap(),
        }
    }

    #[track_caller]
    fn check(query: &str, expected: &[(&str, bool)]) {
        let address = format!("https://app.torq.io/auth/SSOSignIn?domain=acme.example&{query}");
        let by_address = Initiation::read(&Captured::Address(address.parse().unwrap()));
        let fields = url::form_urlencoded::parse(query.as_bytes());
        let by_form = Initiation::read(&Captured::Form(fields.into_owned().collect()));
        assert_eq!(by_address, by_form, "{query}");
        let service = [connection().login_redirect_url];
        let found = by_form.findings(&connection(), &service);
        let found: Vec<(String, bool)> = found
            .iter()
            .map(|finding| (finding.fault.code(), finding.is_error()))
            .collect();
        let expected: Vec<(String, bool)> = expected
            .iter()
            .map(|(code, error)| ((*code).to_owned(), *error))
            .collect();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn a_start_that_names_its_issuer_is_right_with_or_without_the_rest() {
        check("iss=https%3A%2F%2Facme.okta.com", &[]);
        check(
            "iss=https://acme.okta.com&login_hint=olivia@acme.example",
            &[],
        );
        check(
            "iss=https://acme.okta.com&target_link_uri=https://app.torq.io/workflows",
            &[],
        );
    }

    #[test]
    fn a_start_without_an_issuer_goes_on_with_a_warning() {
        check("", &[("start_names_no_issuer", false)]);
        check("iss=", &[("start_names_no_issuer", false)]);
        check(
            "issuer=https://acme.okta.com",
            &[("start_names_no_issuer", false)],
        );
        let long = format!("iss={}", "x".repeat(LONGEST + 1));
        check(&long, &[("start_names_no_issuer", false)]);
    }

    #[test]
    fn every_other_issuer_ends_it() {
        for other in [
            "https://acme.okta.com/",
            "http://acme.okta.com",
            "https://ACME.okta.com",
            "https://acme.okta.com/oauth2/default",
            "https://evil.example",
        ] {
            check(&format!("iss={other}"), &[("start_of_other_issuer", true)]);
        }
        check(
            "iss=https://evil.example&iss=https://acme.okta.com",
            &[("start_of_other_issuer", true)],
        );
    }

    #[test]
    fn a_target_that_is_not_the_services_is_named() {
        for target in [
            "https://evil.example/",
            "https://app.torq.io.evil.example/",
            "//app.torq.io/",
            "javascript:alert(1)",
            "/workflows",
        ] {
            check(
                &format!("iss=https://acme.okta.com&target_link_uri={target}"),
                &[("start_leads_elsewhere", false)],
            );
        }
    }

    #[test]
    fn the_hint_is_kept_for_the_request() {
        let read = |text: &str| Initiation::read(&Captured::Address(text.parse().unwrap()));
        let hinted = read("https://a.example/?login_hint=olivia%40acme.example");
        assert_eq!(hinted.login_hint(), Some("olivia@acme.example"));
        assert_eq!(read("https://a.example/?login_hint=").login_hint(), None);
    }
}
