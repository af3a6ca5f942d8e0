//! `latchkey workspaces`

use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey, set_up, set_up_with};

struct Desk {
    files: Files,
    dir: String,
}

impl Desk {
    fn new() -> Self {
        let files = Files::new();
        let dir = files.path("data");
        Self { files, dir }
    }

    fn run(&self, words: &[&str]) -> Ran {
        let args = [&["workspaces"], words, &["--data-dir", &self.dir, "--json"]].concat();
        latchkey(&args)
    }

    fn import(&self, set_up: &Value) -> Ran {
        let file = self.files.with("set-up.json", set_up.to_string());
        self.run(&["import", &file])
    }
}

#[test]
fn what_one_run_imports_another_one_finds() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["list"]).json(), json!({ "workspaces": [] }));
    let imported = desk.import(&set_up());
    assert_eq!(imported.status, 0);
    assert_eq!(imported.json()["workspace"], "Acme");
    assert_eq!(imported.json()["revision"], 1);

    let list = desk.run(&["list"]).json();
    assert_eq!(list["workspaces"].as_array().unwrap().len(), 1);
    assert_eq!(list["workspaces"][0]["name"], "Acme");
    assert_eq!(list["workspaces"][0]["revision"], 1);
}

#[test]
fn a_private_key_in_a_set_up_is_neither_kept_nor_handed_on() {
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSk\n-----END PRIVATE KEY-----\n";
    let desk = Desk::new();
    let mut with_key = set_up();
    with_key["connection"]["certificates"] = json!([KEY]);
    let file = desk.files.with("key.json", with_key.to_string());
    for ran in [
        desk.import(&with_key),
        desk.run(&["import", &file, "--dry-run"]),
        latchkey(&["export", &file, "--as", "json"]),
        latchkey(&["export", &file, "--as", "sql"]),
    ] {
        assert_eq!(ran.status, 2, "{}", ran.err);
        assert!(
            ran.err.contains("connection.certificates[0]"),
            "{}",
            ran.err
        );
        assert!(!(ran.out + &ran.err).contains("MIIE"), "the key is shown");
    }
    assert_eq!(desk.run(&["list"]).json(), json!({ "workspaces": [] }));
}

#[test]
fn an_export_reads_back_as_the_set_up_that_was_imported() {
    let desk = Desk::new();
    desk.import(&set_up());
    let exported = desk.run(&["export", "Acme"]);
    assert_eq!(exported.json(), set_up());
    let file = desk.files.with("exported.json", &exported.out);
    assert_eq!(latchkey(&["check", &file]).status, 0);
    assert_eq!(desk.run(&["import", &file]).json()["revision"], 2);
    assert_eq!(desk.run(&["export", "Acme"]).out, exported.out);
}

#[test]
fn restoring_makes_a_new_revision_and_keeps_the_others() {
    let desk = Desk::new();
    desk.import(&set_up());
    desk.import(&set_up_with("/connection/client_id", json!("another")));
    let restored = desk.run(&["restore", "Acme", "1"]);
    assert_eq!(
        (restored.status, &restored.json()["revision"]),
        (0, &json!(3))
    );
    assert_eq!(desk.run(&["export", "Acme"]).json(), set_up());

    let history = desk.run(&["history", "Acme"]).json();
    let numbers: Vec<&Value> = history["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|revision| &revision["number"])
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(restored.json()["proved"], json!(false));
    assert_eq!(history["last_worked"], Value::Null);
    assert_eq!(history["revisions"][2]["is_draft"], json!(true));
}

#[test]
fn two_revisions_are_compared_in_the_fields_of_the_file() {
    let desk = Desk::new();
    desk.import(&set_up());
    desk.import(&set_up_with("/connection/client_id", json!("another")));
    let changes = desk.run(&["compare", "Acme", "1", "2"]).json()["changes"].take();
    assert_eq!(changes[0]["path"], "connection.client_id");
    assert_eq!(changes[0]["after"], "another");
    assert_eq!(changes.as_array().unwrap().len(), 1);
    let with_draft = desk.run(&["compare", "Acme", "2"]);
    assert_eq!(with_draft.json()["changes"], json!([]));
    let ran = desk.run(&["compare", "Acme", "1", "9"]);
    assert!(
        ran.refusal().contains("has no revision 9; it has: 1, 2"),
        "{ran:?}"
    );
}

#[test]
fn a_set_up_with_errors_is_kept_and_they_are_told() {
    let desk = Desk::new();
    let ran = desk.import(&set_up_with("/connection/issuer", json!("")));
    assert_eq!((ran.status, &ran.json()["revision"]), (0, &json!(1)));
    assert!(ran.err.contains("error: connection.issuer"), "{ran:?}");
}

#[test]
fn a_name_or_a_number_that_is_not_there_is_refused_with_those_that_are() {
    let desk = Desk::new();
    assert!(desk.run(&["export", "Acme"]).refusal().contains("none yet"));
    desk.import(&set_up());
    for words in [
        &["export", "acme"][..],
        &["history", "Acm"],
        &["restore", "\u{1b}[2J", "1"],
    ] {
        let ran = desk.run(words);
        assert!(ran.refusal().contains("there are: Acme"), "{ran:?}");
        assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
    }
    let ran = desk.run(&["restore", "Acme", "2"]);
    assert!(
        ran.refusal().contains("has no revision 2; it has: 1"),
        "{ran:?}"
    );
}

#[test]
fn a_set_up_that_cannot_be_read_leaves_nothing_behind() {
    let desk = Desk::new();
    let file = desk.files.with("bad.json", "{");
    desk.run(&["import", &file]).refusal();
    assert!(!std::path::Path::new(&desk.dir).exists());
}

#[test]
fn a_set_up_without_a_name_has_no_place_to_go() {
    let desk = Desk::new();
    let ran = desk.import(&set_up_with("/workspace/name", json!(" ")));
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
}

#[test]
fn a_directory_that_cannot_be_used_is_refused_and_not_touched() {
    let files = Files::new();
    let file = files.with("in-the-way", "mine");
    let ran = latchkey(&["workspaces", "list", "--data-dir", &file]);
    assert!(ran.refusal().contains("in-the-way"), "{ran:?}");
    assert_eq!(std::fs::read(file).unwrap(), b"mine");

    std::fs::create_dir(files.path("data")).unwrap();
    let database = files.with(
        "data/latchkey.db",
        "no database at all, but a text of some length",
    );
    let ran = latchkey(&["workspaces", "list", "--data-dir", &files.path("data")]);
    ran.refusal();
    let kept = std::fs::read(database).unwrap();
    assert_eq!(kept, b"no database at all, but a text of some length");
}

#[test]
fn a_damaged_database_is_refused_with_the_way_out_and_salvaged_when_asked() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["salvage"]).json(), json!({ "salvage": null }));
    for value in ["one", "two", "three"] {
        desk.import(&set_up_with("/connection/client_id", json!(value)));
    }
    let file = std::path::Path::new(&desk.dir).join("latchkey.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..4096].fill(0xA5);
    let lost = bytes.windows(5).position(|found| found == b"\"two\"");
    bytes[lost.unwrap() + 1] = b'T';
    std::fs::write(&file, &bytes).unwrap();

    let refused = desk.run(&["list"]);
    assert!(
        refused.refusal().contains("is damaged")
            && refused.refusal().contains("latchkey workspaces salvage"),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), bytes);

    let salvaged = desk.run(&["salvage"]);
    assert_eq!(salvaged.status, 1, "something is lost: {salvaged:?}");
    let told = salvaged.json();
    let acme = &told["salvage"]["workspaces"][0];
    assert_eq!(
        (&acme["name"], &acme["revisions"]),
        (&json!("Acme"), &json!([1, 3]))
    );
    assert_eq!(acme["lost"], json!([2]));
    let aside = told["salvage"]["damaged"].as_str().unwrap();
    assert_eq!(std::fs::read(aside).unwrap(), bytes);
    assert_eq!(
        desk.run(&["export", "Acme"]).json()["connection"]["client_id"],
        "three"
    );
    assert_eq!(desk.run(&["restore", "Acme", "1"]).json()["revision"], 4);
    assert_eq!(desk.run(&["salvage"]).status, 0);
}

