//! Whom this computer trusts, and a memory of the certificate that it did not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use latchkey_core::Fault;
use latchkey_core::text::shown;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::StartError;

/// The most refused certificates that are remembered.
const REMEMBERED: usize = 16;

/// The platform's own verifier. It alone decides; what it refuses is remembered until it is told.
#[derive(Debug)]
pub(super) struct Trust {
    /// Made at the first TLS connection: reading this computer's authorities takes its time. None
    /// where it has no list of them: then nothing is trusted.
    platform: OnceLock<Option<Verifier>>,
    more_authorities: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
    refused: Mutex<HashMap<String, Vec<u8>>>,
}

impl Trust {
    pub(super) fn new(more_authorities: Option<&str>) -> Result<Self, StartError> {
        Ok(Self {
            platform: OnceLock::new(),
            more_authorities: more_authorities
                .map(authorities)
                .transpose()?
                .unwrap_or_default(),
            provider: Arc::new(rustls::crypto::ring::default_provider()),
            refused: Mutex::default(),
        })
    }

    fn platform(&self) -> Option<&Verifier> {
        let made = self.platform.get_or_init(|| {
            let more = self.more_authorities.iter().cloned();
            Verifier::new_with_extra_roots(more, self.provider.clone()).ok()
        });
        made.as_ref()
    }

    /// The fault of the certificate that `host` showed last and that was refused for `why`.
    pub(super) fn fault(&self, host: &str, why: &CertificateError) -> Fault {
        // A thread that panicked while it held the lock left nothing half done.
        let leaf = self
            .refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(bare(host));
        let leaf = leaf
            .as_deref()
            .and_then(|der| X509Certificate::from_der(der).ok())
            .map(|(_, leaf)| leaf);
        not_trusted(host, self.reason(why), leaf.as_ref())
    }

    fn reason(&self, why: &CertificateError) -> &'static str {
        if self.platform().is_none() {
            return "this computer has no list of trusted authorities";
        }
        match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "it is not valid yet"
            }
            CertificateError::Revoked => "it has been revoked",
            CertificateError::UnknownIssuer => {
                "no authority that this computer trusts has signed it"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "it is for another name"
            }
            CertificateError::BadEncoding => "it cannot be read",
            CertificateError::BadSignature => "its signature does not hold",
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                "it is not for a server"
            }
            CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                "it is signed in a way that is not accepted"
            }
            _ => "this computer refuses it",
        }
    }

    fn remember(&self, name: &ServerName<'_>, leaf: &CertificateDer<'_>) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= REMEMBERED {
            refused.clear();
        }
        refused.insert(name.to_str().to_ascii_lowercase(), leaf.to_vec());
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = match self.platform() {
            Some(platform) => platform.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            ),
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        verdict.inspect_err(|_| self.remember(server_name, end_entity))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// TLS with this trust, for HTTP/2 and HTTP/1.1.
pub(super) fn client_config(trust: Arc<Trust>) -> Result<ClientConfig, StartError> {
    let mut config = ClientConfig::builder_with_provider(trust.provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(StartError::Tls)?
        // "dangerous" is any verifier that is not rustls' own. This one asks the platform's.
        .dangerous()
        .with_custom_certificate_verifier(trust)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn authorities(pem: &str) -> Result<Vec<CertificateDer<'static>>, StartError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let read = read.map_err(|_| StartError::Authorities)?;
    // The verifier is made later; what it would not take is refused now.
    let mut store = RootCertStore::empty();
    let taken = read.iter().all(|one| store.add(one.clone()).is_ok());
    if read.is_empty() || !taken {
        return Err(StartError::Authorities);
    }
    Ok(read)
}

/// An address writes IPv6 in brackets, TLS does not.
/// The fault of a certificate that was refused for `reason`, with what the certificate says.
pub(super) fn not_trusted(host: &str, reason: &str, leaf: Option<&X509Certificate<'_>>) -> Fault {
    let said = |text: String| shown(&text, 300);
    let not_after =
        leaf.and_then(|leaf| Timestamp::from_second(leaf.validity().not_after.timestamp()).ok());
    Fault::TlsNotTrusted {
        host: host.to_owned(),
        reason: reason.to_owned(),
        issuer: leaf
            .map(|leaf| said(leaf.issuer().to_string()))
            .unwrap_or_default(),
        subject: leaf
            .map(|leaf| said(leaf.subject().to_string()))
            .unwrap_or_default(),
        not_after: not_after.map(|time| time.to_string()).unwrap_or_default(),
    }
}

fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}
