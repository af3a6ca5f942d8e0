use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Deref;
use std::sync::mpsc;

use latchkey_core::Draft;
use latchkey_core::people::csv::Meaning;
use secrecy::SecretString;

use super::*;

/// A room of a workspace in a directory of its own.
struct Placed {
    dir: tempfile::TempDir,
    people: Arc<People>,
    id: WorkspaceId,
    room: Arc<Room>,
}

impl Placed {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let id = store.create(&Draft::default(), Timestamp::now()).unwrap();
        let people = Arc::new(People::new(Arc::new(store)));
        let room = people.of(&id);
        Self {
            dir,
            people,
            id,
            room,
        }
    }

    /// The window is closed and opened again.
    fn again(self) -> Self {
        let store = Arc::new(Store::open(self.dir.path()).unwrap());
        let people = Arc::new(People::new(store));
        let room = people.of(&self.id);
        Self {
            people,
            room,
            ..self
        }
    }

    fn file(&self) -> PathBuf {
        self.people.store.people_file(&self.id)
    }
}

impl Deref for Placed {
    type Target = Room;

    fn deref(&self) -> &Room {
        &self.room
    }
}

fn torq() -> Service {
    Catalogue::built_in().service("torq").unwrap().clone()
}

fn rules(rules: &[(&str, &str)]) -> RuleList {
    let rule = |(value, role): &(&str, &str)| Rule {
        claim: "groups".into(),
        value: (*value).into(),
        role: (*role).into(),
    };
    RuleList(rules.iter().map(rule).collect())
}

fn silent() -> Tell {
    Arc::new(|_| {})
}

async fn read(room: &Room, text: &str, ask: PeopleAsk) -> PeopleRead {
    let (head, tail) = text.as_bytes().split_at(text.len() / 2);
    room.give("people.csv", head, true).unwrap();
    room.give("people.csv", tail, false).unwrap();
    room.read(ask, silent()).await.unwrap()
}

const ACME: &str = "email,groups\nana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n";

#[tokio::test]
async fn people_who_are_given_are_counted_and_what_a_move_would_change_is_told() {
    let room = Placed::new();
    let held = read(&room, ACME, PeopleAsk::default()).await.held.unwrap();
    assert_eq!(
        (held.people, held.memberships, &*held.source),
        (2, 3, "people.csv")
    );
    let before = rules(&[("SecOps", "Owner"), ("Dev", "Viewer")]);
    let after = rules(&[("Dev", "Viewer"), ("SecOps", "Owner")]);
    let counted = room.count(after, Some(before), torq()).await.unwrap();
    assert_eq!(counted.recount.rules[0].decides, 2);
    assert_eq!(counted.changes.len(), 1);
    assert_eq!(counted.changes[0].people, 1);
}

#[tokio::test]
async fn what_a_move_would_give_is_foreseen_for_people_who_are_held_and_for_nobody_else() {
    let room = Placed::new();
    let list = || rules(&[("SecOps", "Owner"), ("Dev", "Viewer")]);
    let early = room.foresee(list(), 0, torq()).await.unwrap_err();
    assert_eq!(early.code, "directory_not_brought");
    read(&room, ACME, PeopleAsk::default()).await;
    let foreseen = room.foresee(list(), 0, torq()).await.unwrap();
    assert_eq!(foreseen.passing, [1]);
    assert_eq!(foreseen.counted.recount.rules[1].decides, 1);
}

