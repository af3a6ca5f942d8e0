//! One enveloped XML signature (XML Signature 1.1; SAML 2.0 Core, section 5.4), verified.
//!
//! The order is fixed: the form, the algorithms, the place of what is covered, then the signature
//! over `SignedInfo` with the keys of the set-up and no other, and only then the digest of what is
//! covered. What a message says about its own key is a hint for the finding.

mod algorithm;
mod ecdsa;
mod form;
mod key;

use ring::digest;

pub use algorithm::{DigestAlgorithm, Hash, Scheme, SignatureAlgorithm};

use crate::certificate::Certificate;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::text::shown;
use crate::xml::{self, Attribute, Document, Node, canonical};
use form::Form;
use key::Attempt;

/// The namespace of XML Signature.
pub const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The canonical form is at most this many times as long as the text that it is made of, and some
/// room for short ones.
const LARGEST: (usize, usize) = (8, 64 * 1024);

/// What a signature covers: its canonical bytes, and whose key it was. Nothing but [`verify`] makes
/// one, and everything that is believed is read from [`Signed::parse`].
#[derive(Clone)]
pub struct Signed {
    text: String,
    certificate: usize,
    algorithm: SignatureAlgorithm,
    digest: DigestAlgorithm,
}

impl Signed {
    /// The canonical form of the element that was signed, without its signature.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The same as a document of its own, whose root is the element that was signed.
    ///
    /// # Errors
    /// [`Fault::XmlMalformed`], which no canonical form is.
    pub fn parse(&self) -> Result<Document<'_>, Fault> {
        xml::reparse(&self.text)
    }

    /// Which of the certificates has the key, counted from 0.
    pub fn certificate(&self) -> usize {
        self.certificate
    }

    /// How it was signed.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// How what is covered was digested.
    pub fn digest(&self) -> DigestAlgorithm {
        self.digest
    }
}

/// Says how it was signed, not what.
impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signed")
            .field("certificate", &self.certificate)
            .field("algorithm", &self.algorithm)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

/// Verifies the signature that stands directly in the element that it covers.
///
/// # Errors
/// Every finding is an error. A signature that is right and weak (SHA-1, a short RSA key) is among
/// them: it is told apart, and never passes.
pub fn verify(
    document: &Document<'_>,
    signature: Node<'_, '_>,
    certificates: &[Certificate],
) -> Result<Signed, Vec<Finding>> {
    let form = Form::read(signature).map_err(one)?;
    let parent = covered(document, signature, form.reference).map_err(one)?;
    let limit = LARGEST.0 * document.input_text().len() + LARGEST.1;
    let signed_info =
        canonical(form.signed_info, None, &form.canonicalization, limit).map_err(one)?;
    let (certificate, short) =
        signed_by(&form, signed_info.as_bytes(), certificates).map_err(one)?;

    let text = canonical(parent, Some(signature.id()), &form.transform, limit).map_err(one)?;
    let digest = digest::digest(form.digest.of(), text.as_bytes());
    if digest.as_ref() != form.digest_value {
        return Err(one(Fault::SignedContentChanged {
            element: named(parent),
        }));
    }
    let mut weak = Vec::new();
    for (part, hash) in [
        ("signature algorithm", form.algorithm.hash),
        ("digest algorithm", form.digest.hash),
    ] {
        if hash == Hash::Sha1 {
            let part = part.to_owned();
            weak.push(Finding::error(Fault::SignedWithSha1 { part }));
        }
    }
    if let Some(bits) = short {
        let certificate = fingerprint(&certificates[certificate]);
        weak.push(Finding::error(Fault::SignedWithShortKey {
            bits,
            certificate,
        }));
    }
    if !weak.is_empty() {
        return Err(weak);
    }
    Ok(Signed {
        text,
        certificate,
        algorithm: form.algorithm,
        digest: form.digest,
    })
}

/// Whether some reader takes this attribute for the element's ID.
pub(super) fn is_id(attribute: &Attribute<'_, '_>) -> bool {
    matches!(attribute.name(), "ID" | "Id" | "id" | "AssertionID")
}

