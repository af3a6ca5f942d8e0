//! Random damage to signed messages, the same at each run: whatever is accepted was signed, byte for
//! byte, and nothing makes the verifier panic or hang.
//!
//! `LATCHKEY_FUZZ=1000000 cargo test -p latchkey-core --test it saml_fuzz` takes that many messages
//! instead of a few seconds' worth, `LATCHKEY_FUZZ_SEED=7` others of them.

use std::collections::HashSet;
use std::ops::Range;

use latchkey_core::Certificate;
use latchkey_core::saml::{Shape, signature};
use latchkey_core::xml::{Checked, Limits, Method};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

use super::signed::*;

/// What is put into a message somewhere.
const PIECES: [&str; 26] = [
    "",
    " ",
    "\r",
    "\n",
    "\0",
    "\u{FEFF}",
    "é",
    "<",
    ">",
    "&",
    "\"",
    "/",
    ":",
    "x",
    "<!-- -->",
    "<![CDATA[a]]>",
    "]]>",
    "&#13;",
    "<x/>",
    "<ds:Object/>",
    "<?x?>",
    "<!DOCTYPE x>",
    " ID=\"a\"",
    " xmlns=\"urn:x\"",
    " xmlns:saml=\"urn:x\"",
    " xml:id='a'",
];

/// Signed messages, and every canonical form that the provider ever signed.
struct Corpus {
    messages: Vec<String>,
    signed: HashSet<Vec<u8>>,
    certificates: Vec<Certificate>,
}

impl Corpus {
    fn new() -> Self {
        let response = |id: &str, name: &str| {
            format!(
                "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"r{id}\" xml:lang=\"en\">\
                 <saml:Issuer>https://idp.example</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"x\"/></samlp:Status>\
                 <saml:Assertion ID=\"a{id}\"><saml:Issuer>https://idp.example</saml:Issuer><saml:Subject><saml:NameID>{name}</saml:NameID></saml:Subject>\
                 <saml:Conditions NotOnOrAfter=\"2026-11-22T10:00:00Z\"/><AttributeStatement xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
                 <Attribute Name='groups'><AttributeValue>R &amp; D\n</AttributeValue></Attribute></AttributeStatement></saml:Assertion></samlp:Response>"
            )
        };
        let ways = [
            Signing::by(P256, ECDSA_SHA256),
            Signing {
                transform: Method::Inclusive,
                canonicalization: Method::Inclusive,
                ..Signing::by(P256, ECDSA_SHA256)
            },
            Signing {
                transform: Method::Exclusive(vec!["saml".to_owned(), String::new()]),
                ..Signing::by(RSA, RSA_SHA256)
            },
            Signing::by(P256, ECDSA_SHA256).naming(P256),
        ];
        let mut corpus = Self {
            messages: Vec::new(),
            signed: HashSet::new(),
            certificates: vec![RSA.certificate(), P256.certificate()],
        };
        for (number, way) in ways.iter().enumerate() {
            // Of two people, so that parts of one message can be moved into another one.
            for name in ["olivia", "mallory"] {
                let plain = response("", name);
                for message in [
                    way.sign(&plain, "a"),
                    way.sign(&plain, "r"),
                    way.sign(
                        &way.sign(&response(&number.to_string(), name), &format!("a{number}")),
                        &format!("r{number}"),
                    ),
                ] {
                    let accepted = corpus.accepted(message.as_bytes());
                    assert!(!accepted.is_empty());
                    corpus.signed.extend(accepted);
                    corpus.messages.push(message);
                }
            }
        }
        corpus
    }

    /// The canonical form of each signature that is accepted.
    fn accepted(&self, message: &[u8]) -> Vec<Vec<u8>> {
        let Ok(checked) = Checked::new(message, &Limits::MESSAGE) else {
            return Vec::new();
        };
        let Ok(document) = checked.parse() else {
            return Vec::new();
        };
        let Ok(shape) = Shape::read(&document) else {
            return Vec::new();
        };
        [shape.response_signature, shape.assertion_signature]
            .into_iter()
            .flatten()
            .filter_map(|signature| {
                signature::verify(&document, signature, &self.certificates).ok()
            })
            .map(|signed| signed.bytes().to_vec())
            .collect()
    }

    /// Whether everything that is accepted was signed.
    fn judge(&self, message: &[u8]) -> Result<usize, String> {
        let accepted = self.accepted(message);
        match accepted.iter().find(|bytes| !self.signed.contains(*bytes)) {
            None => Ok(accepted.len()),
            Some(bytes) => Err(format!(
                "accepted, and never signed: {}\n{}",
                String::from_utf8_lossy(bytes),
                String::from_utf8_lossy(message)
            )),
        }
    }
}

