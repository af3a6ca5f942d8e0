//! A certificate that this computer does not trust is named with what it says, and never accepted.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use axum_server::tls_rustls::RustlsConfig;
use jiff::{SignedDuration, Timestamp};
use latchkey_core::Fault;
use latchkey_signin::{Http, StartError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use url::Url;

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "Acme Proxy CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server with a certificate of this authority for this name, that long from now.
    async fn server(&self, name: &str, valid: SignedDuration) -> u16 {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "idp.acme.example");
        params.not_before = at(Timestamp::now() - SignedDuration::from_hours(48));
        params.not_after = at(Timestamp::now() + valid);
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.0).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages = Router::new().route("/", get(|| async { "{}" }));
        let config = RustlsConfig::from_config(Arc::new(config));
        let server = axum_server::from_tcp_rustls(listener, config).unwrap();
        tokio::spawn(server.serve(pages.into_make_service_with_connect_info::<SocketAddr>()));
        port
    }
}

fn at(time: Timestamp) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(time.as_second()).unwrap()
}

const TOMORROW: SignedDuration = SignedDuration::from_hours(24);

fn here(port: u16) -> Url {
    format!("https://127.0.0.1:{port}/").parse().unwrap()
}

#[tokio::test]
async fn an_authority_that_nobody_trusts_is_named_with_the_certificate() {
    let authority = Authority::new();
    let url = here(authority.server("127.0.0.1", TOMORROW).await);
    let http = Http::new().unwrap();
    // The second time is refused like the first: nothing is remembered in the certificate's favour.
    for _ in 0..2 {
        let fault = http.get(&url).await.unwrap_err();
        let Fault::TlsNotTrusted {
            host,
            reason,
            issuer,
            subject,
            not_after,
        } = fault
        else {
            panic!("{fault:?}");
        };
        assert_eq!(host, "127.0.0.1");
        assert!(reason.contains("authority"), "{reason}");
        assert!(issuer.contains("Acme Proxy CA"), "{issuer}");
        assert!(subject.contains("idp.acme.example"), "{subject}");
        let not_after: Timestamp = not_after.parse().unwrap();
        let left = not_after.duration_since(Timestamp::now());
        assert!(
            left > SignedDuration::from_hours(23) && left <= TOMORROW,
            "{not_after}"
        );
    }
}

#[tokio::test]
async fn an_authority_that_was_named_is_trusted_and_no_other() {
    let (ours, other) = (Authority::new(), Authority::new());
    let http = Http::trusting(&ours.pem()).unwrap();
    let answer = http
        .get(&here(ours.server("127.0.0.1", TOMORROW).await))
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    let fault = http
        .get(&here(other.server("127.0.0.1", TOMORROW).await))
        .await
        .unwrap_err();
    assert_eq!(fault.code(), "tls_not_trusted");
}

#[tokio::test]
async fn a_trusted_authoritys_certificate_must_still_fit_name_and_time() {
    let authority = Authority::new();
    let http = Http::trusting(&authority.pem()).unwrap();
    for (name, valid, expected) in [
        ("other.example", TOMORROW, "it is for another name"),
        (
            "127.0.0.1",
            SignedDuration::from_hours(-1),
            "it has expired",
        ),
    ] {
        let fault = http
            .get(&here(authority.server(name, valid).await))
            .await
            .unwrap_err();
        let Fault::TlsNotTrusted { reason, .. } = fault else {
            panic!("{fault:?}")
        };
        assert_eq!(reason, expected);
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_no_question_of_trust() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = here(listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, Router::new()).await });
    let fault = Http::new().unwrap().get(&url).await.unwrap_err();
    assert!(matches!(fault, Fault::ConnectionFailed { .. }), "{fault:?}");
}

#[test]
fn what_is_no_certificate_is_no_authority() {
    let key = KeyPair::generate().unwrap().serialize_pem();
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    let noise = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "certificate", &key, empty, noise] {
        assert!(
            matches!(Http::trusting(pem), Err(StartError::Authorities)),
            "{pem}"
        );
    }
}
