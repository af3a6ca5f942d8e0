//! Checks on addresses that a browser or this program will go to.

use url::{Host, Url};

use super::field;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::server::is_private;

/// An absolute http(s) address without user name and password; https unless it stays on this
/// computer. A private address is a warning: practice and staging exist.
pub(super) fn address(value: &str, path: &str, findings: &mut Vec<Finding>) -> Option<Url> {
    if !field::word(value, path, findings) {
        return None;
    }
    let error = |fault: Fault| Finding::error(fault).at(path);
    let field = || path.to_owned();
    if let Some((mark, mend)) = sentence_end(value) {
        findings.push(error(Fault::AddressEndsInPunctuation { mark, mend }));
        return None;
    }
    let parsed = Url::parse(value).ok().filter(|url| {
        // A browser would read a backslash as a slash.
        has_name(url) && value.contains("://") && !is_doubled(value) && !value.contains('\\')
    });
    let Some(url) = parsed else {
        findings.push(error(Fault::NotAnAddress { field: field() }));
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        findings.push(error(Fault::AddressHasUserInfo { field: field() }));
        return None;
    }
    let loopback = is_loopback(&url);
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        let scheme = url.scheme().to_owned();
        findings.push(error(Fault::AddressNotHttps {
            field: field(),
            scheme,
        }));
        return None;
    }
    field::lookalike(value, path, findings);
    if loopback || is_private(&url) {
        let host = url.host_str().unwrap_or_default().to_owned();
        findings.push(
            Finding::warning(Fault::AddressIsPrivate {
                field: field(),
                host,
            })
            .at(path),
        );
    }
    Some(url)
}

/// The mark at the end of the sentence that the address was copied from, and the address without it.
fn sentence_end(value: &str) -> Option<(String, String)> {
    let mend = value.trim_end_matches(['.', ',', ';']);
    let mark = &value[mend.len()..];
    // "/." and "/.." are parts of a path.
    (!mark.is_empty() && !mend.ends_with('/') && mend.contains("://"))
        .then(|| (mark.to_owned(), crate::text::shown(mend, 500)))
}

/// Whether the host is an address or a name that servers have: `$TENANT.example` is neither.
fn has_name(url: &Url) -> bool {
    match url.host() {
        // A dot may end the name, and then stands for the root.
        Some(Host::Domain(name)) => name
            .strip_suffix('.')
            .unwrap_or(name)
            .split('.')
            .all(|part| {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                !part.is_empty() && part.bytes().all(fits)
            }),
        other => other.is_some(),
    }
}

/// Two addresses in one, as it comes of pasting beside what stood there. A query may hold one.
fn is_doubled(value: &str) -> bool {
    let (_, rest) = value.split_once("://").unwrap_or_default();
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    path.contains("https://") || path.contains("http://")
}

/// Whether the address can only mean this computer.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
