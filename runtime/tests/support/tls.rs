//! Servers that speak TLS with certificates made for the test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::support::connection_fault::until_closed;
use crate::support::server::Server;

/// A certificate authority.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate of a server.
#[derive(Clone, Copy)]
pub struct Certificate {
    pub name: &'static str,
    pub is_expired: bool,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            certificate: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    /// Returns the certificate of the authority, in DER.
    pub fn der(&self) -> &[u8] {
        &self.certificate
    }

    /// Starts a server that sends each request this response over TLS. If `asks`, the server wants
    /// a certificate of the client.
    pub fn serve(&self, certificate: Certificate, asks: bool, answer: Vec<u8>) -> Server {
        let config = Arc::new(self.config(certificate, asks));
        Server::accept(move |connection| {
            let socket = connection.socket.try_clone().unwrap();
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = StreamOwned::new(session, socket);
            let is_open = read_head(&mut tls).is_some();
            if is_open {
                let _ = tls.write_all(&answer);
                tls.conn.send_close_notify();
            }
            let _ = tls.flush();
            if !is_open {
                // Otherwise the unread request would make a reset, which overtakes the alert.
                until_closed(&mut connection.socket);
            }
        })
    }

    fn config(&self, certificate: Certificate, asks: bool) -> ServerConfig {
        let mut params = CertificateParams::new([certificate.name.to_owned()]).unwrap();
        if certificate.is_expired {
            (params.not_before, params.not_after) =
                (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        }
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = match asks {
            false => builder.with_no_client_auth(),
            true => {
                let mut roots = RootCertStore::empty();
                roots.add(self.certificate.clone()).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let chain = vec![signed.der().clone()];
        builder.with_single_cert(chain, key).unwrap()
    }
}

/// Reads the head of a request. Returns `None` if the handshake or the connection ends before.
fn read_head(tls: &mut StreamOwned<ServerConnection, TcpStream>) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match tls.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    String::from_utf8(head).ok()
}
