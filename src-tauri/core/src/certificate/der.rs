//! As much of DER (ITU-T X.690) as it takes to tell what a blob is, and to find the certificates
//! in a bundle. What certificates say is read by x509-parser.

use super::Certificate;

pub(super) const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// `[0]`, constructed.
const CONTEXT_0: u8 = 0xA0;

/// 1.2.840.113549.1.7.2 (RFC 5652, section 5.1).
const SIGNED_DATA: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];

/// 1.2.840.113549.1.5 and below: PKCS#5, encryption with a password (RFC 8018).
const PKCS5: [u8; 8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05];

/// 1.2.840.113549.1.12.1 and below: the same in PKCS#12 (RFC 7292).
const PKCS12_PBE: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x01];

/// What a DER value is that is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// PKCS#1, PKCS#8, SEC 1; plain or encrypted.
    PrivateKey,
    /// SubjectPublicKeyInfo, or PKCS#1.
    PublicKey,
    /// PKCS#10.
    SigningRequest,
    /// PKCS#12, with whatever it holds.
    KeyStore,
}

/// One value: its tag, its content, and what follows it.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// Tag, length and content.
    whole: &'a [u8],
    rest: &'a [u8],
}

/// The value that these bytes start with. One-byte tags and definite lengths of up to four bytes.
pub(super) fn value(bytes: &[u8]) -> Option<Value<'_>> {
    let (head, length) = head(bytes)?;
    let end = head.checked_add(length)?;
    Some(Value {
        tag: bytes[0],
        content: bytes.get(head..end)?,
        whole: &bytes[..end],
        rest: &bytes[end..],
    })
}

/// How many bytes tag and length take, and how many follow them.
pub(super) fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.get(1)? {
        length @ ..=0x7F => Some((2, length.into())),
        count @ 0x81..=0x84 => {
            let count = usize::from(count & 0x0F);
            let digits = bytes.get(2..2 + count)?;
            let length = digits
                .iter()
                .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
            Some((2 + count, length))
        }
        _ => None,
    }
}

/// The certificates of a PKCS#7 bundle, the authorities' last: there they are a set, without an
/// order of their own. None if it is not one.
pub(super) fn pkcs7(bytes: &[u8]) -> Option<Vec<Certificate>> {
    let outer = tagged(value(bytes)?, SEQUENCE)?;
    let kind = tagged(value(outer.content)?, OID)?;
    if kind.content != SIGNED_DATA {
        return None;
    }
    let signed = tagged(value(kind.rest)?, CONTEXT_0)?;
    let signed = tagged(value(signed.content)?, SEQUENCE)?;
    // Version, digest algorithms, content; then the certificates, tagged [0].
    let certificates = value(signed.content)
        .and_then(|version| value(version.rest))
        .and_then(|algorithms| value(algorithms.rest))
        .and_then(|content| value(content.rest))
        .filter(|certificates| certificates.tag == CONTEXT_0);
    let mut read = Vec::new();
    let mut rest = certificates.map_or(&[][..], |certificates| certificates.content);
    while let Some(one) = value(rest) {
        read.extend(Certificate::from_der(one.whole));
        rest = one.rest;
    }
    read.sort_by_key(Certificate::is_ca);
    Some(read)
}

/// What this is, where it is one of the things that get confused with certificates.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    let outer = tagged(value(bytes)?, SEQUENCE)?;
    let first = value(outer.content)?;
    let second = value(first.rest)?;
    match (first.tag, second.tag) {
        // PrivateKeyInfo and PFX start with their version, RSAPrivateKey and ECPrivateKey too.
        (INTEGER, SEQUENCE) if first.content == [3] => Some(Kind::KeyStore),
        (INTEGER, SEQUENCE) if matches!(first.content, [0 | 1]) => Some(Kind::PrivateKey),
        (INTEGER, OCTET_STRING) if first.content == [1] => Some(Kind::PrivateKey),
        (INTEGER, INTEGER) if matches!(first.content, [0 | 1]) => Some(Kind::PrivateKey),
        (INTEGER, INTEGER) if second.rest.is_empty() => Some(Kind::PublicKey),
        (SEQUENCE, BIT_STRING) => Some(Kind::PublicKey),
        (SEQUENCE, OCTET_STRING) if is_encryption(first) => Some(Kind::PrivateKey),
        (SEQUENCE, SEQUENCE) if is_request(first) => Some(Kind::SigningRequest),
        _ => None,
    }
}

fn is_encryption(algorithm: Value<'_>) -> bool {
    value(algorithm.content).is_some_and(|oid| {
        oid.tag == OID && (oid.content.starts_with(&PKCS5) || oid.content.starts_with(&PKCS12_PBE))
    })
}

/// CertificationRequestInfo: version 0, name, public key (RFC 2986, section 4.1).
fn is_request(info: Value<'_>) -> bool {
    let Some(version) = value(info.content) else {
        return false;
    };
    let key = value(version.rest).and_then(|name| value(name.rest));
    version.tag == INTEGER
        && version.content == [0]
        && key
            .and_then(|key| value(key.content).filter(|_| key.tag == SEQUENCE))
            .is_some_and(|algorithm| {
                value(algorithm.rest).is_some_and(|bits| bits.tag == BIT_STRING)
            })
}

fn tagged(value: Value<'_>, tag: u8) -> Option<Value<'_>> {
    (value.tag == tag).then_some(value)
}
