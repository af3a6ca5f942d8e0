//! What is encrypted can be read by xmlsec1 with the application's key, and by nobody without.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_practice::{Fault, Options, start};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};

use crate::browser::Browser;
use crate::service::*;
use crate::xmlsec::{Of, decrypted, verifies};

/// The application's private key in PEM and its certificate in DER.
fn application() -> (String, Vec<u8>) {
    let key = RsaPrivateKey::new(&mut rand::rngs::OsRng, 2048).unwrap();
    let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
    let pair = KeyPair::from_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::default().self_signed(&pair).unwrap();
    (pem, certificate.der().to_vec())
}

#[tokio::test]
async fn it_is_for_the_certificate_that_the_request_shows() {
    let practice = practice().await;
    let (key, certificate) = application();
    let ask = Ask {
        inside: format!(
            r#"<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:KeyInfo><d:X509Data>
            <d:X509Certificate>{}</d:X509Certificate></d:X509Data></d:KeyInfo></d:Signature>"#,
            STANDARD.encode(certificate)
        ),
        ..Ask::default()
    };
    let published = practice.saml_certificate().await.unwrap();
    for fault in [
        Fault::SamlEncryptedAssertion,
        Fault::SamlEncryptedAssertionCbc,
    ] {
        practice.set_fault(Some(fault));
        let mut browser = Browser::new();
        let page = ask.post(&mut browser, &practice).await;
        let at = practice.saml_sign_on_url().parse().unwrap();
        let landing = browser.choose(&page, &at, BOB).await.landing().unwrap();
        let answer = xml(&landing);
        assert!(
            !answer.contains(BOB) && !answer.contains("SecOps"),
            "{fault}"
        );
        let plain = decrypted(&answer, &key);
        let plain = plain
            .replace(
                "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
                "",
            )
            .replace("</saml:EncryptedAssertion>", "");
        assert!(plain.contains(&format!(">{BOB}</saml:NameID>")), "{fault}");
        assert!(verifies(&plain, Of::Assertion, &published), "{fault}");
    }
}

#[tokio::test]
async fn it_is_for_the_certificate_that_is_registered() {
    let (key, certificate) = application();
    let practice = start(Options {
        fault: Some(Fault::SamlEncryptedNameId),
        service_certificate: Some(certificate),
        ..Options::default()
    })
    .await
    .unwrap();
    let answer = bobs_answer(&practice, &Ask::default()).await;
    assert!(!answer.contains(&format!(">{BOB}</saml:NameID>")));
    assert!(decrypted(&answer, &key).contains(&format!(">{BOB}</saml:NameID>")));
}