#[tokio::test]
async fn nobody_is_counted_before_people_came_and_after_they_were_dropped() {
    let placed = Placed::new();
    let (people, id) = (&placed.people, placed.id.clone());
    let code = async |room: &Room| {
        let counted = room.count(rules(&[("Dev", "Viewer")]), None, torq()).await;
        counted.err().map(|told| told.code.clone())
    };
    let none = Some("directory_not_brought".to_owned());
    assert_eq!(code(&people.of(&id)).await, none);
    read(&people.of(&id), ACME, PeopleAsk::default()).await;
    assert_eq!(code(&people.of(&id)).await, None);
    people.drop_of(&id).await.unwrap();
    assert_eq!(code(&people.of(&id)).await, none);
    assert!(
        people
            .of(&id)
            .read(PeopleAsk::default(), silent())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_broken_quote_is_named_by_its_line_and_the_rest_kept_where_that_is_chosen() {
    let text =
        "email,groups\nana@acme.example,Dev\nbob@acme.example,\"De\"v\neve@acme.example,Dev\n";
    let room = Placed::new();
    let read_so = async |keep_rest| {
        let ask = PeopleAsk {
            mapping: None,
            keep_rest,
        };
        read(&room, text, ask).await
    };
    let refused = read_so(false).await;
    let told = refused.refused.unwrap();
    assert_eq!(told.code, "directory_record_broken");
    assert!(told.what.contains("line 3"), "{}", told.what);
    assert!(refused.held.is_none() && room.open().await.unwrap().held.is_none());
    let kept = read_so(true).await.held.unwrap();
    assert_eq!(kept.people, 2);
}

#[tokio::test]
async fn a_column_that_was_mistaken_is_read_as_it_is_said_to_be() {
    let room = Placed::new();
    let text = "who,what\nana@acme.example,Dev\nbob@acme.example,Dev\n";
    let first = read(&room, text, PeopleAsk::default()).await;
    let mut mapping = first.mapping.unwrap();
    assert_eq!(first.rows[0], ["ana@acme.example", "Dev"]);
    mapping.columns[1].meaning = Meaning::Groups;
    let ask = PeopleAsk {
        mapping: Some(mapping),
        keep_rest: false,
    };
    room.read(ask, silent()).await.unwrap();
    let held = room.open().await.unwrap().held.unwrap();
    let groups = held.claims.iter().find(|claim| claim.name == "groups");
    assert_eq!(groups.map(|claim| claim.values), Some(1));
}

#[tokio::test]
async fn values_are_offered_under_the_name_that_the_provider_gives_the_claim() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    for (claim, offered) in [("groups", 2), ("https://torq.io/groups", 2), ("roles", 0)] {
        let values = room.values(claim.into(), String::new(), 10).await.unwrap();
        assert_eq!(values.len(), offered, "{claim}");
    }
    let values = room.values("groups".into(), "sec".into(), 10).await;
    assert_eq!(values.unwrap()[0].people, 1);
}

#[tokio::test]
async fn more_than_is_held_is_refused_and_let_go_of() {
    let room = Placed::new();
    room.give("large.csv", ACME.as_bytes(), true).unwrap();
    let told = room
        .give("large.csv", &vec![b'x'; 65 << 20], false)
        .unwrap_err();
    assert_eq!(told.code, "directory_too_large_to_hold");
    assert!(room.read(PeopleAsk::default(), silent()).await.is_err());
}

#[tokio::test]
async fn a_server_that_stops_answering_is_left_and_what_came_is_kept() {
    let server = Scim::stops_after_one_page();
    let room = Arc::new(Placed::new());
    let fetch = Fetch::scim(&server.address, SecretString::from("a-token")).unwrap();
    room.begin_at(fetch).await;
    let (said, heard) = mpsc::channel();
    let tell: Tell = Arc::new(move |progress| drop(said.send(progress)));
    let running = room.clone();
    let ended = tokio::spawn(async move { running.fetch(&Http::new().unwrap(), tell).await });
    let first = tokio::task::spawn_blocking(move || heard.recv().unwrap());
    let PeopleProgress::Fetching {
        pages, people, of, ..
    } = first.await.unwrap()
    else {
        panic!("a page came");
    };
    assert_eq!((pages, people, of), (1, 1, Some(2)));

    room.cancel();
    let fetched = ended.await.unwrap().unwrap();
    assert!(fetched.cancelled && fetched.stopped.is_none() && fetched.held.is_none());
    assert_eq!((fetched.pages, fetched.people), (1, 1));

    let kept = room.keep_fetched().await.unwrap();
    assert_eq!((kept.people, kept.from), (1, PeopleFrom::Server));
    let codes: Vec<_> = kept.findings.iter().map(|told| &*told.code).collect();
    assert!(codes.contains(&"directory_stopped"), "{codes:?}");
    // Nothing is left to go on with, and no token either.
    assert!(room.fetch(&Http::new().unwrap(), silent()).await.is_err());
}

#[tokio::test]
async fn a_server_that_was_left_is_gone_with_its_token() {
    let server = Scim::stops_after_one_page();
    let room = Placed::new();
    let fetch = Fetch::scim(&server.address, SecretString::from("a-token")).unwrap();
    room.begin_at(fetch).await;
    room.leave_server().await;
    assert!(room.keep_fetched().await.is_err());
}

/// A SCIM server of two users, the second of whom never comes.
struct Scim {
    address: String,
}

impl Scim {
    fn stops_after_one_page() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/scim/v2", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                if asked(&connection).contains("startIndex=1&") {
                    answer(&mut connection);
                } else {
                    // Open, and without a word.
                    silent.push(connection);
                }
            }
        });
        Self { address }
    }
}

