//! Keeps what one sign-in knows in secret out of what is told about it.
//!
//! Nothing of ours writes a secret into a finding. A provider may: its error's description, or the
//! address it points to, can repeat what it was sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::Verdict;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

/// Shorter texts would be found by chance in any sentence.
const SHORTEST: usize = 6;

/// What stands where a secret stood.
const INSTEAD: &str = "[removed]";

/// What `latchkey_core::text::shown` puts behind a text that it has cut.
const CUT: &str = "…";

/// The secrets of one sign-in.
#[derive(Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Takes one more into account, as it is and as a form carries it.
    pub(crate) fn know(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        self.0.push(SecretString::from(secret.to_owned()));
        let sent = in_a_form(secret);
        if *sent != secret {
            self.0.push(SecretString::from(sent.as_str()));
        }
    }

    /// Takes a client's secret into account, also as HTTP Basic carries it (RFC 6749, section 2.3.1).
    pub(crate) fn know_client(&mut self, id: &str, secret: &str) {
        self.know(secret);
        let pair = Zeroizing::new(format!("{}:{}", *in_a_form(id), *in_a_form(secret)));
        self.know(&Zeroizing::new(STANDARD.encode(pair.as_bytes())));
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
            remove_what_was_cut(text, secret);
        }
    }
}

/// Removes the beginning of a secret in front of the mark with which a long text was cut.
fn remove_what_was_cut(text: &mut String, secret: &str) {
    let mut from = 0;
    while let Some(found) = text[from..].find(CUT) {
        let end = from + found;
        let longest = secret.len().min(end);
        let begins = (SHORTEST..=longest).rev().find(|length| {
            secret
                .get(..*length)
                .is_some_and(|begin| text[..end].ends_with(begin))
        });
        from = end + CUT.len();
        if let Some(length) = begins {
            text.replace_range(end - length..end, INSTEAD);
            from = from - length + INSTEAD.len();
        }
    }
}

fn in_a_form(text: &str) -> Zeroizing<String> {
    Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect())
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
    fn so_is_the_beginning_of_one_that_was_cut_off() {
        let long = "c0de-".repeat(200);
        let told = scrubbed(&format!("cannot redeem {long}"), &[&long]);
        assert!(!told.contains("c0de-"), "{told}");
        assert!(told.contains("cannot redeem [removed]…"), "{told}");
    }

    #[test]
    fn so_is_one_in_the_form_in_which_it_was_sent() {
        let told = scrubbed("secret=a%2Bb%2Fc+d%3D is wrong", &["a+b/c d="]);
        assert!(told.contains("secret=[removed] is wrong"), "{told}");
    }

    #[test]
    fn what_holds_no_secret_stays_as_it_was() {
        let told = scrubbed("not assigned", &["abc-123-xyz", "is", ""]);
        let untouched = scrubbed("not assigned", &[]);
        assert_eq!(told, untouched);
    }
}
