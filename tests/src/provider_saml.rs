//! SAML providers nobody here wrote, run as child processes on loopback: SimpleSAMLphp (xmlseclibs) and Auth0's
//! `samlp` (xml-crypto), each in the shape of answer that a test asks for.
//!
//! Both know the service `torq.io` at its two main Login Redirect URLs and, if asked, at a loopback callback. Each
//! start makes a new key pair. Both end when they are dropped, and by themselves when the test is killed.

use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use url::Url;

pub use crate::provider::{Person, SERVICE_REDIRECT};
pub use crate::provider_process::StartError;
use crate::provider_process::{Process, start};

/// The entity ID of the one service that the providers know.
pub const SERVICE: &str = "torq.io";

/// What is signed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, strum::Display, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum Signed {
    /// The assertion alone.
    #[default]
    Assertion,
    /// The response alone.
    Response,
    /// The assertion, then the response around it.
    Both,
    /// Neither.
    Nothing,
}

/// SignatureMethod (XML Signature 1.1, section 6.4), with the digest that the engine pairs with it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, strum::IntoStaticStr, strum::VariantArray,
)]
pub enum Algorithm {
    /// RSA with SHA-256.
    #[default]
    #[strum(serialize = "rsa-sha256")]
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")]
    RsaSha256,
    /// RSA with SHA-1: weak.
    #[strum(serialize = "rsa-sha1")]
    #[serde(rename = "http://www.w3.org/2000/09/xmldsig#rsa-sha1")]
    RsaSha1,
    /// RSA with SHA-384. `samlp` has no name for it.
    #[strum(serialize = "rsa-sha384")]
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384")]
    RsaSha384,
    /// RSA with SHA-512. `samlp` has no name for it.
    #[strum(serialize = "rsa-sha512")]
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")]
    RsaSha512,
}

/// What SimpleSAMLphp encrypts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encrypted {
    /// The whole assertion, AES-128-CBC with RSA-OAEP.
    #[default]
    Assertion,
    /// The name ID in the assertion, AES-128-CBC with RSA-OAEP.
    NameId,
}

/// What SimpleSAMLphp calls a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameId {
    /// The address, in the format `emailAddress`.
    #[default]
    Email,
    /// Another random name at each sign-in.
    Transient,
}

/// The shape of SimpleSAMLphp's answers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SimpleSamlShape {
    /// What is signed.
    pub signed: Signed,
    /// With what.
    pub algorithm: Algorithm,
    /// Requests must be signed by the key of this certificate, PEM.
    pub asked_by: Option<String>,
    /// Encrypt to the key of this certificate, PEM.
    pub encrypted_to: Option<String>,
    /// What is encrypted, if anything is.
    pub encrypted: Encrypted,
    /// What a person is called.
    pub name_id: NameId,
    /// Audiences beside the service, in the same restriction.
    pub also_for: Vec<String>,
    /// Announce a certificate that nothing is signed by yet.
    pub next_certificate: bool,
    /// Sign the metadata too, with the same key.
    pub metadata_signed: bool,
    /// Instead of 2048.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u16>,
    /// Also answer at `http://127.0.0.1:PORT/callback`.
    pub callback_port: Option<u16>,
    /// Instead of Olivia and Bob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
}

/// What `samlp` encrypts the assertion with; the key is always wrapped by RSA-OAEP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, strum::VariantArray)]
pub enum Encryption {
    /// AES-256 in Galois/Counter Mode.
    #[default]
    #[serde(rename = "http://www.w3.org/2009/xmlenc11#aes256-gcm")]
    Aes256Gcm,
    /// AES-128 in Galois/Counter Mode.
    #[serde(rename = "http://www.w3.org/2009/xmlenc11#aes128-gcm")]
    Aes128Gcm,
    /// AES-256 in Cipher Block Chaining.
    #[serde(rename = "http://www.w3.org/2001/04/xmlenc#aes256-cbc")]
    Aes256Cbc,
    /// AES-128 in Cipher Block Chaining.
    #[serde(rename = "http://www.w3.org/2001/04/xmlenc#aes128-cbc")]
    Aes128Cbc,
    /// Triple DES: weak.
    #[serde(rename = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc")]
    TripleDes,
}

