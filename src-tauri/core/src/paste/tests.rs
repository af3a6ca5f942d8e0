use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::connection::Protocol::{self, Oidc, Saml};

const TENANT: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
const GUID: &str = "3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f";
const OKTA_ID: &str = "0oa1b2c3d4E5F6g7H8i9";
const ENTRA_SECRET: &str = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a";

const ISSUER: &str = "connection.issuer";
const ID: &str = "connection.client_id";
const SECRET: &str = "connection.client_secret";
const SIGN_ON: &str = "connection.sign_on_url";
const CERTS: &str = "connection.certificates";
const METADATA: &str = "connection.metadata";
const REDIRECT: &str = "connection.login_redirect_url";
const AUDIENCE: &str = "connection.audience";
const OWNER: &str = "workspace.owner_email";

fn set_up(provider: &str, protocol: Protocol) -> SetUp {
    let mut set_up = SetUp::default();
    set_up.workspace.region = "us".to_owned();
    set_up.workspace.owner_email = "olivia@acme.example".to_owned();
    set_up.connection.provider = provider.to_owned();
    set_up.connection.protocol = protocol;
    set_up
}

fn pasted(text: &str, provider: &str, protocol: Protocol, field: Option<&str>) -> Recognised {
    recognise(
        text,
        &Context {
            field,
            set_up: &set_up(provider, protocol),
            catalogue: Catalogue::built_in(),
            discovered: None,
        },
    )
}

/// What it is, where it belongs, what stands there then, and what is said.
type Seen = (Kind, Option<String>, Option<String>, Option<String>);

fn seen(recognised: &Recognised) -> Seen {
    (
        recognised.kind,
        recognised.belongs_to.clone(),
        recognised.value().map(str::to_owned),
        recognised.finding.as_ref().map(|one| one.fault.code()),
    )
}

/// Pasted into any field: what it is, where it belongs, and the value, cleaned.
#[track_caller]
fn is(provider: &str, protocol: Protocol, text: &str, kind: Kind, field: &str, value: &str) {
    let (got, belongs, stands, _) = seen(&pasted(text, provider, protocol, None));
    assert_eq!(
        (got, belongs.as_deref(), stands.as_deref()),
        (kind, Some(field), Some(value)),
        "{text}"
    );
}

/// Pasted into this field: what is said, and nothing is kept.
#[track_caller]
fn refused(field: &str, text: &str, kind: Kind, code: &str) {
    let recognised = pasted(text, "okta", Oidc, Some(field));
    assert_eq!(
        seen(&recognised),
        (kind, None, None, Some(code.to_owned())),
        "{text}"
    );
    let path = recognised.finding.and_then(|finding| finding.path);
    assert_eq!(path.as_deref(), Some(field));
}

