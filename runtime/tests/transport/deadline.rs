//! Time limits: for connecting, for an attempt, for the call; which of them ended it; and calls that are dropped.

use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::Duration;

use neo_client::{Client, ErrorKind, Method};
use socket2::{Domain, Socket, Type};

use crate::faults::fault::{Fault, later, until_closed};
use crate::faults::scene::{
    SECOND, balance, balance_error, client, client_with, purchase, quick, send,
};
use crate::server::{BALANCE, KEY, Server, json};

/// A client of a host that drops what comes: the queue of its listener is full.
fn client_of_a_full_queue() -> (Client, Vec<TcpStream>, Socket) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket
        .bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    socket.listen(1).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let connect = || TcpStream::connect_timeout(&address, SECOND / 4).ok();
    let waiting = std::iter::from_fn(connect).take(64).collect::<Vec<_>>();
    assert!(waiting.len() < 64, "the queue takes them all");
    let builder = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{address}"));
    let client = builder.retry_policy(quick()).build().unwrap();
    (client, waiting, socket)
}

#[tokio::test]
async fn a_connection_that_is_not_accepted_ends_by_the_limit_for_connecting() {
    let (client, _waiting, _socket) = client_of_a_full_queue();
    let client = client.with(|call| call.connect_timeout(SECOND / 4));
    let error = balance_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    let text = error.to_string();
    assert!(
        text.contains("within 0.25 s, the time limit for connecting"),
        "{text}"
    );
}

#[tokio::test]
async fn a_purchase_is_tried_again_when_no_connection_was_made_in_time() {
    let (client, _waiting, _socket) = client_of_a_full_queue();
    let client = client.with(|call| call.connect_timeout(SECOND / 4));
    let error = purchase(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert!(
        error.to_string().contains("trying again may help"),
        "{error}"
    );
}

#[tokio::test]
async fn the_limit_for_connecting_is_not_one_for_the_reply() {
    let server = Server::serve(|_, socket| {
        sleep(SECOND);
        let _ = std::io::Write::write_all(socket, &json(200, BALANCE));
    });
    let client = client_with(&server, |call| call.retries(0).connect_timeout(SECOND / 2));
    balance(&client).await.unwrap();
}

#[tokio::test]
async fn an_attempt_without_a_reply_ends_by_its_limit() {
    let server = Fault::Silence.always();
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 4));
    let error = balance_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    let text = error.to_string();
    let expected = "no reply came within 0.25 s, the time limit of an attempt";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn an_attempt_that_stops_in_the_body_tells_the_status() {
    let server = Fault::SilenceInBody.always();
    let client = client_with(&server, |call| call.retries(0).attempt_timeout(SECOND));
    let error = balance_error(&client).await;
    assert!(error.is_timeout());
    assert_eq!(error.status().unwrap(), 200);
    let text = error.to_string();
    assert!(
        text.contains("the reply was not complete within 1 s"),
        "{text}"
    );
}

