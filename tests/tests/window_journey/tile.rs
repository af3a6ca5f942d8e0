//! The sign-in that the provider's own dashboard starts.

use latchkey_tests::provider::{OidcConfig, OidcProvider};
use latchkey_tests::wizard::{SIGN_IN_WINDOW, SignInWindow, Wizard};

use crate::set_up_to_the_test;

const START: &str = "https://app.torq.io/auth/SSOSignIn?domain=acme.example";

/// Opens the dashboard in the sign-in window, by way of the form.
async fn open_the_dashboard(wizard: &Wizard, provider: &OidcProvider) -> SignInWindow {
    wizard.choose("At the provider: test the tile").await;
    let dashboard = format!("{}/dashboard", provider.issuer);
    wizard.fill("Address of the dashboard", &dashboard).await;
    wizard.press("Start test sign-in").await;
    wizard.says("Waiting for you in the sign-in window.").await;
    SignInWindow::wait_for(SIGN_IN_WINDOW)
}

async fn at_the_test(tile: &str) -> (tempfile::TempDir, OidcProvider, Wizard) {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider = OidcProvider::start(&OidcConfig {
        tile: Some(tile.to_owned()),
        ..OidcConfig::default()
    })
    .expect("oidc-provider starts");
    let wizard = Wizard::open(data.path()).await;
    let owner = provider.person("olivia@acme.example");
    set_up_to_the_test(&wizard, &provider, owner).await;
    (data, provider, wizard)
}

#[tokio::test]
async fn the_tile_starts_a_sign_in_that_goes_on_as_the_service_would() {
    let (_data, provider, wizard) = at_the_test(START).await;
    let window = open_the_dashboard(&wizard, &provider).await;
    // The tile has the focus. The provider's form has the address filled in: it came as a hint.
    wizard.says(&format!("{}/dashboard", provider.issuer)).await;
    window.key("Return");
    wizard.says("/interaction/").await;
    window.types(&provider.person("olivia@acme.example").password);
    window.key("Return");
    wizard.says("olivia@acme.example gets").await;
    wizard.says("Rule 1 decides").await;
    wizard.close().await;
}

#[tokio::test]
async fn a_tile_that_leads_to_another_address_of_the_service_is_named() {
    let (_data, provider, wizard) = at_the_test("https://app.torq.io/login").await;
    let window = open_the_dashboard(&wizard, &provider).await;
    wizard.says(&format!("{}/dashboard", provider.issuer)).await;
    window.key("Return");
    wizard
        .says("The tile leads to https://app.torq.io/login.")
        .await;
    wizard.says(START).await;
    wizard.close().await;
}