#[test]
fn addresses_of_every_provider_are_known_again() {
    let entra = |rest: &str| format!("https://login.microsoftonline.com/{TENANT}{rest}");
    let rows: Vec<(&str, Protocol, String, Kind, &str)> = vec![
        (
            "okta",
            Oidc,
            "https://acme.okta.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "okta",
            Oidc,
            "https://acme.okta.com/oauth2/default".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "okta",
            Oidc,
            "https://acme.oktapreview.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "okta",
            Saml,
            "https://acme.okta.com/app/acme_torq_1/exk1/sso/saml".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "okta",
            Saml,
            "https://login.acme.example/app/acme_torq_1/exk1/sso/saml".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "okta",
            Saml,
            "https://acme.okta.com/app/exk1/sso/saml/metadata".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "okta",
            Saml,
            "http://www.okta.com/exk1b2c3".into(),
            Kind::EntityId,
            ISSUER,
        ),
        ("entra", Oidc, entra("/v2.0"), Kind::Issuer, ISSUER),
        ("entra", Saml, entra("/saml2"), Kind::SignOnUrl, SIGN_ON),
        (
            "entra",
            Saml,
            entra("/federationmetadata/2007-06/federationmetadata.xml?appid=x"),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "entra",
            Saml,
            format!("https://sts.windows.net/{TENANT}/"),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "onelogin",
            Oidc,
            "https://acme.onelogin.com/oidc/2".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "onelogin",
            Saml,
            format!("https://acme.onelogin.com/trust/saml2/http-redirect/sso/{GUID}"),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "onelogin",
            Saml,
            format!("https://acme.onelogin.com/trust/saml2/http-post/sso/{GUID}"),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "onelogin",
            Saml,
            format!("https://app.onelogin.com/saml/metadata/{GUID}"),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "jumpcloud",
            Saml,
            "https://sso.jumpcloud.com/saml2/torq".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "jumpcloud",
            Oidc,
            "https://oauth.id.jumpcloud.com/".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "google",
            Saml,
            "https://accounts.google.com/o/saml2/idp?idpid=C01".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "google",
            Saml,
            "https://accounts.google.com/o/saml2?idpid=C01".into(),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "google",
            Oidc,
            "https://accounts.google.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "ping",
            Oidc,
            format!("https://auth.pingone.eu/{TENANT}/as"),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "ping",
            Saml,
            format!("https://auth.pingone.eu/{TENANT}/saml20/idp/sso"),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "ping",
            Saml,
            "https://sso.acme.example/idp/SSO.saml2".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "ping",
            Saml,
            format!("https://auth.pingone.eu/{TENANT}/saml20/metadata/{GUID}"),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "keycloak",
            Oidc,
            "https://sso.acme.example/realms/acme".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "keycloak",
            Saml,
            "https://sso.acme.example/realms/acme".into(),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "keycloak",
            Saml,
            "https://sso.acme.example/auth/realms/acme/protocol/saml".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "keycloak",
            Saml,
            "https://sso.acme.example/realms/acme/protocol/saml/descriptor".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "auth0",
            Oidc,
            "https://acme.eu.auth0.com/".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "auth0",
            Saml,
            "https://acme.eu.auth0.com/samlp/aB3d".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "auth0",
            Saml,
            "https://acme.eu.auth0.com/samlp/metadata/aB3d".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        // Whatever provider was chosen, another's address is known by its host.
        (
            "other",
            Saml,
            "https://accounts.google.com/o/saml2/idp?idpid=C01".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "",
            Oidc,
            "https://acme.okta.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "",
            Saml,
            "https://sso.jumpcloud.com/saml2/torq".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/saml/metadata".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/simplesaml/saml2/idp/metadata.php".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/adfs/ls/saml/sso".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "other",
            Oidc,
            "https://id.acme.example/tenant".into(),
            Kind::Address,
            ISSUER,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/tenant".into(),
            Kind::Address,
            SIGN_ON,
        ),
    ];
    for (provider, protocol, text, kind, field) in rows {
        is(provider, protocol, &text, kind, field, &text);
    }
}

#[test]
fn an_address_near_the_issuer_gives_the_issuer() {
    let entra = |rest: &str| format!("https://login.microsoftonline.com/{TENANT}{rest}");
    let rows: Vec<(&str, String, Kind, String)> = vec![
        (
            "okta",
            "https://acme.okta.com/".into(),
            Kind::Issuer,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "acme.okta.com".into(),
            Kind::Issuer,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "https://acme.okta.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "https://acme.okta.com/oauth2/v1/authorize".into(),
            Kind::Endpoint,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "https://acme.okta.com/oauth2/default/v1/token".into(),
            Kind::Endpoint,
            "https://acme.okta.com/oauth2/default".into(),
        ),
        (
            "entra",
            entra("/v2.0/.well-known/openid-configuration"),
            Kind::DiscoveryAddress,
            entra("/v2.0"),
        ),
        (
            "entra",
            entra("/oauth2/v2.0/authorize"),
            Kind::Endpoint,
            entra("/v2.0"),
        ),
        (
            "entra",
            entra("/oauth2/v2.0/token"),
            Kind::Endpoint,
            entra("/v2.0"),
        ),
        (
            "entra",
            entra("/discovery/v2.0/keys"),
            Kind::Endpoint,
            entra("/v2.0"),
        ),
        (
            "auth0",
            "acme.eu.auth0.com".into(),
            Kind::Issuer,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com".into(),
            Kind::Issuer,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com/authorize".into(),
            Kind::Endpoint,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "jumpcloud",
            "https://oauth.id.jumpcloud.com".into(),
            Kind::Issuer,
            "https://oauth.id.jumpcloud.com/".into(),
        ),
        (
            "jumpcloud",
            "https://oauth.id.jumpcloud.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://oauth.id.jumpcloud.com/".into(),
        ),
        (
            "google",
            "https://accounts.google.com/".into(),
            Kind::Issuer,
            "https://accounts.google.com".into(),
        ),
        (
            "google",
            "https://accounts.google.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://accounts.google.com".into(),
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/protocol/openid-connect/auth".into(),
            Kind::Endpoint,
            "https://sso.acme.example/realms/acme".into(),
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://sso.acme.example/realms/acme".into(),
        ),
        (
            "ping",
            format!("https://auth.pingone.eu/{TENANT}/as/authorize"),
            Kind::Endpoint,
            format!("https://auth.pingone.eu/{TENANT}/as"),
        ),
        (
            "other",
            "https://id.acme.example/t/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://id.acme.example/t".into(),
        ),
        (
            "other",
            "https://id.acme.example/t/.well-known/oauth-authorization-server".into(),
            Kind::DiscoveryAddress,
            "https://id.acme.example/t".into(),
        ),
    ];
    for (provider, text, kind, issuer) in rows {
        is(provider, Oidc, &text, kind, ISSUER, &issuer);
    }
}

#[test]
fn ids_and_secrets_are_told_apart_by_their_shape() {
    for (provider, text, kind, field) in [
        ("okta", OKTA_ID, Kind::ClientId, ID),
        ("entra", GUID, Kind::ClientId, ID),
        ("onelogin", GUID, Kind::ClientId, ID),
        (
            "auth0",
            "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW",
            Kind::ClientId,
            ID,
        ),
        (
            "google",
            "123-a1b2.apps.googleusercontent.com",
            Kind::ClientId,
            ID,
        ),
        (
            "other",
            "123-a1b2.apps.googleusercontent.com",
            Kind::ClientId,
            ID,
        ),
        ("other", OKTA_ID, Kind::ClientId, ID),
        ("entra", ENTRA_SECRET, Kind::ClientSecret, SECRET),
        ("okta", ENTRA_SECRET, Kind::ClientSecret, SECRET),
        (
            "google",
            "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",
            Kind::ClientSecret,
            SECRET,
        ),
    ] {
        is(provider, Oidc, text, kind, field, text);
    }
}

#[test]
fn none_of_these_stays_none_and_stays_where_it_was() {
    for text in [
        "torq",
        "SecOps",
        "hunter2",
        "0oa",
        "0oa1b2c3d4E5F6g7H8i",
        "0ob1b2c3d4E5F6g7H8i9",
        "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW",
        "some words about nothing",
        "olivia@acme",
        "@acme.example",
        "eyJhbGciOiJub25lIn0",
        "eyJ.eyJ",
        "MII",
        "-----",
        "BEGIN CERTIFICATE",
        "6f9619ff-8b86-d011-b42d",
        "https",
        "https://",
        "ftp://a.example",
        "torq.io.example",
        "1234567890",
        "<",
        "[]",
        "a:b",
        "AADSTS",
        "código",
        "\u{1F511}",
        "GOCSPX-short",
        "Q~8secret-value",
    ] {
        let (kind, belongs, value, code) = seen(&pasted(text, "okta", Oidc, Some(ID)));
        assert_eq!(
            (kind, belongs.as_deref(), value.as_deref(), code),
            (Kind::Unknown, Some(ID), Some(text), None),
            "{text}"
        );
        assert_eq!(pasted(text, "okta", Oidc, None).belongs_to, None, "{text}");
    }
    for text in ["", " ", "\n\t", "\u{200B}", "\u{FEFF}"] {
        assert_eq!(
            pasted(text, "okta", Oidc, Some(ID)).kind,
            Kind::Empty,
            "{text:?}"
        );
    }
}

#[test]
fn a_value_in_the_wrong_field_is_named_and_moved() {
    let entra_saml = format!("https://login.microsoftonline.com/{TENANT}/saml2");
    let rows: [(&str, Protocol, &str, &str, &str); 14] = [
        ("okta", Oidc, ID, "https://acme.okta.com", ISSUER),
        ("okta", Oidc, ISSUER, OKTA_ID, ID),
        ("okta", Oidc, SECRET, OKTA_ID, ID),
        ("entra", Oidc, ID, ENTRA_SECRET, SECRET),
        (
            "okta",
            Saml,
            SIGN_ON,
            "https://acme.okta.com/app/exk1/sso/saml/metadata",
            METADATA,
        ),
        (
            "okta",
            Saml,
            SIGN_ON,
            "http://www.okta.com/exk1b2c3",
            ISSUER,
        ),
        (
            "okta",
            Saml,
            ISSUER,
            "https://acme.okta.com/app/a/exk1/sso/saml",
            SIGN_ON,
        ),
        ("entra", Saml, ISSUER, &entra_saml, SIGN_ON),
        (
            "google",
            Saml,
            SIGN_ON,
            "https://accounts.google.com/o/saml2?idpid=C01",
            ISSUER,
        ),
        (
            "google",
            Saml,
            ISSUER,
            "https://accounts.google.com/o/saml2/idp?idpid=C01",
            SIGN_ON,
        ),
        (
            "jumpcloud",
            Saml,
            ISSUER,
            "https://sso.jumpcloud.com/saml2/torq",
            SIGN_ON,
        ),
        ("jumpcloud", Saml, SIGN_ON, "JumpCloud", ISSUER),
        ("okta", Oidc, SECRET, "olivia@acme.example", OWNER),
        ("other", Oidc, ID, "https://id.acme.example", ISSUER),
    ];
    for (provider, protocol, field, text, belongs) in rows {
        let recognised = pasted(text, provider, protocol, Some(field));
        let (_, to, value, code) = seen(&recognised);
        assert_eq!(
            (to.as_deref(), value.as_deref(), code.as_deref()),
            (Some(belongs), Some(text), Some("pasted_elsewhere")),
            "{text}"
        );
        assert_eq!(recognised.finding.unwrap().path.as_deref(), Some(field));
        // In its own field there is nothing to say.
        assert_eq!(
            seen(&pasted(text, provider, protocol, Some(belongs))).3,
            None,
            "{text}"
        );
    }
}

#[test]
fn what_belongs_to_one_sign_in_is_not_kept() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZSJ9.c2lnbmF0dXJl";
    let xml = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">{}</samlp:Response>",
        "<a/>".repeat(40)
    );
    let encoded = STANDARD.encode(&xml);
    let lines: Vec<String> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    let request = xml.replace("Response", "AuthnRequest");
    let mut deflated = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::DeflateEncoder::new(
            request.repeat(3).as_bytes(),
            flate2::Compression::none(),
        ),
        &mut deflated,
    )
    .unwrap();
    let escaped = encoded
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let code = "https://app.torq.io/__/auth/handler?code=abc&state=xyz";
    for (text, kind) in [
        (jwt.to_owned(), Kind::Token),
        (xml.clone(), Kind::Answer),
        (encoded.clone(), Kind::Answer),
        (lines.join("\n"), Kind::Answer),
        (escaped, Kind::Answer),
        (format!("SAMLResponse={encoded}&RelayState=x"), Kind::Answer),
        (request.clone(), Kind::Request),
        (STANDARD.encode(&request), Kind::Request),
        (STANDARD.encode(&deflated), Kind::Request),
        (code.to_owned(), Kind::Answer),
        (
            "https://app.torq.io/__/auth/handler#id_token=abc&state=x".to_owned(),
            Kind::Answer,
        ),
        ("?code=abc&state=xyz".to_owned(), Kind::Answer),
        (
            "https://acme.okta.com/app/a/b/sso/saml?SAMLRequest=abc".to_owned(),
            Kind::Request,
        ),
        (
            "https://acme.okta.com/oauth2/v1/authorize?client_id=x&response_type=code".to_owned(),
            Kind::Request,
        ),
        (
            "{\"access_token\": \"x\", \"id_token\": \"y\"}".to_owned(),
            Kind::Answer,
        ),
    ] {
        refused(SECRET, &text, kind, "pasted_answer");
        refused(ISSUER, &text, kind, "pasted_answer");
    }
}

