//! Debian's xmlsec1 as a second opinion.

use std::io::Write;
use std::process::{Command, Output};

use tempfile::{NamedTempFile, TempDir};

/// The element whose signature is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Response,
    Assertion,
}

const ID_ATTRIBUTES: [&str; 2] = [
    "urn:oasis:names:tc:SAML:2.0:protocol:Response",
    "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
];

/// Whether the signature that is the own child of the first such element that has one is by the
/// certificate's key.
pub(crate) fn verifies(xml: &str, of: Of, certificate: &str) -> bool {
    let (xml, certificate) = (file(xml.as_bytes()), file(certificate.as_bytes()));
    let path = match of {
        Of::Response => "/*/*[local-name()='Signature']",
        Of::Assertion => "(//*[local-name()='Assertion']/*[local-name()='Signature'])[1]",
    };
    let mut command = xmlsec1("--verify");
    for name in ID_ATTRIBUTES {
        command.args(["--id-attr:ID", name]);
    }
    command.args(["--enabled-reference-uris", "same-doc"]);
    command.args(["--node-xpath", path, "--pubkey-cert-pem"]);
    let output = ran(command.arg(certificate.path()).arg(xml.path()));
    output.status.success()
}

/// The document with its encrypted part decrypted by this private key in PEM.
pub(crate) fn decrypted(xml: &str, key: &str) -> String {
    let room = TempDir::new().unwrap();
    let out = room.path().join("plain.xml");
    let (xml, key) = (file(xml.as_bytes()), file(key.as_bytes()));
    let mut command = xmlsec1("--decrypt");
    command.arg("--privkey-pem").arg(key.path());
    let output = ran(command.arg("--output").arg(&out).arg(xml.path()));
    assert!(output.status.success(), "{output:?}");
    std::fs::read_to_string(out).unwrap()
}

fn xmlsec1(what: &str) -> Command {
    let mut command = Command::new("xmlsec1");
    command.arg(what);
    command
}

fn ran(command: &mut Command) -> Output {
    command
        .output()
        .expect("xmlsec1, which tests/install.sh installs")
}

fn file(content: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file.flush().unwrap();
    file
}
