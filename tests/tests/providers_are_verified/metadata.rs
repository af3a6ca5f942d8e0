//! What the providers say about themselves.

use jiff::Timestamp;
use latchkey_core::RequestBinding;
use latchkey_core::saml::metadata::{Entity, Metadata, MetadataSignature, read, read_signed};
use latchkey_tests::browser::{Browser, Stop};
use latchkey_tests::provider_saml::{SamlProvider, SamlpShape, SimpleSamlShape};

use crate::bench::{
    Judge, OLIVIA, answer, certificate, from_pem, samlp, service_redirect, simplesamlphp,
};

const BOTH: [RequestBinding; 2] = [RequestBinding::Redirect, RequestBinding::Post];

#[tokio::test]
async fn what_the_metadata_says_is_a_set_up_that_holds() {
    for provider in [
        simplesamlphp(SimpleSamlShape::default()),
        samlp(SamlpShape::default()),
    ] {
        let metadata = read(text(&provider).await.as_bytes(), Timestamp::now()).unwrap();
        assert_eq!(metadata.signed, MetadataSignature::Unsigned);
        assert!(metadata.findings.is_empty(), "{metadata:#?}");
        let entity = only(&metadata);
        assert!(entity.findings.is_empty(), "{entity:#?}");
        assert_eq!(entity.entity_id, provider.entity_id);
        assert!(!entity.wants_signed_requests);
        for binding in BOTH {
            let mut at = entity
                .sign_on
                .iter()
                .filter(|one| one.binding == Some(binding));
            assert_eq!(at.next().unwrap().address, provider.sign_on_url.as_str());
        }
        let mut judge = Judge::of(&provider);
        judge.connection.issuer = entity.entity_id.clone();
        judge.connection.certificates = certificates(entity)
            .iter()
            .map(|pem| from_pem(pem))
            .collect();
        judge.assert_role(&answer(&provider, OLIVIA).await, ("Owner", 1), &[]);
    }
}

#[tokio::test]
async fn a_certificate_to_come_is_read_beside_the_one_that_signs() {
    let provider = simplesamlphp(SimpleSamlShape {
        next_certificate: true,
        ..SimpleSamlShape::default()
    });
    let metadata = read(text(&provider).await.as_bytes(), Timestamp::now()).unwrap();
    let read = certificates(only(&metadata));
    let next = provider.next_certificate.as_deref().unwrap();
    assert_eq!(read, [from_pem(next).pem(), certificate(&provider).pem()]);

    let mut judge = Judge::of(&provider);
    judge.connection.certificates = read.iter().map(|pem| from_pem(pem)).collect();
    judge.assert_role(&answer(&provider, OLIVIA).await, ("Owner", 1), &[]);
}

#[tokio::test]
async fn a_wish_for_signed_requests_is_read() {
    let provider = simplesamlphp(SimpleSamlShape {
        asked_by: Some(
            simplesamlphp(SimpleSamlShape::default())
                .certificate
                .clone(),
        ),
        ..SimpleSamlShape::default()
    });
    let metadata = read(text(&provider).await.as_bytes(), Timestamp::now()).unwrap();
    assert!(only(&metadata).wants_signed_requests, "{metadata:#?}");
}

#[tokio::test]
async fn signed_metadata_holds_by_its_own_key_and_no_other() {
    let provider = simplesamlphp(SimpleSamlShape {
        metadata_signed: true,
        ..SimpleSamlShape::default()
    });
    let (text, now) = (text(&provider).await, Timestamp::now());
    let noticed = read(text.as_bytes(), now).unwrap();
    assert_eq!(noticed.signed, MetadataSignature::NotChecked);

    let checked = read_signed(text.as_bytes(), now, &[certificate(&provider)]).unwrap();
    assert_eq!(checked.signed, MetadataSignature::Verified);
    assert_eq!(only(&checked).entity_id, provider.entity_id);

    let other = simplesamlphp(SimpleSamlShape::default());
    assert!(read_signed(text.as_bytes(), now, &[certificate(&other)]).is_err());
    let changed = text.replace("SSOService.php", "SSOService.php5");
    assert_ne!(changed, text);
    assert!(read_signed(changed.as_bytes(), now, &[certificate(&provider)]).is_err());
}

#[tokio::test]
async fn the_sign_in_page_is_no_metadata() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let Stop::Page(page) = Browser::new()
        .open(&provider.initiate_url, &service_redirect())
        .await
        .unwrap()
    else {
        panic!("nobody was asked to sign in");
    };
    let refused = read(page.html.as_bytes(), Timestamp::now()).unwrap_err();
    assert_eq!(refused.code(), "metadata_is_html");
}

async fn text(provider: &SamlProvider) -> String {
    let stop = Browser::new()
        .open(&provider.metadata_url, &service_redirect())
        .await;
    match stop.unwrap() {
        Stop::Page(page) => page.html,
        Stop::Landing(landing) => panic!("an answer came instead of the metadata: {landing:?}"),
    }
}

fn only(metadata: &Metadata) -> &Entity {
    let [entity] = &metadata.entities[..] else {
        panic!("{metadata:#?}");
    };
    entity
}

fn certificates(entity: &Entity) -> Vec<String> {
    entity
        .certificates
        .iter()
        .map(|one| one.pem.clone())
        .collect()
}