/// The places of all elements of a message, while it is one.
fn elements(message: &[u8]) -> Vec<Range<usize>> {
    let Ok(text) = std::str::from_utf8(message) else {
        return Vec::new();
    };
    roxmltree::Document::parse(text).map_or_else(
        |_| Vec::new(),
        |document| {
            document
                .descendants()
                .filter(|n| n.is_element())
                .map(|n| n.range())
                .collect()
        },
    )
}

fn damaged(corpus: &Corpus, random: &mut StdRng) -> Vec<u8> {
    let one = |random: &mut StdRng| {
        corpus
            .messages
            .choose(random)
            .expect("a message")
            .clone()
            .into_bytes()
    };
    let mut message = one(random);
    for _ in 0..random.gen_range(1..4) {
        let places = elements(&message);
        let at = random.gen_range(0..=message.len());
        let piece = PIECES
            .choose(random)
            .copied()
            .unwrap_or_default()
            .as_bytes();
        match (random.gen_range(0..9), places.choose(random)) {
            // Elements: gone, twice, elsewhere, around one another, from another message.
            (0, Some(place)) => drop(message.drain(place.clone())),
            (1, Some(place)) => {
                let copy = message[place.clone()].to_vec();
                let to = places.choose(random).map_or(place.end, |to| {
                    if random.r#gen() { to.start } else { to.end }
                });
                message.splice(to..to, copy);
            }
            (2, Some(place)) => {
                let moved: Vec<u8> = message.drain(place.clone()).collect();
                let to = elements(&message).choose(random).map_or(0, |to| to.end);
                message.splice(to..to, moved);
            }
            (3, Some(place)) => {
                let other = one(random);
                if let Some(from) = elements(&other).choose(random) {
                    message.splice(place.clone(), other[from.clone()].iter().copied());
                }
            }
            (4, Some(place)) => {
                let other = one(random);
                let inside = message[place.clone()]
                    .iter()
                    .position(|byte| *byte == b'>')
                    .map_or(place.end, |end| place.start + end + 1);
                if let Some(from) = elements(&other).choose(random) {
                    message.splice(inside..inside, other[from.clone()].iter().copied());
                }
            }
            // Bytes.
            (5, _) if !message.is_empty() => {
                let at = at.min(message.len() - 1);
                message[at] ^= 1 << random.gen_range(0..8);
            }
            (6, _) => {
                let end = (at + random.gen_range(0..40)).min(message.len());
                message.drain(at..end);
            }
            (7, _) => message.truncate(at),
            _ => drop(message.splice(at..at, piece.iter().copied())),
        }
    }
    message
}

fn number(name: &str, default: u64) -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "a longer run is asked for by hand"
    )]
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn whatever_is_accepted_after_any_damage_was_signed() {
    let corpus = Corpus::new();
    let mut random = StdRng::seed_from_u64(number("LATCHKEY_FUZZ_SEED", 1));
    let (mut survived, count) = (0, number("LATCHKEY_FUZZ", 1_500));
    for _ in 0..count {
        let message = damaged(&corpus, &mut random);
        match corpus.judge(&message) {
            Ok(accepted) => survived += u64::from(accepted > 0),
            Err(difference) => panic!("{difference}"),
        }
    }
    // Damage that never misses what is signed would try one thing only.
    assert!(
        survived * 50 >= count && survived * 2 <= count,
        "{survived} of {count}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[<>/!?&;#x\\[\\]CDATA\"'= a:\\-]{0,80}") {
        for bytes in [&bytes[..], text.as_bytes()] {
            if let Ok(checked) = Checked::new(bytes, &Limits::MESSAGE) {
                let _ = checked.parse().map(|document| Shape::read(&document).is_ok());
            }
        }
    }

    /// The first pass sees the elements that the parser sees, in the same order.
    #[test]
    fn what_passes_the_limits_is_read_by_the_parser_or_refused(text in "(<[ab]( [ab]=('|\")[<>&]?('|\"))?/?>|</[ab]>|x|<!--|-->|<!\\[CDATA\\[|\\]\\]>){0,12}") {
        let text = format!("<a>{text}</a>");
        if let Ok(checked) = Checked::new(text.as_bytes(), &Limits::MESSAGE)
            && let Ok(document) = checked.parse()
        {
            prop_assert!(!document.descendants().any(|node| node.is_pi()));
        }
    }
}