/// The element that the reference names: the signature's own parent, and nothing else of that ID.
fn covered<'a, 'i>(
    document: &Document<'_>,
    signature: Node<'a, 'i>,
    reference: &str,
) -> Result<Node<'a, 'i>, Fault> {
    let Some(parent) = signature.parent_element() else {
        return Err(Fault::SignatureMisplaced {
            parent: String::new(),
        });
    };
    let twins = parent
        .children()
        .filter(|child| child.has_tag_name((SIGNATURE, "Signature")));
    if twins.count() != 1 {
        return Err(Fault::SignatureTwice {
            element: named(parent),
        });
    }
    let id = xml::attribute(parent, "ID").unwrap_or_default();
    let is_root = parent == document.root_element();
    if reference.is_empty() && is_root {
        return Ok(parent);
    }
    if id.is_empty() || reference.strip_prefix('#') != Some(id) {
        return Err(Fault::ReferenceElsewhere {
            element: named(parent),
            expected: shown(&format!("#{id}"), 100),
            received: shown(reference, 100),
        });
    }
    let ids = document
        .descendants()
        .flat_map(|element| element.attributes());
    if ids.filter(|a| a.value() == id && is_id(a)).count() != 1 {
        return Err(Fault::IdTwice { id: shown(id, 100) });
    }
    Ok(parent)
}

/// The certificate whose key verifies the signature, and the length of its key where that is short.
fn signed_by(
    form: &Form<'_, '_>,
    message: &[u8],
    certificates: &[Certificate],
) -> Result<(usize, Option<usize>), Fault> {
    let attempt = |certificate: &Certificate| {
        key::attempt(
            form.algorithm,
            certificate.public_key(),
            message,
            &form.value,
        )
    };
    let (mut fits, mut too_short, mut der) = (false, None, false);
    for (index, certificate) in certificates.iter().enumerate() {
        match attempt(certificate) {
            Attempt::Verified { short } => return Ok((index, short)),
            Attempt::OtherKind => {}
            Attempt::TooShort { bits } => too_short = Some((bits, index)),
            Attempt::VerifiedAsDer => der = true,
            Attempt::Wrong => fits = true,
        }
    }
    let algorithm = form.algorithm.to_string();
    if der {
        return Err(Fault::EcdsaValueIsDer { algorithm });
    }
    let configured = certificates.iter().map(fingerprint).collect::<Vec<_>>();
    let configured = shown(&configured.join(", "), 400);
    let Some(named) = form.key_info.and_then(form::named_certificate) else {
        if let Some((bits, index)) = too_short {
            let certificate = fingerprint(&certificates[index]);
            return Err(Fault::CertificateKeyTooShort { bits, certificate });
        }
        if !fits {
            return Err(does_not_fit(algorithm, certificates));
        }
        return Err(Fault::SamlSignatureUnknown {
            algorithm,
            configured,
        });
    };
    let received = fingerprint(&named);
    if let Some(same) = certificates
        .iter()
        .find(|known| known.sha256() == named.sha256())
    {
        return Err(match attempt(same) {
            Attempt::OtherKind => does_not_fit(algorithm, certificates),
            Attempt::TooShort { bits } => Fault::CertificateKeyTooShort {
                bits,
                certificate: received,
            },
            _ => Fault::SamlSignatureWrong {
                algorithm,
                certificate: received,
            },
        });
    }
    // A signature by a key that came along proves nothing but this: which key it was.
    if matches!(
        attempt(&named),
        Attempt::Verified { .. } | Attempt::VerifiedAsDer
    ) {
        return Err(Fault::SignedByOtherCertificate {
            received,
            subject: named.subject().to_owned(),
            configured,
        });
    }
    Err(Fault::SignatureByNoCertificate {
        received,
        configured,
    })
}

fn does_not_fit(algorithm: String, certificates: &[Certificate]) -> Fault {
    let keys: Vec<_> = certificates
        .iter()
        .map(|certificate| key::described(certificate.public_key()))
        .collect();
    Fault::CertificateKeyDoesNotFit {
        algorithm,
        keys: shown(&keys.join(", "), 200),
    }
}

/// Enough of a fingerprint to tell certificates apart by eye.
fn fingerprint(certificate: &Certificate) -> String {
    format!("SHA-256 {}", certificate.sha256())
}

fn named(element: Node<'_, '_>) -> String {
    shown(element.tag_name().name(), 60)
}

fn one(fault: Fault) -> Vec<Finding> {
    vec![Finding::error(fault)]
}
