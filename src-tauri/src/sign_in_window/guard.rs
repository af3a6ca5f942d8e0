//! Which addresses a sign-in window may open: the rule itself, without any engine.

use latchkey_core::server::{is_this_computer, same_server};
use serde_json::{Value, json};
use url::Url;

use super::OpenError;

/// The Login Redirect URL, as the thing that nothing may reach.
#[derive(Debug)]
pub(super) struct Guard {
    guarded: Url,
    /// Other servers that take answers: the service's other regions.
    also: Vec<Url>,
}

/// The names under which a page can ask for this computer, as the engine writes them.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// What is to be done with a navigation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow,
    /// The Login Redirect URL itself: scheme, host, port and path are equal.
    Answer(Url),
    /// Its host, at any other address.
    GuardedHost(Url),
    /// Neither a web page nor an empty one.
    Scheme(String),
}

impl Guard {
    pub(super) fn new(guarded: Url) -> Result<Self, OpenError> {
        let web = matches!(guarded.scheme(), "http" | "https") && guarded.has_host();
        web.then_some(Self {
            guarded,
            also: Vec::new(),
        })
        .ok_or(OpenError::CannotGuard)
    }

    /// The same, with the servers of these addresses guarded as well.
    pub(super) fn with(self, others: impl IntoIterator<Item = Url>) -> Self {
        let also = others.into_iter().filter(|other| {
            matches!(other.scheme(), "http" | "https") && !same_server(&self.guarded, other)
        });
        Self {
            also: also.collect(),
            ..self
        }
    }

    pub(super) fn judge(&self, address: &str) -> Verdict {
        let Ok(url) = Url::parse(address) else {
            return Verdict::Scheme("unreadable".to_owned());
        };
        match url.scheme() {
            "about" if matches!(url.path(), "blank" | "srcdoc") => Verdict::Allow,
            "http" | "https" if self.is_answer(&url) => Verdict::Answer(url),
            "http" | "https" if self.all().any(|one| same_server(one, &url)) => {
                Verdict::GuardedHost(url)
            }
            "http" | "https" => Verdict::Allow,
            other => Verdict::Scheme(other.to_owned()),
        }
    }

    /// The same rule in WebKit's content blocker format, for loads that are not navigations.
    pub(super) fn content_rules(&self) -> String {
        let rules = self.all().flat_map(filters).flat_map(|filter| {
            [
                json!({ "trigger": { "url-filter": filter }, "action": { "type": "block" } }),
                // A blocked pop-up would never come to be, and its answer never be seen: its first
                // navigation is stopped instead, as every navigation is.
                json!({ "trigger": { "url-filter": filter, "resource-type": ["popup"] },
                        "action": { "type": "ignore-previous-rules" } }),
            ]
        });
        Value::Array(rules.collect()).to_string()
    }

    fn all(&self) -> impl Iterator<Item = &Url> {
        std::iter::once(&self.guarded).chain(&self.also)
    }

    fn is_answer(&self, url: &Url) -> bool {
        same_place(&self.guarded, url)
    }
}

/// Whether scheme, host, port and path are equal.
pub(super) fn same_place(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
        && one.path() == other.path()
}

/// What the addresses of a server look like, under each of its names.
fn filters(server: &Url) -> Vec<String> {
    let own = server.host_str().unwrap_or_default();
    let (others, port) = match (is_this_computer(server), server.port()) {
        (false, _) => (&[][..], "[:/]".to_owned()),
        (true, Some(port)) => (&OWN_NAMES[..], format!(":{port}/")),
        (true, None) => (&OWN_NAMES[..], "/".to_owned()),
    };
    let hosts = std::iter::once(own).chain(others.iter().copied().filter(|name| *name != own));
    hosts
        .map(|host| {
            let host = escaped(bare(host));
            format!(r"^[a-z]+://([^/]*@)?{host}\.?{port}")
        })
        .collect()
}

