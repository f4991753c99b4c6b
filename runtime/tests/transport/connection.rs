//! Connections that cannot be made, or break.

use std::io::Write;
use std::net::Shutdown;

use neo_client_fixture::Client;
use neo_client_runtime::{ErrorKind, Method};

use crate::support::calls::{
    client, ends, once, place_order, quick, refusing_socket, stock_error, stock_level,
};
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::{ConnectionFault, until_closed};
use crate::support::server::{Server, json};

#[tokio::test]
async fn connection_refused_is_named_and_retried() {
    let (_socket, url) = refusing_socket();
    let builder = Client::builder().depot_key(KEY).base_url(&url);
    let client = builder.retry_policy(quick()).build().unwrap();
    for error in [
        stock_error(&client).await,
        place_order(&client).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        let whole = format!("{error:#}");
        let port = url.rsplit_once(':').unwrap().1;
        let expected = format!("no connection to `127.0.0.1` on port {port}");
        assert!(whole.contains(&expected), "{whole}");
        assert!(whole.contains("Connection refused"), "{whole}");
        assert!(whole.contains("trying again may help"), "{whole}");
    }
}

#[tokio::test]
async fn connection_to_unknown_host_is_named() {
    let builder = Client::builder()
        .depot_key(KEY)
        .base_url("https://nonexistent.invalid");
    let client = builder.retry_policy(quick()).build().unwrap();
    let error = stock_error(&client).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    let text = error.to_string();
    assert!(
        text.contains("the host `nonexistent.invalid` was not found"),
        "{text}"
    );
}

#[tokio::test]
async fn connection_closed_at_once_is_retried() {
    let server = ConnectionFault::ClosedAtOnce.first(2, json(200, STOCK));
    stock_level(&client(&server)).await.unwrap();
    assert_eq!((server.accepted(), server.received().len()), (3, 1));
}

#[tokio::test]
async fn connection_reset_is_named_and_retried() {
    for fault in [
        ConnectionFault::ResetUnread,
        ConnectionFault::ResetAfterRead,
    ] {
        let server = fault.always();
        let error = stock_error(&client(&server)).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
        assert_eq!(server.accepted(), 3);
        let text = error.to_string();
        assert!(
            text.contains("the connection was reset before the response was complete"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn connection_closed_before_response_is_named() {
    let server = ConnectionFault::ClosedAfterRead.always();
    let error = stock_error(&client(&server)).await;
    let text = error.to_string();
    let expected = "the server closed the connection before the response was complete";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn half_close_before_response_is_transport_error() {
    let server = Server::accept(|connection| {
        connection.request();
        connection.socket.shutdown(Shutdown::Write).unwrap();
        until_closed(&mut connection.socket);
    });
    let error = stock_error(&once(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn half_close_after_response_is_accepted() {
    let server = Server::accept(|connection| {
        connection.request();
        connection.send(format!("HTTP/1.1 200 -\r\n\r\n{STOCK}"));
        connection.socket.shutdown(Shutdown::Write).unwrap();
        until_closed(&mut connection.socket);
    });
    stock_level(&once(&server)).await.unwrap();
}

#[tokio::test]
async fn half_close_in_body_keeps_status() {
    let server = Server::accept(|connection| {
        connection.request();
        connection.send("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{");
        connection.socket.shutdown(Shutdown::Write).unwrap();
        until_closed(&mut connection.socket);
    });
    let error = stock_error(&once(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().unwrap(), 200);
}

/// The server responds while the client still sends a large body, which the server does not read.
#[tokio::test]
async fn error_response_before_body_is_sent_is_read() {
    let server = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        connection
            .socket
            .write_all(&json(413, r#"{"error": "too much"}"#))
            .unwrap();
        until_closed(&mut connection.socket);
    });
    let client = once(&server);
    let request = client
        .request(Method::POST, "/x")
        .json(&"x".repeat(20 << 20));
    let error = ends(request.send()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 413);
    assert!(error.to_string().contains("too much"), "{error}");
}
