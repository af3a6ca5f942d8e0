//! Finding certificates in whatever was pasted or chosen as a file.

use super::der::{self, Kind};
use super::{Certificate, foreign, pem};
use crate::fault::Fault;
use crate::finding::Finding;

/// The largest input that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The largest number of certificates that is read at once.
pub const MOST: usize = 100;

/// How many characters are read in vain, behind what looks like the start of a certificate.
const MOST_IN_VAIN: usize = 2 * LARGEST;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The certificates, each once, in their order.
    pub certificates: Vec<Certificate>,
    /// What was noticed about the input. What each certificate is worth is said by
    /// [`Certificate::findings`].
    pub findings: Vec<Finding>,
}

/// Reads every certificate in a text or a file: PEM, DER, base64 alone or with other text around
/// it, an XML element, a PKCS#7 bundle. What is something else is named, and nothing of it is kept.
pub fn read(input: &[u8]) -> Read {
    if input.len() > LARGEST {
        return Read::of_fault(Fault::CertificatesTooLarge { limit: LARGEST });
    }
    let mut read = if looks_binary(input) {
        binary(input)
    } else {
        text(&pem::plain(input), true)
    };
    if read.certificates.is_empty() && read.findings.is_empty() {
        read.error(Fault::CertificateNotFound {});
    }
    read.settle();
    read
}

impl Read {
    fn of_fault(fault: Fault) -> Self {
        Self {
            certificates: Vec::new(),
            findings: vec![Finding::error(fault)],
        }
    }

