//! TLS with certificates: which are accepted, and what errors say about the others.
//!
//! Two providers of cryptography are in the dependency graph of these tests, aws-lc and ring, so
//! that rustls cannot choose one by itself.
#![cfg(feature = "rustls")]

use std::io;
use std::net::TcpStream;
use std::thread;

use neo_client_fixture::{Client, ClientBuilder};
use neo_client_runtime::ErrorKind;
use neo_client_runtime::reqwest::{Certificate as Root, Proxy};

use crate::support::calls::{place_order, quick, stock_error, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json};
use crate::support::tls::{Authority, Certificate};

const VALID: Certificate = Certificate {
    name: "localhost",
    is_expired: false,
};

/// Returns a builder of clients of `server`, under the name `localhost`.
fn builder(server: &Server) -> ClientBuilder {
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    let builder = Client::builder().depot_key(KEY).retry_policy(quick());
    builder.base_url(format!("https://localhost:{port}"))
}

/// Returns a client of `server` that accepts certificates of `authority`.
fn trusting(authority: &Authority, server: &Server) -> Client {
    trusted(builder(server), authority).build().unwrap()
}

fn trusted(builder: ClientBuilder, authority: &Authority) -> ClientBuilder {
    let root = Root::from_der(authority.der()).unwrap();
    builder.http(move |http| http.tls_certs_only([root.clone()]))
}

#[tokio::test]
async fn own_root_certificate_is_trusted_if_set() {
    let provider = rustls::crypto::CryptoProvider::get_default();
    assert!(provider.is_none(), "the tests need two providers");
    let authority = Authority::new();
    let server = authority.serve(VALID, false, json(200, STOCK));
    stock_level(&trusting(&authority, &server)).await.unwrap();
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn certificate_that_is_not_accepted_is_named() {
    let authority = Authority::new();
    let expired = Certificate {
        is_expired: true,
        ..VALID
    };
    let other = Certificate {
        name: "other.example",
        ..VALID
    };
    let unknown = builder(&authority.serve(VALID, false, json(200, STOCK)));
    let unknown = unknown.build().unwrap();
    let clients = [expired, other].map(|certificate| {
        let server = authority.serve(certificate, false, json(200, STOCK));
        trusting(&authority, &server)
    });
    for client in clients.into_iter().chain([unknown]) {
        for error in [
            stock_error(&client).await,
            place_order(&client).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
            let text = error.to_string();
            assert!(text.contains("certificate is not accepted"), "{text}");
            assert!(text.contains("`localhost`"), "{text}");
        }
    }
}

#[tokio::test]
async fn server_that_asks_for_a_certificate_is_explained() {
    let authority = Authority::new();
    let server = authority.serve(VALID, true, json(200, STOCK));
    let error = stock_error(&trusting(&authority, &server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    assert!(error.to_string().contains("CertificateRequired"), "{error}");
}

#[tokio::test]
async fn request_through_a_tunnel_is_hidden_from_the_proxy() {
    let authority = Authority::new();
    let name = "depot.example";
    let certificate = Certificate { name, ..VALID };
    let server = authority.serve(certificate, false, json(200, STOCK));
    let address = server.url().replace("http://", "");
    let proxy = Server::accept(move |connection| {
        connection.request();
        let target = TcpStream::connect(&address).unwrap();
        connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
        let (mut from, mut to) = (
            connection.socket.try_clone().unwrap(),
            target.try_clone().unwrap(),
        );
        thread::spawn(move || io::copy(&mut from, &mut to));
        let _ = io::copy(&mut &target, &mut connection.socket);
    });
    let url = Proxy::https(proxy.url()).unwrap();
    let builder = Client::builder().depot_key(KEY);
    let builder = builder.base_url(format!("https://{name}"));
    let builder = builder.http(move |http| http.proxy(url.clone()));
    let client = trusted(builder, &authority).build().unwrap();
    stock_level(&client).await.unwrap();
    let received = proxy.received();
    assert_eq!((received.len(), &*received[0].method), (1, "CONNECT"));
    assert!(!received[0].holds(KEY));
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn certificate_of_a_proxy_that_is_not_accepted_is_named() {
    let authority = Authority::new();
    let proxy = authority.serve(VALID, false, json(200, "{}"));
    let port = proxy.url().rsplit_once(':').unwrap().1.to_owned();
    let url = Proxy::https(format!("https://localhost:{port}")).unwrap();
    let builder = Client::builder().depot_key(KEY);
    let builder = builder.base_url("https://depot.example");
    let client = builder.http(move |http| http.proxy(url.clone()));
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    let text = error.to_string();
    assert!(text.contains("the proxy `localhost:"), "{text}");
    assert!(text.contains("certificate is not accepted"), "{text}");
}
