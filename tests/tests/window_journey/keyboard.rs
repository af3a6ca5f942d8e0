//! The whole form by keyboard alone, by either protocol.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_tests::provider::{OidcConfig, OidcProvider};
use latchkey_tests::provider_saml::{SamlProvider, SimpleSamlShape};
use latchkey_tests::wizard::Wizard;

/// Step 1, from the home page: everything but the protocol.
async fn choose(wizard: &Wizard, owner: &str) {
    wizard.says("Set up single sign-on").await;
    wizard.press_by_keys("New workspace").await;
    wizard.says("Choose a provider").await;
    wizard.type_by_keys("Workspace name", "Acme").await;
    wizard.choose_by_keys("United States").await;
    wizard.type_by_keys("Owner's e-mail", owner).await;
    wizard.choose_by_keys("Other").await;
}

#[tokio::test]
async fn the_form_is_filled_in_by_keyboard_with_openid_connect() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider = OidcProvider::start(&OidcConfig::default()).expect("oidc-provider starts");
    let wizard = Wizard::open(data.path()).await;
    choose(&wizard, "olivia@acme.example").await;
    wizard.press_by_keys("Continue").await;

    wizard.says("https://app.torq.io/__/auth/handler").await;
    wizard.type_by_keys("Issuer URL", &provider.issuer).await;
    wizard.type_by_keys("Client ID", &provider.client_id).await;
    let secret = provider.client_secret.as_deref().expect("it has one");
    wizard.type_by_keys("Client secret", secret).await;
    wizard.says("says about itself").await;
    // With it comes the field for its last day.
    wizard.press_by_keys("Keep the client secret").await;
    wizard.says("Client secret's last day").await;
    wizard
        .type_by_keys("Client secret's last day", "2031-02-28")
        .await;
    wizard
        .unfold_by_keys("Scopes, flow and other choices")
        .await;
    wizard.choose_by_keys("Code flow").await;
    // Tab has selected what stands in the field, and typing takes its place.
    wizard
        .type_by_keys("Requested scopes", "openid email profile groups")
        .await;
    wizard.tick_by_keys("Send login hint").await;
    wizard
        .type_by_keys(
            "Another Login Redirect URL",
            "https://app.torq.io/__/auth/handler",
        )
        .await;
    wizard.says("Code flow; openid email profile groups").await;
    wizard.press_by_keys("Continue").await;

    wizard.says("Map claims to roles").await;
    wizard.press_by_keys("Add as rule 1").await;
    wizard.says("1 rule").await;
    wizard.press_by_keys("Continue").await;
    wizard.says("Sign in for a test").await;
    wizard.close().await;
}

#[tokio::test]
async fn the_form_is_filled_in_by_keyboard_with_saml() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider =
        SamlProvider::simplesamlphp(&SimpleSamlShape::default()).expect("SimpleSAMLphp starts");
    let wizard = Wizard::open(data.path()).await;
    choose(&wizard, "olivia@acme.example").await;
    wizard.choose_by_keys("SAML 2.0").await;
    wizard.press_by_keys("Continue").await;

    wizard.says("https://app.torq.io/__/auth/handler").await;
    wizard
        .type_by_keys("Metadata", provider.metadata_url.as_str())
        .await;
    wizard.press_by_keys("Read").await;
    wizard.says("Read from").await;
    wizard.press_by_keys("Continue").await;

    wizard.says("Map claims to roles").await;
    wizard.press_by_keys("Add as rule 1").await;
    wizard.says("1 rule").await;
    wizard.press_by_keys("Continue").await;
    wizard.says("Sign in for a test").await;
    wizard.close().await;
}

#[tokio::test]
async fn every_field_of_saml_is_filled_in_by_keyboard_without_metadata() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["id.acme.example".to_owned()]);
    let certificate = params.expect("a name").self_signed(&key).expect("signed");
    let text = STANDARD.encode(certificate.der());
    let wizard = Wizard::open(data.path()).await;
    choose(&wizard, "olivia@acme.example").await;
    wizard.choose_by_keys("SAML 2.0").await;
    wizard.press_by_keys("Continue").await;

    wizard.says("https://app.torq.io/__/auth/handler").await;
    wizard
        .type_by_keys("Sign-On URL", "https://id.acme.example/saml/sso")
        .await;
    wizard
        .type_by_keys("Issuer URL", "https://id.acme.example/saml")
        .await;
    wizard.type_by_keys("Certificate as text", &text).await;
    wizard.press_by_keys("Add the certificate").await;
    wizard.says("SHA-256").await;
    wizard
        .unfold_by_keys("Requests, keys and other choices")
        .await;
    wizard.choose_by_keys("By form POST").await;
    wizard.type_by_keys("Another audience", "torq.io").await;
    wizard
        .type_by_keys(
            "Another Login Redirect URL",
            "https://app.torq.io/__/auth/handler",
        )
        .await;
    wizard.says("By form POST; not signed").await;
    wizard.press_by_keys("Continue").await;
    wizard.says("Map claims to roles").await;
    wizard.close().await;
}
