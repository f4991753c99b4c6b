//! Connections that are not made, or break: what the error says, and that the next attempt may succeed.

use std::io::Write;
use std::net::{Shutdown, TcpListener};

use neo_client::{Client, ErrorKind, Method};

use crate::faults::fault::{Fault, until_closed};
use crate::faults::scene::{balance, balance_error, client, ends, once, purchase, quick};
use crate::server::{BALANCE, KEY, Server, json};

#[tokio::test]
async fn a_port_where_nobody_listens() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let builder = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{closed}"));
    let client = builder.retry_policy(quick()).build().unwrap();
    for error in [
        balance_error(&client).await,
        purchase(&client).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        let whole = format!("{error:#}");
        let port = closed.port();
        let expected = format!("no connection to `127.0.0.1` on port {port}");
        assert!(whole.contains(&expected), "{whole}");
        assert!(whole.contains("Connection refused"), "{whole}");
        assert!(whole.contains("trying again may help"), "{whole}");
    }
}

#[tokio::test]
async fn a_host_that_does_not_exist() {
    let builder = Client::builder()
        .api_key(KEY)
        .base_url("https://nonexistent.invalid");
    let client = builder.retry_policy(quick()).build().unwrap();
    let error = balance_error(&client).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    let text = error.to_string();
    assert!(
        text.contains("the host `nonexistent.invalid` was not found"),
        "{text}"
    );
}

#[tokio::test]
async fn the_first_two_connections_are_closed_at_once() {
    let server = Fault::ClosedAtOnce.first(2, json(200, BALANCE));
    balance(&client(&server)).await.unwrap();
    assert_eq!((server.accepted(), server.received().len()), (3, 1));
}

#[tokio::test]
async fn every_connection_is_reset() {
    for fault in [Fault::ResetUnread, Fault::ResetAfterRead] {
        let server = fault.always();
        let error = balance_error(&client(&server)).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
        assert_eq!(server.accepted(), 3);
        let text = error.to_string();
        assert!(
            text.contains("the connection was reset before the reply was complete"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn every_connection_is_closed_without_a_reply() {
    let server = Fault::ClosedAfterRead.always();
    let error = balance_error(&client(&server)).await;
    let text = error.to_string();
    let expected = "the server closed the connection before the reply was complete";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn the_server_closes_its_half_without_a_reply() {
    let server = Server::accept(|connection| {
        connection.request();
        connection.socket.shutdown(Shutdown::Write).unwrap();
        until_closed(&mut connection.socket);
    });
    let error = balance_error(&once(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn the_server_closes_its_half_after_the_reply() {
    let server = Server::accept(|connection| {
        connection.request();
        connection.send(format!("HTTP/1.1 200 -\r\n\r\n{BALANCE}"));
        connection.socket.shutdown(Shutdown::Write).unwrap();
        until_closed(&mut connection.socket);
    });
    balance(&once(&server)).await.unwrap();
}

#[tokio::test]
async fn the_server_closes_its_half_in_the_body() {
    let server = Server::accept(|connection| {
        connection.request();
        connection.send("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{");
        connection.socket.shutdown(Shutdown::Write).unwrap();
        until_closed(&mut connection.socket);
    });
    let error = balance_error(&once(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().unwrap(), 200);
}

/// The refusal of a large body comes while it is still being sent, and none of it was read.
#[tokio::test]
async fn a_refusal_that_comes_before_the_body_was_sent_is_read() {
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
