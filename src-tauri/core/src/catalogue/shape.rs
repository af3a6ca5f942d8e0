//! What values look like, as data: a provider's addresses and IDs are described in its file and
//! matched here, so that no code knows a provider.

use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

/// What a provider's values look like. A list that is empty says nothing about its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct Shapes {
    /// Issuers of OpenID Connect.
    pub issuer: IssuerShape,
    /// Client IDs.
    pub client_id: Vec<WordShape>,
    /// Whether the provider gives client IDs out, so that one of another shape is none.
    pub client_ids_are_given: bool,
    /// Client secrets.
    pub client_secret: Vec<WordShape>,
    /// Sign-On URLs of SAML.
    pub sign_on_url: Vec<AddressShape>,
    /// Addresses of SAML metadata.
    pub metadata_url: Vec<AddressShape>,
    /// Entity IDs of SAML that are addresses.
    pub entity_id: Vec<AddressShape>,
    /// Hosts of the console, which stand in the browser's address bar while an application is made.
    pub console: Vec<ConsoleHost>,
}

/// What an issuer looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct IssuerShape {
    /// The only one there is, byte for byte.
    pub exact: Option<String>,
    /// The shapes that it may have. A slash at the end is compared by `slash_at_end` alone.
    pub accepted: Vec<AddressShape>,
    /// Whether it ends in a slash. Left out: as the path of the shape that it has.
    pub slash_at_end: Option<bool>,
    /// Endings that are often left out, such as `/v2.0`.
    pub endings: Vec<String>,
    /// Those among them that are servers of their own beside the organisation's: their claims are
    /// configured apart.
    pub custom_servers: Vec<AddressShape>,
    /// Whether the provider answers under domains of its customers too.
    pub custom_domains: bool,
}

/// What an address looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct AddressShape {
    /// Hosts; `*.okta.com` stands for every host below but `www`. Empty: any host.
    pub hosts: Vec<String>,
    /// The path, part by part: `*` stands for one part, `{guid}` for one that is a GUID, `**` at the
    /// beginning or at the end for any number. Empty: any path.
    pub path: String,
    /// A name that the query has to have. Empty: none is needed.
    pub query: String,
}

/// What a word looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct WordShape {
    /// What it begins with.
    #[serde(default)]
    pub prefix: String,
    /// What it ends in.
    #[serde(default)]
    pub suffix: String,
    /// What it has inside, behind the prefix.
    #[serde(default)]
    pub inside: String,
    /// Its length in characters, prefix and suffix included. Left out: any.
    #[serde(default)]
    pub length: Option<u32>,
    /// What it is made of.
    pub form: Form,
}

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Letters and digits.
    LettersDigits,
    /// A GUID (RFC 9562, section 4).
    Guid,
    /// What one part of an address's path is made of: letters, digits, `-`, `_`, `.`, `~`.
    PathPart,
    /// A host's name.
    Host,
    /// One part of a host's name.
    HostLabel,
    /// Anything without white space.
    Word,
}

/// A host of the console, and the host that signs people in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ConsoleHost {
    /// What the console's host ends in: `-admin.okta.com`.
    pub ends_in: String,
    /// What takes its place at the host that signs people in: `.okta.com`. Empty where nothing follows
    /// from the console's host.
    pub becomes: String,
}

impl AddressShape {
    /// Whether the address has this shape.
    pub fn fits(&self, url: &Url) -> bool {
        self.fits_host(url) && self.fits_path(url) && self.fits_query(url)
    }

    /// Whether the address is on one of the hosts; never where any host will do.
    pub fn names_host(&self, url: &Url) -> bool {
        !self.hosts.is_empty() && self.fits_host(url)
    }

    /// Whether the address is the domain that the hosts are below, its `www`, or another host beside
    /// those that are named: none of them.
    pub fn names_domain(&self, url: &Url) -> bool {
        let host = url.host_str();
        let mut domains = self
            .hosts
            .iter()
            .filter_map(|known| known.strip_prefix("*."));
        let bare = host.map(|host| host.strip_prefix("www.").unwrap_or(host));
        // Beside `auth.pingone.eu` nothing below `pingone.eu` is a customer's.
        let beside = |known: &String| {
            let (label, domain) = known.split_once('.')?;
            let below = host?.strip_suffix(domain)?.strip_suffix('.')?;
            (label != "*" && domain.contains('.') && below != label).then_some(())
        };
        domains.any(|domain| bare == Some(domain))
            || self.hosts.iter().any(|known| beside(known).is_some())
    }