/// What `samlp` calls the claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimNames {
    /// `email`, `name`, `groups`.
    #[default]
    Plain,
    /// The addresses of WS-Federation, such as `http://schemas.xmlsoap.org/claims/Group`.
    Addresses,
}

/// The shape of `samlp`'s answers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SamlpShape {
    /// What is signed.
    pub signed: Signed,
    /// With what; only RSA with SHA-256 or SHA-1.
    #[serde(serialize_with = "short")]
    pub algorithm: Algorithm,
    /// Requests must be signed by the key of this certificate, PEM.
    pub asked_by: Option<String>,
    /// Encrypt the assertion to the key of this certificate, PEM.
    pub encrypted_to: Option<String>,
    /// With what.
    pub encryption: Encryption,
    /// What the claims are called.
    pub claim_names: ClaimNames,
    /// Seconds, instead of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<u32>,
    /// Instead of the service.
    pub audience: Option<String>,
    /// `Recipient`, instead of the address that is answered at.
    pub recipient: Option<String>,
    /// `Destination`, instead of the address that is answered at.
    pub destination: Option<String>,
    /// `InResponseTo`, instead of the request.
    pub in_response_to: Option<String>,
    /// Instead of 2048.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u16>,
    /// Also answer at `http://127.0.0.1:PORT/callback`.
    pub callback_port: Option<u16>,
    /// Instead of Olivia and Bob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
}

/// A running SAML provider.
#[derive(Debug)]
pub struct SamlProvider {
    /// `Issuer` of every answer.
    pub entity_id: String,
    /// Takes requests by HTTP-Redirect and by HTTP-POST.
    pub sign_on_url: Url,
    /// Its metadata.
    pub metadata_url: Url,
    /// Starts a sign-in that nobody asked for; it ends at [`SERVICE_REDIRECT`].
    pub initiate_url: Url,
    /// Of the key that signs, PEM.
    pub certificate: String,
    /// Of the key that will sign one day, PEM, if the shape announces one.
    pub next_certificate: Option<String>,
    /// Where answers may go. A request for any other address is answered at the first.
    pub acs: Vec<Url>,
    /// Everybody who can sign in.
    pub people: Vec<Person>,
    process: Process,
    _state: Option<TempDir>,
}

impl SamlProvider {
    /// Starts SimpleSAMLphp on a free port and waits until it listens. It remembers who signed in, per browser.
    pub fn simplesamlphp(shape: &SimpleSamlShape) -> Result<Self, StartError> {
        let state = tempfile::tempdir().map_err(StartError::Files)?;
        let config = WithState {
            state: state.path().to_str(),
            shape,
        };
        let (process, ready) = start(None, "simplesamlphp.mjs", &config)?;
        Ok(Self::started(process, ready, Some(state)))
    }

    /// Starts `samlp` on a free port and waits until it listens. It asks at every sign-in.
    pub fn samlp(shape: &SamlpShape) -> Result<Self, StartError> {
        let (process, ready) = start(Some("samlp"), "samlp.mjs", shape)?;
        Ok(Self::started(process, ready, None))
    }

    fn started(process: Process, ready: Ready, state: Option<TempDir>) -> Self {
        Self {
            entity_id: ready.entity_id,
            sign_on_url: ready.sign_on_url,
            metadata_url: ready.metadata_url,
            initiate_url: ready.initiate_url,
            certificate: ready.certificate,
            next_certificate: ready.next_certificate,
            acs: ready.acs,
            people: ready.people,
            process,
            _state: state,
        }
    }

    /// The person with this address. Panics when nobody has it: the test is wrong then.
    pub fn person(&self, email: &str) -> &Person {
        let found = self.people.iter().find(|person| person.email == email);
        found.unwrap_or_else(|| panic!("nobody at the provider has the address {email}"))
    }

    /// What the provider wrote to its standard error so far, for the message of a failing test.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

#[derive(Serialize)]
struct WithState<'a> {
    state: Option<&'a str>,
    #[serde(flatten)]
    shape: &'a SimpleSamlShape,
}

#[derive(Deserialize)]
struct Ready {
    entity_id: String,
    sign_on_url: Url,
    metadata_url: Url,
    initiate_url: Url,
    certificate: String,
    next_certificate: Option<String>,
    acs: Vec<Url>,
    people: Vec<Person>,
}

/// `samlp`'s own names.
fn short<S: serde::Serializer>(algorithm: &Algorithm, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(algorithm.into())
}