/// `app.example.` is the same host as `app.example`.
fn bare(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

fn escaped(host: &str) -> String {
    host.chars().fold(String::new(), |mut out, c| {
        if !c.is_ascii_alphanumeric() && c != '-' {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn torq() -> Guard {
        Guard::new("https://app.torq.io/__/auth/handler".parse().unwrap()).unwrap()
    }

    fn loopback() -> Guard {
        Guard::new("http://127.0.0.1:8400/callback".parse().unwrap()).unwrap()
    }

    #[track_caller]
    fn check(guard: &Guard, address: &str, expect: fn(Url) -> Verdict) {
        let url = Url::parse(address).unwrap();
        assert_eq!(guard.judge(address), expect(url), "{address}");
    }

    #[test]
    fn only_the_exact_address_is_an_answer_whatever_its_query() {
        check(
            &torq(),
            "https://app.torq.io/__/auth/handler",
            Verdict::Answer,
        );
        check(
            &torq(),
            "https://app.torq.io:443/__/auth/handler?code=1",
            Verdict::Answer,
        );
        check(
            &torq(),
            "https://APP.torq.io/__/auth/handler#id_token=1",
            Verdict::Answer,
        );
        check(
            &torq(),
            "https://u@app.torq.io/__/auth/../auth/handler",
            Verdict::Answer,
        );
    }

    #[test]
    fn every_other_address_of_the_guarded_host_is_stopped() {
        for address in [
            "http://app.torq.io/__/auth/handler",
            "https://app.torq.io:8443/__/auth/handler",
            "https://app.torq.io./__/auth/handler",
            "https://app.torq.io/__/auth/handler/",
            "https://app.torq.io/",
            "https://x:y@app.torq.io/other",
        ] {
            check(&torq(), address, Verdict::GuardedHost);
        }
    }

    #[test]
    fn the_provider_is_free_to_use_other_hosts() {
        for address in [
            "https://acme.okta.com/login",
            "https://torq.io/",
            "https://app.torq.io.evil.example/__/auth/handler",
            "https://evil.example/?next=https://app.torq.io/__/auth/handler",
            "about:blank",
            "about:srcdoc",
        ] {
            check(&torq(), address, |_| Verdict::Allow);
        }
    }

    #[test]
    fn schemes_are_an_allow_list() {
        for address in [
            "tauri://localhost/",
            "ipc://localhost/touch",
            "asset://localhost/x",
            "file:///etc/passwd",
            "data:text/html,x",
            "blob:https://acme.okta.com/1",
            "javascript:alert(1)",
            "about:config",
            "ftp://acme.okta.com/",
            "webkit://gpu",
            "not an address",
        ] {
            assert!(
                matches!(torq().judge(address), Verdict::Scheme(_)),
                "{address}"
            );
        }
    }

    #[test]
    fn on_loopback_only_the_guarded_port_is_guarded() {
        check(
            &loopback(),
            "http://127.0.0.1:8400/callback?code=1",
            Verdict::Answer,
        );
        check(&loopback(), "http://127.0.0.1:8400/", Verdict::GuardedHost);
        check(&loopback(), "http://127.0.0.1:9000/callback", |_| {
            Verdict::Allow
        });
    }

    #[test]
    fn this_computer_is_guarded_under_each_of_its_names() {
        for address in [
            "http://localhost:8400/callback",
            "http://[::1]:8400/callback",
            "http://127.0.0.2:8400/",
            "http://0.0.0.0:8400/",
            "http://[::ffff:127.0.0.1]:8400/",
        ] {
            check(&loopback(), address, Verdict::GuardedHost);
        }
        let rules = loopback().content_rules();
        assert!(rules.contains("localhost\\\\.?:8400/"), "{rules}");
        assert!(rules.contains(r"\\[\\:\\:1\\]\\.?:8400/"), "{rules}");
    }

    #[test]
    fn what_has_no_host_or_is_no_web_address_cannot_be_guarded() {
        for address in ["myapp://callback", "mailto:x@y.example", "file:///callback"] {
            let refused = Guard::new(address.parse().unwrap()).unwrap_err();
            assert_eq!(refused, OpenError::CannotGuard, "{address}");
        }
    }

    #[test]
    fn the_other_regions_of_a_service_are_guarded_and_take_no_answer() {
        let eu = "https://app.eu.torq.io/__/auth/handler";
        let guard = torq().with([
            eu.parse().unwrap(),
            "https://app.torq.io/x".parse().unwrap(),
        ]);
        check(&guard, eu, Verdict::GuardedHost);
        check(&guard, "https://app.eu.torq.io/", Verdict::GuardedHost);
        check(
            &guard,
            "https://app.torq.io/__/auth/handler",
            Verdict::Answer,
        );
        check(&guard, "https://eu.torq.io/", |_| Verdict::Allow);
        let rules = guard.content_rules();
        assert_eq!(rules.matches("\"block\"").count(), 2, "{rules}");
        assert!(rules.contains(r"app\\.eu\\.torq\\.io\\.?[:/]"), "{rules}");
    }

    #[test]
    fn the_content_rules_name_the_host_alone_or_on_loopback_the_port_too() {
        assert!(torq().content_rules().contains(r"app\\.torq\\.io\\.?[:/]"));
        assert!(
            loopback()
                .content_rules()
                .contains(r"127\\.0\\.0\\.1\\.?:8400/")
        );
    }
}
