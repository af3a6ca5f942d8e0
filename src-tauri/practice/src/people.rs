use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A made-up person who can sign in. The password is no secret: the sign-in page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// As the `name` claim has it.
    pub name: String,
    /// The address to sign in with, and the `email` claim.
    pub email: String,
    /// What to type at the sign-in page.
    pub password: String,
    /// The names of the groups, the one that tells people apart first.
    pub groups: Vec<String>,
}

impl Person {
    /// The `sub` claim: the same in every run, and not the e-mail address, as at real providers.
    pub(crate) fn subject(&self) -> String {
        let digest = Sha256::digest(self.email.as_bytes());
        format!("practice-{}", URL_SAFE_NO_PAD.encode(&digest[..9]))
    }

    pub(crate) fn has_password(&self, password: &str) -> bool {
        self.password.as_bytes().ct_eq(password.as_bytes()).into()
    }
}

/// Three people who differ in their groups, so that claim rules have something to decide.
pub(crate) fn made_up() -> Vec<Person> {
    [
        (
            "Olivia Park",
            "olivia@acme.example",
            "olivia-key",
            "Security Admins",
        ),
        ("Bob Lindqvist", "bob@acme.example", "bob-key", "SecOps"),
        ("Vera Costa", "vera@acme.example", "vera-key", "Contractors"),
    ]
    .map(|(name, email, password, group)| Person {
        name: name.to_owned(),
        email: email.to_owned(),
        password: password.to_owned(),
        groups: vec![group.to_owned(), "Everyone".to_owned()],
    })
    .into()
}

/// Finds a person by address, as people type it: case and surrounding spaces do not count.
pub(crate) fn find<'a>(people: &'a [Person], email: &str) -> Option<&'a Person> {
    let email = email.trim();
    people
        .iter()
        .find(|person| person.email.eq_ignore_ascii_case(email))
}

/// A group as a directory names it (RFC 4514).
pub(crate) fn distinguished_name(group: &str) -> String {
    format!("CN={group},OU=Groups,DC=acme,DC=example")
}

/// A stable GUID for a group (RFC 9562, version 8: made from the name's SHA-256).
pub(crate) fn object_id(group: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(group.as_bytes())[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = |part: &[u8]| {
        part.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    [
        &bytes[..4],
        &bytes[4..6],
        &bytes[6..8],
        &bytes[8..10],
        &bytes[10..],
    ]
    .map(hex)
    .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_share_no_subject_and_no_first_group() {
        let people = made_up();
        for (i, a) in people.iter().enumerate() {
            for b in &people[i + 1..] {
                assert_ne!(a.subject(), b.subject());
                assert_ne!(a.groups[0], b.groups[0]);
            }
        }
    }

    #[test]
    fn an_address_is_found_as_people_type_it() {
        let people = made_up();
        assert_eq!(
            find(&people, " BOB@acme.example ").map(|p| &*p.name),
            Some("Bob Lindqvist")
        );
        assert_eq!(find(&people, "bob@acme.examples"), None);
        assert_eq!(find(&people, ""), None);
    }

    #[test]
    fn only_the_whole_password_is_the_password() {
        let olivia = &made_up()[0];
        assert!(olivia.has_password("olivia-key"));
        for wrong in ["", "olivia-ke", "olivia-keyy", "Olivia-key", "bob-key"] {
            assert!(!olivia.has_password(wrong), "{wrong}");
        }
    }
}
