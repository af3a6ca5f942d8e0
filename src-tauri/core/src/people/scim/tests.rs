use serde_json::{Value, json};

use super::*;
use crate::people::Directory;

fn told(directory: &Directory) -> Vec<String> {
    (0..directory.len() as u32)
        .map(|person| {
            let groups = directory.claims(person).values("groups").join("|");
            format!("{}: {groups}", directory.name(person))
        })
        .collect()
}

fn codes(import: &Import) -> Vec<String> {
    import
        .findings
        .iter()
        .map(|finding| finding.fault.code())
        .collect()
}

#[track_caller]
fn check(document: &Value, people: &[&str], findings: &[&str]) {
    let import = read(document.to_string().as_bytes()).unwrap();
    assert_eq!(told(&import.directory), people, "{document}");
    assert_eq!(codes(&import), findings, "{document}");
}

fn list(resources: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.as_array().unwrap().len(),
        "itemsPerPage": 100, "startIndex": 1, "Resources": resources
    })
}

fn ana() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "id": "u1", "userName": "ana",
        "emails": [{"value": "a.home@acme.example"}, {"value": "ana@acme.example", "primary": true}],
        "groups": [{"value": "g1", "display": "SecOps"}, {"value": "g2", "display": "Dev"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "u9"}}
    })
}

fn bob() -> Value {
    json!({"id": "u2", "userName": "bob@acme.example"})
}

fn dev() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "id": "g2", "displayName": "Dev",
        "members": [{"value": "u1"}, {"value": "u2", "$ref": "../Users/u2"}]
    })
}

const BOTH: [&str; 2] = ["ana@acme.example: SecOps|Dev", "bob@acme.example: Dev"];

#[test]
fn users_with_their_groups_are_read() {
    check(
        &list(&json!([ana(), bob()])),
        &["ana@acme.example: SecOps|Dev", "bob@acme.example: "],
        &[],
    );
}

#[test]
fn users_and_groups_are_joined_in_whatever_order_and_form_they_come() {
    for document in [
        list(&json!([ana(), bob(), dev()])),
        list(&json!([dev(), ana(), bob()])),
        json!([list(&json!([ana(), bob()])), list(&json!([dev()]))]),
        json!([dev(), ana(), bob()]),
    ] {
        let import = read(document.to_string().as_bytes()).unwrap();
        assert_eq!(told(&import.directory), BOTH, "{document}");
        assert_eq!(codes(&import), [""; 0], "{document}");
    }
    let behind = format!(
        "{}\n{}\n",
        list(&json!([ana(), bob()])),
        list(&json!([dev()]))
    );
    assert_eq!(told(&read(behind.as_bytes()).unwrap().directory), BOTH);
}

#[test]
fn names_of_attributes_are_compared_without_regard_to_case() {
    check(
        &json!({"resources": [{"ID": "1", "USERNAME": "x", "Emails": [{"VALUE": "x@acme.example"}],
                "Groups": [{"Display": "Dev"}]}], "TotalResults": 1}),
        &["x@acme.example: Dev"],
        &[],
    );
}

#[test]
fn a_group_that_a_user_names_by_its_id_gets_its_name_when_the_group_comes() {
    let user = json!({"id": "u1", "userName": "a@acme.example", "groups": [{"value": "g2"}, {"value": "g9"}]});
    let group = json!({"id": "g2", "displayName": "Dev", "members": []});
    check(&json!([user, group]), &["a@acme.example: Dev|g9"], &[]);
}

#[test]
fn groups_within_groups_are_no_people() {
    let outer = json!({"id": "g1", "displayName": "All", "members": [
        {"value": "u2", "type": "User"}, {"value": "g2", "type": "Group"}, {"value": "g2"}]});
    check(
        &json!([outer, bob(), dev(), ana()]),
        &["bob@acme.example: Dev|All", "ana@acme.example: SecOps|Dev"],
        &[],
    );
}

#[test]
fn what_is_odd_is_told_and_the_rest_is_read() {
    let robot = json!({"id": "u7", "userName": "robot", "groups": [{"display": "Dev"}]});
    check(
        &json!([robot]),
        &["robot: Dev"],
        &["directory_users_without_address"],
    );
    let twin = json!({"id": "u8", "userName": "bob@acme.example"});
    check(
        &json!([bob(), twin, dev(), ana()]),
        &["bob@acme.example: Dev", "ana@acme.example: SecOps|Dev"],
        &["directory_users_merged"],
    );
    check(
        &json!([dev(), bob()]),
        &["bob@acme.example: Dev"],
        &["directory_members_unknown"],
    );
    let mut short = list(&json!([ana()]));
    short["totalResults"] = json!(250);
    check(
        &short,
        &["ana@acme.example: SecOps|Dev"],
        &["directory_list_incomplete"],
    );
    check(&list(&json!([])), &[], &["directory_empty"]);
}

#[test]
fn odd_types_do_no_harm() {
    check(
        &json!([{"id": 7, "userName": "x@acme.example", "emails": "y@acme.example", "groups": ["Dev", 5, null, {"display": "Ops"}],
                 "schemas": "x", "active": "maybe"}, null, 3, "text", {"id": "g", "displayName": "Late", "members": {"value": "7"}}]),
        &["y@acme.example: Ops|Late|Dev|5"],
        &[],
    );
}

#[test]
fn what_is_no_directory_is_refused() {
    let fault = |text: &str| match read(text.as_bytes()) {
        Err(Refused::Content(fault)) => fault,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(fault("{}"), Fault::DirectoryNotScim {});
    assert_eq!(fault("[1, {\"keys\": []}]"), Fault::DirectoryNotScim {});
    assert_eq!(
        fault("{\"Resources\": [\n{]}"),
        Fault::DirectoryNotJson { line: 2, column: 2 }
    );
    for text in ["", "{\"Resources\": [", "[", "email,groups", "{\"a\":1} x"] {
        assert_eq!(fault(text).code(), "directory_not_json", "{text}");
    }
    assert_eq!(fault(&"[".repeat(100_000)).code(), "directory_not_json");
}

#[test]
fn pages_say_where_they_stand_in_the_list() {
    let mut scim = Gathered::default();
    let mut page = list(&json!([ana()]));
    page["totalResults"] = json!(2);
    let said = scim.page(page.to_string().as_bytes()).unwrap();
    assert_eq!(
        said,
        Page {
            total: Some(2),
            start: Some(1),
            came: 1
        }
    );
    page["Resources"] = json!([bob()]);
    page["startIndex"] = json!(2);
    let said = scim.page(page.to_string().as_bytes()).unwrap();
    assert_eq!((said.start, said.came), (Some(2), 1));
    assert!(scim.page(b"<html>").is_err());
    assert_eq!(scim.people(), 2);
    assert_eq!(scim.finish().directory.len(), 2);
}
