//! What is encrypted: opened by the workspace's key, or named.

use jiff::Timestamp;
use latchkey_core::Stage;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_tests::provider_saml::{Encrypted, Encryption, SamlpShape, Signed, SimpleSamlShape};

use crate::bench::{Judge, OLIVIA, answer, assert_refused, samlp, simplesamlphp};

const OWNER: (&str, u32) = ("Owner", 1);
/// A CBC text that no signed Response is around could have been changed on its way.
const UNPROTECTED: &[&str] = &["encryption_unprotected"];

fn key_pair() -> KeyPair {
    KeyPair::make("Acme", Timestamp::now()).unwrap()
}

fn certificate(pair: &KeyPair) -> Option<String> {
    Some(pair.certificate().pem())
}

#[tokio::test]
async fn an_assertion_of_simplesamlphp_is_opened_by_its_key_and_by_no_other() {
    let mut pair = key_pair();
    for (signed, remarks) in [(Signed::Assertion, UNPROTECTED), (Signed::Both, &[])] {
        let provider = simplesamlphp(SimpleSamlShape {
            signed,
            encrypted_to: certificate(&pair),
            ..SimpleSamlShape::default()
        });
        let answer = answer(&provider, OLIVIA).await;
        let mut judge = Judge::of(&provider);
        assert_refused(
            &judge.verdict(&answer),
            Stage::Signed,
            "encrypted_without_key",
        );
        judge.key = Some(key_pair());
        assert_refused(
            &judge.verdict(&answer),
            Stage::Signed,
            "encrypted_for_other",
        );
        judge.key = Some(pair);
        judge.assert_role(&answer, OWNER, remarks);
        pair = judge.key.take().unwrap();
    }
}

#[tokio::test]
async fn a_signed_response_around_an_encrypted_assertion_is_enough() {
    let pair = key_pair();
    let provider = simplesamlphp(SimpleSamlShape {
        signed: Signed::Response,
        encrypted_to: certificate(&pair),
        ..SimpleSamlShape::default()
    });
    let mut judge = Judge::of(&provider);
    judge.key = Some(pair);
    judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
}

#[tokio::test]
async fn an_encrypted_assertion_that_nobody_signed_is_refused() {
    let pair = key_pair();
    let provider = samlp(SamlpShape {
        signed: Signed::Nothing,
        encrypted_to: certificate(&pair),
        ..SamlpShape::default()
    });
    let mut judge = Judge::of(&provider);
    judge.key = Some(pair);
    let verdict = judge.verdict(&answer(&provider, OLIVIA).await);
    assert_refused(&verdict, Stage::Signed, "saml_unsigned");
}

#[tokio::test]
async fn each_cipher_of_samlp_is_opened() {
    let mut pair = key_pair();
    for (encryption, remarks) in [
        (Encryption::Aes256Gcm, &[][..]),
        (Encryption::Aes128Gcm, &[]),
        (Encryption::Aes256Cbc, UNPROTECTED),
        (Encryption::Aes128Cbc, UNPROTECTED),
    ] {
        let provider = samlp(SamlpShape {
            encrypted_to: certificate(&pair),
            encryption,
            ..SamlpShape::default()
        });
        let mut judge = Judge::of(&provider);
        judge.key = Some(pair);
        judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, remarks);
        pair = judge.key.take().unwrap();
    }
}

#[tokio::test]
async fn triple_des_is_refused_by_name() {
    let pair = key_pair();
    let provider = samlp(SamlpShape {
        encrypted_to: certificate(&pair),
        encryption: Encryption::TripleDes,
        ..SamlpShape::default()
    });
    let mut judge = Judge::of(&provider);
    judge.key = Some(pair);
    let verdict = judge.verdict(&answer(&provider, OLIVIA).await);
    assert_refused(&verdict, Stage::Signed, "encryption_not_accepted");
}

#[tokio::test]
async fn an_encrypted_name_id_is_opened_in_its_signed_assertion() {
    let pair = key_pair();
    let provider = simplesamlphp(SimpleSamlShape {
        encrypted_to: certificate(&pair),
        encrypted: Encrypted::NameId,
        ..SimpleSamlShape::default()
    });
    let answer = answer(&provider, OLIVIA).await;
    let mut judge = Judge::of(&provider);
    assert_refused(
        &judge.verdict(&answer),
        Stage::Signed,
        "encrypted_without_key",
    );
    judge.key = Some(pair);
    judge.assert_role(&answer, OWNER, &[]);
    assert_eq!(judge.verdict(&answer).subject.as_deref(), Some(OLIVIA));
}
