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

/// Whether the address cannot be reached from the public internet, as far as its text says.
pub fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => private(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => private(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => is_own_name(name),
        None => false,
    }
}

/// Whether a name is one of a private network by its form alone.
pub fn is_own_name(name: &str) -> bool {
    let name = bare(name);
    !name.contains('.')
        || [
            ".localhost",
            ".local",
            ".internal",
            ".lan",
            ".home.arpa",
            ".test",
        ]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether a connection to this address stays on this computer or in a private network.
pub fn is_inside(ip: IpAddr) -> bool {
    private(ip)
        || match ip {
            IpAddr::V4(ip) => ip.is_loopback(),
            IpAddr::V6(ip) => {
                ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
            }
        }
}

fn private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                // Between a provider's own customers (RFC 6598).
                || ip.octets()[0] == 100 && ip.octets()[1] & 0xC0 == 64
        }
        IpAddr::V6(ip) => {
            ip.to_ipv4_mapped()
                .is_some_and(|ip| private(IpAddr::V4(ip)))
                || ip == Ipv6Addr::UNSPECIFIED
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
        }
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

    #[test]
    fn what_is_inside_is_told_from_what_is_outside() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_inside(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_inside(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn a_name_is_private_by_its_end_alone() {
        for name in [
            "idp",
            "idp.local",
            "localhost",
            "a.localhost",
            "sso.lan.",
            "x.test",
            "nottest",
        ] {
            assert!(is_own_name(name), "{name}");
        }
        for name in [
            "idp.example",
            "local.example",
            "xlocal.example",
            "a.nottest",
        ] {
            assert!(!is_own_name(name), "{name}");
        }
    }
}
