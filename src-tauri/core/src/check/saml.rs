//! The fields of a SAML 2.0 connection, in form only: the responses are not verified yet.

use super::{address, field};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::set_up::ConnectionFields;

pub(super) fn fields(fields: &ConnectionFields, findings: &mut Vec<Finding>) {
    findings.push(Finding::warning(Fault::SamlNotYet {}).at("connection.protocol"));
    let _ = address::address(&fields.sign_on_url, "connection.sign_on_url", findings);
    // An entity ID is often a plain name (`JumpCloud`), so its form says nothing.
    field::text(&fields.issuer, "connection.issuer", findings);
    if fields
        .certificates
        .iter()
        .all(|text| text.trim().is_empty())
    {
        findings.push(field::missing("connection.certificates"));
    }
}
