//! Timeouts for connecting, for an attempt and for a call, and calls that are dropped.
//!
//! A timeout that must end something is short. A timeout that must not is long: no test depends on
//! how fast the machine is.

use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_runtime::{ErrorKind, Method, RetryPolicy};
use socket2::{Domain, Socket, Type};

use crate::support::calls::{
    SECOND, client, client_with, place_order, quick, send, stock_error, stock_level,
};
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::{ConnectionFault, later, until_closed};
use crate::support::server::{Server, json};

/// Returns a client of a host that drops connections, because the queue of its listener is full.
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
        .depot_key(KEY)
        .base_url(format!("http://{address}"));
    let builder = builder.retry_policy(quick()).connect_timeout(SECOND / 4);
    let client = builder.build().unwrap();
    (client, waiting, socket)
}

#[tokio::test]
async fn connect_timeout_ends_unaccepted_connection() {
    let (client, _waiting, _socket) = client_of_a_full_queue();
    let error = stock_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    let text = error.to_string();
    assert!(
        text.contains("within 0.25 s, the connect timeout"),
        "{text}"
    );
}

#[tokio::test]
async fn connect_timeout_of_an_order_is_retried() {
    let (client, _waiting, _socket) = client_of_a_full_queue();
    let error = place_order(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert!(
        error.to_string().contains("trying again may help"),
        "{error}"
    );
}

#[tokio::test]
async fn connect_timeout_does_not_limit_the_response() {
    let server = Server::serve(|_, socket| {
        sleep(3 * SECOND);
        let _ = std::io::Write::write_all(socket, &json(200, STOCK));
    });
    let builder = Client::builder().depot_key(KEY).base_url(server.url());
    let builder = builder.connect_timeout(2 * SECOND);
    let client = builder.retry_policy(RetryPolicy::none()).build().unwrap();
    stock_level(&client).await.unwrap();
}

#[tokio::test]
async fn attempt_timeout_ends_silent_attempt() {
    let server = ConnectionFault::Silence.always();
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 4));
    let error = stock_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    let text = error.to_string();
    let expected = "no response came within 0.25 s, the attempt timeout";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn attempt_timeout_in_body_keeps_status() {
    let server = ConnectionFault::SilenceInBody.always();
    let client = client_with(&server, |call| call.retries(0).attempt_timeout(3 * SECOND));
    let error = stock_error(&client).await;
    assert!(error.is_timeout());
    assert_eq!(error.status().unwrap(), 200);
    let text = error.to_string();
    assert!(
        text.contains("the response was not complete within 3 s"),
        "{text}"
    );
}

#[tokio::test]
async fn deadline_ends_running_attempt() {
    let server = ConnectionFault::Silence.always();
    let error = stock_error(&client_with(&server, |call| call.timeout(SECOND / 4))).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    let text = error.to_string();
    let expected = "no response came within 0.25 s, the call timeout";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn deadline_includes_attempts_and_waits() {
    let server = ConnectionFault::Status(503).always();
    let policy = quick().attempts(1000).backoff(SECOND / 5, SECOND / 5);
    let client = client_with(&server, |call| {
        call.retry_policy(policy).timeout(2 * SECOND)
    });
    let error = stock_error(&client).await;
    assert!(error.is_retryable());
    assert!((1..1000).contains(&error.attempts()), "{error}");
}

/// Starts a server that sends `head` at once and then `slow` byte by byte. An empty `slow` stands
/// for an endless one.
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
async fn attempt_timeout_ends_dripping_head() {
    let server = slowly("HTTP/1.1 200 -\r\nx-a: ", "", SECOND / 20);
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 2));
    let error = stock_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert!(
        error.to_string().contains("no response came within 0.5 s"),
        "{error}"
    );
}

#[tokio::test]
async fn attempt_timeout_ends_dripping_body() {
    let head = "HTTP/1.1 200 -\r\ncontent-length: 9999\r\n\r\n";
    let server = slowly(head, "", SECOND / 20);
    let client = client_with(&server, |call| call.retries(1).attempt_timeout(3 * SECOND));
    let error = stock_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn response_that_drips_and_ends_is_read() {
    let head = "HTTP/1.1 200 -\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let slow = "x-a: b\r\n\r\n{\"available\": 1, \"stocked\": 2, \"shipped\": 1}";
    let server = slowly(head, slow, Duration::from_millis(10));
    assert_eq!(stock_level(&client(&server)).await.unwrap().stocked, 2.0);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn timeout_of_one_call_leaves_the_client_alone() {
    let server = Server::serve(|_, socket| {
        sleep(SECOND / 2);
        let _ = std::io::Write::write_all(socket, &json(200, STOCK));
    });
    let depot = client(&server);
    let hasty = depot.with_options(|call| call.timeout(SECOND / 10));
    assert!(stock_error(&hasty).await.is_timeout());
    stock_level(&depot).await.unwrap();
}

/// Starts a server that sends `head` and then nothing. The receiver tells of each connection
/// whether the client closed it.
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
    let call = tokio::spawn(async move { stock_level(&client).await });
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
async fn call_dropped_before_response_closes_connection() {
    dropped("").await;
}

#[tokio::test]
async fn call_dropped_in_body_closes_connection() {
    dropped("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{").await;
}

#[tokio::test]
async fn call_timed_out_closes_its_connections() {
    let (server, is_closed) = watched("");
    let client = client_with(&server, |call| call.retries(1).attempt_timeout(2 * SECOND));
    stock_error(&client).await;
    let all =
        tokio::task::spawn_blocking(move || is_closed.recv().unwrap() && is_closed.recv().unwrap());
    assert!(all.await.unwrap());
}

#[tokio::test]
async fn call_dropped_while_waiting_sends_nothing_more() {
    let server = Server::start(|_| later(503, "2"));
    let client = client(&server);
    let call = tokio::spawn(async move { send(&client, Method::GET).await });
    while server.received().is_empty() {
        tokio::time::sleep(SECOND / 50).await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    tokio::time::sleep(3 * SECOND).await;
    assert_eq!(server.received().len(), 1);
}
