//! https to what does not speak TLS, or does not finish the handshake.
#![cfg(feature = "rustls")]

use neo_client::{Client, Error, ErrorKind};

use crate::faults::fault::{Fault, reset, until_closed};
use crate::faults::scene::{SECOND, balance_error, purchase, quick};
use crate::server::{KEY, Server};

/// A client that takes `server` for one with TLS.
fn client(server: &Server) -> Client {
    let url = server.url().replace("http://", "https://");
    let builder = Client::builder().api_key(KEY).base_url(url);
    builder.retry_policy(quick()).build().unwrap()
}

#[tokio::test]
async fn a_port_that_speaks_plain_http() {
    let server = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        connection.send("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
        until_closed(&mut connection.socket);
    });
    let error = balance_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    let text = error.to_string();
    assert!(text.contains("the TLS handshake failed"), "{text}");
    assert!(text.contains("127.0.0.1"), "{text}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_handshake_that_is_never_answered() {
    let server = Server::accept(|connection| {
        until_closed(&mut connection.socket);
    });
    let client = client(&server).with(|call| call.connect_timeout(SECOND / 2));
    let text = |error: Error| {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        error.to_string()
    };
    let expected = "within 0.5 s, the time limit for connecting";
    let get = text(balance_error(&client).await);
    assert!(get.contains(expected), "{get}");
    let order = text(purchase(&client).await.unwrap_err());
    assert!(
        order.contains(expected) && order.contains("trying again may help"),
        "{order}"
    );
    assert_eq!(server.accepted(), 6);
}

#[tokio::test]
async fn a_handshake_that_breaks_off() {
    let closed = Fault::ClosedAtOnce.always();
    let reset = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        reset(&connection.socket);
    });
    for server in [closed, reset] {
        let error = purchase(&client(&server)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(
            error.to_string().contains("no connection to `127.0.0.1`"),
            "{error}"
        );
        assert_eq!(server.accepted(), 3);
    }
}

#[tokio::test]
async fn a_server_that_refuses_the_handshake() {
    // A fatal alert: handshake_failure.
    let server = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        connection.send([21, 3, 3, 0, 2, 2, 40]);
        until_closed(&mut connection.socket);
    });
    let error = balance_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    assert!(error.to_string().contains("HandshakeFailure"), "{error}");
}

#[tokio::test]
async fn nothing_of_the_request_is_sent_before_the_handshake() {
    let server = Server::accept(|connection| {
        let mut hello = vec![0; 16 * 1024];
        let length = std::io::Read::read(&mut connection.socket, &mut hello).unwrap();
        let hello = String::from_utf8_lossy(&hello[..length]).into_owned();
        assert!(!hello.contains("neo_sk_") && !hello.contains("GET "));
        connection.send("220 mail.example ESMTP\r\n");
    });
    assert_eq!(balance_error(&client(&server)).await.kind(), ErrorKind::Tls);
}
