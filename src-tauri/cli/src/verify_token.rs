//! `latchkey verify-token`

use jiff::Timestamp;
use latchkey_core::connection::Issuer;
use latchkey_core::oidc::id_token::{self, Expected};
use latchkey_core::oidc::{Keys, conclude};
use latchkey_core::verdict::Track;
use latchkey_core::{Fault, Finding, Service, Stage, Verdict};
use secrecy::ExposeSecret;

use crate::args::VerifyToken;
use crate::asked::Asked;
use crate::input::{self, CapturedToken};
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, words};

pub(crate) fn run(args: &VerifyToken, out: Out) -> Result<Holds, Stop> {
    let files = [&args.set_up, &args.token, &args.jwks];
    if files.iter().filter(|file| input::is_stdin(file)).count() > 1 {
        return Err(Stop::OneInputTwice("two of the set-up, --token and --jwks"));
    }
    let asked = Asked::read(&args.set_up)?;
    asked.is_oidc(&args.set_up)?;
    let service = asked.service(&args.set_up)?;
    // Only the issuer and the client ID say what the token must be: the other fields may be wrong.
    let issuer = Issuer::parse(&asked.set_up.connection.issuer)
        .ok_or_else(|| asked.unusable(&args.set_up, "connection.issuer"))?;
    if asked.set_up.connection.client_id.is_empty() {
        return Err(asked.unusable(&args.set_up, "connection.client_id").into());
    }
    let token = input::token(&args.token)?;
    let keys = input::keys(&args.jwks)?;
    asked.say_errors();

    let expected = Expected {
        issuer: &issuer,
        client_id: &asked.set_up.connection.client_id,
        nonce: args.nonce.as_deref(),
        access_token: token.access_token.as_ref().map(ExposeSecret::expose_secret),
        code: None,
        now: args.at.unwrap_or_else(Timestamp::now),
    };
    let verdict = verified(args, &asked, service, &token, keys.as_ref(), &expected);
    out.answer(&verdict, || words::verdict(&verdict))?;
    Ok(Holds::of(&verdict))
}

fn verified(
    args: &VerifyToken,
    asked: &Asked,
    service: &Service,
    token: &CapturedToken,
    keys: Option<&Keys>,
    expected: &Expected<'_>,
) -> Verdict {
    let mut track = Track::default();
    // It was captured, so the provider was reached.
    let _ = track.report(Stage::Reached, Vec::new());
    let token = token.id_token.expose_secret();
    let Some(keys) = keys else {
        // The form of the token comes before the keys, here as in a sign-in.
        let form = id_token::form(token).err().map(Finding::error);
        let _ = track.report(Stage::Answered, form.into_iter().collect());
        let empty = Fault::KeysEmpty {
            address: args.jwks.display().to_string(),
        };
        let _ = track.report(Stage::Signed, vec![Finding::error(empty)]);
        return Verdict::failed(track);
    };
    match id_token::verify(token, keys, expected, &mut track) {
        // UserInfo is not asked: a captured token says what it says.
        Ok(token) => conclude(track, &token, None, &asked.set_up.rules, service),
        Err(_) => Verdict::failed(track),
    }
}
