//! Keys, certificates, messages and other documents.

use super::*;

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
