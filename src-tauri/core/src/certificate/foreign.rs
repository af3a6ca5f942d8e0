//! What gets pasted where a certificate belongs, by its own name.

use crate::fault::Fault;
use crate::text::shown;

/// The block with this label, which holds no certificate.
pub(super) fn label(label: &str) -> Fault {
    if label.contains("PRIVATE KEY") && !label.contains("PGP") {
        return Fault::PrivateKeyInsteadOfCertificate {};
    }
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Fault::RequestInsteadOfCertificate {},
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "EC PUBLIC KEY" | "DSA PUBLIC KEY" => {
            Fault::PublicKeyInsteadOfCertificate {}
        }
        pgp if pgp.contains("PGP") => Fault::PgpInsteadOfCertificate {},
        ssh if ssh.contains("SSH2 PUBLIC") => Fault::PublicKeyInsteadOfCertificate {},
        other => Fault::OtherInsteadOfCertificate {
            label: shown(other, 60),
        },
    }
}

/// A whole document that may hold certificates, none of which was meant.
pub(super) fn document(text: &str) -> Option<Fault> {
    if !text.contains('<') {
        return None;
    }
    let has = |needle: &str| text.contains(needle);
    if has("EntityDescriptor") || has("EntitiesDescriptor") {
        return Some(Fault::MetadataInsteadOfCertificate {});
    }
    let saml =
        has("urn:oasis:names:tc:SAML:2.0:protocol") || has("urn:oasis:names:tc:SAML:2.0:assertion");
    (saml && (has("Response") || has("Assertion"))).then_some(Fault::AnswerInsteadOfCertificate {})
}

/// Text in which no certificate was found.
pub(super) fn text(text: &str) -> Option<Fault> {
    let trimmed = text.trim();
    let head: String = trimmed.chars().take(400).collect::<String>().to_lowercase();
    let starts = |word: &str| head.starts_with(word);
    if starts("<!doctype html") || head.contains("<html") || head.contains("<head") {
        return Some(Fault::HtmlInsteadOfCertificate {});
    }
    if starts("{") || starts("[") {
        return Some(json(trimmed));
    }
    if starts("putty-user-key-file") {
        return Some(Fault::PrivateKeyInsteadOfCertificate {});
    }
    if starts("ssh-") || starts("ecdsa-sha2-") || starts("sk-ssh-") {
        return Some(Fault::PublicKeyInsteadOfCertificate {});
    }
    if starts("https://") || starts("http://") {
        return Some(Fault::AddressInsteadOfCertificate {});
    }
    is_fingerprint(trimmed).then_some(Fault::FingerprintInsteadOfCertificate {})
}

fn json(text: &str) -> Fault {
    let has = |name: &str| text.contains(name);
    if has("\"kty\"") && has("\"d\"") {
        Fault::PrivateKeyInsteadOfCertificate {}
    } else if has("\"kty\"") {
        Fault::JsonKeyInsteadOfCertificate {}
    } else {
        Fault::OtherInsteadOfCertificate {
            label: "JSON".to_owned(),
        }
    }
}

/// Twenty bytes (SHA-1) or thirty-two (SHA-256) in hexadecimal, however they are set apart.
fn is_fingerprint(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    matches!(digits, 40 | 64)
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | ' ' | '-'))
}
