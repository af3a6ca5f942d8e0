//! From verified claims to a role: the stages `identified` and `mapped`.

use super::id_token::VerifiedIdToken;
use crate::catalogue::Service;
use crate::claims::Claims;
use crate::conclude::{answer_mark, listed, mapped, verdict};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::{Resolution, RuleList};
use crate::verdict::{Signer, Stage, Track, Verdict};

/// Ends a sign-in whose ID token was verified: who the person is, and which role the rules give.
///
/// `from_user_info` are UserInfo's claims for the same subject, if they were asked for; the ID
/// token's own claims are never replaced by them.
pub fn conclude(
    mut track: Track,
    token: &VerifiedIdToken,
    from_user_info: Option<Claims>,
    rules: &RuleList,
    service: &Service,
) -> Verdict {
    let reported = report(&mut track, token, from_user_info, rules, service);
    let Some((claims, resolution)) = reported else {
        return Verdict::failed(track);
    };
    let signed_by = Signer::Key {
        id: crate::text::shown(token.key_id(), 200),
    };
    let answer = answer_mark(&[token.payload()]);
    verdict(
        track,
        token.subject(),
        signed_by,
        claims,
        answer,
        resolution,
    )
}

/// Everything noticed of such a sign-in, in the order of the stages.
pub(crate) fn findings(
    mut track: Track,
    token: &VerifiedIdToken,
    rules: &RuleList,
    service: &Service,
) -> Vec<Finding> {
    report(&mut track, token, None, rules, service);
    track.into_findings()
}

/// Reports both stages; none where the person is not identified.
fn report(
    track: &mut Track,
    token: &VerifiedIdToken,
    from_user_info: Option<Claims>,
    rules: &RuleList,
    service: &Service,
) -> Option<(Claims, Resolution)> {
    let mut claims = token.claims().clone();
    let mut findings = Vec::new();
    if let Some(mut more) = from_user_info {
        // UserInfo vouches for the address that it names, not for the token's.
        if claims.has("email") && claims.first("email") != more.first("email") {
            more.remove("email_verified");
        }
        let taken = claims.fill_from(more);
        if !taken.is_empty() {
            findings.push(Finding::note(Fault::ClaimFromUserInfo {
                claims: listed(taken.iter().map(String::as_str)),
            }));
        }
    }
    findings.extend(identity(&claims));
    track.report(Stage::Identified, findings).ok()?;
    let resolution = mapped(track, &claims, rules, service, |_| Vec::new());
    Some((claims, resolution))
}

fn identity(claims: &Claims) -> Vec<Finding> {
    let email = claims.first("email").filter(|email| !email.is_empty());
    let Some(email) = email else {
        return vec![Finding::error(Fault::EmailMissing {
            present: listed(claims.names()),
        })];
    };
    let mut findings = Vec::new();
    match claims.first("email_verified") {
        Some("true") => {}
        Some("false") => findings.push(Finding::warning(Fault::EmailUnverified {
            email: email.to_owned(),
        })),
        _ => findings.push(Finding::note(Fault::EmailVerifiedUnsaid {
            email: email.to_owned(),
        })),
    }
    findings.extend(groups_left_out(claims));
    findings
}

/// Entra's marks for groups that did not fit into the token.
fn groups_left_out(claims: &Claims) -> Option<Finding> {
    let distributed = claims
        .first("_claim_names")
        .is_some_and(|names| names.contains("\"groups\""));
    let flagged = claims.first("hasgroups") == Some("true");
    (distributed || flagged).then(|| {
        let claim = if distributed {
            "_claim_names"
        } else {
            "hasgroups"
        };
        Finding::warning(Fault::GroupsLeftOut {
            claim: claim.to_owned(),
        })
    })
}
