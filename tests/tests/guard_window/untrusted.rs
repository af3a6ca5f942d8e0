//! A server that no computer trusts.

use std::{
    io::Read,
    net::TcpListener,
    sync::{Arc, mpsc},
    thread,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};

/// Speaks TLS on a port of loopback, with a certificate for `host` that nobody else has signed. Tells of
/// every connection on which something was sent to it inside.
pub(crate) fn untrusted_server(host: &str) -> (u16, mpsc::Receiver<u8>) {
    let config = Arc::new(config(host));
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let session =
                ServerConnection::new(config.clone()).expect("the configuration is whole");
            let mut byte = [0];
            if matches!(StreamOwned::new(session, connection).read(&mut byte), Ok(1)) {
                // The test may be over.
                let _ = tell.send(byte[0]);
            }
        }
    });
    (port, told)
}

fn config(host: &str) -> ServerConfig {
    let own = rcgen::generate_simple_self_signed([host.to_owned()]).expect("a name to certify");
    let key =
        PrivateKeyDer::try_from(own.signing_key.serialize_der()).expect("rcgen writes PKCS #8");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config
                .with_no_client_auth()
                .with_single_cert(vec![own.cert.der().clone()], key)
        })
        .expect("the key is the certificate's")
}
