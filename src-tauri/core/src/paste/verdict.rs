//! What something pasted is worth where it was pasted.

use secrecy::SecretString;

use super::clean::Cleaned;
use super::{Context, Found, Guess, Kind, Recognised, kind};
use crate::fault::Fault;
use crate::finding::Finding;

/// Holds what was pasted against its field.
pub(super) fn judge(guess: Guess, cleaned: &Cleaned, about: &Context<'_>) -> Recognised {
    let protocol = about.set_up.connection.protocol;
    let mut belongs_to = guess.kind.field(protocol).map(str::to_owned);
    // Nobody can tell what it is: it stays where it was pasted, cleaned. An address that is nobody's
    // may be right in any field that takes one.
    if guess.kind == Kind::Unknown || (guess.kind == Kind::Address && takes_addresses(about.field))
    {
        belongs_to = about.field.map(str::to_owned);
    }
    let mut value = guess.value;
    let slash = slash(guess.kind, value.as_deref(), about);
    if let Some(mend) = &slash {
        value = Some(mend.clone());
    }
    let fault = guess.fault.map(|fault| (fault, true)).or_else(|| {
        let elsewhere = about.field.is_some() && belongs_to.as_deref() != about.field;
        fault(
            guess.kind,
            belongs_to.as_deref(),
            elsewhere,
            guess.also.len(),
            about,
        )
    });
    let mended = || slash.map(|mend| (Fault::PastedSlash { mend }, false));
    let noise = || {
        let what = cleaned.removed.join(", ");
        (!what.is_empty()).then_some((Fault::PastedCleaned { what }, false))
    };
    let finding = fault.or_else(mended).or_else(noise).map(|(fault, stops)| {
        let finding = if stops {
            Finding::error(fault)
        } else {
            Finding::note(fault)
        };
        match about.field {
            Some(field) => finding.at(field),
            None => finding,
        }
    });
    let found = |(field, value): (String, String)| Found {
        field,
        value: SecretString::from(value),
    };
    Recognised {
        kind: guess.kind,
        belongs_to,
        value: value.map(SecretString::from),
        finding,
        also: guess.also.into_iter().map(found).collect(),
    }
}

/// What there is to say, and whether it stops the value from standing where it was pasted.
fn fault(
    kind: Kind,
    belongs_to: Option<&str>,
    elsewhere: bool,
    count: usize,
    about: &Context<'_>,
) -> Option<(Fault, bool)> {
    let thing = || kind.name().to_owned();
    let stops = |fault: Fault| Some((fault, true));
    match kind {
        Kind::PrivateKey => stops(Fault::PastedPrivateKey {}),
        Kind::CertificateRequest => stops(Fault::PastedCertificateRequest {}),
        Kind::ServiceMetadata => stops(Fault::PastedServiceMetadata {}),
        Kind::Token | Kind::Answer | Kind::Request => stops(Fault::PastedAnswer { thing: thing() }),
        Kind::Recording => stops(Fault::PastedRecording {}),
        Kind::SetUpFile => stops(Fault::PastedSetUp {}),
        Kind::SecretId => stops(Fault::PastedSecretId {}),
        Kind::PublicKey | Kind::KeySet | Kind::WebPage => {
            stops(Fault::PastedNowhere { thing: thing() })
        }
        Kind::Several => Some((Fault::PastedSeveral { count }, about.field.is_some())),
        Kind::RedirectUrl | Kind::Audience | Kind::StartUrl => given(kind, elsewhere, about),
        _ if !elsewhere => None,
        Kind::Unknown | Kind::Empty => None,
        // A name for both protocols: the issuer's field takes either.
        _ => {
            let place = belongs_to.and_then(kind::place)?.to_owned();
            stops(Fault::PastedElsewhere {
                thing: thing(),
                place,
            })
        }
    }
}

/// A value of the service, which goes into the provider's console.
fn given(kind: Kind, elsewhere: bool, about: &Context<'_>) -> Option<(Fault, bool)> {
    if !elsewhere || about.field.is_none() {
        return None;
    }
    let name = match kind {
        Kind::Audience => "audience",
        Kind::StartUrl => "start_url",
        _ => "login_redirect_url",
    };
    let values = about.catalogue.values_to_copy(about.set_up);
    let label = values.iter().find(|value| value.field == name);
    let thing = kind.name().to_owned();
    Some((
        match label {
            Some(value) => Fault::PastedGivenValue {
                thing,
                label: value.label.clone(),
            },
            None => Fault::PastedNowhere { thing },
        },
        true,
    ))
}

fn takes_addresses(field: Option<&str>) -> bool {
    matches!(
        field,
        Some(
            "connection.issuer"
                | "connection.sign_on_url"
                | "connection.metadata"
                | "connection.login_redirect_url"
                | "connection.audience"
        )
    )
}

/// The issuer as the discovery document names it, where a slash at the end is the only difference.
fn slash(kind: Kind, value: Option<&str>, about: &Context<'_>) -> Option<String> {
    let (value, named) = (value?, about.discovered?);
    let of_issuer = matches!(kind, Kind::Issuer | Kind::Address | Kind::DiscoveryAddress);
    (of_issuer && value != named && value.trim_end_matches('/') == named.trim_end_matches('/'))
        .then(|| named.to_owned())
}
