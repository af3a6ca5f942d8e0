//! What was pasted: says what it is, which field it belongs in, and gives the value as it should
//! stand there. Reads at most [`LARGEST`] bytes and keeps nothing that is a key, a token or an answer.

mod address;
pub(crate) mod clean;
mod document;
mod kind;
mod labelled;
mod verdict;
mod word;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use specta::Type;

use crate::catalogue::{Catalogue, Provider};
use crate::fault::Fault;
use crate::finding::{Finding, Told};
use crate::saml::metadata;
use crate::set_up::SetUp;

pub use kind::Kind;

/// The largest paste that is read, in bytes. A provider's metadata may be as large as it may be in a
/// file.
pub const LARGEST: usize = 1024 * 1024;

/// Where something was pasted, and into which set-up.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The field, as in the set-up file, besides `connection.client_secret` and `connection.metadata`.
    /// None where anything may be pasted.
    pub field: Option<&'a str>,
    /// The set-up being made.
    pub set_up: &'a SetUp,
    /// Services and providers.
    pub catalogue: &'a Catalogue,
    /// The issuer that the discovery document names, once it was read.
    pub discovered: Option<&'a str>,
}

/// What was pasted.
#[derive(Debug)]
pub struct Recognised {
    /// What it is.
    pub kind: Kind,
    /// The field that it belongs in. None where there is none, or nobody can tell.
    pub belongs_to: Option<String>,
    /// The value as it should stand there. None where nothing may be kept.
    pub value: Option<SecretString>,
    /// What there is to say about it, with the path of the field that it was pasted into.
    pub finding: Option<Finding>,
    /// Further values that came along, each with its field.
    pub also: Vec<Found>,
}

/// A value and the field that it belongs in.
#[derive(Clone, Debug)]
pub struct Found {
    /// The field, as in the set-up file.
    pub field: String,
    /// The value as it should stand there.
    pub value: SecretString,
}

/// What was pasted, for the window. It may hold the client secret: it is not printed or kept.
#[derive(Clone, Serialize, Type)]
pub struct PasteTold {
    /// What it is.
    pub kind: Kind,
    /// What it is, in words: `a certificate`.
    pub name: String,
    /// The field that it belongs in.
    pub belongs_to: Option<String>,
    /// That field's name in the form.
    pub place: Option<String>,
    /// The value as it should stand there.
    pub value: Option<String>,
    /// What there is to say about it.
    pub finding: Option<Told>,
    /// Further values that came along.
    pub also: Vec<FoundTold>,
}

/// A further value, for the window.
#[derive(Clone, Serialize, Type)]
pub struct FoundTold {
    /// The field, as in the set-up file.
    pub field: String,
    /// That field's name in the form.
    pub place: String,
    /// The value as it should stand there.
    pub value: String,
}

/// Says what was pasted.
pub fn recognise(text: &str, about: &Context<'_>) -> Recognised {
    if text.len() > LARGEST {
        // A federation's metadata is larger than anything else that is pasted.
        if text.len() <= metadata::LARGEST
            && let Some(guess) = document::provider_metadata(text)
        {
            return verdict::judge(guess, &clean::clean(""), about);
        }
        let limit = LARGEST;
        return Recognised::nothing(Kind::Unknown, Some(Fault::PastedTooLong { limit }), about);
    }
    let cleaned = clean::clean(text);
    let guess = guess(text, &cleaned.text, about);
    verdict::judge(guess, &cleaned, about)
}

impl Recognised {
    /// Something of which nothing is kept.
    fn nothing(kind: Kind, fault: Option<Fault>, about: &Context<'_>) -> Self {
        let finding = fault.map(|fault| match about.field {
            Some(field) => Finding::error(fault).at(field),
            None => Finding::error(fault),
        });
        Self {
            kind,
            belongs_to: None,
            value: None,
            finding,
            also: Vec::new(),
        }
    }

    /// The value as it should stand in its field.
    pub fn value(&self) -> Option<&str> {
        self.value.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The same, for the window.
    pub fn told(&self) -> PasteTold {
        let place = self.belongs_to.as_deref().and_then(kind::place);
        PasteTold {
            kind: self.kind,
            name: self.kind.name().to_owned(),
            belongs_to: self.belongs_to.clone(),
            place: place.map(str::to_owned),
            value: self.value().map(str::to_owned),
            finding: self.finding.as_ref().map(Finding::told),
            also: self
                .also
                .iter()
                .map(|found| FoundTold {
                    field: found.field.clone(),
                    place: kind::place(&found.field).unwrap_or_default().to_owned(),
                    value: found.value.expose_secret().to_owned(),
                })
                .collect(),
        }
    }
}

impl<'a> Context<'a> {
    fn provider(&self) -> Option<&'a Provider> {
        self.catalogue.provider(&self.set_up.connection.provider)
    }

    /// The chosen provider, then every other.
    fn providers(&self) -> impl Iterator<Item = &'a Provider> {
        let chosen = self.provider();
        let others = self.catalogue.providers.iter();
        chosen
            .into_iter()
            .chain(others.filter(move |one| chosen.is_none_or(|chosen| chosen.id != one.id)))
    }

    fn is_chosen(&self, provider: &Provider) -> bool {
        self.set_up.connection.provider == provider.id
    }

    fn is_at(&self, field: &str) -> bool {
        self.field == Some(field)
    }
}

/// What something is, before it is held against the field that it was pasted into.
struct Guess {
    kind: Kind,
    value: Option<String>,
    also: Vec<(String, String)>,
    /// A finding of its own, in place of the one that its kind has.
    fault: Option<Fault>,
}

impl Guess {
    fn of(kind: Kind, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: Some(value.into()),
            also: Vec::new(),
            fault: None,
        }
    }

    /// Something of which nothing is kept.
    fn bare(kind: Kind) -> Self {
        Self {
            kind,
            value: None,
            also: Vec::new(),
            fault: None,
        }
    }

    fn with(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }
}

fn guess(raw: &str, text: &str, about: &Context<'_>) -> Guess {
    if text.is_empty() {
        return Guess::bare(Kind::Empty);
    }
    let document = document::guess(raw);
    // A certificate at the end of an answer does not make the answer a certificate.
    let may_be_more = document.as_ref().is_none_or(|document| {
        document.kind == Kind::Certificate && !text.starts_with(['-', '<', 'M'])
    });
    if may_be_more
        && let Some(guess) = labelled::guess(text, about)
        && (document.is_none() || guess.kind == Kind::Several)
    {
        return guess;
    }
    if let Some(document) = document {
        return document;
    }
    word::guess(text, about)
}

#[cfg(test)]
mod tests;
