//! Two windows and the command on one workspace: nobody overwrites what another has written, and each is told.

use std::path::Path;

use latchkey_tests::command::workspaces;
use latchkey_tests::wizard::Wizard;
use serde_json::{Value, json};

use super::up_to_saving;

const CHANGED: &str = "This workspace was changed elsewhere";

/// A set-up that needs no secret.
fn set_up(client_id: &str) -> String {
    json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example" },
        "connection": {
            "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com",
            "client_id": client_id, "flow": "implicit"
        },
        "rules": [{ "claim": "email", "value": "olivia@acme.example", "role": "Owner" }]
    })
    .to_string()
}

fn import(data: &Path, outside: &Path, client_id: &str) -> Value {
    let file = outside.join(format!("{client_id}.json"));
    std::fs::write(&file, set_up(client_id)).expect("there is room");
    workspaces(data, &["import", file.to_str().expect("a plain path")])
}

/// What the draft has otherwise than revision 1, by path.
fn drafts(data: &Path, path: &str) -> Value {
    let compared = workspaces(data, &["compare", "Acme", "1"]);
    let changes = compared["changes"].as_array().expect("a list");
    let change = changes.iter().find(|change| change["path"] == path);
    change.map_or(Value::Null, |change| change["after"].clone())
}

fn revisions(data: &Path) -> Vec<(u64, String)> {
    let history = workspaces(data, &["history", "Acme"]);
    let revisions = history["revisions"].as_array().expect("a list").iter();
    revisions
        .map(|one| {
            let reason = one["reason"].as_str().unwrap_or_default().to_owned();
            (one["number"].as_u64().expect("a number"), reason)
        })
        .collect()
}

#[tokio::test]
async fn two_windows_and_the_command_overwrite_nothing_of_each_other_and_say_so() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let outside = tempfile::tempdir().expect("a temporary folder");
    let (data, outside) = (data.path(), outside.path());
    assert_eq!(import(data, outside, "first")["revision"], 1);
    let one = Wizard::open(data).await;
    one.press("Acme").await;
    // The second opens where the first one is.
    let other = Wizard::open(data).await;
    for wizard in [&one, &other] {
        wizard.says("Owner's e-mail").await;
    }

    // What the other window has not seen is not overwritten, and shown beside what was typed.
    one.fill("Owner's e-mail", "anna@acme.example").await;
    one.says("Draft kept").await;
    let owner = || drafts(data, "workspace.owner_email");
    one.until(|| (owner() == "anna@acme.example").then_some(()))
        .await;
    other.fill("Owner's e-mail", "bea@acme.example").await;
    other.says(CHANGED).await;
    other.says("anna@acme.example").await;
    other.says("bea@acme.example").await;
    other.pictured("two-windows.png");
    assert_eq!(owner(), "anna@acme.example");

    // The person chooses; the first window is told in its turn, and takes what is there.
    other.press("Keep what is typed here").await;
    other
        .until(|| (owner() == "bea@acme.example").then_some(()))
        .await;
    one.fill("Owner's e-mail", "carl@acme.example").await;
    one.says(CHANGED).await;
    one.says("bea@acme.example").await;
    assert_eq!(owner(), "bea@acme.example");
    one.press("Load the newer state").await;

    // The command's revision comes beside the draft, which stays as it is.
    let made = import(data, outside, "second");
    assert_eq!(
        (&made["revision"], &made["draft_follows"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(owner(), "bea@acme.example");

    // Both go on to saving: that the other has opened another step is no conflict.
    for wizard in [&one, &other] {
        up_to_saving(wizard).await;
        wizard.says("Save revision 3").await;
    }
    // One saves, and the other makes no second revision of the same.
    for (wizard, reason) in [
        (&one, "Saved in the first window."),
        (&other, "Saved in the other."),
    ] {
        wizard.fill("Why it is saved all the same", reason).await;
    }
    one.press("Save revision 3").await;
    one.says("Revision 3 is saved").await;
    other.press("Save revision 3").await;
    other.says(CHANGED).await;
    other.pictured("two-windows-saved.png");
    other.press("Load the newer state").await;
    other.says("Revision 3 is saved").await;
    let kept = revisions(data);
    let reasons: Vec<&str> = kept.iter().map(|(_, reason)| &**reason).collect();
    assert_eq!(reasons, ["", "", "Saved in the first window."]);
    one.close().await;
    other.close().await;
}
