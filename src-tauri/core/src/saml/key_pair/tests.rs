use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PrivateKeyParts;

use super::*;

const NOW: &str = "2026-11-22T12:00:00Z";

fn pair() -> KeyPair {
    KeyPair::make("Acme", NOW.parse().unwrap()).unwrap()
}

fn verifies(key: &KeyPair, message: &[u8], signature: &[u8]) -> bool {
    let public = rsa::RsaPublicKey::from_public_key_der(key.certificate().public_key()).unwrap();
    let public = public.to_pkcs1_der().unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_bytes())
        .verify(message, signature)
        .is_ok()
}

#[test]
fn a_new_pair_is_for_the_workspace_and_for_five_years() {
    let pair = pair();
    let certificate = pair.certificate();
    assert_eq!(certificate.subject(), "CN=Acme");
    assert_eq!(certificate.issuer(), "CN=Acme");
    assert_eq!(certificate.not_before().to_string(), "2026-11-21T00:00:00Z");
    assert_eq!(certificate.not_after().to_string(), "2031-11-22T00:00:00Z");
    assert_ne!(certificate.sha256(), self::pair().certificate().sha256());
}

#[test]
fn what_is_written_is_read_again_as_the_same_pair() {
    let pair = pair();
    let again = KeyPair::from_pem(&pair.to_pem()).unwrap();
    assert_eq!(again.certificate(), pair.certificate());
    let signature = again.sign_rsa_sha256(b"message");
    assert!(verifies(&pair, b"message", &signature));
    assert!(!verifies(&pair, b"massage", &signature));
}

#[test]
fn what_is_encrypted_for_it_is_opened_with_the_same_hashes_alone() {
    let pair = pair();
    let public = pair.key.to_public_key();
    let secret = [7; 32];
    for (digest, mask) in [
        (OaepHash::Sha1, OaepHash::Sha1),
        (OaepHash::Sha256, OaepHash::Sha1),
        (OaepHash::Sha256, OaepHash::Sha256),
        (OaepHash::Sha512, OaepHash::Sha384),
    ] {
        let padding = match digest {
            OaepHash::Sha1 => with_mask::<Sha1>(mask),
            OaepHash::Sha256 => with_mask::<Sha256>(mask),
            OaepHash::Sha384 => with_mask::<Sha384>(mask),
            OaepHash::Sha512 => with_mask::<Sha512>(mask),
        };
        let mut encrypted = public.encrypt(&mut OsRng, padding, &secret).unwrap();
        let opened = pair.decrypt_oaep(&encrypted, digest, mask);
        assert_eq!(opened.as_deref().map(Vec::as_slice), Some(&secret[..]));
        let other = if mask == OaepHash::Sha1 {
            OaepHash::Sha512
        } else {
            OaepHash::Sha1
        };
        assert_eq!(pair.decrypt_oaep(&encrypted, digest, other), None);
        assert_eq!(pair.decrypt_oaep(&encrypted[1..], digest, mask), None);
        encrypted[100] ^= 1;
        assert_eq!(pair.decrypt_oaep(&encrypted, digest, mask), None);
    }
    for nonsense in [&b""[..], &[0; 256], &[255; 256], &[1; 10_000]] {
        let opened = pair.decrypt_oaep(nonsense, OaepHash::Sha1, OaepHash::Sha1);
        assert_eq!(opened, None);
    }
}

#[test]
fn a_pair_of_two_halves_is_refused() {
    let (one, other) = (pair(), pair());
    let (one, other) = (one.to_pem(), other.to_pem());
    let (one, other) = (one.expose_secret(), other.expose_secret());
    let key = &one[..one.find(BEGIN_CERTIFICATE).unwrap()];
    let certificate = &other[other.find(BEGIN_CERTIFICATE).unwrap()..];
    let mixed = SecretString::from(format!("{key}{certificate}"));
    assert_eq!(
        KeyPair::from_pem(&mixed).unwrap_err(),
        Fault::KeyPairDiffers {}
    );
    for half in [key, certificate] {
        assert_eq!(
            KeyPair::from_pem(&SecretString::from(half)).unwrap_err(),
            Fault::KeyPairUnreadable {}
        );
    }
}

#[test]
fn a_short_key_is_refused() {
    let key = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
    let der = self_signed(&key, "Acme", NOW.parse().unwrap()).unwrap();
    assert_eq!(
        KeyPair::of(key, &der).unwrap_err(),
        Fault::KeyPairTooShort {
            bits: 1024,
            limit: 2048
        }
    );
}

#[test]
fn text_that_is_no_pair_is_refused() {
    for text in [
        String::new(),
        BEGIN_CERTIFICATE.to_owned(),
        format!(
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{BEGIN_CERTIFICATE}\nAAAA\n-----END CERTIFICATE-----\n"
        ),
        "x".repeat(LONGEST_PEM + 1),
    ] {
        let refused = KeyPair::from_pem(&SecretString::from(text)).unwrap_err();
        assert_eq!(refused, Fault::KeyPairUnreadable {});
    }
}

#[test]
fn nothing_of_the_key_is_printed() {
    let pair = pair();
    let printed = format!("{pair:?} {:#?}", pair.to_pem());
    assert!(printed.contains("CN=Acme"), "{printed}");
    for secret in [&pair.key.primes()[0], &pair.key.primes()[1], pair.key.d()] {
        assert!(!printed.contains(&secret.to_string()), "{printed}");
        assert!(!printed.contains("PRIVATE"), "{printed}");
    }
}

#[test]
fn a_name_that_no_certificate_can_carry_is_shortened() {
    for (name, expected) in [
        ("", "Latchkey"),
        ("  \u{202E}", "Latchkey"),
        ("a\nb", "ab"),
        (&"é".repeat(100), &*"é".repeat(64)),
    ] {
        assert_eq!(common_name(name), expected);
    }
}

#[test]
fn a_time_that_no_certificate_can_carry_is_no_panic() {
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let key = RsaPrivateKey::new(&mut OsRng, 512).unwrap();
        assert_eq!(self_signed(&key, "Acme", now), None);
    }
}
