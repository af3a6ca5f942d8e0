//! Whole answers that deceive: each is refused for its own reason.

use latchkey_core::Stage::{self, Answered, Signed};

use super::message::*;

const EVIL: &str = "mallory@evil.example";

/// An answer with a signed assertion, taken apart.
struct Cut {
    before: String,
    /// The assertion without its signature.
    assertion: String,
    signature: String,
    after: String,
}

impl Cut {
    fn of(message: &str) -> Self {
        let (before, rest) = message.split_once("<saml:Assertion").unwrap();
        let (assertion, after) = rest.split_once("</saml:Assertion>").unwrap();
        let assertion = format!("<saml:Assertion{assertion}</saml:Assertion>");
        let signature = element(&assertion, "ds:Signature");
        Self {
            before: before.to_owned(),
            assertion: assertion.replace(&signature, ""),
            signature,
            after: after.to_owned(),
        }
    }

    /// The same with these assertions in the place of the one.
    fn with(&self, assertions: &str) -> String {
        format!("{}{assertions}{}", self.before, self.after)
    }

    /// What the attacker wrote, with a place for more behind the issuer.
    fn evil(&self, id: &str, more: &str) -> String {
        let issuer = "</saml:Issuer>";
        swapped(&self.assertion, OWNER, EVIL)
            .replacen("ID=\"a\"", &format!("ID=\"{id}\""), 1)
            .replacen(issuer, &format!("{issuer}{more}"), 1)
    }

    fn signed(&self) -> String {
        let issuer = "</saml:Issuer>";
        self.assertion
            .replacen(issuer, &format!("{issuer}{}", self.signature), 1)
    }
}

/// The first element of this name, whole.
pub(crate) fn element(text: &str, name: &str) -> String {
    let start = text.find(&format!("<{name}")).unwrap();
    let close = format!("</{name}>");
    let end = start + text[start..].find(&close).unwrap() + close.len();
    text[start..end].to_owned()
}

/// The eight wrappings of SAML Raider and their kin, for a signed assertion.
#[test]
fn a_wrapped_assertion_is_refused() {
    let cut = Cut::of(&signed(ANSWER));
    let (original, signature) = (&cut.assertion, &cut.signature);
    let inside = |signature: &str, what: &str| {
        signature.replace("</ds:Signature>", &format!("{what}</ds:Signature>"))
    };
    let object = |what: &str| format!("<ds:Object>{what}</ds:Object>");
    let within = |evil: String, what: &str| {
        evil.replace("</saml:Assertion>", &format!("{what}</saml:Assertion>"))
    };
    let cases: Vec<(&str, String, Stage, &str)> = vec![
        (
            "XSW3, the forged one before",
            cut.with(&(cut.evil("e", "") + &cut.signed())),
            Answered,
            "assertion_twice",
        ),
        (
            "XSW3 turned round",
            cut.with(&(cut.signed() + &cut.evil("e", ""))),
            Answered,
            "assertion_twice",
        ),
        (
            "XSW4, the original inside the forged one",
            cut.with(&within(cut.evil("e", ""), &cut.signed())),
            Signed,
            "assertion_misplaced",
        ),
        (
            "XSW5, the signature in the forged one",
            cut.with(&(cut.evil("e", signature) + original)),
            Answered,
            "assertion_twice",
        ),
        (
            "XSW6, the original inside the signature",
            cut.with(&cut.evil("e", &inside(signature, original))),
            Signed,
            "assertion_misplaced",
        ),
        (
            "XSW7, the forged one in Extensions",
            cut.with(&format!(
                "<samlp:Extensions>{}</samlp:Extensions>{}",
                cut.evil("e", ""),
                cut.signed()
            )),
            Signed,
            "assertion_misplaced",
        ),
        (
            "XSW8, the original in an Object",
            cut.with(&cut.evil("e", &inside(signature, &object(original)))),
            Signed,
            "signature_has_object",
        ),
        (
            "the same ID twice",
            cut.with(&(cut.evil("a", "") + &cut.signed())),
            Signed,
            "id_twice",
        ),
        (
            "the signature of another",
            cut.with(&cut.evil("e", signature)),
            Signed,
            "reference_elsewhere",
        ),
        (
            "the signature of what had this ID",
            cut.with(&cut.evil("a", signature)),
            Signed,
            "signed_content_changed",
        ),
        (
            "the signature beside the assertion",
            cut.with(&format!("{signature}{}", cut.evil("e", ""))),
            Signed,
            "reference_elsewhere",
        ),
        (
            "the assertion of another namespace",
            cut.with(&format!("{}<x:Assertion xmlns:x=\"urn:x\"/>", cut.signed())),
            Signed,
            "assertion_of_other_namespace",
        ),
        (
            "one in the clear, one encrypted",
            cut.with(&format!("<saml:EncryptedAssertion/>{}", cut.signed())),
            Answered,
            "assertion_twice",
        ),
        (
            "an ID that is another's",
            cut.with(&cut.evil("e\" samlp:ID=\"a", signature)),
            Signed,
            "reference_elsewhere",
        ),
    ];
    for (name, message, stage, code) in cases {
        println!("{name}");
        refused(message, stage, code);
    }
}

