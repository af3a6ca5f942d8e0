//! What latchkey-core reads of the metadata, before any sign-in.

use jiff::Timestamp;
use latchkey_core::RequestBinding;
use latchkey_core::saml::metadata::{Entity, read};
use latchkey_practice::{Fault, Practice};

use crate::browser::Browser;
use crate::judged::connection;
use crate::service::practice;

async fn entity(practice: &Practice) -> Entity {
    let url = practice.saml_metadata().parse().unwrap();
    let shown = Browser::new().open(url).await;
    let mut metadata = read(shown.body.as_bytes(), Timestamp::now()).unwrap();
    assert!(metadata.findings.is_empty(), "{:?}", metadata.findings);
    assert_eq!(metadata.entities.len(), 1);
    metadata.entities.remove(0)
}

#[tokio::test]
async fn the_metadata_sets_a_connection_up_without_a_finding() {
    let practice = practice().await;
    let entity = entity(&practice).await;
    assert_eq!(entity.entity_id, practice.saml_entity_id());
    let sign_on: Vec<_> = entity.sign_on.iter().map(|way| way.binding).collect();
    assert_eq!(
        sign_on,
        [Some(RequestBinding::Redirect), Some(RequestBinding::Post)]
    );
    assert!(!entity.wants_signed_requests && entity.findings.is_empty());
    assert_eq!(entity.certificates.len(), 1);
    let certificate = connection(&practice).await.certificates.remove(0);
    assert_eq!(certificate.findings(Timestamp::now()), []);
}

#[tokio::test]
async fn a_fault_of_the_certificate_is_seen_before_any_sign_in() {
    let practice = practice().await;
    let mut wrong = Vec::new();
    for (fault, expected) in [
        (
            Fault::SamlCertificateExpired,
            &["metadata_certificates_not_current", "certificate_expired"][..],
        ),
        (Fault::SamlRsa1024, &["certificate_key_short"]),
        (Fault::SamlEcdsa, &[]),
        // Nothing of the next shows before an answer.
        (Fault::SamlCertificateRotated, &[]),
        (Fault::SamlWrongKey, &[]),
    ] {
        practice.set_fault(Some(fault));
        let entity = entity(&practice).await;
        let said = entity.findings.iter().map(|finding| finding.code.clone());
        let certificate = connection(&practice).await.certificates.remove(0);
        let of_certificate = certificate.findings(Timestamp::now());
        let of_certificate = of_certificate.iter().map(|finding| finding.told().code);
        let codes: Vec<_> = said.chain(of_certificate).collect();
        if codes != expected {
            wrong.push(format!("{fault}: {codes:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
