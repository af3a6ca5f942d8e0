//! Keeps what one sign-in knows in secret out of what is told about it.
//!
//! Nothing of ours writes a secret into a finding. A provider may: its error's description, or the
//! address it points to, can repeat what it was sent.

use latchkey_core::Verdict;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Shorter texts would be found by chance in any sentence.
const SHORTEST: usize = 6;

/// What stands where a secret stood.
const INSTEAD: &str = "[removed]";

/// The secrets of one sign-in.
#[derive(Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Takes one more into account.
    pub(crate) fn know(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.0.push(SecretString::from(secret.to_owned()));
        }
    }

    /// Removes every one from the findings. The claims stay as the provider signed them.
    pub(crate) fn scrub(&self, verdict: &mut Verdict) {
        for told in verdict
            .stages
            .iter_mut()
            .flat_map(|stage| &mut stage.findings)
        {
            self.scrub_text(&mut told.what);
            self.scrub_text(&mut told.mend);
            told.data
                .values_mut()
                .for_each(|value| self.scrub_value(value));
        }
    }

    fn scrub_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.scrub_text(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.scrub_value(value)),
            Value::Object(members) => members
                .values_mut()
                .for_each(|value| self.scrub_value(value)),
            _ => {}
        }
    }

    fn scrub_text(&self, text: &mut String) {
        for secret in self.0.iter().map(ExposeSecret::expose_secret) {
            if text.contains(secret) {
                *text = text.replace(secret, INSTEAD);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use latchkey_core::Fault;

    use super::*;

    fn scrubbed(description: &str, secrets: &[&str]) -> String {
        let mut known = Secrets::default();
        secrets.iter().for_each(|secret| known.know(secret));
        let mut verdict = crate::never_began(Fault::AccessDenied {
            description: description.to_owned(),
        });
        known.scrub(&mut verdict);
        serde_json::to_string(&verdict).unwrap()
    }

    #[test]
    fn a_secret_that_the_provider_repeats_is_told_nowhere() {
        let told = scrubbed(
            "code abc-123-xyz and s3cr3t-two are refused",
            &["abc-123-xyz", "s3cr3t-two"],
        );
        assert!(
            !told.contains("abc-123-xyz") && !told.contains("s3cr3t-two"),
            "{told}"
        );
        assert!(
            told.contains("code [removed] and [removed] are refused"),
            "{told}"
        );
    }

    #[test]
    fn what_holds_no_secret_stays_as_it_was() {
        let told = scrubbed("not assigned", &["abc-123-xyz", "is", ""]);
        let untouched = scrubbed("not assigned", &[]);
        assert_eq!(told, untouched);
    }
}