#[test]
fn the_original_is_found_wherever_it_is_hidden() {
    let cut = Cut::of(&signed(ANSWER));
    for signature in ["", &cut.signature] {
        let evil = cut.evil("e", signature);
        let hidden = if signature.is_empty() {
            cut.signed()
        } else {
            cut.assertion.clone()
        };
        let put = |at: &str| cut.with(&evil.replacen(at, &format!("{at}{hidden}"), 1));
        for message in [
            cut.with(&format!(
                "<samlp:Extensions>{hidden}</samlp:Extensions>{evil}"
            )),
            cut.with(&format!("<Object>{hidden}</Object>{evil}")),
            cut.with(&evil).replacen(
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{hidden}</samlp:StatusDetail></samlp:Status>"),
                1,
            ),
            cut.with(&evil)
                .replacen("<samlp:Status>", &format!("<samlp:Status>{hidden}"), 1),
            cut.with(&evil)
                .replacen("<saml:Issuer>", &format!("<saml:Issuer>{hidden}"), 1),
            put("nameid-format:emailAddress\">"),
            put("<saml:AttributeValue>"),
            put("<saml:Subject>"),
            put("T18:04:00Z\">"),
            put("<saml:AuthnContext>"),
        ] {
            refused(message, Signed, "assertion_misplaced");
        }
    }
    let in_key_info = cut.signature.replace(
        "</ds:Signature>",
        &format!("<ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>", cut.assertion),
    );
    refused(
        cut.with(&cut.evil("e", &in_key_info)),
        Signed,
        "assertion_misplaced",
    );
}

/// XSW1 and XSW2: a forged Response around the one that was signed.
#[test]
fn a_wrapped_response_is_refused() {
    let message = response_signed(ANSWER);
    let signature = element(&message, "ds:Signature");
    let original = message.replace(&signature, "");
    let forged = |more: &str| {
        let issuer = "</saml:Issuer>";
        swapped(&original, OWNER, EVIL)
            .replacen("ID=\"r\"", "ID=\"e\"", 1)
            .replacen("ID=\"a\"", "ID=\"b\"", 1)
            .replacen(issuer, &format!("{issuer}{more}"), 1)
    };
    let inside = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
    refused(forged(&inside), Signed, "assertion_misplaced");
    refused(
        forged(&format!("{original}{signature}")),
        Signed,
        "assertion_misplaced",
    );
    refused(
        forged(&format!("<samlp:Extensions>{message}</samlp:Extensions>")),
        Signed,
        "assertion_misplaced",
    );
    refused(forged(&signature), Signed, "reference_elsewhere");
    let same = forged(&signature).replacen("ID=\"e\"", "ID=\"r\"", 1);
    refused(same, Signed, "signed_content_changed");
    // The signature of the Response does not speak for what is put into it later, nor for the frame.
    let later = message.replacen("</samlp:Response>", "<x/></samlp:Response>", 1);
    refused(later, Signed, "signed_content_changed");
    refused(
        swapped(&message, "\"s1\"", "\"s2\""),
        Signed,
        "signed_content_changed",
    );
}

#[test]
fn a_signature_over_something_else_proves_nothing() {
    let status = changed("<samlp:Status>", "<samlp:Status ID=\"s\">");
    let status = crate::signed::Signing::default().sign(&status, "s");
    refused(status, Signed, "signature_misplaced");
    let cut = Cut::of(&signed(ANSWER));
    refused(cut.with(&cut.assertion), Signed, "saml_unsigned");
    let emptied = cut.signed().replace(
        &element(&cut.signature, "ds:SignatureValue"),
        "<ds:SignatureValue/>",
    );
    refused(cut.with(&emptied), Signed, "signature_value_empty");
    let halved = cut
        .signed()
        .replace(&element(&cut.signature, "ds:SignedInfo"), "");
    refused(cut.with(&halved), Signed, "signature_form");
}
