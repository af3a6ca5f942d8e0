use serde_json::{Map, Value, json};

use crate::fault::Fault;
use crate::people::{self, Person};
use crate::provider::{Provider, Scopes};

/// Where claims about a person are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An ID token that comes through the browser.
    Browser,
    /// An ID token that the token endpoint gives.
    TokenEndpoint,
    Userinfo,
}

/// What the scopes tell about the person (OpenID Connect Core, 5.4; `groups` as is usual).
pub(super) fn about(
    provider: &Provider,
    person: &Person,
    scopes: Scopes,
    place: Place,
    fault: Option<Fault>,
) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".into(), person.subject().into());
    if scopes.email && tells_email(place, fault) {
        claims.insert("email".into(), person.email.clone().into());
        let verified = match fault {
            Some(Fault::EmailUnverified) => json!(false),
            Some(Fault::EmailVerifiedAsText) => json!("true"),
            _ => json!(true),
        };
        claims.insert("email_verified".into(), verified);
    }
    if scopes.profile {
        claims.insert("name".into(), person.name.clone().into());
        claims.insert("preferred_username".into(), person.email.clone().into());
    }
    if scopes.groups {
        tell_groups(&mut claims, provider, person, place, fault);
    }
    claims
}

fn tells_email(place: Place, fault: Option<Fault>) -> bool {
    match fault {
        Some(Fault::EmailMissing) => false,
        Some(Fault::EmailInUserinfoOnly) => place == Place::Userinfo,
        _ => true,
    }
}

fn tell_groups(
    claims: &mut Map<String, Value>,
    provider: &Provider,
    person: &Person,
    place: Place,
    fault: Option<Fault>,
) {
    let groups = match fault {
        Some(Fault::GroupsMissing) => return,
        Some(Fault::GroupsInUserinfoOnly) if place != Place::Userinfo => return,
        Some(Fault::GroupsOverage) => return claims.extend(overage(provider, person, place)),
        Some(Fault::GroupsAsText) => json!(person.groups.first()),
        Some(Fault::GroupsJoined) => json!(person.groups.join(";")),
        Some(Fault::GroupsAsDn) => each(person, people::distinguished_name),
        Some(Fault::GroupsAsGuid) => each(person, people::object_id),
        _ => json!(person.groups),
    };
    claims.insert("groups".into(), groups);
}

fn each(person: &Person, form: impl Fn(&str) -> String) -> Value {
    person.groups.iter().map(|name| form(name)).collect()
}

/// What Entra sends in place of more groups than fit: a reference to a distributed claim
/// (OpenID Connect Core, 5.6.2), or through the browser only a mark. Nothing answers at the
/// reference.
fn overage(provider: &Provider, person: &Person, place: Place) -> Map<String, Value> {
    let mut claims = Map::new();
    match place {
        Place::Userinfo => {}
        Place::Browser => {
            claims.insert("hasgroups".into(), true.into());
        }
        Place::TokenEndpoint => {
            let endpoint = format!(
                "{}/users/{}/getMemberObjects",
                provider.issuer,
                person.subject()
            );
            claims.insert("_claim_names".into(), json!({ "groups": "src1" }));
            claims.insert(
                "_claim_sources".into(),
                json!({ "src1": { "endpoint": endpoint } }),
            );
        }
    }
    claims
}
