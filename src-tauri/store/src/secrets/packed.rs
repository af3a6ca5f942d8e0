//! A key pair in less room: Windows' Credential Manager keeps 2,560 bytes a secret, which PEM with its
//! base64 is beyond, and the bytes in it are not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;

/// Stands before what is packed. No text that a person pastes begins with it.
const MARK: &[u8] = b"\0pem1";

const LINE: usize = 64;

/// The blocks of a PEM text (RFC 7468) by their bytes; none where it is anything else.
pub(super) fn packed(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut packed = Zeroizing::new(Vec::with_capacity(text.len() + MARK.len()));
    packed.extend_from_slice(MARK);
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (label, behind) = rest.strip_prefix("-----BEGIN ")?.split_once("-----")?;
        let end = format!("-----END {label}-----");
        let (body, behind) = behind.split_once(end.as_str())?;
        let compact: Zeroizing<String> =
            Zeroizing::new(body.chars().filter(|c| !c.is_ascii_whitespace()).collect());
        let bytes = Zeroizing::new(STANDARD.decode(compact.as_bytes()).ok()?);
        packed.push(u8::try_from(label.len()).ok()?);
        packed.extend_from_slice(label.as_bytes());
        packed.extend_from_slice(&u16::try_from(bytes.len()).ok()?.to_be_bytes());
        packed.extend_from_slice(&bytes);
        rest = behind.trim_start();
    }
    (packed.len() > MARK.len()).then_some(packed)
}

/// The PEM text again; none where this was not packed.
pub(super) fn unpacked(packed: &[u8]) -> Option<Zeroizing<String>> {
    let mut rest = packed.strip_prefix(MARK)?;
    // All the room at once: a text that grows leaves copies of a key behind.
    let mut text = Zeroizing::new(String::with_capacity(packed.len() * 2 + 256));
    while let Some((&length, behind)) = rest.split_first() {
        let (label, behind) = behind.split_at_checked(length.into())?;
        let (size, behind) = behind.split_first_chunk::<2>()?;
        let (bytes, behind) = behind.split_at_checked(u16::from_be_bytes(*size).into())?;
        let label = std::str::from_utf8(label).ok()?;
        let body = Zeroizing::new(STANDARD.encode(bytes));
        text.push_str("-----BEGIN ");
        text.push_str(label);
        text.push_str("-----\n");
        let mut lines = body.as_str();
        while !lines.is_empty() {
            let (line, behind) = lines.split_at(LINE.min(lines.len()));
            text.push_str(line);
            text.push('\n');
            lines = behind;
        }
        text.push_str("-----END ");
        text.push_str(label);
        text.push_str("-----\n");
        rest = behind;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use latchkey_core::saml::key_pair::KeyPair;
    use secrecy::{ExposeSecret, SecretString};

    use super::*;

    /// What Credential Manager takes (`CRED_MAX_CREDENTIAL_BLOB_SIZE`), in bytes.
    const ADMITTED: usize = 2_560;

    #[test]
    fn a_key_pair_fits_into_the_credential_manager_and_comes_out_as_the_same_pair() {
        let name = "a workspace with quite a long name, of a company with another long name";
        let pair = KeyPair::make(name, Timestamp::UNIX_EPOCH).unwrap();
        let pem = pair.to_pem();
        let packed = packed(pem.expose_secret()).unwrap();
        assert!(pem.expose_secret().len() > ADMITTED, "or nothing is gained");
        assert!(packed.len() <= ADMITTED, "{}", packed.len());
        let text = unpacked(&packed).unwrap();
        let again = KeyPair::from_pem(&SecretString::from(text.as_str())).unwrap();
        assert_eq!(again.certificate().sha256(), pair.certificate().sha256());
        assert_eq!(again.to_pem().expose_secret(), pem.expose_secret());
    }

    #[test]
    fn what_is_no_pem_is_left_as_it_is() {
        for text in [
            "",
            "a client secret",
            "-----BEGIN",
            "-----BEGIN KEY-----\nAAAA",
            "-----BEGIN KEY-----\n%%%%\n-----END KEY-----\n",
            "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\nand more",
        ] {
            assert!(packed(text).is_none(), "{text:?}");
        }
        for bytes in [
            &b"a client secret"[..],
            b"",
            b"\0pem",
            b"\0pem1\x05KE",
            b"\0pem1\x00\xFF\xFF",
        ] {
            assert!(
                unpacked(bytes).is_none_or(|text| text.is_empty()),
                "{bytes:?}"
            );
        }
    }
}