    /// What stands in an address of this shape where the shape has `*`, `{guid}` or the query.
    pub fn held(&self, url: &Url) -> Vec<String> {
        let parts: Vec<&str> = url.path().trim_matches('/').split('/').collect();
        let shape: Vec<&str> = self.path.trim_matches('/').split('/').collect();
        let from_end = shape.first() == Some(&"**");
        let pairs: Vec<(&&str, &&str)> = match from_end {
            true => shape.iter().rev().zip(parts.iter().rev()).collect(),
            false => shape.iter().zip(&parts).collect(),
        };
        let mut held: Vec<String> = pairs
            .into_iter()
            .filter(|(shape, _)| matches!(**shape, "*" | "{guid}"))
            .map(|(_, part)| (*part).to_owned())
            .collect();
        if from_end {
            held.reverse();
        }
        if !self.query.is_empty() {
            let mut pairs = url.query_pairs().filter(|(name, _)| *name == self.query);
            held.extend(pairs.next().map(|(_, value)| value.into_owned()));
        }
        held
    }

    /// Whether an address of this shape is known by its path alone: two names in it that are no
    /// placeholders.
    pub fn is_telling(&self) -> bool {
        let names = self
            .path
            .split('/')
            .filter(|part| !part.is_empty() && !part.starts_with('*') && !part.starts_with('{'));
        names.count() >= 2 || !self.query.is_empty()
    }

    fn fits_host(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        self.hosts.is_empty() || self.hosts.iter().any(|known| host_fits(known, host))
    }

    fn fits_path(&self, url: &Url) -> bool {
        let path = url.path().trim_matches('/');
        let shape = self.path.trim_matches('/');
        if self.path.is_empty() {
            return true;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let shape: Vec<&str> = shape.split('/').collect();
        match (shape.split_first(), shape.split_last()) {
            (Some((&"**", rest)), _) => {
                parts.len() >= rest.len() && parts_fit(rest, &parts[parts.len() - rest.len()..])
            }
            (_, Some((&"**", rest))) => {
                parts.len() >= rest.len() && parts_fit(rest, &parts[..rest.len()])
            }
            _ => parts_fit(&shape, &parts),
        }
    }

    fn fits_query(&self, url: &Url) -> bool {
        self.query.is_empty()
            || url
                .query_pairs()
                .any(|(name, value)| name == self.query && !value.is_empty())
    }
}

impl WordShape {
    /// Whether the word has this shape.
    pub fn fits(&self, word: &str) -> bool {
        let middle = word
            .strip_prefix(self.prefix.as_str())
            .and_then(|rest| rest.strip_suffix(self.suffix.as_str()));
        middle.is_some_and(|middle| self.form.fits(middle) && middle.contains(&self.inside))
            && self
                .length
                .is_none_or(|length| word.len() == length as usize)
    }

    /// Whether a word of this shape is known by it, and not by the field that it stands in alone.
    pub fn is_telling(&self) -> bool {
        self.is_marked() || self.length.is_some()
    }

