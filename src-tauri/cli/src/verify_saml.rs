//! `latchkey verify-saml`

use std::path::Path;

use jiff::Timestamp;
use latchkey_core::catalogue::Service;
use latchkey_core::saml::response::{Expected, conclude, verify};
use latchkey_core::verdict::Track;
use latchkey_core::{Certificate, SamlConnection, Stage, Verdict, certificate, check};
use url::Url;

use crate::args::VerifySaml;
use crate::asked::Asked;
use crate::input::{self, Unusable, Why};
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, words};

pub(crate) fn run(args: &VerifySaml, out: Out) -> Result<Holds, Stop> {
    let files = [Some(&args.set_up), Some(&args.response), args.key.as_ref()];
    let from_stdin = files
        .into_iter()
        .flatten()
        .filter(|file| input::is_stdin(file));
    if from_stdin.count() > 1 {
        return Err(Stop::OneInputTwice(
            "two of the set-up, --response and --key",
        ));
    }
    let asked = Asked::read(&args.set_up)?;
    asked.is_saml(&args.set_up)?;
    let service = asked.service(&args.set_up)?;
    let connection = connection(args, &asked, service)?;
    let response = input::response(&args.response)?;
    let key = args.key.as_deref().map(input::key_pair).transpose()?;
    asked.say_errors();

    let expected = Expected {
        acs: &connection.login_redirect_url,
        connection: &connection,
        request_id: args.request_id.as_deref(),
        // Who knows no request cannot tell whether there was one.
        unsolicited_allowed: args.request_id.is_none(),
        key: key.as_ref(),
        now: args.at.unwrap_or_else(Timestamp::now),
    };
    let mut track = Track::default();
    // It was captured, so the provider was reached.
    let _ = track.report(Stage::Reached, Vec::new());
    let verdict = match verify(&response, &expected, &mut track) {
        Ok(assertion) => conclude(track, &assertion, &asked.set_up.rules, service),
        Err(_) => Verdict::failed(track),
    };
    out.answer(&verdict, || words::verdict(&verdict))?;
    Ok(Holds::of(&verdict))
}

/// What the answer is held against: issuer, certificates, audience and address. The other fields
/// may be wrong.
fn connection(
    args: &VerifySaml,
    asked: &Asked,
    service: &Service,
) -> Result<SamlConnection, Unusable> {
    let fields = &asked.set_up.connection;
    let missing = |field: &str| asked.unusable(&args.set_up, field);
    if fields.issuer.trim().is_empty() {
        return Err(missing("connection.issuer"));
    }
    let audience = fields.audience.as_ref().unwrap_or(&service.audience);
    if audience.trim().is_empty() {
        return Err(missing("connection.audience"));
    }
    let redirect = match &args.acs {
        Some(acs) => acs.clone(),
        None => redirect(asked, service).ok_or_else(|| missing("connection.login_redirect_url"))?,
    };
    Ok(SamlConnection {
        provider: fields.provider.clone(),
        issuer: fields.issuer.clone(),
        // Nothing is asked of the provider.
        sign_on_url: redirect.clone(),
        request_binding: fields.request_binding.unwrap_or_default(),
        sign_requests: false,
        certificates: certificates(asked, &args.set_up)?,
        audience: audience.clone(),
        login_redirect_url: redirect,
    })
}

fn redirect(asked: &Asked, service: &Service) -> Option<Url> {
    let given = asked.set_up.connection.login_redirect_url.as_deref();
    let region = check::region_of(&asked.set_up, service);
    let address = given.or(region.map(|region| region.login_redirect_url.as_str()))?;
    Url::parse(address).ok()
}

/// All certificates that can be read: an answer by any of their keys is the provider's.
fn certificates(asked: &Asked, file: &Path) -> Result<Vec<Certificate>, Unusable> {
    const FIELD: &str = "connection.certificates";
    let read: Vec<_> = asked
        .set_up
        .connection
        .certificates
        .iter()
        .map(|text| certificate::read(text.as_bytes()))
        .collect();
    let found: Vec<Certificate> = read
        .iter()
        .flat_map(|read| read.certificates.iter().cloned())
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let errors = read.iter().flat_map(|read| &read.findings);
    match errors.map(|finding| finding.told()).next() {
        Some(told) => Err(Unusable::new(
            file,
            Why::Field {
                field: FIELD.to_owned(),
                what: words::sentence(&told.what, &told.mend),
            },
        )),
        None => Err(asked.unusable(file, FIELD)),
    }
}
