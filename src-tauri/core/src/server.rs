//! Which addresses are at one server, as far as their text says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Whether both addresses are at one server. A host out there is one service on all its ports; on
/// this computer, whatever it is called, every port is another server.
pub fn same_server(one: &Url, other: &Url) -> bool {
    match (is_this_computer(one), is_this_computer(other)) {
        (true, true) => one.port_or_known_default() == other.port_or_known_default(),
        (false, false) => match (one.host_str(), other.host_str()) {
            (Some(one), Some(other)) => bare(one) == bare(other),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a connection to the address stays on this computer.
pub fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_own(ip),
        Some(Host::Ipv6(ip)) => match ip.to_ipv4_mapped() {
            Some(ip) => is_own(ip),
            None => ip.is_loopback() || ip == Ipv6Addr::UNSPECIFIED,
        },
        // RFC 6761, section 6.3.
        Some(Host::Domain(name)) => {
            let name = bare(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// A connection to the unspecified address is made to this computer too.
fn is_own(ip: Ipv4Addr) -> bool {
    IpAddr::V4(ip).is_loopback() || ip == Ipv4Addr::UNSPECIFIED
}

/// `app.example.` is the same host as `app.example`.
fn bare(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(one: &str, other: &str) -> bool {
        let (one, other) = (one.parse().unwrap(), other.parse().unwrap());
        assert_eq!(same_server(&one, &other), same_server(&other, &one));
        same_server(&one, &other)
    }

    #[test]
    fn a_host_out_there_is_one_server_on_every_port_and_scheme() {
        for other in [
            "https://app.example/other",
            "http://app.example/",
            "https://app.example:8443/",
            "https://APP.example./",
            "https://user@app.example/",
        ] {
            assert!(same("https://app.example/cb", other), "{other}");
        }
    }

    #[test]
    fn another_name_is_another_server() {
        for other in [
            "https://example/",
            "https://app.example.evil.test/",
            "https://xapp.example/",
            "https://id.app.example/",
            "https://192.0.2.1/",
            "http://localhost/",
        ] {
            assert!(!same("https://app.example/cb", other), "{other}");
        }
    }

    #[test]
    fn this_computer_is_one_host_under_all_its_names() {
        for name in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "localhost",
            "LOCALHOST.",
            "app.localhost",
        ] {
            let at = |port| format!("http://{name}:{port}/x");
            assert!(same("http://127.0.0.1:8400/cb", &at(8400)), "{name}");
            assert!(!same("http://127.0.0.1:8400/cb", &at(9000)), "{name}");
        }
        for name in ["10.0.0.1", "[::2]", "localhost.example", "notlocalhost"] {
            let other = format!("http://{name}:8400/x");
            assert!(!same("http://127.0.0.1:8400/cb", &other), "{name}");
        }
    }
}
