//! The same journey by SAML 2.0, at SimpleSAMLphp.

use latchkey_tests::provider_saml::{SamlProvider, Signed, SimpleSamlShape};
use latchkey_tests::wizard::Wizard;

use crate::nothing_secret_in;

/// From the home page to the test step; all that the form asks for comes from the provider's metadata.
async fn set_up_to_the_test(wizard: &Wizard, provider: &SamlProvider, owner: &str) {
    connect(wizard, provider, owner).await;
    map_and_go_on(wizard).await;
}

/// From the home page to a connection that holds.
async fn connect(wizard: &Wizard, provider: &SamlProvider, owner: &str) {
    wizard.press("New workspace").await;
    wizard.says("Choose a provider").await;
    wizard.fill("Workspace name", "Acme").await;
    wizard.choose("United States").await;
    wizard.fill("Owner's e-mail", owner).await;
    wizard.choose("Other").await;
    wizard.choose("SAML 2.0").await;
    wizard.press("Continue").await;

    wizard.says("https://app.torq.io/__/auth/handler").await;
    wizard
        .fill("Metadata", provider.metadata_url.as_str())
        .await;
    wizard.press("Read").await;
    wizard.says("Read from").await;
}

pub(crate) async fn map_and_go_on(wizard: &Wizard) {
    wizard.press("Continue").await;
    wizard.says("Map claims to roles").await;
    wizard.press("Add as rule 1").await;
    wizard.press("Add a rule").await;
    wizard.fill("Claim name", "groups").await;
    wizard.fill("Claim value", "SecOps").await;
    wizard.fill("Role", "Contributor").await;
    wizard.press("Add as rule 2").await;
    wizard.says("2 rules").await;
    wizard.press("Continue").await;
    wizard.says("Sign in for a test").await;
}

#[tokio::test]
async fn two_people_sign_in_by_saml_and_the_set_up_is_saved() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider = SamlProvider::simplesamlphp(&SimpleSamlShape {
        signed: Signed::Both,
        ..SimpleSamlShape::default()
    })
    .expect("SimpleSAMLphp starts");
    let (olivia, bob) = (
        provider.person("olivia@acme.example"),
        provider.person("bob@acme.example"),
    );
    let wizard = Wizard::open(data.path()).await;
    set_up_to_the_test(&wizard, &provider, &olivia.email).await;

    wizard.sign_in_as(&olivia.email, &olivia.password).await;
    wizard.says("olivia@acme.example gets").await;
    wizard.says("Rule 1 decides").await;

    // The second sign-in starts with nothing of the first: the provider's form is there again.
    wizard.sign_in_as(&bob.email, &bob.password).await;
    wizard.says("bob@acme.example gets").await;
    wizard.says("Rule 2 decides").await;

    wizard.press("Continue").await;
    wizard.says("All conditions are met.").await;
    wizard.press("Save revision 1").await;
    wizard.says("Revision 1 is saved").await;
    wizard.close().await;

    // Neither a password nor the start of an answer, in base64 or as it is.
    nothing_secret_in(
        data.path(),
        &[&olivia.password, "PHNhbWxwOlJlc3BvbnNl", "<samlp:Response"],
    );
}

#[tokio::test]
async fn an_answer_that_nobody_signed_shows_nobody_and_proves_nothing() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider = SamlProvider::simplesamlphp(&SimpleSamlShape {
        signed: Signed::Nothing,
        ..SimpleSamlShape::default()
    })
    .expect("SimpleSAMLphp starts");
    let olivia = provider.person("olivia@acme.example");
    let wizard = Wizard::open(data.path()).await;
    set_up_to_the_test(&wizard, &provider, &olivia.email).await;
    wizard.sign_in_as(&olivia.email, &olivia.password).await;
    wizard.says("Neither the Response nor the assertion").await;
    assert!(
        !wizard.text().await.contains("olivia@acme.example gets"),
        "{}",
        wizard.text().await
    );
    wizard.close().await;
}

/// The request is posted, and signed with a key pair that the wizard has just made.
#[tokio::test]
async fn a_signed_request_is_posted_by_the_sign_in_window_itself() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider =
        SamlProvider::simplesamlphp(&SimpleSamlShape::default()).expect("SimpleSAMLphp starts");
    let bob = provider.person("bob@acme.example");
    let wizard = Wizard::open(data.path()).await;
    connect(&wizard, &provider, "olivia@acme.example").await;
    wizard.unfold("Requests, keys and other choices").await;
    wizard.choose("By form POST").await;
    wizard.press("Make a key pair").await;
    wizard.says("Forget the key pair").await;
    wizard.choose("Sign requests").await;
    map_and_go_on(&wizard).await;
    // The window's own page, which posts the request, comes first.
    wizard
        .sign_in_on("loginuserpass.php", &bob.email, &bob.password)
        .await;
    wizard.says("bob@acme.example gets").await;
    wizard.close().await;
}
