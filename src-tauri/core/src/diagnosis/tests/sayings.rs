//! What people write in their own words, and what products print without a code.

use super::{codes, of};

/// Told in somebody's own words: likely or possible at most.
const TOLD: &[(&str, &str)] = &[
    (
        "Since Monday nobody gets in, Azure says that the client secret has run out",
        "client_secret_ended",
    ),
    (
        "In Entra ist der geheime Clientschlüssel gestern abgelaufen",
        "client_secret_ended",
    ),
    (
        "Le secret client de notre application Azure a expiré",
        "client_secret_ended",
    ),
    (
        "El secreto de cliente en Azure caducó",
        "client_secret_ended",
    ),
    (
        "Entra のクライアント シークレットの期限が切れました",
        "client_secret_ended",
    ),
    (
        "The login goes in circles: it redirects over and over between Okta and the app",
        "redirect_loop",
    ),
    (
        "Nach der Anmeldung bei Okta sehe ich keine Workflows",
        "no_rule_may_match",
    ),
    (
        "SSO の後、画面が真っ白になります",
        "blank_page_possible_causes",
    ),
    (
        "Der Code aus dem Authenticator wird beim Login abgelehnt",
        "authenticator_refused",
    ),
    (
        "She says Okta has not assigned her: she is not assigned to the app",
        "person_not_assigned",
    ),
    (
        "Wir haben das SAML-Zertifikat getauscht, jetzt geht nichts",
        "certificate_replaced_possible",
    ),
    (
        "Our SAML certificate has expired over night",
        "signing_certificate_ended",
    ),
    (
        "The tile in Okta gives an error, but it works from the login page",
        "tile_start_possible",
    ),
    ("The pop-up of the login closes at once", "popup_closed"),
    (
        "Certains utilisateurs ne peuvent pas se connecter via SSO",
        "person_group_possible",
    ),
    (
        "We copied the secret ID instead of the value into Torq for Entra",
        "secret_id_possible",
    ),
    (
        "PingFederate: invalid_redirect_uri. It is refused",
        "redirect_not_registered",
    ),
    (
        "Keycloak: You are already authenticated as different user 'sam' in this session.",
        "stale_session_possible",
    ),
    ("popup_closed", "popup_closed"),
    (
        "POST https://id.example/token 401 (Unauthorized) invalid_client",
        "client_credentials_refused",
    ),
    (
        "It works in an incognito window, otherwise the login fails",
        "stale_session_possible",
    ),
    (
        "Ich habe die E-Mail-Regel gelöscht und komme mit SSO nicht mehr rein",
        "email_rule_changed",
    ),
    (
        "Neues Handy, der Authenticator ist weg",
        "authenticator_lost_possible",
    ),
    ("J'ai perdu mes droits depuis le SSO", "no_rule_may_match"),
    (
        "Entra sends object IDs, not names, for our groups",
        "groups_arrive_as_ids",
    ),
    ("SAML: グループが届きません", "claim_may_be_absent"),
    ("Everyone is locked out of SSO", "credential_end_possible"),
    (
        "We have a new client secret in Entra since Monday and the login fails",
        "secret_replaced_possible",
    ),
    ("MSIS9999: something of tomorrow", "provider_code_unlisted"),
    (
        "Firebase: Error (auth/something-of-tomorrow).",
        "provider_code_unlisted",
    ),
    (
        r#"{"error":"of_tomorrow","error_description":"It is so"}"#,
        "provider_code_unlisted",
    ),
];

/// Printed by a product, and proof of it.
const PRINTED: &[(&str, &str)] = &[
    ("AADSTS50072: enroll", "second_factor_needed"),
    ("AADSTS90033: A transient error", "provider_unavailable"),
    ("AADSTS500021: Access is denied", "policy_blocked"),
    // Read off a picture: O for D, and digits in groups.
    ("AAOSTS50011 The redirect URl", "redirect_not_registered"),
    ("AADSTS 50 105 : Your administrator", "person_not_assigned"),
    ("AADSTS7000Z15", "client_secret_wrong"),
    (
        "Die Anwendung mit dem Bezeichner „torq.io“ wurde im Verzeichnis „Acme“ nicht gefunden",
        "application_unknown",
    ),
    (
        "Ihre Anmeldung war erfolgreich, erfüllt aber nicht die Kriterien",
        "policy_blocked",
    ),
    (
        "You can't access it because you are not assigned this app",
        "person_not_assigned",
    ),
    (
        "MSIS3200: No AssertionConsumerService is configured",
        "redirect_not_registered",
    ),
    (
        "INVALID_IDP_RESPONSE : Failed to verify the signature in samlresponse",
        "service_says_signature",
    ),
    (
        "Firebase: Error (auth/invalid-credential).",
        "service_says_answer",
    ),
    ("Firebase: Error (auth/popup-blocked).", "popup_blocked"),
    (
        "There is an EncryptedAssertion in the Response, but no decryption key",
        "encrypted_without_key",
    ),
    ("NameID not found in the assertion", "saml_name_id_missing"),
    (
        "SAML: http://www.w3.org/2000/09/xmldsig#rsa-sha1 is not allowed",
        "service_says_algorithm",
    ),
    ("email_verified is false", "service_says_unverified"),
    ("id_token missing in the token response", "id_token_missing"),
    (
        "IDX10214: Audience validation failed. Audiences: 'x'",
        "service_says_audience",
    ),
    ("Votre connexion n'est pas privée", "server_not_trusted"),
    (
        "サーバーの IP アドレスが見つかりませんでした",
        "server_name_unknown",
    ),
    (
        "curl: (7) Failed to connect to id.example port 443: Couldn't connect to server",
        "server_not_reached",
    ),
    (
        "Refused to display 'https://id.example/' in a frame: X-Frame-Options. id.example refused to connect",
        "embedded_window_blocked",
    ),
    (
        r#"{"error":"invalid_dpop_proof","error_description":"The DPoP proof is missing."}"#,
        "device_proof_demanded",
    ),
];

#[test]
fn own_words_allow_a_guess_and_prove_nothing() {
    for (text, code) in TOLD {
        let found = of(text);
        assert_eq!(codes(&found)[0], *code, "{text}");
        assert!(
            *code == "popup_closed" || !crate::finding::any_error(&found),
            "{text}"
        );
    }
}

#[test]
fn a_products_own_sentence_is_known_without_its_code_and_in_other_languages() {
    for (text, code) in PRINTED {
        let found = of(text);
        assert_eq!(codes(&found), [*code], "{text}");
        assert!(found[0].is_error(), "{text}");
    }
}

#[test]
fn own_words_about_something_else_accuse_nobody() {
    for text in [
        "The certificate of attendance has expired.",
        "The white paper on OIDC is on page 4.",
        "Thank you, the client secret had expired, and it works now.",
        "How do I renew the SAML certificate in Okta?",
        "Login works for everybody.",
        "Our SAML certificate was renewed and is valid until 2029.",
        "All users can sign in with Okta.",
        "Is there an outage page for Okta?",
        "SSO グループを作成しました",
        "ssh: connect to host 10.0.0.1 port 22: Connection refused",
        "Our office moved; the door's code was rejected once.",
        "Order 50 105 was shipped",
        "auth/login.js loaded from /auth/handler",
        "E0000 and MSIS are prefixes",
    ] {
        assert_eq!(codes(&of(text)), ["nothing_recognised"], "{text}");
    }
}
