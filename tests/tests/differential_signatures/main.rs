//! Ours against two verifiers that nobody here wrote, over random documents: Debian's `xmlsec1`
//! (libxml2, libxmlsec1), which signs them, and bergshamra. What one of them signs or accepts, ours
//! accepts; what ours accepts after a random change, the others accept too, and it is byte for byte
//! what was signed. Where they differ, the difference is on a list with its reason.
//!
//! `LATCHKEY_DIFFERENTIAL=5000 cargo test -p latchkey-tests --test differential_signatures`
//! takes that many documents instead of 300, `LATCHKEY_DIFFERENTIAL_SEED=7` others of them.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where what it takes for granted does not hold"
)]

mod documents;
mod mutants;
mod oracles;

use documents::Unsigned;
use latchkey_core::saml::{Shape, signature};
use latchkey_core::xml::{Checked, Limits};
use latchkey_core::{Certificate, Fault};
use oracles::{Bergshamra, Xmlsec1};

/// How many documents, and which.
struct Size {
    documents: u64,
    seed: u64,
}

impl Size {
    fn asked_for() -> Self {
        let number = |name, default| {
            std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
        };
        Self {
            documents: number("LATCHKEY_DIFFERENTIAL", 300),
            seed: number("LATCHKEY_DIFFERENTIAL_SEED", 1),
        }
    }
}

/// The bytes that ours takes for signed.
fn ours(text: &str, certificate: &Certificate) -> Result<Vec<u8>, Fault> {
    let checked = Checked::new(text.as_bytes(), &Limits::MESSAGE)?;
    let document = checked.parse()?;
    let shape = Shape::read(&document)?;
    let signature = shape
        .assertion_signature
        .or(shape.response_signature)
        .ok_or(Fault::NotXml {})?;
    signature::verify(&document, signature, std::slice::from_ref(certificate))
        .map(|signed| signed.bytes().to_vec())
        .map_err(|mut findings| findings.remove(0).fault)
}

/// Where ours refuses what xmlsec1 signed: stricter, on purpose.
fn stricter_than_xmlsec1(fault: &Fault) -> Option<&'static str> {
    match fault {
        Fault::XmlBaseInherited {} => Some(
            "Canonical XML 1.1 joins the xml:base of what is left out; ours knows no such signature and refuses",
        ),
        _ => None,
    }
}

#[test]
fn random_signed_documents_and_their_mutants_get_one_verdict() {
    let size = Size::asked_for();
    let xmlsec1 = Xmlsec1::new();
    let bergshamra = Bergshamra::new();
    let certificate = oracles::certificate();
    let unsigned: Vec<Unsigned> = (0..size.documents)
        .map(|number| Unsigned::random(size.seed << 32 | number))
        .collect();
    let signed = xmlsec1.signed(&unsigned);

    let (mut kept, mut other_readings, mut refused) = (0, 0, 0);
    let mut accepted_mutants = Vec::new();
    for (number, text) in signed.iter().enumerate() {
        let bytes = match ours(text, &certificate) {
            Ok(bytes) => bytes,
            Err(fault) => {
                assert!(
                    stricter_than_xmlsec1(&fault).is_some(),
                    "document {number} is refused: {fault:?}\n{text}"
                );
                refused += 1;
                continue;
            }
        };
        kept += 1;
        assert!(
            bergshamra.agrees(text),
            "bergshamra refuses document {number}\n{text}"
        );
        other_readings += u64::from(!bergshamra.accepts(text));
        let mutant = mutants::of(text, size.seed << 32 | number as u64);
        if let Ok(changed) = ours(&mutant, &certificate) {
            assert_eq!(
                String::from_utf8_lossy(&changed),
                String::from_utf8_lossy(&bytes),
                "mutant {number} is accepted, and is not what was signed\n{mutant}"
            );
            assert!(
                bergshamra.agrees(&mutant),
                "bergshamra refuses mutant {number}\n{mutant}"
            );
            accepted_mutants.push(mutant);
        }
    }
    println!(
        "{kept} documents accepted by ours and xmlsec1, {refused} refused by ours alone, {other_readings} read otherwise by bergshamra; \
         {} of their mutants accepted",
        accepted_mutants.len()
    );
    // A job whose documents all fall out would pass and say nothing.
    assert!(kept * 10 >= size.documents * 8);
    assert!(accepted_mutants.len() as u64 * 20 >= size.documents);
    for mutant in xmlsec1.refused(&accepted_mutants) {
        assert!(
            oracles::xmlsec1_differs(mutant).is_some(),
            "xmlsec1 refuses a mutant that ours accepts\n{mutant}"
        );
    }
}

/// The oracles would be worth nothing if they accepted everything.
#[test]
fn the_oracles_refuse_what_was_changed() {
    let xmlsec1 = Xmlsec1::new();
    let bergshamra = Bergshamra::new();
    let text = xmlsec1.signed(&[Unsigned::plain()]).remove(0);
    assert!(bergshamra.accepts(&text));
    assert!(xmlsec1.refused(std::slice::from_ref(&text)).is_empty());
    let changed = text.replace("olivia", "mallory");
    assert_ne!(changed, text);
    assert!(!bergshamra.accepts(&changed));
    assert_eq!(xmlsec1.refused(&[text, changed.clone()]), [changed]);
}
