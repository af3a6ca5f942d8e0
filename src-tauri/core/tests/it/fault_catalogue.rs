//! Everything that is known to go wrong when single sign-on is set up has its finding.

use std::collections::HashSet;

use latchkey_core::diagnosis::{Known, of_text};
use latchkey_core::{Catalogue, Fault};

/// What goes wrong, and the codes that name it.
const CATALOGUE: &[(&str, &[&str])] = &[
    // Fields, before any sign-in.
    (
        "a certificate that is none",
        &[
            "certificate_not_found",
            "certificate_unreadable",
            "private_key_instead_of_certificate",
            "request_instead_of_certificate",
        ],
    ),
    (
        "a certificate out of its time",
        &["certificate_expired", "certificate_not_yet_valid"],
    ),
    (
        "a certificate that ends soon",
        &["certificate_expires_soon"],
    ),
    (
        "a certificate for encryption",
        &[
            "certificate_not_for_signing",
            "metadata_with_encryption_only",
        ],
    ),
    (
        "several signing certificates in metadata",
        &["metadata_with_several_certificates"],
    ),
    (
        "metadata of a service, or of nobody who signs in",
        &[
            "metadata_of_service",
            "metadata_without_provider",
            "metadata_entity_id_missing",
            "metadata_without_sign_on",
        ],
    ),
    (
        "an address of metadata that shows a page",
        &[
            "metadata_is_html",
            "address_not_https",
            "address_is_private",
        ],
    ),
    (
        "issuer and sign-on address in each other's field",
        &[
            "entity_id_and_sign_on_url_swapped",
            "sign_on_url_is_metadata",
        ],
    ),
    (
        "an issuer without a discovery document",
        &["discovery_not_found", "not_json", "issuer_lacks_part"],
    ),
    (
        "a discovery document of another issuer",
        &["issuer_differs", "issuer_differs_by_slash"],
    ),
    (
        "an issuer for every tenant",
        &["issuer_is_for_many_tenants"],
    ),
    (
        "the ID of a secret",
        &[
            "secret_looks_like_secret_id",
            "pasted_secret_id",
            "secret_id_copied",
        ],
    ),
    (
        "a placeholder or noise of copying",
        &[
            "placeholder_left_in",
            "field_has_space_around",
            "pasted_cleaned",
        ],
    ),
    (
        "the address of another region",
        &["redirect_of_other_region", "opened_in_other_region"],
    ),
    (
        "scopes that cannot be",
        &["scope_openid_missing", "scope_refused_by_provider"],
    ),
    ("keys that do not come", &["keys_unreachable", "keys_empty"]),
    (
        "a flow or a way of the secret that is not offered",
        &["flow_not_offered", "secret_way_not_offered"],
    ),
    (
        "an address of another domain than the Owner's",
        &["rule_of_other_domain"],
    ),
    // The SAML response.
    ("the status Requester", &["saml_request_refused"]),
    ("the status Responder", &["saml_provider_failed"]),
    ("another audience", &["saml_audience_differs"]),
    (
        "an application ID for an audience",
        &["saml_audience_is_application_id"],
    ),
    ("no audience", &["saml_audience_missing"]),
    ("another issuer in the response", &["saml_issuer_differs"]),
    (
        "another destination or recipient",
        &[
            "saml_destination_differs",
            "saml_recipient_differs",
            "saml_answer_for_other_region",
        ],
    ),
    ("an unsigned assertion", &["saml_unsigned"]),
    (
        "another certificate in the response",
        &["signed_by_other_certificate"],
    ),
    (
        "a signature that does not hold",
        &["saml_signature_wrong", "signed_content_changed"],
    ),
    ("SHA-1 in the signature", &["signed_with_sha1"]),
    ("SHA-1 in the digest", &["signed_with_sha1"]),
    (
        "an algorithm that is not taken",
        &["signature_algorithm_not_accepted"],
    ),
    (
        "not valid yet",
        &["saml_not_yet_valid", "saml_issued_in_future"],
    ),
    ("not valid any more", &["saml_expired"]),
    (
        "an answer to another request",
        &["saml_answers_other_request"],
    ),
    ("an answer that nobody asked for", &["saml_unsolicited"]),
    ("no RelayState", &["relay_state_missing"]),
    (
        "a sign-in that the provider started",
        &["started_at_provider", "saml_unsolicited"],
    ),
    (
        "an encrypted assertion without a key",
        &["encrypted_without_key"],
    ),
    ("no NameID", &["saml_name_id_missing"]),
    ("a NameID that is no address", &["saml_name_id_not_email"]),
    ("a NameID that changes", &["saml_name_id_transient"]),
    ("no attributes", &["saml_attributes_missing"]),
    (
        "no e-mail attribute",
        &["saml_email_missing", "rule_claim_absent"],
    ),
    (
        "the e-mail under another name",
        &["saml_email_under_other_name"],
    ),
    (
        "no certificate anywhere",
        &["field_missing", "certificate_not_found"],
    ),
    ("no SessionIndex", &["saml_session_index_missing"]),
    (
        "several or wrapped assertions",
        &["assertion_twice", "assertion_misplaced"],
    ),
    // OpenID Connect.
    (
        "a redirect URI that is refused",
        &["redirect_not_registered"],
    ),
    ("access denied", &["access_denied"]),
    ("a client that is refused", &["client_refused"]),
    ("a grant that is not allowed", &["grant_not_allowed"]),
    (
        "a response type that is switched off",
        &["response_type_unsupported", "flow_switched_off"],
    ),
    ("a scope that is unknown", &["scope_invalid"]),
    ("a code that is refused", &["grant_refused"]),
    ("another issuer in the token", &["token_issuer_differs"]),
    ("a token for another client", &["audience_differs"]),
    (
        "another nonce or state",
        &["nonce_differs", "state_differs", "session_lost"],
    ),
    (
        "a token out of its time",
        &["token_expired", "token_not_yet_valid", "clock_differs"],
    ),
    ("a key that is not published", &["key_unknown"]),
    ("no ID token", &["id_token_missing"]),
    ("groups in UserInfo only", &["claim_from_user_info"]),
    ("no groups claim from Okta", &["rule_claim_absent"]),
    ("no groups claim from Entra", &["rule_claim_absent"]),
    (
        "too many groups for the implicit flow",
        &["groups_left_out", "implicit_flow_drops_groups"],
    ),
    ("too many groups for a token", &["groups_left_out"]),
    ("no namespaced claim from Auth0", &["rule_claim_absent"]),
    (
        "a rule on a name that Auth0 restricts",
        &["claim_has_other_name"],
    ),
    (
        "an address that is not verified",
        &["email_unverified", "email_verified_unsaid"],
    ),
    ("no e-mail claim", &["email_missing"]),
    (
        "an authorization server of its own",
        &["issuer_is_custom_server"],
    ),
    // Rules.
    ("no rule that matches", &["no_rule_matched"]),
    ("a match but for the case", &["near_miss"]),
    (
        "a distinguished name for a short one",
        &["near_miss", "rule_value_is_dn"],
    ),
    (
        "an object ID for a name",
        &[
            "near_miss",
            "rule_value_is_object_id",
            "groups_arrive_as_ids",
        ],
    ),
    (
        "several values in one text",
        &["near_miss", "rule_value_is_joined"],
    ),
    (
        "a rule that never decides",
        &["rule_contradicts", "rule_decides_for_nobody"],
    ),
    (
        "a rule that stands twice",
        &["rule_twice", "rule_contradicts"],
    ),
    ("less privilege above more", &["rule_lesser_role_first"]),
    (
        "a role that does not exist",
        &["unknown_role", "role_spelling"],
    ),
    (
        "the Owner's rule missing or below others",
        &["owner_rule_missing", "owner_rule_not_first"],
    ),
    (
        "the Owner's address written otherwise",
        &["owner_rule_case_differs"],
    ),
    (
        "a rule that everybody matches",
        &["rule_too_broad", "rule_value_is_pattern"],
    ),
];

