//! A company's people in the real window: from a file by the desktop's own chooser, counted at every
//! rung, weighed by keyboard, and looked up.

use std::io::{BufWriter, Write};
use std::path::Path;

use latchkey_tests::wizard::{SignInWindow, Wizard};
use thirtyfour::prelude::*;

const PEOPLE: u32 = 100_000;

/// Everybody is on the staff, every hundredth in SecOps too.
fn company(file: &Path) {
    let mut out = BufWriter::new(std::fs::File::create(file).expect("the folder is there"));
    writeln!(out, "email,groups").expect("there is room");
    for n in 0..PEOPLE {
        let more = if n % 100 == 0 { ";SecOps" } else { "" };
        writeln!(out, "person-{n}@acme.example,Staff{more}").expect("there is room");
    }
    out.flush().expect("there is room");
}

async fn add(wizard: &Wizard, number: u32, group: &str, role: &str) {
    wizard.press("Add a rule").await;
    wizard.fill("Claim name", "groups").await;
    wizard.fill("Claim value", group).await;
    wizard.fill("Role", role).await;
    wizard.press(&format!("Add as rule {number}")).await;
}

async fn find(wizard: &Wizard, css: &str) -> WebElement {
    let found = wizard.driver().find(By::Css(css)).await;
    found.unwrap_or_else(|error| panic!("{css} is not on the page: {error}"))
}

#[tokio::test]
async fn a_hundred_thousand_people_are_brought_in_counted_at_every_rung_and_looked_up() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let file = elsewhere.path().join("people.csv");
    company(&file);
    let wizard = Wizard::open(data.path()).await;
    wizard.press("Try it with the practice provider").await;
    for page in ["Choose a provider", "Set up the connection"] {
        wizard.says(page).await;
        wizard.press("Continue").await;
    }
    wizard.press("Add as rule 1").await;
    add(&wizard, 2, "Staff", "Viewer").await;
    add(&wizard, 3, "SecOps", "Contributor").await;

    wizard.press("Bring in people").await;
    wizard.press("Choose a file").await;
    let chooser = SignInWindow::wait_for("People and their groups");
    chooser.key("ctrl+l");
    chooser.types(&file.display().to_string());
    chooser.confirm();
    wizard.says("100,000 people from people.csv").await;
    wizard.says("decides for 100,000").await;
    wizard.says("matches 1,000").await;
    wizard
        .says("1000 people match this rule for Contributor and get Viewer")
        .await;

    // By keyboard: the rule for the smaller group moves above the one that swallows it.
    let edit = find(&wizard, "[data-index='2'] [data-act='edit']").await;
    edit.send_keys(Key::Alt + Key::Up)
        .await
        .expect("it has the focus");
    wizard.says("What the last change did").await;
    wizard.says("1,000 people:").await;
    wizard.says("decides for 99,000").await;

    wizard.press("Look somebody up").await;
    wizard.fill("Search by address", "person-77700@").await;
    wizard.says("1 to 1 of 1").await;
    wizard.says("person-77700@acme.example").await;
    if let Some(folder) = std::env::var_os("LATCHKEY_PICTURES") {
        wizard.picture(&Path::new(&folder).join("people.png"));
    }
    wizard.press("Close").await;

    // They stay only where that is said, and then until they are dropped.
    super::nothing_secret_in(data.path(), &["person-77700"]);
    wizard.choose("Keep on this computer").await;
    wizard
        .says("They are here when you open this workspace again")
        .await;
    wizard.kill();
    let wizard = Wizard::open(data.path()).await;
    wizard.says("100,000 people from people.csv").await;
    wizard.says("As they were when they were brought in").await;
    wizard.says("decides for 99,000").await;

    wizard.press("Drop them").await;
    wizard.says("Bring in your people with their groups").await;
    wizard.close().await;
    super::nothing_secret_in(data.path(), &["person-77700"]);
}
