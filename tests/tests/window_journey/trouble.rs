//! Troubleshooting in the real window: the practice school, and the provider's own error page.

use latchkey_tests::wizard::{SIGN_IN_WINDOW, SignInWindow, Wizard};

/// From the home page to the test step, with the practice provider doing this otherwise.
async fn break_it(wizard: &Wizard, fault: &str) {
    wizard.press("Troubleshoot").await;
    wizard.says("What does not work?").await;
    wizard.press("Practice school").await;
    wizard.says(fault).await;
    wizard.fill("Find a fault", fault).await;
    wizard.press("Try it").await;
    wizard.says("is set to do wrong").await;
    wizard.press("Start test sign-in").await;
}

#[tokio::test]
async fn a_providers_error_page_is_named_while_it_shows_and_in_the_verdict() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    break_it(&wizard, "redirect-refused").await;

    wizard.says("The provider's page says why").await;
    wizard
        .says("asked to answer at an address that is not registered")
        .await;
    SignInWindow::wait_for(SIGN_IN_WINDOW).close();
    wizard
        .says("The sign-in window was closed before an answer came.")
        .await;
    wizard
        .says("asked to answer at an address that is not registered")
        .await;

    wizard.press("Mend it").await;
    wizard.sign_in_as("olivia@acme.example", "olivia-key").await;
    wizard.says("olivia@acme.example falls through to").await;
    wizard.close().await;
}

#[tokio::test]
async fn a_symptom_leads_to_its_cause_and_a_pasted_error_to_its_mend() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    wizard.press("Troubleshoot").await;
    wizard
        .press("AADSTS7000215: Invalid client secret provided")
        .await;
    wizard.choose("Secret ID").await;
    wizard.press("Next").await;
    wizard
        .says("The Secret ID was entered in the place of the secret's Value.")
        .await;
    wizard.press("All ways to look").await;
    wizard.press("Paste what is shown").await;
    wizard
        .fill(
            "What is shown",
            "Entschuldigung. AADSTS50105: nicht zugewiesen",
        )
        .await;
    wizard.press("Name the cause").await;
    wizard
        .says("The person is not assigned to the application")
        .await;
    wizard.close().await;
}