#[test]
fn keys_and_certificates_are_told_apart_and_no_key_is_kept() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["id.acme.example".to_owned()]).unwrap();
    let request = params.serialize_request(&key).unwrap().pem().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let pem = certificate.pem();
    let canonical = crate::Certificate::from_der(certificate.der())
        .unwrap()
        .pem();
    let canonical = canonical.trim_end();
    let bare = STANDARD.encode(certificate.der());
    let crlf = pem.replace('\n', "\r\n");
    let spaced = format!("Here it is:\n\n{pem}\nRegards");
    let xml = format!("<ds:X509Certificate>{bare}</ds:X509Certificate>");
    for text in [&pem, &bare, &crlf, &spaced, &xml] {
        is("okta", Saml, text, Kind::Certificate, CERTS, canonical);
        assert_eq!(
            seen(&pasted(text, "okta", Saml, Some(SIGN_ON)))
                .3
                .as_deref(),
            Some("pasted_elsewhere")
        );
        assert_eq!(seen(&pasted(text, "okta", Saml, Some(CERTS))).3, None);
    }
    let private = key.serialize_pem();
    let both = format!("{private}\n{pem}");
    for text in [
        private.as_str(),
        &STANDARD.encode(key.serialize_der()),
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----",
        "{\"kty\":\"RSA\",\"d\":\"x\"}",
        "{\"type\":\"service_account\",\"private_key\":\"x\"}",
    ] {
        if text.starts_with("MI") && text.len() < 200 {
            continue; // Shorter than anything that is taken for a key in bare base64.
        }
        refused(CERTS, text, Kind::PrivateKey, "pasted_private_key");
        refused(ISSUER, text, Kind::PrivateKey, "pasted_private_key");
    }
    let recognised = pasted(&both, "okta", Saml, Some(CERTS));
    assert_eq!(recognised.kind, Kind::PrivateKey);
    assert!(recognised.value.is_none());
    assert_eq!(recognised.also.len(), 1);
    assert_eq!(recognised.also[0].value.expose_secret(), canonical);
    refused(
        CERTS,
        &request,
        Kind::CertificateRequest,
        "pasted_certificate_request",
    );
    for text in [
        "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "{\"kty\":\"RSA\",\"n\":\"x\"}",
        "{\"keys\":[{\"kty\":\"RSA\"}]}",
    ] {
        let kind = pasted(text, "okta", Saml, Some(CERTS)).kind;
        assert!(matches!(kind, Kind::PublicKey | Kind::KeySet), "{text}");
    }
}

