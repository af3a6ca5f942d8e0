//! The signature of a request that came by HTTP-Redirect (SAML 2.0 Bindings, 3.4.4.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

use crate::params::Params;

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// Whether the query is signed by this key. One that is not signed at all holds: the metadata does
/// not ask for it.
pub(super) fn holds(query: &str, params: &Params, key: &RsaPublicKey) -> bool {
    let Some(signature) = params.value("Signature") else {
        return true;
    };
    let Ok(signature) = STANDARD.decode(signature) else {
        return false;
    };
    // What is signed is the text as it was sent, in this order, wherever each stood.
    let signed: Vec<_> = ["SAMLRequest=", "RelayState=", "SigAlg="]
        .iter()
        .filter_map(|name| query.split('&').find(|sent| sent.starts_with(name)))
        .collect();
    let digest = Sha256::digest(signed.join("&"));
    params.value("SigAlg") == Some(RSA_SHA256)
        && key
            .verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &signature)
            .is_ok()
}
