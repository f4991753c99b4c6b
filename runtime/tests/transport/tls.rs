//! `https` to servers that do not speak TLS, or do not finish the handshake.
#![cfg(feature = "rustls")]

use neo_client_fixture::{Client, ClientBuilder};
use neo_client_runtime::{Error, ErrorKind};

use crate::support::calls::{SECOND, place_order, quick, stock_error};
use crate::support::clients::KEY;
use crate::support::connection_fault::{ConnectionFault, reset, until_closed};
use crate::support::server::Server;

/// Returns a client that expects TLS of `server`.
fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn builder(server: &Server) -> ClientBuilder {
    let url = server.url().replace("http://", "https://");
    let builder = Client::builder().depot_key(KEY).base_url(url);
    builder.retry_policy(quick())
}

#[tokio::test]
async fn tls_to_plain_http_port_is_an_error() {
    let server = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        connection.send("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
        until_closed(&mut connection.socket);
    });
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    let text = error.to_string();
    assert!(text.contains("the TLS handshake failed"), "{text}");
    assert!(text.contains("127.0.0.1"), "{text}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn tls_unanswered_handshake_is_retried() {
    let server = Server::accept(|connection| {
        until_closed(&mut connection.socket);
    });
    let client = builder(&server)
        .connect_timeout(SECOND / 2)
        .build()
        .unwrap();
    let text = |error: Error| {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        error.to_string()
    };
    let expected = "within 0.5 s, the connect timeout";
    let get = text(stock_error(&client).await);
    assert!(get.contains(expected), "{get}");
    let order = text(place_order(&client).await.unwrap_err());
    assert!(
        order.contains(expected) && order.contains("trying again may help"),
        "{order}"
    );
    assert_eq!(server.accepted_at_least(6).await, 6);
}

#[tokio::test]
async fn tls_broken_handshake_is_retried() {
    let closed = ConnectionFault::ClosedAtOnce.always();
    let reset = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        reset(&connection.socket);
    });
    for server in [closed, reset] {
        let error = place_order(&client(&server)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(
            error.to_string().contains("no connection to `127.0.0.1`"),
            "{error}"
        );
        assert_eq!(server.accepted(), 3);
    }
}

#[tokio::test]
async fn tls_refused_handshake_is_an_error() {
    // A fatal alert: handshake_failure.
    let server = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        connection.send([21, 3, 3, 0, 2, 2, 40]);
        until_closed(&mut connection.socket);
    });
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    assert!(error.to_string().contains("HandshakeFailure"), "{error}");
}

#[tokio::test]
async fn tls_request_is_not_sent_before_handshake() {
    let server = Server::accept(|connection| {
        let mut hello = vec![0; 16 * 1024];
        let length = std::io::Read::read(&mut connection.socket, &mut hello).unwrap();
        let hello = String::from_utf8_lossy(&hello[..length]).into_owned();
        assert!(!hello.contains("dpt_sk_") && !hello.contains("GET "));
        connection.send("220 mail.example ESMTP\r\n");
    });
    assert_eq!(stock_error(&client(&server)).await.kind(), ErrorKind::Tls);
}