#[test]
fn documents_are_known_by_what_they_hold() {
    let metadata = |role: &str| {
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"x\"><md:{role}/></md:EntityDescriptor>"
        )
    };
    let provider = metadata("IDPSSODescriptor");
    is(
        "okta",
        Saml,
        &provider,
        Kind::ProviderMetadata,
        METADATA,
        &provider,
    );
    refused(
        METADATA,
        &metadata("SPSSODescriptor"),
        Kind::ServiceMetadata,
        "pasted_service_metadata",
    );
    let discovery =
        "{\"issuer\": \"https://acme.okta.com\", \"authorization_endpoint\": \"https://x\"}";
    is(
        "okta",
        Oidc,
        discovery,
        Kind::DiscoveryDocument,
        ISSUER,
        "https://acme.okta.com",
    );
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
    refused(METADATA, page, Kind::WebPage, "pasted_nowhere");
    let har = "{\"log\": {\"version\": \"1.2\", \"entries\": []}}";
    refused(ISSUER, har, Kind::Recording, "pasted_recording");
    refused(
        ISSUER,
        &har[..har.len() - 3],
        Kind::Recording,
        "pasted_recording",
    );
    let file = "{\"format\": \"latchkey/1\", \"workspace\": {}}";
    refused(ISSUER, file, Kind::SetUpFile, "pasted_set_up");
    for text in [
        "{\"a\": 1}",
        "{\"issuer\": 1, \"jwks_uri\": 2}",
        "<a>not that long a document but long enough</a>",
    ] {
        assert_eq!(
            pasted(text, "okta", Oidc, None).kind,
            Kind::Unknown,
            "{text}"
        );
    }
}