    /// The same thing is said once, however often it was pasted.
    fn error(&mut self, fault: Fault) {
        let finding = Finding::error(fault);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn is_full(&self) -> bool {
        self.certificates.len() > MOST
    }

    /// Drops doubles, keeps to the limit, and tells the links of a chain from its end.
    fn settle(&mut self) {
        if self.is_full() {
            self.certificates.truncate(MOST);
            self.error(Fault::CertificatesTooMany { limit: MOST });
        }
        let mut once: Vec<Certificate> = Vec::with_capacity(self.certificates.len());
        for certificate in self.certificates.drain(..) {
            if once.contains(&certificate) {
                self.findings.push(Finding::note(Fault::CertificateTwice {
                    subject: certificate.subject,
                }));
            } else {
                once.push(certificate);
            }
        }
        let made_another = |one: &&Certificate| {
            one.is_ca
                && once
                    .iter()
                    .any(|other| !other.self_signed && other.issuer == one.subject)
        };
        let links: Vec<&str> = once
            .iter()
            .filter(made_another)
            .map(|link| link.subject.as_str())
            .collect();
        if !links.is_empty() {
            self.findings
                .push(Finding::warning(Fault::CertificateChain {
                    subjects: links.join("; "),
                }));
        }
        self.certificates = once;
    }

    /// Takes what these bytes are; whether they are anything that is known.
    fn take(&mut self, der: &[u8]) -> bool {
        if let Some((certificate, _)) = Certificate::first_of(der) {
            self.certificates.push(certificate);
        } else if let Some(bundle) = der::pkcs7(der) {
            if bundle.is_empty() {
                self.error(Fault::CertificateNotFound {});
            }
            self.certificates.extend(bundle);
        } else if let Some(kind) = der::kind(der) {
            self.error(match kind {
                Kind::PrivateKey => Fault::PrivateKeyInsteadOfCertificate {},
                Kind::PublicKey => Fault::PublicKeyInsteadOfCertificate {},
                Kind::SigningRequest => Fault::RequestInsteadOfCertificate {},
                Kind::KeyStore => Fault::KeyStoreInsteadOfCertificate {},
            });
        } else {
            return false;
        }
        true
    }
}

/// Whether this is no text: DER starts with a sequence and its length.
fn looks_binary(input: &[u8]) -> bool {
    const JAVA_KEY_STORES: [[u8; 4]; 2] = [[0xFE, 0xED, 0xFE, 0xED], [0xCE, 0xCE, 0xCE, 0xCE]];
    input.starts_with(&[0x30]) && std::str::from_utf8(input).is_err()
        || JAVA_KEY_STORES.iter().any(|it| input.starts_with(it))
}

/// One DER value, or several one after the other.
fn binary(input: &[u8]) -> Read {
    let mut read = Read::default();
    if input[0] != 0x30 {
        read.error(Fault::KeyStoreInsteadOfCertificate {});
        return read;
    }
    let mut rest = input;
    while let Some((certificate, after)) = Certificate::first_of(rest) {
        read.certificates.push(certificate);
        rest = after;
        if read.is_full() {
            return read;
        }
    }
    if read.certificates.is_empty() && !read.take(input) {
        read.error(unreadable(input));
    }
    read
}

fn text(text: &str, may_be_wrapped: bool) -> Read {
    let mut read = Read::default();
    if let Some(fault) = foreign::document(text) {
        read.error(fault);
        return read;
    }
    for block in pem::blocks(text) {
        self::block(&block, &mut read);
        if read.is_full() {
            return read;
        }
    }
    if read == Read::default() {
        bare(text, &mut read);
    }
    if read == Read::default() && may_be_wrapped {
        return wrapped(text);
    }
    read
}

/// One block between BEGIN and END.
fn block(block: &pem::Block<'_>, read: &mut Read) {
    match block.label.as_str() {
        "CERTIFICATE"
        | "X509 CERTIFICATE"
        | "X.509 CERTIFICATE"
        | "TRUSTED CERTIFICATE"
        | "PKCS7"
        | "PKCS #7 SIGNED DATA"
        | "CMS" => {
            let der = pem::decoded(&pem::characters(block.body, usize::MAX));
            if !read.take(&der) {
                read.error(unreadable(&der));
            }
        }
        label => read.error(foreign::label(label)),
    }
}

/// Base64 without BEGIN and END, wherever in the text it starts.
fn bare(text: &str, read: &mut Read) {
    let mut from = 0;
    let mut in_vain = 0;
    let mut cut_off = None;
    // The base64 of a DER sequence of 128 bytes and more.
    while let Some(found) = text[from..].find("MI") {
        let start = from + found;
        from = start + 2;
        if text[..start].ends_with(pem::is_base64) {
            continue;
        }
        let Some(length) = declared(&text[start..]) else {
            continue;
        };
        // Four characters for three bytes.
        let characters = pem::characters(&text[start..], length.div_ceil(3) * 4);
        let mut der = pem::decoded(&characters);
        der.truncate(length);
        if der.len() == length && read.take(&der) {
            from = start + pem::length_of(&text[start..], characters.len());
            if read.is_full() {
                return;
            }
            continue;
        }
        if der.len() < length && der.len() > 64 {
            cut_off = cut_off.or(Some(unreadable(&der)));
        }
        in_vain += characters.len();
        if in_vain > MOST_IN_VAIN {
            break;
        }
    }
    if *read == Read::default() {
        read.findings.extend(cut_off.map(Finding::error));
    }
}

/// How many bytes the DER value is long that this base64 starts, by its own word.
fn declared(text: &str) -> Option<usize> {
    let first = pem::decoded(&pem::characters(text, 8));
    let (head, length) = der::head(&first)?;
    (first[0] == 0x30 && length <= LARGEST).then_some(head + length)
}

/// What is base64 from end to end: of something short, or of a text that holds the certificate.
fn wrapped(text: &str) -> Read {
    let mut read = Read::default();
    if !text
        .chars()
        .all(|c| pem::is_base64(c) || c.is_whitespace() || c == '=')
    {
        read.findings
            .extend(foreign::text(text).map(Finding::error));
        return read;
    }
    let inner = pem::decoded(&pem::characters(text, usize::MAX));
    if inner.starts_with(b"-----BEGIN ") {
        return self::text(&pem::plain(&inner), false);
    }
    if !read.take(&inner) {
        read.findings
            .extend(foreign::text(text).map(Finding::error));
    }
    read
}

/// Why these bytes, which should be a certificate, are none.
fn unreadable(der: &[u8]) -> Fault {
    match der::head(der) {
        Some((head, length)) if der[0] == 0x30 && head + length > der.len() => {
            Fault::CertificateCutOff {
                expected: head + length,
                received: der.len(),
            }
        }
        _ => Fault::CertificateUnreadable {},
    }
}
