//! People fetched from scim2-server and from emulate's Okta.

use latchkey_core::people::Import;
use latchkey_signin::{Fetch, Http};
use secrecy::SecretString;
use serde_json::json;

use crate::bench::Server;

const TOKEN: &str = "a-token-of-the-tests";

async fn fetched(mut fetch: Fetch) -> (Import, u32) {
    let mut pages = 0;
    fetch
        .run(&Http::new().unwrap(), |progress| pages = progress.pages)
        .await
        .unwrap();
    assert!(fetch.is_complete());
    (fetch.keep(), pages)
}

fn groups(import: &Import, person: &str) -> Vec<String> {
    let person = import.directory.find(person).unwrap();
    let mut groups = import.directory.claims(person).values("groups").to_vec();
    groups.sort();
    groups
}

#[tokio::test]
async fn a_scim_servers_users_and_groups_come_page_by_page() {
    let server = Server::python("scim.py", &[TOKEN, "450"]);
    let fetch = Fetch::scim(server.address(), SecretString::from(TOKEN)).unwrap();
    let (import, pages) = fetched(fetch).await;
    assert_eq!(import.findings, []);
    assert_eq!(import.directory.len(), 450);
    assert!(pages > 3, "{pages}");
    assert_eq!(groups(&import, "p0@acme.example"), ["Everyone", "SecOps"]);
    assert_eq!(groups(&import, "p449@acme.example"), ["Everyone"]);
    assert_eq!(import.directory.values("groups", "sec", 5)[0].people, 150);
}

#[tokio::test]
async fn a_scim_server_that_refuses_the_token_is_told() {
    let server = Server::python("scim.py", &[TOKEN, "1"]);
    let mut fetch = Fetch::scim(server.address(), SecretString::from("another")).unwrap();
    let fault = fetch.run(&Http::new().unwrap(), |_| {}).await.unwrap_err();
    assert_eq!(fault.code(), "directory_token_refused");
}

#[tokio::test]
async fn oktas_users_groups_and_members_come_link_by_link() {
    let server = Server::node("okta.mjs", &json!({ "users": 70 }));
    let fetch = Fetch::okta(server.address(), SecretString::from(TOKEN)).unwrap();
    let (import, pages) = fetched(fetch).await;
    assert!(pages > 4, "{pages}");
    for (person, is_in) in [
        ("p0@acme.example", true),
        ("p1@acme.example", false),
        ("p69@acme.example", true),
    ] {
        let groups = groups(&import, person);
        assert_eq!(
            groups.contains(&"SecOps".to_owned()),
            is_in,
            "{person}: {groups:?}"
        );
    }
    assert_eq!(import.directory.values("groups", "SecOps", 5)[0].people, 24);
}