#[test]
fn a_failed_sign_in_is_not_a_value() {
    for text in [
        "AADSTS7000215: Invalid client secret provided.",
        "Sorry, but we're having trouble. AADSTS50011: The redirect URI does not match",
        "Error 400: redirect_uri_mismatch",
        "https://app.torq.io/__/auth/handler?error=access_denied&state=x",
        "403 app_not_configured_for_user",
    ] {
        let (kind, belongs, value, code) = seen(&pasted(text, "entra", Oidc, Some(SECRET)));
        assert_eq!(
            (kind, belongs, value, code.as_deref()),
            (Kind::Failure, None, None, Some("pasted_failure")),
            "{text}"
        );
    }
}

#[test]
fn placeholders_are_no_values() {
    for text in [
        "<ApplicationClientID>",
        "{clientId}",
        "https://{yourOktaDomain}",
        "https://sso.jumpcloud.com/saml2/<NAME OF YOUR APP>",
        "https://login.microsoftonline.com/<tenant-id>/v2.0",
        "YOUR_CLIENT_ID",
        "your-tenant.eu.auth0.com",
        "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        "changeme",
        "yourDomain.xyz",
    ] {
        refused(ISSUER, text, Kind::Placeholder, "placeholder_left_in");
    }
}

#[test]
fn the_services_own_values_go_into_the_providers_console() {
    let eu = "https://app.eu.torq.io/__/auth/handler";
    let us = "https://app.torq.io/__/auth/handler";
    let other = pasted(eu, "okta", Oidc, Some(REDIRECT));
    assert_eq!(
        seen(&other),
        (
            Kind::RedirectUrl,
            Some(REDIRECT.into()),
            Some(us.into()),
            Some("redirect_of_other_region".into())
        )
    );
    for (field, text, kind, code) in [
        (ISSUER, us, Kind::RedirectUrl, Some("pasted_given_value")),
        (SIGN_ON, us, Kind::RedirectUrl, Some("pasted_given_value")),
        (REDIRECT, us, Kind::RedirectUrl, None),
        (
            REDIRECT,
            "https://app.torq.io/__/auth/handler/",
            Kind::RedirectUrl,
            None,
        ),
        (
            ISSUER,
            "torq.io",
            Kind::Audience,
            Some("pasted_given_value"),
        ),
        (AUDIENCE, "torq.io", Kind::Audience, None),
        (
            ISSUER,
            "https://app.torq.io/auth/SSOSignIn?domain=acme.example",
            Kind::StartUrl,
            Some("pasted_nowhere"),
        ),
        (
            ISSUER,
            "https://app.torq.io",
            Kind::StartUrl,
            Some("pasted_nowhere"),
        ),
    ] {
        let (got, _, _, said) = seen(&pasted(text, "jumpcloud", Saml, Some(field)));
        assert_eq!((got, said.as_deref()), (kind, code), "{field} {text}");
    }
}

