//! What a response says without regard to who signed it: to try rules on, never to prove anything.

use super::{decode, person};
use crate::claims::Claims;
use crate::fault::Fault;
use crate::saml::shape::{Content, Shape};
use crate::xml::{Checked, Limits};

/// The attributes of a captured response, as XML, in base64 or as a form's field, although nobody
/// vouches for them; none where this is no response at all.
///
/// # Errors
/// [`Fault::PastedClaimsEncrypted`], and the faults of a response that breaks the form or the limits.
pub fn unverified_claims(captured: &[u8]) -> Result<Option<Claims>, Fault> {
    let Ok(text) = decode::xml(captured) else {
        return Ok(None);
    };
    let checked = Checked::new(&text, &Limits::MESSAGE)?;
    let document = checked.parse()?;
    match Shape::read(&document)?.content {
        Some(Content::Assertion(assertion)) => Ok(Some(person::attributes(assertion).claims)),
        Some(Content::Encrypted(_)) => Err(Fault::PastedClaimsEncrypted {}),
        None => Err(Fault::SamlAssertionMissing {}),
    }
}