fn asked(connection: &TcpStream) -> String {
    let mut lines = BufReader::new(connection).lines().map(Result::unwrap);
    let first = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    first
}

fn answer(connection: &mut TcpStream) {
    let body = r#"{"totalResults":2,"startIndex":1,"Resources":[
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"ana@acme.example"}]}"#;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nConnection: close\r\n";
    write!(
        connection,
        "{head}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

#[tokio::test]
async fn nothing_of_people_is_on_the_disk_unless_somebody_says_so() {
    let room = Placed::new();
    let held = read(&room, ACME, PeopleAsk::default()).await.held.unwrap();
    assert!(!held.kept);
    assert!(!files_with(&room, "bob@acme.example"));
    let room = room.again();
    assert!(room.open().await.unwrap().held.is_none());
    let refused = room.keep(true).await.unwrap_err();
    assert_eq!(refused.code, "directory_not_brought");
}

#[tokio::test]
async fn people_who_are_kept_are_there_when_the_workspace_is_opened_again() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    assert!(room.keep(true).await.unwrap().kept);
    assert_eq!(
        room.open().await.unwrap().file,
        room.file().display().to_string()
    );

    let room = room.again();
    let held = room.open().await.unwrap().held.unwrap();
    assert!(held.kept);
    assert_eq!((held.people, &*held.source), (2, "people.csv"));
    let list = rules(&[("SecOps", "Owner"), ("Dev", "Viewer")]);
    let counted = room.count(list, None, torq()).await.unwrap();
    assert_eq!(counted.recount.rules[1].decides, 1);
    // The file that they came from is not there to be read otherwise.
    assert!(held.mapping.is_none());
}

#[tokio::test]
async fn whoever_is_brought_in_next_takes_their_place_on_the_disk() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    room.keep(true).await.unwrap();
    let others = "email,groups\neve@acme.example,Dev\n";
    let held = read(&room, others, PeopleAsk::default()).await.held;
    assert!(held.unwrap().kept);
    assert!(!files_with(&room, "bob@acme.example"));
    let room = room.again();
    assert_eq!(room.open().await.unwrap().held.unwrap().people, 1);
}

#[tokio::test]
async fn people_who_are_no_longer_kept_stay_in_memory_and_in_no_file() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    room.keep(true).await.unwrap();
    assert!(files_with(&room, "bob@acme.example"));
    let held = room.keep(false).await.unwrap();
    assert_eq!((held.kept, held.people), (false, 2));
    assert!(!files_with(&room, "bob@acme.example"));
}

#[tokio::test]
async fn people_who_are_dropped_are_in_no_file_and_whoever_comes_next_is_not_kept() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    room.keep(true).await.unwrap();
    room.people.drop_of(&room.id).await.unwrap();
    assert!(!files_with(&room, "bob@acme.example"));
    let held = read(&room, ACME, PeopleAsk::default()).await.held.unwrap();
    assert!(!held.kept && !files_with(&room, "bob@acme.example"));
}

