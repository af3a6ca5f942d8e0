//! How many of the values that have to come back stand in the form.

use serde::Serialize;
use specta::Type;

use crate::catalogue::Catalogue;
use crate::connection::{Flow, Protocol};
use crate::finding::Finding;
use crate::set_up::SetUp;

pub(super) const ISSUER: &str = "connection.issuer";
pub(super) const CLIENT_ID: &str = "connection.client_id";
pub(super) const CLIENT_SECRET: &str = "connection.client_secret";
pub(super) const SIGN_ON_URL: &str = "connection.sign_on_url";
pub(super) const CERTIFICATES: &str = "connection.certificates";

/// How far one side of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Tally {
    /// How many are there.
    pub done: u32,
    /// Of how many.
    pub of: u32,
}

impl Tally {
    /// The values that are needed from the provider, and how many of them stand in the form without
    /// an error. `secret_kept` tells of the client secret.
    pub fn given(
        set_up: &SetUp,
        catalogue: &Catalogue,
        secret_kept: bool,
        findings: &[Finding],
    ) -> Self {
        let fields = &set_up.connection;
        let guide = catalogue.oidc_guide(&fields.provider);
        let needed = needed(set_up, guide.map(|guide| guide.flow).unwrap_or_default());
        let is_there = |field: &str| match field {
            ISSUER => !fields.issuer.trim().is_empty(),
            CLIENT_ID => !fields.client_id.trim().is_empty(),
            SIGN_ON_URL => !fields.sign_on_url.trim().is_empty(),
            CERTIFICATES => !fields.certificates.is_empty(),
            _ => secret_kept,
        };
        let is_wrong = |field: &str| {
            let mut errors = findings.iter().filter(|finding| finding.is_error());
            errors.any(|error| error.path.as_ref().is_some_and(|at| at.starts_with(field)))
        };
        let of = |fields: usize| u32::try_from(fields).unwrap_or(u32::MAX);
        let there = needed.iter().filter(|one| is_there(one) && !is_wrong(one));
        Self {
            done: of(there.count()),
            of: of(needed.len()),
        }
    }
}

/// The fields that have to come back from the provider. `flow` is its usual one.
pub(super) fn needed(set_up: &SetUp, flow: Flow) -> &'static [&'static str] {
    match set_up.connection.protocol {
        Protocol::Saml => &[ISSUER, SIGN_ON_URL, CERTIFICATES],
        Protocol::Oidc => match set_up.connection.flow.unwrap_or(flow) {
            Flow::Code => &[ISSUER, CLIENT_ID, CLIENT_SECRET],
            Flow::Implicit => &[ISSUER, CLIENT_ID],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    fn given(set_up: &SetUp, secret_kept: bool, findings: &[Finding]) -> (u32, u32) {
        let Tally { done, of } = Tally::given(set_up, Catalogue::built_in(), secret_kept, findings);
        (done, of)
    }

    #[test]
    fn what_is_there_and_holds_counts_and_nothing_else() {
        let mut set_up = SetUp::default();
        set_up.connection.provider = "okta".to_owned();
        assert_eq!(given(&set_up, false, &[]), (0, 3));
        set_up.connection.issuer = "https://acme.okta.com".to_owned();
        set_up.connection.client_id = " ".to_owned();
        assert_eq!(given(&set_up, true, &[]), (2, 3));
        let field = ISSUER.to_owned();
        let wrong = Finding::error(Fault::NotAnAddress { field }).at(ISSUER);
        let doubtful = Finding::warning(wrong.fault.clone()).at(ISSUER);
        assert_eq!(given(&set_up, true, &[wrong]), (1, 3));
        assert_eq!(given(&set_up, true, &[doubtful]), (2, 3));
    }

    #[test]
    fn an_implicit_flow_needs_no_secret_and_saml_has_fields_of_its_own() {
        let mut set_up = SetUp::default();
        set_up.connection.flow = Some(Flow::Implicit);
        assert_eq!(given(&set_up, true, &[]), (0, 2));
        set_up.connection.protocol = Protocol::Saml;
        set_up.connection.certificates = vec!["one".to_owned()];
        let wrong = Finding::error(Fault::CertificateNotFound {}).at("connection.certificates[0]");
        assert_eq!(given(&set_up, true, &[]), (1, 3));
        assert_eq!(given(&set_up, true, &[wrong]), (0, 3));
    }
}
