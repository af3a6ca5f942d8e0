//! Several values at once, with their labels.

use super::*;

/// What was found in an answer, by field.
fn several(text: &str, provider: &str, protocol: Protocol) -> Vec<(String, String)> {
    let recognised = pasted(text, provider, protocol, None);
    assert_eq!(recognised.kind, Kind::Several, "{text}");
    recognised
        .also
        .iter()
        .map(|found| (found.field.clone(), found.value.expose_secret().to_owned()))
        .collect()
}

fn pair(field: &str, value: &str) -> (String, String) {
    (field.to_owned(), value.to_owned())
}

#[test]
fn a_whole_answer_is_sorted_into_its_fields() {
    let expected = [
        pair(ID, OKTA_ID),
        pair(SECRET, "s3cr3t-Value_x"),
        pair(ISSUER, "https://acme.okta.com"),
    ];
    for text in [
        format!(
            "Client ID: {OKTA_ID}\nClient secret: s3cr3t-Value_x\nIssuer: https://acme.okta.com"
        ),
        format!("Client ID: {OKTA_ID} Client secret: s3cr3t-Value_x Issuer: https://acme.okta.com"),
        format!(
            "Client ID\n{OKTA_ID}\nClient secret\ns3cr3t-Value_x\nIssuer (Okta URL)\nhttps://acme.okta.com"
        ),
        format!(
            "Hi Olivia,\n\n- **Client ID:** `{OKTA_ID}`\n- **Client secret:** `s3cr3t-Value_x`\n- **Issuer:** https://acme.okta.com/\n\nCheers"
        ),
        format!(
            "OKTA_CLIENT_ID={OKTA_ID}\nOKTA_CLIENT_SECRET=s3cr3t-Value_x\nOKTA_ISSUER=https://acme.okta.com"
        ),
        format!(
            "| Client ID | {OKTA_ID} |\n| Client secret | s3cr3t-Value_x |\n| Issuer | https://acme.okta.com |"
        ),
        format!(
            "\"client_id\": \"{OKTA_ID}\",\n\"client_secret\": \"s3cr3t-Value_x\",\n\"issuer\": \"https://acme.okta.com\""
        ),
        format!(
            "Client ID\t{OKTA_ID}\r\nClient secret\ts3cr3t-Value_x\r\nIssuer\thttps://acme.okta.com\r\n"
        ),
        format!(
            "Redirect URI: https://app.torq.io/__/auth/handler\nClient ID: {OKTA_ID}\nClient secret: s3cr3t-Value_x\nDiscovery URL: https://acme.okta.com/.well-known/openid-configuration"
        ),
    ] {
        assert_eq!(several(&text, "okta", Oidc), expected, "{text}");
    }
    let text = format!(
        "Application (client) ID: {GUID}\nDirectory (tenant) ID: {TENANT}\nObject ID: 11112222-3333-4444-5555-666677778888\nValue of the client secret: {ENTRA_SECRET}\nExpires: 2028-11-22"
    );
    assert_eq!(
        several(&text, "entra", Oidc),
        [
            pair(ID, GUID),
            pair(
                ISSUER,
                &format!("https://login.microsoftonline.com/{TENANT}/v2.0")
            ),
            pair(SECRET, ENTRA_SECRET),
            pair("connection.client_secret_expires", "2028-11-22"),
        ]
    );
    let text = "Domain: acme.eu.auth0.com\nClient ID: aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW";
    assert_eq!(
        several(text, "auth0", Oidc),
        [
            pair(ISSUER, "https://acme.eu.auth0.com/"),
            pair(ID, "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW")
        ]
    );
    let google = "{\"web\": {\"client_id\": \"1-a.apps.googleusercontent.com\", \"client_secret\": \"GOCSPX-x\"}}";
    assert_eq!(
        several(google, "google", Oidc),
        [
            pair(ID, "1-a.apps.googleusercontent.com"),
            pair(SECRET, "GOCSPX-x")
        ]
    );
    let keycloak = "{\"realm\": \"acme\", \"auth-server-url\": \"https://sso.acme.example/\", \"resource\": \"torq\", \"credentials\": {\"secret\": \"x\"}}";
    assert_eq!(
        several(keycloak, "keycloak", Oidc),
        [
            pair(ISSUER, "https://sso.acme.example/realms/acme"),
            pair(ID, "torq"),
            pair(SECRET, "x")
        ]
    );
}

#[test]
fn a_whole_answer_of_saml_is_sorted_too() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["id.acme.example".to_owned()]).unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    let text = format!(
        "IdP Entity ID: JumpCloud\nIdP URL: https://sso.jumpcloud.com/saml2/torq\nACS URLs: https://app.torq.io/__/auth/handler\nIDP Certificate:\n{pem}"
    );
    let found = several(&text, "jumpcloud", Saml);
    assert_eq!(
        found[..2],
        [
            pair(ISSUER, "JumpCloud"),
            pair(SIGN_ON, "https://sso.jumpcloud.com/saml2/torq")
        ]
    );
    assert_eq!(found[2].0, CERTS);
    assert_eq!(found[2].1.lines().count(), pem.lines().count());
    let text = "Identity Provider Single Sign-On URL: https://acme.okta.com/app/a/exk1/sso/saml\nIdentity Provider Issuer: http://www.okta.com/exk1\nMetadata URL: https://acme.okta.com/app/exk1/sso/saml/metadata";
    assert_eq!(
        several(text, "okta", Saml),
        [
            pair(SIGN_ON, "https://acme.okta.com/app/a/exk1/sso/saml"),
            pair(ISSUER, "http://www.okta.com/exk1"),
            pair(METADATA, "https://acme.okta.com/app/exk1/sso/saml/metadata"),
        ]
    );
}

#[test]
fn one_value_with_its_label_is_that_value() {
    for (text, field, value) in [
        (format!("Client ID: {OKTA_ID}"), ID, OKTA_ID),
        ("Client secret: s3cr3t".to_owned(), SECRET, "s3cr3t"),
        (
            "Issuer: https://acme.okta.com/".to_owned(),
            ISSUER,
            "https://acme.okta.com",
        ),
        ("client_id=torq".to_owned(), ID, "torq"),
    ] {
        let recognised = pasted(&text, "okta", Oidc, None);
        assert_eq!(recognised.belongs_to.as_deref(), Some(field), "{text}");
        assert_eq!(recognised.value(), Some(value), "{text}");
    }
    for text in [
        "Client ID: ______",
        "Client ID:",
        "The issuer is a secret",
        "Certificate authority",
        "Secrets: many words here",
        "Issuer: {yourOktaDomain}",
    ] {
        let recognised = pasted(text, "okta", Oidc, None);
        assert!(
            recognised.also.is_empty() && recognised.belongs_to.is_none(),
            "{text}: {recognised:?}"
        );
    }
}
