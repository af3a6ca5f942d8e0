//! Debian's `xmlsec1`: the one judge here of what is signed and of what an encrypted part says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const HOW: &str = "xmlsec1 is needed: run `tests/install.sh tests`";

/// True when the signature that is a child of the one element called `parent` holds by the key of `certificate`.
pub(crate) fn holds(xml: &str, parent: &str, certificate: &str) -> bool {
    let files = Files::new();
    let certificate = files.holding("signing.crt", certificate);
    let signature = format!("//*[local-name()='{parent}']/*[local-name()='Signature']");
    let mut xmlsec = Command::new("xmlsec1");
    xmlsec
        .args(["--verify", "--enabled-reference-uris", "same-doc"])
        .args(["--enabled-key-data", "raw-x509-cert"])
        .args(["--node-xpath", &signature])
        .arg("--pubkey-cert-pem")
        .arg(certificate);
    for (name, space) in [("Response", PROTOCOL), ("Assertion", ASSERTION)] {
        xmlsec.args(["--id-attr:ID", &format!("{space}:{name}")]);
    }
    let verified = run(xmlsec.arg(files.holding("answer.xml", xml)));
    verified.status.success()
}

/// The document with its first encrypted part in the clear.
pub(crate) fn decrypted(xml: &str, key: &str) -> String {
    let files = Files::new();
    let mut xmlsec = Command::new("xmlsec1");
    xmlsec
        .args(["--decrypt", "--privkey-pem"])
        .arg(files.holding("service.key", key));
    let clear = run(xmlsec.arg(files.holding("answer.xml", xml)));
    assert!(
        clear.status.success(),
        "{}",
        String::from_utf8_lossy(&clear.stderr)
    );
    String::from_utf8(clear.stdout).unwrap()
}

/// A service's own RSA key and certificate, PEM.
pub(crate) struct KeyPair {
    pub(crate) key: String,
    pub(crate) certificate: String,
}

impl KeyPair {
    pub(crate) fn new() -> Self {
        let files = Files::new();
        let mut openssl = Command::new("openssl");
        openssl
            .args(["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-sha256"])
            .args(["-days", "1", "-subj", "/CN=The service (test)"])
            .arg("-keyout")
            .arg(files.path("service.key"))
            .arg("-out")
            .arg(files.path("service.crt"));
        assert!(openssl.output().unwrap().status.success());
        let read = |name| std::fs::read_to_string(files.path(name)).unwrap();
        Self {
            key: read("service.key"),
            certificate: read("service.crt"),
        }
    }
}

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.0.path(), name)
    }

    fn holding(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{HOW}: {error}"))
}