#[test]
fn a_guid_is_told_by_its_place() {
    let secret = pasted(GUID, "entra", Oidc, Some(SECRET));
    assert_eq!(
        seen(&secret),
        (Kind::SecretId, None, None, Some("pasted_secret_id".into()))
    );
    // Elsewhere a GUID may be a secret.
    assert_eq!(seen(&pasted(GUID, "keycloak", Oidc, Some(SECRET))).3, None);
    let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let tenant = pasted(TENANT, "entra", Oidc, Some(ISSUER));
    assert_eq!(
        seen(&tenant),
        (
            Kind::TenantId,
            Some(ISSUER.into()),
            Some(issuer.clone()),
            None
        )
    );
    let mut known = set_up("entra", Oidc);
    known.connection.issuer = issuer.clone();
    let about = Context {
        field: Some(ID),
        set_up: &known,
        catalogue: Catalogue::built_in(),
        discovered: None,
    };
    let found = seen(&recognise(TENANT, &about));
    assert_eq!(
        found,
        (
            Kind::TenantId,
            Some(ISSUER.into()),
            Some(issuer),
            Some("pasted_elsewhere".into())
        )
    );
    assert_eq!(recognise(GUID, &about).kind, Kind::ClientId);
}

#[test]
fn the_console_is_not_where_people_sign_in() {
    let console = pasted(
        "https://acme-admin.okta.com/admin/app/oidc_client/x",
        "okta",
        Oidc,
        Some(ISSUER),
    );
    assert_eq!(
        seen(&console),
        (
            Kind::ConsoleAddress,
            None,
            None,
            Some("address_is_console".into())
        )
    );
    assert_eq!(console.also[0].field, ISSUER);
    assert_eq!(
        console.also[0].value.expose_secret(),
        "https://acme.okta.com"
    );
    for text in [
        "https://entra.microsoft.com/#view/x",
        "https://portal.azure.com/",
        "https://manage.auth0.com/dashboard/eu/acme",
        "https://admin.google.com/ac/apps",
    ] {
        assert_eq!(
            pasted(text, "other", Oidc, None).kind,
            Kind::ConsoleAddress,
            "{text}"
        );
    }
}

