use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

use latchkey_core::people::csv::Meaning;
use secrecy::SecretString;

use super::*;

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
    let room = Room::default();
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
async fn nobody_is_counted_before_people_came_and_after_they_were_dropped() {
    let people = People::default();
    let id = WorkspaceId::parse("0123456789abcdef0123456789abcdef");
    let id = id.expect("the form of an id");
    let code = async |room: &Room| {
        let counted = room.count(rules(&[("Dev", "Viewer")]), None, torq()).await;
        counted.err().map(|told| told.code.clone())
    };
    let none = Some("directory_not_brought".to_owned());
    assert_eq!(code(&people.of(&id)).await, none);
    read(&people.of(&id), ACME, PeopleAsk::default()).await;
    assert_eq!(code(&people.of(&id)).await, None);
    people.drop_of(&id);
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
    let room = Room::default();
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
    assert!(refused.held.is_none() && room.shown().is_none());
    let kept = read_so(true).await.held.unwrap();
    assert_eq!(kept.people, 2);
}

#[tokio::test]
async fn a_column_that_was_mistaken_is_read_as_it_is_said_to_be() {
    let room = Room::default();
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
    let held = room.shown().unwrap();
    let groups = held.claims.iter().find(|claim| claim.name == "groups");
    assert_eq!(groups.map(|claim| claim.values), Some(1));
}

#[tokio::test]
async fn values_are_offered_under_the_name_that_the_provider_gives_the_claim() {
    let room = Room::default();
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
    let room = Room::default();
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
    let room = Arc::new(Room::default());
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
    let room = Room::default();
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