#[test]
fn a_whole_workspace_goes_to_another_computer_and_says_first_what_it_would_change() {
    let (here, there) = (Desk::new(), Desk::new());
    here.import(&set_up());
    here.import(&set_up_with("/connection/client_id", json!("another")));
    let whole = here.run(&["export", "Acme", "--whole"]);
    assert_eq!(whole.json()["format"], "latchkey-workspace/1");
    let file = there.files.with("whole.json", &whole.out);

    let plan = there.run(&["import", &file, "--dry-run"]).json();
    assert_eq!(
        (&plan["is_new"], &plan["revisions"], &plan["revision"]),
        (&json!(true), &json!(2), &Value::Null)
    );
    assert_eq!(there.run(&["list"]).json()["workspaces"], json!([]));
    let done = there.run(&["import", &file]).json();
    assert_eq!(done["revision"], json!(2));
    assert_eq!(
        there.run(&["export", "Acme"]).out,
        here.run(&["export", "Acme"]).out
    );

    there.import(&set_up_with("/workspace/name", json!("Beta")));
    let other = there.run(&["import", &file, "--into", "Beta"]);
    assert!(
        other
            .refusal()
            .contains("another workspace: “Acme”, not “Beta”"),
        "{other:?}"
    );
}

#[test]
fn a_whole_workspace_that_cannot_be_used_is_refused_by_what_is_wrong_with_it() {
    let desk = Desk::new();
    desk.import(&set_up());
    let whole = desk.run(&["export", "Acme", "--whole"]).json();
    for (path, value, said) in [
        ("format", json!("latchkey-workspace/9"), "newer version"),
        ("colour", json!("red"), "unknown key colour"),
        ("evidence", json!(5), "does not fit at line"),
    ] {
        let mut whole = whole.clone();
        whole[path] = value;
        let file = desk.files.with(&format!("{path}.json"), whole.to_string());
        let ran = desk.run(&["import", &file]);
        assert!(ran.refusal().contains(said), "{ran:?}");
    }
    let plain = desk.files.with("plain.json", set_up().to_string());
    let ran = desk.run(&["import", &plain, "--into", "Acme"]);
    assert!(ran.refusal().contains("no whole workspace"), "{ran:?}");
}

#[test]
fn importing_a_set_up_can_be_tried_without_changing_anything() {
    let desk = Desk::new();
    desk.import(&set_up());
    let file = desk.files.with(
        "next.json",
        set_up_with("/connection/client_id", json!("another")).to_string(),
    );
    let would = desk.run(&["import", &file, "--dry-run"]).json();
    assert_eq!(would["changes"][0]["path"], "connection.client_id");
    let history = desk.run(&["history", "Acme"]).json();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_set_up_without_a_name_is_refused_in_one_sentence_that_names_the_file_and_the_field() {
    let desk = Desk::new();
    let nameless = set_up_with("/workspace/name", json!(" "));
    let file = desk.files.with("nameless.json", nameless.to_string());
    let ran = desk.run(&["import", &file]);
    let said = ran.refusal();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("nameless.json"), "{said}");
    assert!(said.contains("workspace.name"), "{said}");
}