#[test]
fn the_slash_follows_what_discovery_says() {
    let set_up = set_up("other", Oidc);
    let about = |discovered| Context {
        field: Some(ISSUER),
        set_up: &set_up,
        catalogue: Catalogue::built_in(),
        discovered,
    };
    let with = recognise(
        "https://id.acme.example",
        &about(Some("https://id.acme.example/")),
    );
    assert_eq!(with.value(), Some("https://id.acme.example/"));
    assert_eq!(with.finding.unwrap().fault.code(), "pasted_slash");
    for discovered in [
        None,
        Some("https://id.acme.example"),
        Some("https://id.acme.example/other/"),
    ] {
        let without = recognise("https://id.acme.example", &about(discovered));
        assert_eq!(without.value(), Some("https://id.acme.example"));
        assert!(without.finding.is_none());
    }
}

#[test]
fn noise_is_taken_away_and_what_cannot_be_seen_is_told() {
    for (text, value, told) in [
        ("  https://acme.okta.com \n", "https://acme.okta.com", false),
        ("\"https://acme.okta.com\",", "https://acme.okta.com", true),
        (
            "\u{201C}https://acme.okta.com\u{201D}",
            "https://acme.okta.com",
            true,
        ),
        (
            "https://acme.okta\u{200B}.com",
            "https://acme.okta.com",
            true,
        ),
        ("<https://acme.okta.com>", "https://acme.okta.com", true),
        (
            "https://acme.okta.com/oauth2/\ndefault",
            "https://acme.okta.com/oauth2/default",
            false,
        ),
        (
            "Olivia Park <olivia@acme.example>",
            "olivia@acme.example",
            false,
        ),
    ] {
        let field = if text.contains('@') { OWNER } else { ISSUER };
        let recognised = pasted(text, "okta", Oidc, Some(field));
        assert_eq!(recognised.value(), Some(value), "{text:?}");
        let code = recognised.finding.map(|finding| finding.fault.code());
        assert_eq!(
            code.as_deref(),
            told.then_some("pasted_cleaned"),
            "{text:?}"
        );
    }
}

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

#[test]
fn a_secret_is_printed_by_nothing() {
    let recognised = pasted(
        &format!("Client ID: {OKTA_ID}\nClient secret: hunter2-hunter2"),
        "okta",
        Oidc,
        None,
    );
    assert!(!format!("{recognised:?}").contains("hunter2"));
    let alone = pasted(ENTRA_SECRET, "entra", Oidc, Some(ID));
    assert!(!format!("{alone:?}").contains("8Q~"));
    let finding = serde_json::to_string(&alone.finding.unwrap().told()).unwrap();
    assert!(!finding.contains("8Q~"));
}

#[test]
fn what_is_too_long_is_not_read() {
    let long = "x".repeat(LARGEST + 1);
    let recognised = pasted(&long, "okta", Oidc, Some(ISSUER));
    assert_eq!(
        seen(&recognised),
        (Kind::Unknown, None, None, Some("pasted_too_long".into()))
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_panic(
        text in "\\PC*|(Client ID[:=\n\t ]|issuer:|https://|eyJ|-----BEGIN |MII|[{<&%=~./\n\u{e9}\u{200b}a-zA-Z0-9]){0,40}",
        provider in proptest::sample::select(vec!["okta", "entra", "auth0", "other", ""]),
        saml in proptest::bool::ANY, field in proptest::sample::select(vec![None, Some(ID), Some(SECRET), Some(ISSUER)]),
    ) {
        let protocol = if saml { Saml } else { Oidc };
        let _ = pasted(&text, provider, protocol, field).told();
    }
}
