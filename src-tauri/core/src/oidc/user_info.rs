//! UserInfo (OpenID Connect Core 1.0, section 5.3).

use super::http::HttpAnswer;
use super::id_token::VerifiedIdToken;
use crate::claims::Claims;
use crate::fault::Fault;
use crate::rules::RuleList;

/// The claims that a rule asks for, or that name the person, and that the ID token does not have:
/// the reason to ask UserInfo.
pub fn wanted(token: &VerifiedIdToken, rules: &RuleList) -> Vec<String> {
    let mut names = vec!["email"];
    names.extend(rules.claim_names());
    names.dedup();
    names
        .into_iter()
        .filter(|name| !token.claims().has(name))
        .map(str::to_owned)
        .collect()
}

/// Reads UserInfo's answer for the person of this token.
///
/// # Errors
/// The fault that keeps its claims from being used: another subject above all (section 5.3.2).
pub fn read(answer: &HttpAnswer, token: &VerifiedIdToken) -> Result<Claims, Fault> {
    let members = answer
        .object()
        .map_err(|fault| Fault::UserInfoUnreachable {
            address: answer.address(),
            reason: fault.code(),
        })?;
    if members.text("sub") != Some(token.subject()) {
        return Err(Fault::UserInfoSubjectDiffers {});
    }
    Ok(Claims::from(&members))
}
