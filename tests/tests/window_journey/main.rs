//! The whole journey in the real window, as two people would make it: WebDriver presses and reads
//! the wizard, real keys fill in the provider's form.

mod brought;
mod keyboard;
mod kills;
mod ladder;
mod people;
mod saml;
mod tile;
mod trouble;
mod two_windows;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use latchkey_tests::browser::Browser;
use latchkey_tests::provider::{ClientAuth, OidcConfig, OidcProvider, Person};
use latchkey_tests::wizard::{SIGN_IN_WINDOW, SignInWindow, Wizard};
use url::Url;

/// From the first step of a workspace to the page on which revisions are saved.
async fn up_to_saving(wizard: &Wizard) {
    for (page, next) in [
        ("Choose a provider", "Set up the connection"),
        ("Set up the connection", "Map claims to roles"),
        ("Map claims to roles", "Sign in for a test"),
        ("Sign in for a test", "Before saving"),
    ] {
        wizard.says(page).await;
        wizard.press("Continue").await;
        wizard.says(next).await;
    }
}

/// From the home page to the test step, at this provider.
async fn set_up_to_the_test(wizard: &Wizard, provider: &OidcProvider, owner: &Person) {
    wizard.press("New workspace").await;
    wizard.says("Choose a provider").await;
    wizard.fill("Workspace name", "Acme").await;
    wizard.choose("United States").await;
    wizard.fill("Owner's e-mail", &owner.email).await;
    wizard.choose("Other").await;
    wizard.press("Continue").await;

    wizard.says("https://app.torq.io/__/auth/handler").await;
    wizard.fill("Issuer URL", &provider.issuer).await;
    wizard.fill("Client ID", &provider.client_id).await;
    let secret = provider
        .client_secret
        .as_deref()
        .expect("a confidential client");
    wizard.fill("Client secret", secret).await;
    // What comes in above moves what is below.
    wizard.says("says about itself").await;
    wizard.unfold("Scopes, flow").await;
    wizard
        .fill("Requested scopes", "openid email profile groups")
        .await;
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

/// From the empty home page to the test step, with the practice provider and the first rule.
async fn practise_up_to_the_test(wizard: &Wizard) {
    wizard.press("Try it with the practice provider").await;
    for page in ["Choose a provider", "Set up the connection"] {
        wizard.says(page).await;
        wizard.press("Continue").await;
    }
    wizard.press("Add as rule 1").await;
    wizard.press("Continue").await;
}

#[tokio::test]
async fn two_people_sign_in_at_a_provider_nobody_here_wrote_and_the_set_up_is_saved() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let provider = OidcProvider::start(&OidcConfig {
        client_auth: ClientAuth::Basic,
        ..OidcConfig::default()
    })
    .expect("oidc-provider starts");
    let (olivia, bob) = (
        provider.person("olivia@acme.example"),
        provider.person("bob@acme.example"),
    );
    let wizard = Wizard::open(data.path()).await;
    set_up_to_the_test(&wizard, &provider, olivia).await;

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

    let secret = provider.client_secret.as_deref().expect("it has one");
    nothing_secret_in(data.path(), &[secret, "eyJhbGciOi", "code_verifier"]);
}

#[tokio::test]
async fn after_a_kill_the_wizard_opens_on_the_same_step_with_everything_typed() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    wizard.press("Try it with the practice provider").await;
    wizard.says("Choose a provider").await;
    wizard.press("Continue").await;
    wizard.says("Set up the connection").await;
    wizard.press("Continue").await;
    wizard.says("Map claims to roles").await;
    wizard.press("Add as rule 1").await;
    wizard.says("Draft kept").await;
    wizard.says("1 rule").await;
    wizard.kill();

    let wizard = Wizard::open(data.path()).await;
    wizard.says("Map claims to roles").await;
    wizard.says("1 rule").await;
    wizard.says("olivia@acme.example").await;
    wizard.close().await;
}

#[tokio::test]
async fn a_sign_in_that_is_cancelled_or_closed_ends_in_its_own_finding_and_keeps_the_set_up() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    practise_up_to_the_test(&wizard).await;

    wizard.press("Start test sign-in").await;
    SignInWindow::wait_for(SIGN_IN_WINDOW).close();
    wizard
        .says("The sign-in window was closed before an answer came.")
        .await;

    wizard.press("Start test sign-in").await;
    let window = SignInWindow::wait_for(SIGN_IN_WINDOW);
    wizard.press("Cancel").await;
    wizard.says("The test sign-in was cancelled.").await;
    assert!(
        !window.is_there(),
        "the sign-in window outlived its sign-in"
    );
    wizard.close().await;
}

#[tokio::test]
async fn the_window_has_no_command_that_its_capability_does_not_name() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    wizard.says("Set up single sign-on").await;
    for command in [
        "plugin:opener|open_url",
        "plugin:window|close",
        "plugin:event|emit",
    ] {
        let refused = wizard
            .driver()
            .execute_async(
                "const [command, done] = arguments; \
                 window.__TAURI_INTERNALS__.invoke(command, {}).then(() => done('ran'), (why) => done(String(why)));",
                vec![command.into()],
            )
            .await
            .expect("the page runs scripts");
        let answer = refused.json().as_str().unwrap_or_default().to_owned();
        assert!(answer.contains("not allowed"), "{command}: {answer}");
    }
    wizard.close().await;
}

/// The system browser is a program that notes the address; a scripted browser goes there.
#[tokio::test]
async fn the_system_browser_brings_the_answer_back_to_this_computer() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let programs = tempfile::tempdir().expect("a temporary folder");
    let noted = programs.path().join("address");
    let opener = programs.path().join("xdg-open");
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" > '{0}.part' && mv '{0}.part' '{0}'\n",
        noted.display()
    );
    std::fs::write(&opener, script).expect("it can be written");
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = [programs.path().as_os_str(), &path].join(":".as_ref());

    let wizard = Wizard::open_with(data.path(), &[("PATH", &path)]).await;
    practise_up_to_the_test(&wizard).await;
    wizard.choose("System browser").await;
    wizard.press("Start test sign-in").await;
    wizard.says("Waiting for you in the system browser.").await;
    let address = wizard.until(|| std::fs::read_to_string(&noted).ok()).await;

    let start = Url::parse(&address).expect("an address was opened");
    let (_, callback) = start
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .expect("it names where the answer goes");
    let callback = Url::parse(&callback).expect("an address");
    assert_eq!(callback.host_str(), Some("127.0.0.1"));
    let delivered = Browser::new()
        .sign_in_and_deliver(&start, "olivia@acme.example", "olivia-key", &callback)
        .await
        .expect("the provider answers");
    assert!(delivered.status.is_success());
    wizard.says("olivia@acme.example gets").await;
    wizard.says("System browser").await;
    wizard.close().await;
}

/// No file of the data folder holds any of these.
#[track_caller]
fn nothing_secret_in(folder: &Path, needles: &[&str]) {
    let mut looked_at = 0;
    for entry in std::fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).expect("it can be read");
        looked_at += 1;
        for needle in needles {
            let found = bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes());
            assert!(!found, "{} holds {needle}", path.display());
        }
    }
    assert!(looked_at > 0, "there was nothing to look at");
}