#[expect(clippy::disallowed_methods, reason = "it is to be damaged")]
#[tokio::test]
async fn a_damaged_file_is_told_of_and_set_aside_until_they_are_dropped() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    room.keep(true).await.unwrap();
    let mut bytes = std::fs::read(room.file()).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    std::fs::write(room.file(), &bytes).unwrap();

    let room = room.again();
    let there = room.open().await.unwrap();
    assert!(there.held.is_none());
    let lost = there.lost.unwrap();
    assert_eq!(lost.code, "kept_people_set_aside");
    let aside = PathBuf::from(lost.data["file"].as_str().unwrap());
    assert_eq!(std::fs::read(&aside).unwrap(), bytes);
    assert!(!room.file().exists());
    // It is told as long as nobody else came.
    assert!(room.open().await.unwrap().lost.is_some());
    let held = read(&room, ACME, PeopleAsk::default()).await.held.unwrap();
    assert!(!held.kept && room.open().await.unwrap().lost.is_none());
    room.people.drop_of(&room.id).await.unwrap();
    assert!(!aside.exists());
}

#[tokio::test]
async fn people_who_cannot_be_kept_are_held_and_that_is_told() {
    let room = Placed::new();
    read(&room, ACME, PeopleAsk::default()).await;
    room.keep(true).await.unwrap();
    // In another window the workspace was deleted.
    room.people
        .store
        .delete(&room.id, Timestamp::now())
        .unwrap();
    let held = read(&room, ACME, PeopleAsk::default()).await.held.unwrap();
    assert_eq!((held.kept, held.people), (false, 2));
    assert_eq!(held.findings.last().unwrap().code, "people_not_kept");
    assert_eq!(room.keep(true).await.unwrap_err().code, "people_not_kept");
    assert!(!files_with(&room, "bob@acme.example"));
}

#[tokio::test]
async fn a_delimiter_that_was_mistaken_is_looked_at_and_read_as_it_is_said_to_be() {
    let room = Placed::new();
    let text = "mail|groups|login\nana|SecOps,x@y|ana@acme.example\nbob|Dev,x@y|bob@acme.example\n";
    read(&room, text, PeopleAsk::default()).await;
    let known = Known {
        delimiter: Some(','),
        header: Some(false),
        ..Known::default()
    };
    let look = room.look_at(known).await.unwrap().unwrap();
    assert_eq!((look.mapping.delimiter, look.mapping.header), (',', false));
    assert_eq!(look.rows[1], ["ana|SecOps", "x@y|ana@acme.example"]);
    let ask = PeopleAsk {
        mapping: Some(look.mapping),
        keep_rest: false,
    };
    let again = room.read(ask, silent()).await.unwrap();
    assert_eq!(again.rows, look.rows);
    assert_eq!(again.mapping.unwrap().delimiter, ',');
}

#[tokio::test]
async fn utf_16_as_a_spreadsheet_saves_it_is_read_and_a_formula_stays_text() {
    let text = "\u{feff}email\tgroups\r\nzo\u{eb}@acme.example\t=cmd|'/C calc'!A0\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let room = Placed::new();
    room.give("unicode.txt", &bytes, true).unwrap();
    let read = room.read(PeopleAsk::default(), silent()).await.unwrap();
    assert_eq!(read.held.unwrap().people, 1);
    let values = room.values("groups".into(), String::new(), 9).await;
    assert_eq!(values.unwrap()[0].value, "=cmd|'/C calc'!A0");
    let everybody = room
        .list(rules(&[]), torq(), (Whose::All, "ZO\u{eb}".into()), (0, 9))
        .await;
    assert_eq!(everybody.unwrap().people[0].name, "zo\u{eb}@acme.example");
}

/// Whether a file of the workspace's directory has this in it.
fn files_with(room: &Placed, wanted: &str) -> bool {
    std::fs::read_dir(room.dir.path()).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        bytes
            .windows(wanted.len())
            .any(|window| window == wanted.as_bytes())
    })
}
