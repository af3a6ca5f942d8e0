//! What a page of the provider shows, as far as a diagnosis needs it. Untrusted and bounded. Only
//! what names an error is kept of it.

use std::fmt;

use latchkey_core::diagnosis::ERROR_PARAMETERS;
use serde::Deserialize;
use url::Url;

use super::Address;

/// The longest message of a page that is read, in bytes.
const LARGEST: usize = 128 * 1024;

/// A page on screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it is.
    pub address: Address,
    /// Its title.
    pub title: String,
    /// What can be read on it, after what its address says of an error.
    pub text: String,
    /// Whether it offers nothing to go on with: no field, no button, no link.
    pub ends: bool,
}

/// As `page.js` writes it.
#[derive(Deserialize)]
struct Message {
    address: String,
    title: String,
    text: String,
    ends: bool,
}

impl Shown {
    /// Reads what `page.js` told; none for what is no page of the web.
    pub(super) fn read(message: &str) -> Option<Self> {
        if message.len() > LARGEST {
            return None;
        }
        let message: Message = serde_json::from_str(message).ok()?;
        let url = Url::parse(&message.address).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let mut text = errors_in(&url);
        text.push_str(&message.text);
        Some(Self {
            address: Address::of(&url),
            title: message.title,
            text,
            ends: message.ends,
        })
    }

    /// Whether there is nothing on it at all.
    pub fn is_blank(&self) -> bool {
        self.ends && self.text.trim().is_empty()
    }
}

/// The parameters of an address that say why, one a line, as an address writes them.
fn errors_in(url: &Url) -> String {
    let named = |(name, _): &(_, _)| ERROR_PARAMETERS.contains(&std::borrow::Cow::as_ref(name));
    let pairs = url.query_pairs().filter(named);
    let line = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        format!("{name}={value}\n")
    };
    pairs.map(line).collect()
}

/// What a page shows may be personal.
impl fmt::Debug for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Shown")
            .field("address", &self.address.to_string())
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(address: &str, text: &str) -> String {
        serde_json::json!({ "address": address, "title": "T", "text": text, "ends": true })
            .to_string()
    }

    #[test]
    fn of_an_address_only_the_error_is_read() {
        let address = "https://id.example/x?code=s3cret&error=access_denied&login_hint=bob&error_description=No+way#id_token=s3cret";
        let shown = Shown::read(&message(address, "Sorry")).unwrap();
        assert_eq!(shown.address.to_string(), "https://id.example/x");
        assert_eq!(
            shown.text,
            "error=access_denied\nerror_description=No way\nSorry"
        );
    }

    #[test]
    fn a_page_is_not_printed() {
        let shown = Shown::read(&message("https://id.example/", "s3cret")).unwrap();
        assert!(!format!("{shown:?}").contains("s3cret"));
    }

    #[test]
    fn what_is_no_page_or_too_much_is_dropped() {
        for address in [
            "about:blank",
            "file:///etc/passwd",
            "data:text/html,x",
            "nowhere",
        ] {
            assert!(Shown::read(&message(address, "x")).is_none(), "{address}");
        }
        assert!(Shown::read("{}").is_none() && Shown::read("").is_none());
        let long = "x".repeat(LARGEST);
        assert!(Shown::read(&message("https://id.example/", &long)).is_none());
    }

    #[test]
    fn a_blank_page_offers_nothing_and_says_nothing() {
        assert!(
            Shown::read(&message("https://id.example/", " \n "))
                .unwrap()
                .is_blank()
        );
        assert!(
            !Shown::read(&message("https://id.example/", "x"))
                .unwrap()
                .is_blank()
        );
    }
}
