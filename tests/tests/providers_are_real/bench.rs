//! What the tests of `oidc-provider` share.

use latchkey_tests::browser::{Browser, Landing};
use latchkey_tests::provider::{OidcConfig, OidcProvider, SERVICE_REDIRECT};
use url::Url;

pub(crate) const OLIVIA: &str = "olivia@acme.example";
pub(crate) const BOB: &str = "bob@acme.example";

pub(crate) fn start(config: OidcConfig) -> OidcProvider {
    OidcProvider::start(&config).unwrap()
}

pub(crate) fn service_redirect() -> Url {
    SERVICE_REDIRECT.parse().unwrap()
}

pub(crate) async fn sign_in(provider: &OidcProvider, start: &Url, email: &str) -> Landing {
    let password = &provider.person(email).password;
    let browser = Browser::new();
    let landing = browser
        .sign_in(start, email, password, &service_redirect())
        .await;
    landing.unwrap_or_else(|error| panic!("{error}\n{}", provider.log()))
}