#[tokio::test]
async fn the_deadline_ends_an_attempt_that_might_go_on() {
    let server = Fault::Silence.always();
    let error = balance_error(&client_with(&server, |call| call.timeout(SECOND / 4))).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    let text = error.to_string();
    let expected = "no reply came within 0.25 s, the time limit of the call";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn the_deadline_counts_attempts_and_the_waits_between_them() {
    let server = Fault::Status(503).always();
    let policy = quick().attempts(1000).backoff(SECOND / 5, SECOND / 5);
    let client = client_with(&server, |call| call.retry_policy(policy).timeout(SECOND));
    let error = balance_error(&client).await;
    assert!(error.is_retryable());
    assert!((2..100).contains(&error.attempts()), "{error}");
}

/// A server that sends `head` at once, then byte after byte of `slow`, endlessly if it is empty.
fn slowly(head: &'static str, slow: &'static str, pause: Duration) -> Server {
    Server::accept(move |connection| {
        if connection.request().is_none() {
            return;
        }
        let send = |socket: &mut TcpStream, bytes: &[u8]| {
            sleep(pause);
            std::io::Write::write_all(socket, bytes).is_ok()
        };
        connection.send(head);
        if slow.is_empty() {
            while send(&mut connection.socket, b"x") {}
        }
        for byte in slow.bytes() {
            send(&mut connection.socket, &[byte]);
        }
    })
}

#[tokio::test]
async fn a_head_that_drips_ends_by_the_limit_of_the_attempt() {
    let server = slowly("HTTP/1.1 200 -\r\nx-a: ", "", SECOND / 20);
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 2));
    let error = balance_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert!(
        error.to_string().contains("no reply came within 0.5 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_body_that_drips_ends_by_the_limit_of_the_attempt() {
    let head = "HTTP/1.1 200 -\r\ncontent-length: 9999\r\n\r\n";
    let server = slowly(head, "", SECOND / 20);
    let client = client_with(&server, |call| call.retries(1).attempt_timeout(SECOND));
    let error = balance_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn a_reply_that_drips_and_ends_is_read() {
    let head = "HTTP/1.1 200 -\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let slow =
        "x-a: b\r\n\r\n{\"available_credits\": 1, \"issued_credits\": 2, \"used_credits\": 1}";
    let server = slowly(head, slow, Duration::from_millis(10));
    assert_eq!(balance(&client(&server)).await.unwrap().issued_credits, 2.0);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn the_limits_of_one_call_are_not_those_of_the_client() {
    let server = Server::serve(|_, socket| {
        sleep(SECOND / 2);
        let _ = std::io::Write::write_all(socket, &json(200, BALANCE));
    });
    let neo = client(&server);
    let hasty = neo.with(|call| call.timeout(SECOND / 10));
    assert!(balance_error(&hasty).await.is_timeout());
    balance(&neo).await.unwrap();
}

/// A server whose every connection fails as `fault` says, and whether the client closed each.
fn watched(head: &'static str) -> (Server, Receiver<bool>) {
    let (closed, is_closed) = channel();
    let closed = Mutex::new(closed);
    let server = Server::accept(move |connection| {
        connection.request();
        connection.send(head);
        let was_closed = until_closed(&mut connection.socket);
        let _ = closed.lock().unwrap().send(was_closed);
    });
    (server, is_closed)
}

/// Starts a call, drops it once the server has the request, and waits for the connection to end.
async fn dropped(head: &'static str) {
    let (server, is_closed) = watched(head);
    let client = client(&server);
    let call = tokio::spawn(async move { balance(&client).await });
    while server.received().is_empty() {
        tokio::time::sleep(SECOND / 50).await;
    }
    tokio::time::sleep(SECOND / 10).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let was_closed = tokio::task::spawn_blocking(move || is_closed.recv().unwrap());
    assert!(was_closed.await.unwrap());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_call_that_is_dropped_before_the_reply_closes_its_connection() {
    dropped("").await;
}

#[tokio::test]
async fn a_call_that_is_dropped_in_the_body_closes_its_connection() {
    dropped("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{").await;
}

#[tokio::test]
async fn a_call_that_runs_out_of_time_closes_its_connections() {
    let (server, is_closed) = watched("");
    let client = client_with(&server, |call| call.retries(1).attempt_timeout(SECOND / 4));
    balance_error(&client).await;
    let all =
        tokio::task::spawn_blocking(move || is_closed.recv().unwrap() && is_closed.recv().unwrap());
    assert!(all.await.unwrap());
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_waits_sends_nothing_more() {
    let server = Server::start(|_| later(503, "1"));
    let client = client(&server);
    let call = tokio::time::timeout(SECOND / 2, send(&client, Method::GET));
    assert!(call.await.is_err());
    tokio::time::sleep(SECOND).await;
    assert_eq!(server.received().len(), 1);
}
