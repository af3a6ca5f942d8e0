//! Pages by which providers turn embedded windows away.

use url::Url;

use super::Refusal;

/// One known page: a host, and a word in its address or in its text.
struct Known {
    host: &'static str,
    marker: &'static str,
    means: Refusal,
}

/// In the address. "Authorization errors: disallowed_useragent", Google Identity, OAuth 2.0 for desktop apps.
const BY_ADDRESS: &[Known] = &[
    Known {
        host: "accounts.google.com",
        marker: "/signin/rejected",
        means: Refusal::EmbeddedBrowser,
    },
    Known {
        host: "accounts.google.com",
        marker: "disallowed_useragent",
        means: Refusal::EmbeddedBrowser,
    },
];

/// In the text of the page. "Microsoft Entra authentication and authorization error codes".
const BY_TEXT: &[Known] = &[
    Known {
        host: "accounts.google.com",
        marker: "disallowed_useragent",
        means: Refusal::EmbeddedBrowser,
    },
    Known {
        host: "login.microsoftonline.com",
        marker: "AADSTS50097",
        means: Refusal::ManagedDevice,
    },
    Known {
        host: "login.microsoftonline.com",
        marker: "AADSTS53000",
        means: Refusal::ManagedDevice,
    },
    Known {
        host: "login.microsoftonline.com",
        marker: "AADSTS53001",
        means: Refusal::ManagedDevice,
    },
];

/// Recognises a refusal by the page's address.
pub(super) fn by_address(url: &Url) -> Option<Refusal> {
    let shown = url.as_str();
    known(BY_ADDRESS, url.host_str()?, |marker| shown.contains(marker))
}

/// What to look for in the text of pages of this host: nothing for nearly all.
pub(super) fn markers(host: &str) -> impl Iterator<Item = &'static str> {
    BY_TEXT
        .iter()
        .filter(move |known| known.host == host)
        .map(|known| known.marker)
}

/// Recognises a refusal by a marker that was found in a page of this host.
pub(super) fn by_marker(host: &str, found: &str) -> Option<Refusal> {
    known(BY_TEXT, host, |marker| marker == found)
}

fn known(table: &[Known], host: &str, holds: impl Fn(&str) -> bool) -> Option<Refusal> {
    table
        .iter()
        .find(|known| known.host == host && holds(known.marker))
        .map(|known| known.means)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Option<Refusal> {
        by_address(&address.parse().unwrap())
    }

    #[test]
    fn googles_rejected_page_is_recognised() {
        assert_eq!(
            of("https://accounts.google.com/v3/signin/rejected?x=1"),
            Some(Refusal::EmbeddedBrowser)
        );
    }

    #[test]
    fn the_same_words_on_another_host_mean_nothing() {
        assert_eq!(
            of("https://id.example/v3/signin/rejected?e=disallowed_useragent"),
            None
        );
        assert_eq!(by_marker("id.example", "AADSTS53000"), None);
        assert_eq!(markers("id.example").count(), 0);
    }

    #[test]
    fn a_device_check_is_recognised_by_its_code() {
        assert_eq!(
            by_marker("login.microsoftonline.com", "AADSTS53000"),
            Some(Refusal::ManagedDevice)
        );
        assert_eq!(by_marker("login.microsoftonline.com", "AADSTS50126"), None);
    }
}
