//! From a verified token, with or without UserInfo, to a role.

use latchkey_core::Stage::{Identified, Mapped};
use latchkey_core::oidc::{HttpAnswer, conclude, id_token, user_info};
use latchkey_core::verdict::Track;
use latchkey_core::{Claims, Evidence, Outcome, RuleList, Severity, Verdict, Way};
use serde_json::{Value, json};

use super::token::*;

/// The verdict with these claims in the ID token, and these from UserInfo.
fn concluded(token: &Value, more: Option<&Value>, rules: &RuleList) -> Verdict {
    let issuer = issuer();
    let keys = published(&[jwk(&own(), "k1")]);
    let mut track = Track::default();
    track.report(latchkey_core::Stage::Reached, vec![]).unwrap();
    let token = id_token::verify(&saying(token), &keys, &expected(&issuer), &mut track).unwrap();
    let more = more.map(|more| serde_json::from_value::<Claims>(more.clone()).unwrap());
    conclude(track, &token, more, rules, torq())
}

fn user_info(body: &Value) -> Result<Claims, String> {
    let issuer = issuer();
    let keys = published(&[jwk(&own(), "k1")]);
    let mut track = Track::default();
    let token =
        id_token::verify(&saying(&claims()), &keys, &expected(&issuer), &mut track).unwrap();
    let answer = HttpAnswer {
        asked: "https://acme.idp.example/userinfo?access_token=x"
            .parse()
            .unwrap(),
        status: 200,
        content_type: Some("application/json".into()),
        location: None,
        body: body.to_string().into_bytes(),
    };
    user_info::read(&answer, &token).map_err(|fault| fault.code())
}

#[test]
fn without_an_address_nobody_is_identified() {
    for email in [None, Some(Value::Null), Some(json!("")), Some(json!([]))] {
        let claims = match &email {
            None => without("email"),
            Some(email) => with("email", email.clone()),
        };
        let verdict = concluded(&claims, None, &rules());
        assert_refused(&format!("{email:?}"), &verdict, Identified, "email_missing");
    }
}

#[test]
fn an_address_that_the_provider_does_not_vouch_for_is_said() {
    for (mark, code) in [
        (json!(true), None),
        (json!("true"), None),
        (json!(false), Some("email_unverified")),
        (json!("false"), Some("email_unverified")),
        (Value::Null, Some("email_verified_unsaid")),
    ] {
        let verdict = concluded(&with("email_verified", mark.clone()), None, &rules());
        assert_accepted("mark", &verdict);
        assert_eq!(remarks(&verdict), Vec::from_iter(code), "{mark}");
    }
}

#[test]
fn user_info_fills_in_and_never_replaces() {
    let rules = RuleList(vec![
        rule("groups", "Admins", "Owner"),
        rule("department", "Security", "Contributor"),
    ]);
    let more = json!({
        "sub": "00u1", "email": "mallory@evil.example", "groups": ["Admins"], "department": "Security"
    });
    let verdict = concluded(&claims(), Some(&more), &rules);
    assert_eq!(verdict.claims.values("email"), [OWNER]);
    assert_eq!(verdict.claims.values("groups"), ["SecOps"]);
    assert_eq!(verdict.role.as_deref(), Some("Contributor"));
    assert_eq!(
        codes(&verdict, Identified, Severity::Note),
        ["claim_from_user_info"]
    );
}

#[test]
fn user_info_vouches_for_the_address_that_it_names_alone() {
    let token = without("email_verified");
    let same = json!({ "sub": "00u1", "email": OWNER, "email_verified": true });
    let verdict = concluded(&token, Some(&same), &rules());
    assert_eq!(verdict.claims.values("email_verified"), ["true"]);

    for more in [
        json!({ "sub": "00u1", "email": "other@acme.example", "email_verified": true }),
        json!({ "sub": "00u1", "email_verified": true }),
    ] {
        let verdict = concluded(&token, Some(&more), &rules());
        assert!(!verdict.claims.has("email_verified"), "{more}");
        assert!(
            remarks(&verdict).contains(&"email_verified_unsaid".to_owned()),
            "{more}"
        );
    }
}

#[test]
fn user_info_of_another_subject_is_not_used() {
    assert!(user_info(&json!({ "sub": "00u1", "groups": [] })).is_ok());
    for body in [
        json!({ "sub": "00u2" }),
        json!({ "sub": "00U1" }),
        json!({ "sub": "" }),
        json!({ "sub": ["00u1"] }),
        json!({ "sub": null }),
        json!({ "email": OWNER }),
    ] {
        assert_eq!(
            user_info(&body).unwrap_err(),
            "user_info_subject_differs",
            "{body}"
        );
    }
    assert_eq!(user_info(&json!([])).unwrap_err(), "user_info_unreachable");
}

#[test]
fn nobody_gets_a_role_from_a_near_miss() {
    let rules = RuleList(vec![
        rule("groups", "secops", "Owner"),
        rule("team", "Red", "Viewer"),
    ]);
    let verdict = concluded(&claims(), None, &rules);
    assert!(verdict.verified && !verdict.passed());
    assert_eq!(verdict.rule, None);
    assert_eq!(verdict.role.as_deref(), Some("Interact Only"));
    assert_eq!(verdict.failed_at().unwrap().stage, Mapped);
    assert_eq!(
        codes(&verdict, Mapped, Severity::Warning),
        ["near_miss", "rule_claim_absent"]
    );
}

#[test]
fn groups_that_were_left_out_are_said() {
    for claim in [
        json!({ "_claim_names": { "groups": "src1" } }),
        json!({ "hasgroups": true }),
    ] {
        let mut claims = without("groups");
        for (name, value) in claim.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let verdict = concluded(&claims, None, &rules());
        assert_eq!(
            codes(&verdict, Identified, Severity::Warning),
            ["groups_left_out"]
        );
    }
}

#[test]
fn evidence_comes_from_verified_claims_alone() {
    let made = |verdict: &Verdict| {
        let connection = super::fingerprint::connection();
        let fingerprint =
            latchkey_core::Fingerprint::of(&latchkey_core::Connection::Oidc(connection), None);
        Evidence::of(
            verdict,
            "e1".into(),
            jiff::Timestamp::UNIX_EPOCH,
            Way::Window,
            fingerprint,
        )
    };
    assert!(made(&concluded(&claims(), None, &rules())).is_some());
    assert!(made(&concluded(&without("email"), None, &rules())).is_none());
    assert!(made(&verdict(&saying(&with("nonce", json!("other"))))).is_none());
    let mut unverified = concluded(&claims(), None, &rules());
    unverified.verified = false;
    assert!(made(&unverified).is_none());
}

/// Even where whoever runs the sign-in goes on after a stage failed.
#[test]
fn a_verified_token_says_nothing_on_a_track_that_has_failed() {
    let issuer = issuer();
    let keys = published(&[jwk(&own(), "k1")]);
    let mut track = Track::default();
    let token =
        id_token::verify(&saying(&claims()), &keys, &expected(&issuer), &mut track).unwrap();
    let late = latchkey_core::Finding::error(latchkey_core::Fault::StateDiffers {});
    assert!(
        track
            .report(latchkey_core::Stage::Answered, vec![late])
            .is_err()
    );
    let verdict = conclude(track, &token, None, &rules(), torq());
    assert!(!verdict.verified && verdict.claims.is_empty() && verdict.subject.is_none());
    assert!(
        verdict
            .stages
            .iter()
            .all(|report| report.outcome != Outcome::Passed)
    );
}