    /// Whether nobody else's words have this shape.
    pub fn is_marked(&self) -> bool {
        !self.prefix.is_empty() || !self.suffix.is_empty() || !self.inside.is_empty()
    }
}

impl Form {
    /// Whether the word is made of this.
    pub fn fits(self, word: &str) -> bool {
        match self {
            Self::LettersDigits => word.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Self::Guid => crate::text::is_guid(word),
            Self::PathPart => {
                word.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
                    && !matches!(word, "." | "..")
            }
            Self::Host => {
                word.contains('.') && word.split('.').all(|label| Self::HostLabel.fits(label))
            }
            Self::HostLabel => {
                !word.is_empty()
                    && !word.starts_with('-')
                    && !word.ends_with('-')
                    && word.chars().all(|c| c.is_alphanumeric() || c == '-')
            }
            Self::Word => !word.contains(char::is_whitespace),
        }
    }
}

impl ConsoleHost {
    /// The address that signs people in, if this one is the console's; `None` if it is not.
    pub fn mend(&self, url: &Url) -> Option<String> {
        let host = url.host_str()?;
        let before = host.strip_suffix(self.ends_in.as_str())?;
        if before.is_empty() || self.becomes.is_empty() {
            return Some(String::new());
        }
        Some(format!("{}://{before}{}", url.scheme(), self.becomes))
    }
}

fn host_fits(known: &str, host: &str) -> bool {
    match known.strip_prefix("*.") {
        Some(domain) => host
            .strip_suffix(domain)
            .is_some_and(|before| before.len() > 1 && before.ends_with('.') && before != "www."),
        None => known == host,
    }
}

fn parts_fit(shape: &[&str], parts: &[&str]) -> bool {
    shape.len() == parts.len()
        && shape.iter().zip(parts).all(|(shape, part)| match *shape {
            "*" => !part.is_empty(),
            "{guid}" => crate::text::is_guid(part),
            known => known == *part,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(hosts: &[&str], path: &str) -> AddressShape {
        AddressShape {
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            path: path.to_owned(),
            query: String::new(),
        }
    }

    fn fits(shape: &AddressShape, address: &str) -> bool {
        shape.fits(&Url::parse(address).unwrap())
    }

    #[test]
    fn a_host_below_a_domain_fits_and_the_domain_itself_and_lookalikes_do_not() {
        let okta = shape(&["*.okta.com"], "");
        assert!(fits(&okta, "https://acme.okta.com/x"));
        for other in [
            "https://okta.com",
            "https://www.okta.com",
            "https://acmeokta.com",
            "https://okta.com.evil.example",
            "https://acme.okta.com.evil.example",
        ] {
            assert!(!fits(&okta, other), "{other}");
        }
    }

    #[test]
    fn a_path_is_compared_part_by_part() {
        let exact = shape(&[], "/app/*/*/sso/saml");
        assert!(fits(&exact, "https://a.example/app/torq/exk1/sso/saml"));
        assert!(!fits(&exact, "https://a.example/app/torq/sso/saml"));
        assert!(!fits(
            &exact,
            "https://a.example/app/torq/exk1/sso/saml/metadata"
        ));
        let tenant = shape(&[], "/{guid}/v2.0");
        assert!(fits(
            &tenant,
            "https://a.example/6f9619ff-8b86-d011-b42d-00cf4fc964ff/v2.0"
        ));
        assert!(!fits(&tenant, "https://a.example/acme/v2.0"));
        let realm = shape(&[], "**/realms/*");
        assert!(fits(&realm, "https://a.example/auth/realms/acme"));
        assert!(fits(&realm, "https://a.example/realms/acme"));
        assert!(!fits(&realm, "https://a.example/realms"));
        let none = shape(&[], "/");
        assert!(fits(&none, "https://a.example"));
        assert!(!fits(&none, "https://a.example/x"));
    }

    #[test]
    fn a_query_is_needed_by_name_and_with_a_value() {
        let mut google = shape(&["accounts.google.com"], "/o/saml2/idp");
        google.query = "idpid".to_owned();
        assert!(fits(
            &google,
            "https://accounts.google.com/o/saml2/idp?idpid=C01"
        ));
        assert!(!fits(
            &google,
            "https://accounts.google.com/o/saml2/idp?idpid="
        ));
        assert!(!fits(&google, "https://accounts.google.com/o/saml2/idp"));
    }

    #[test]
    fn the_consoles_host_leads_to_the_one_that_signs_people_in() {
        let admin = ConsoleHost {
            ends_in: "-admin.okta.com".to_owned(),
            becomes: ".okta.com".to_owned(),
        };
        let mend = |address: &str| admin.mend(&Url::parse(address).unwrap());
        assert_eq!(
            mend("https://acme-admin.okta.com/admin/apps").as_deref(),
            Some("https://acme.okta.com")
        );
        assert_eq!(mend("https://acme.okta.com"), None);
    }
}
