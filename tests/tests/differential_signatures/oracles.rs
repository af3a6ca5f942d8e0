//! The two verifiers, and where they are known to read XML otherwise.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bergshamra_dsig::{DsigContext, VerifyResult};
use bergshamra_keys::KeysManager;
use latchkey_core::Certificate;

use super::documents::{Unsigned, is_known};

fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../src-tauri/core/tests/keys")
        .join(name)
}

/// The certificate that everything here is signed with.
pub(crate) fn certificate() -> Certificate {
    let pem = std::fs::read_to_string(key_file("rsa.crt.pem")).unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, base64).unwrap();
    Certificate::from_der(&der).unwrap()
}

/// Debian's command. It takes many files at once, which is what makes this job a matter of seconds.
pub(crate) struct Xmlsec1 {
    room: tempfile::TempDir,
}

impl Xmlsec1 {
    pub(crate) fn new() -> Self {
        Self {
            room: tempfile::tempdir().unwrap(),
        }
    }

    /// Each document with its two values filled in; all else stays as it was written.
    pub(crate) fn signed(&self, unsigned: &[Unsigned]) -> Vec<String> {
        let texts: Vec<_> = unsigned
            .iter()
            .map(|document| document.0.as_str())
            .collect();
        let mut signed = Vec::new();
        for chunk in texts.chunks(200) {
            let files = self.written(chunk);
            let output = self.run("--sign", "--privkey-pem", "rsa.key.pem", &files);
            assert!(
                output.status.success(),
                "xmlsec1 --sign: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let whole = String::from_utf8(output.stdout).unwrap();
            let answers: Vec<_> = whole.split("<?xml version=").skip(1).collect();
            assert_eq!(answers.len(), chunk.len());
            signed.extend(
                chunk
                    .iter()
                    .zip(answers)
                    .map(|(text, answer)| filled(text, answer)),
            );
        }
        signed
    }

    /// The documents that it does not accept.
    pub(crate) fn refused<'t>(&self, documents: &'t [String]) -> Vec<&'t str> {
        let accepts = |documents: &[String]| {
            let texts: Vec<_> = documents.iter().map(String::as_str).collect();
            let files = self.written(&texts);
            let output = self.run("--verify", "--pubkey-cert-pem", "rsa.crt.pem", &files);
            output.status.success()
        };
        let mut refused = Vec::new();
        for chunk in documents.chunks(200).filter(|chunk| !accepts(chunk)) {
            let alone = chunk
                .iter()
                .filter(|one| !accepts(std::slice::from_ref(one)));
            refused.extend(alone.map(String::as_str));
        }
        refused
    }

    fn written(&self, texts: &[&str]) -> Vec<PathBuf> {
        texts
            .iter()
            .enumerate()
            .map(|(number, text)| {
                let file = self.room.path().join(format!("{number}.xml"));
                std::fs::write(&file, text).unwrap();
                file
            })
            .collect()
    }

    fn run(&self, what: &str, key_kind: &str, key: &str, files: &[PathBuf]) -> Output {
        Command::new("xmlsec1")
            .args([what, key_kind])
            .arg(key_file(key))
            .args([
                "--id-attr:ID",
                "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
            ])
            .args([
                "--id-attr:ID",
                "urn:oasis:names:tc:SAML:2.0:protocol:Response",
            ])
            .args(files)
            .output()
            .expect("xmlsec1 is installed: tests/install.sh tests")
    }
}

/// What stands in an element of the signature.
fn value<'t>(answer: &'t str, name: &str) -> &'t str {
    let start = format!("<ds:{name}>");
    let from = answer.find(&start).unwrap() + start.len();
    &answer[from..from + answer[from..].find('<').unwrap()]
}

fn filled(text: &str, answer: &str) -> String {
    let mut text = text.to_owned();
    for name in ["DigestValue", "SignatureValue"] {
        let empty = format!("<ds:{name}></ds:{name}>");
        let full = format!("<ds:{name}>{}</ds:{name}>", value(answer, name));
        assert!(text.contains(&empty));
        text = text.replace(&empty, &full);
    }
    text
}

/// The verifier written in Rust.
pub(crate) struct Bergshamra {
    context: DsigContext,
}

impl Bergshamra {
    pub(crate) fn new() -> Self {
        let pem = std::fs::read(key_file("rsa.crt.pem")).unwrap();
        let mut keys = KeysManager::new();
        keys.add_key(bergshamra_keys::loader::load_x509_cert_pem(&pem).unwrap());
        Self {
            context: DsigContext::new(keys),
        }
    }

    /// Whether it accepts the document, or would but for what is known of it.
    pub(crate) fn agrees(&self, text: &str) -> bool {
        self.accepts(text)
            || self.accepts(&mended_for_bergshamra(text))
            || bergshamra_differs(text).is_some()
    }

    pub(crate) fn accepts(&self, text: &str) -> bool {
        bergshamra_dsig::verify::verify(&self.context, text)
            .is_ok_and(|result| matches!(result, VerifyResult::Valid { .. }))
    }
}

/// Why xmlsec1 refuses a document that ours accepts.
pub(crate) fn xmlsec1_differs(text: &str) -> Option<&'static str> {
    let document = roxmltree::Document::parse(text).unwrap();
    let odd = document
        .descendants()
        .flat_map(|element| element.namespaces())
        .any(|namespace| !is_known(namespace.uri()));
    odd.then_some(
        "libxml2 canonicalises nothing under a namespace that its own reader of addresses does not take, such as \
         http://p://x, and writes an & in one without escaping it; both against Canonical XML 1.0",
    )
}

/// Why bergshamra refuses a document that ours and xmlsec1 accept.
fn bergshamra_differs(text: &str) -> Option<&'static str> {
    if text.contains("http://www.w3.org/2006/12/xml-c14n11") && text.contains("xml:id=") {
        return Some(
            "Canonical XML 1.1, section 2.4: xml:id is not taken over from around; bergshamra-c14n 0.11 does",
        );
    }
    None
}

/// The same document for a parser that, in version 0.12 of uppsala, does not read all white space as XML 1.0 has it:
///
/// * section 2.11: a carriage return in CDATA, or beside a reference, is a line feed;
/// * section 3.3.3: a tab or a line end in an attribute's value is a space.
///
/// Both make bergshamra refuse what is signed, and nothing else.
fn mended_for_bergshamra(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    let document = roxmltree::Document::parse(&text).unwrap();
    let values: Vec<_> = document
        .descendants()
        .flat_map(|element| element.attributes())
        .map(|attribute| attribute.range_value())
        .collect();
    for range in values {
        let value = text[range.clone()].replace(['\t', '\n'], " ");
        text.replace_range(range, &value);
    }
    text
}
