//! `latchkey practice`

use std::cmp::Reverse;

use latchkey_core::catalogue::Catalogue;
use latchkey_practice::{Fault, Options, Person, Protocol, StartError};
use secrecy::ExposeSecret;
use serde::Serialize;
use tokio::runtime::Runtime;

use crate::out::{self, Out};
use crate::stop::Stop;
use crate::{Holds, signals, words};

pub(crate) const EXAMPLE: &str =
    "Example: latchkey practice --port 9000 --fault saml-wrong-audience --json";

/// The most names that are told in the place of one that is unknown.
const MOST_NEAR: usize = 10;

/// The example, and every fault with what it does.
pub(crate) fn help() -> String {
    let mut text = format!("{EXAMPLE}\n");
    for (protocol, name) in [
        (Protocol::Oidc, "OpenID Connect"),
        (Protocol::Saml, "SAML 2.0"),
    ] {
        text.push_str(&format!("\nFaults of {name}:\n"));
        for fault in Fault::ALL.iter().filter(|one| one.protocol() == protocol) {
            text.push_str(&format!("  {fault:<36} {}\n", fault.describes()));
        }
    }
    text
}

/// What to give in the place of a name that is no fault's: those that share a word with it.
pub(crate) fn near(unknown: &str) -> String {
    let shared = |fault: &&Fault| {
        let given = unknown.split(['-', '_', ' ']);
        let words = given.filter(|given| fault.name().split('-').any(|word| word == *given));
        words.filter(|word| *word != "saml").count()
    };
    let mut near: Vec<_> = Fault::ALL
        .iter()
        .filter(|fault| shared(fault) > 0)
        .collect();
    near.sort_by_key(|fault| Reverse(shared(fault)));
    let near: Vec<_> = near
        .iter()
        .take(MOST_NEAR)
        .map(|fault| fault.name())
        .collect();
    match near.is_empty() {
        true => "one is wrong-audience".to_owned(),
        false => format!("near it are {}", near.join(", ")),
    }
}

/// How to reach it. The secret guards nothing: it belongs to made-up people on this computer.
#[derive(Serialize)]
pub(crate) struct Reach<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) saml_metadata: String,
    pub(crate) saml_entity_id: String,
    pub(crate) saml_sign_on_url: String,
    pub(crate) saml_certificate: String,
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) people: &'a [Person],
}

pub(crate) fn run(port: Option<u16>, fault: Option<Fault>, out: Out) -> Result<Holds, Stop> {
    let runtime = Runtime::new().map_err(Stop::Start)?;
    runtime.block_on(serve(port, fault, out))
}

async fn serve(port: Option<u16>, fault: Option<Fault>, out: Out) -> Result<Holds, Stop> {
    let asked_to_end = signals::asked_to_end().map_err(Stop::Start)?;
    let options = Options {
        port,
        fault,
        admitted_redirects: Catalogue::built_in()
            .login_redirect_urls()
            .filter_map(|address| address.parse().ok())
            .collect(),
        admitted_audiences: Catalogue::built_in()
            .audiences()
            .map(str::to_owned)
            .collect(),
        ..Options::default()
    };
    let practice = latchkey_practice::start(options).await.map_err(
        |StartError::Listen { port, source }| Stop::Practice {
            port,
            reason: source.kind().to_string(),
        },
    )?;
    let reach = Reach {
        issuer: practice.issuer(),
        saml_metadata: practice.saml_metadata(),
        saml_entity_id: practice.saml_entity_id(),
        saml_sign_on_url: practice.saml_sign_on_url(),
        saml_certificate: practice.saml_certificate().await?,
        client_id: practice.client_id(),
        client_secret: practice.client_secret().expose_secret(),
        people: practice.people(),
    };
    out.answer(&reach, || words::practice(&reach))?;
    if let Some(fault) = fault {
        out::message(&fault.describes());
    }
    asked_to_end.await;
    practice.stop().await;
    Ok(Holds::Yes)
}