/// Codes of Microsoft's reference that have to be explained here, and not only looked up there.
const ENTRA: &[u32] = &[
    50011, 500113, 900971, 70004, 700016, 700011, 70001, 7000112, 7000215, 7000222, 7000218,
    700025, 70002, 700054, 700051, 70005, 70011, 28002, 28003, 650053, 650056, 65005, 65001, 65004,
    90094, 90095, 50105, 50020, 50177, 90072, 50034, 51004, 50014, 50057, 500571, 50053, 50055,
    50126, 50058, 50074, 50076, 50079, 50097, 53000, 53001, 53003, 530032, 50199, 50194, 90130,
    90124, 9001023, 90002, 700005, 54005, 70008, 501481, 50147, 50146, 501461, 500011, 50001,
    75001, 75005, 750056, 7500525, 750054, 75003, 75008, 75011, 75016, 76021, 76026, 900236,
    501241, 50003, 50006, 50008, 50010, 50012, 50196, 900561,
];

/// Texts of other providers, and the code that names each first.
const OTHERS: &[(&str, &str)] = &[
    (
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings",
        "redirect_not_registered",
    ),
    (
        "error=access_denied&error_description=User+is+not+assigned+to+the+client+application.",
        "person_not_assigned",
    ),
    (
        "The client secret supplied for a confidential client is invalid.",
        "client_secret_wrong",
    ),
    (
        "Invalid value for 'client_id' parameter.",
        "application_unknown",
    ),
    ("Auth0: connection disabled", "connection_switched_off"),
    (
        "IdP-Initiated Default App Not Configured",
        "started_at_provider",
    ),
    ("Callback URL mismatch.", "redirect_not_registered"),
    ("Error 403: app_not_configured", "application_unknown"),
    (
        "Error 403: app_not_configured_for_user",
        "person_not_assigned",
    ),
    ("Error 403: disallowed_useragent", "embedded_window_blocked"),
    (
        "Some requested scopes were invalid. {invalid=[groups]}",
        "scopes_refused",
    ),
    (
        "Client authentication failed. The OAuth 2.0 Client supports client authentication method \"client_secret_post\", but method \"client_secret_basic\" was requested.",
        "client_authentication_differs",
    ),
];

fn known() -> Known<'static> {
    Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: "2026-11-22T18:00:00Z".parse().unwrap(),
    }
}

fn first(text: &str) -> String {
    of_text(text, &known())[0].fault.code()
}

#[test]
fn everything_that_is_known_to_go_wrong_has_a_code() {
    let codes: HashSet<String> = Fault::each().map(|fault| fault.code()).collect();
    assert_eq!(CATALOGUE.len(), 82);
    for (wrong, named) in CATALOGUE {
        assert!(!named.is_empty(), "{wrong}");
        for code in *named {
            assert!(
                codes.contains(*code),
                "{wrong}: no finding is called {code}"
            );
        }
    }
}

#[test]
fn every_listed_code_of_entra_is_explained() {
    for code in ENTRA {
        let found = first(&format!("AADSTS{code}: x"));
        assert_ne!(found, "provider_code_unlisted", "{code}");
        assert_ne!(found, "nothing_recognised", "{code}");
    }
    assert_eq!(first("AADSTS123456: x"), "provider_code_unlisted");
}

#[test]
fn the_texts_of_other_providers_are_recognised() {
    for (text, code) in OTHERS {
        assert_eq!(first(text), *code, "{text}");
    }
}
