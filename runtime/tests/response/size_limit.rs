//! The size limit of responses.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_fixture::Client;
use neo_client_runtime::{Error, ErrorKind, Method};

use crate::support::calls::{SECOND, client, client_with, ends, stock_error, stock_level};
use crate::support::clients::STOCK;
use crate::support::connection_fault::chunked;
use crate::support::server::{Server, json, response};

/// The limit of a [`modest`] client.
const LIMIT: usize = 256 << 10;

/// The most that sockets and buffers hold in addition to what was read.
const SLACK: usize = 48 << 20;

/// Starts a server that sends `head` and then `piece` without end. The counter holds how much it
/// could write.
pub fn endless(head: &'static str, piece: Vec<u8>) -> (Server, Arc<AtomicUsize>) {
    let written = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&written);
    let server = Server::serve(move |_, socket| {
        let _ = socket.write_all(head.as_bytes());
        while socket.write_all(&piece).is_ok() {
            count.fetch_add(piece.len(), Ordering::SeqCst);
        }
    });
    (server, written)
}

/// Returns a client that accepts responses of 256 KiB.
pub fn modest(server: &Server) -> Client {
    client_with(server, |call| {
        call.response_limit(LIMIT).timeout(100 * SECOND)
    })
}

/// Asserts that the error names the limit and that the call was not retried.
pub fn is_too_large(error: &Error, server: &Server) {
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge, "{error}");
    assert_eq!(error.status().unwrap(), 200);
    let text = error.to_string();
    assert!(
        text.contains("more than 262144 bytes, the client's `response_limit`"),
        "{text}"
    );
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
}

/// Asserts that the client stops reading an endless response at the limit.
async fn stops(head: &'static str, piece: Vec<u8>) {
    let (server, written) = endless(head, piece);
    is_too_large(&stock_error(&modest(&server)).await, &server);
    let before = written.load(Ordering::SeqCst);
    assert!(before < LIMIT + SLACK, "{before}");
}

#[tokio::test]
async fn size_limit_rejects_announced_length() {
    stops(
        "HTTP/1.1 200 -\r\ncontent-length: 262145\r\n\r\n",
        vec![b' '; LIMIT / 4],
    )
    .await;
    stops(
        "HTTP/1.1 200 -\r\ncontent-length: 9223372036854775807\r\n\r\n",
        vec![b' '; LIMIT / 4],
    )
    .await;
}

#[tokio::test]
async fn size_limit_stops_endless_body() {
    stops("HTTP/1.1 200 -\r\n\r\n", vec![b' '; LIMIT / 4]).await;
}

#[tokio::test]
async fn size_limit_stops_endless_chunks() {
    let head = "HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n";
    let piece = [b"10000\r\n", &[b' '; 65536][..], b"\r\n"].concat();
    stops(head, piece).await;
    let small = [b"80\r\n", &[b' '; 128][..], b"\r\n"].concat();
    stops(head, small.repeat(512)).await;
}

#[tokio::test]
async fn size_limit_is_inclusive() {
    let body = format!("{STOCK}{}", " ".repeat(LIMIT - STOCK.len()));
    let over = format!("{body} ");
    let size = |body: &str| format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for (fits, too_large) in [
        (json(200, &body), json(200, &over)),
        (chunked(&size(&body)), chunked(&size(&over))),
    ] {
        let server = Server::always(fits);
        stock_level(&modest(&server)).await.unwrap();
        let server = Server::always(too_large);
        is_too_large(&stock_error(&modest(&server)).await, &server);
    }
}

#[tokio::test]
async fn size_limit_is_set_for_one_call() {
    let server = Server::always(json(200, STOCK));
    let depot = client(&server);
    let error = stock_error(&depot.with_options(|call| call.response_limit(9))).await;
    assert!(error.to_string().contains("more than 9 bytes"), "{error}");
    stock_level(&depot).await.unwrap();
}

#[tokio::test]
async fn size_limit_applies_to_raw_bodies() {
    let (server, _) = endless("HTTP/1.1 200 -\r\n\r\n", vec![b' '; LIMIT / 4]);
    let request = modest(&server).request(Method::GET, "/x");
    is_too_large(&ends(request.send()).await.unwrap_err(), &server);
}

#[tokio::test]
async fn size_limit_keeps_status_of_endless_error() {
    let head = "HTTP/1.1 400 -\r\n\r\n";
    let (server, written) = endless(head, b"{\"error\": \"no\"} ".repeat(4096));
    let error = stock_error(&client(&server)).await;
    assert_eq!(error.status().unwrap(), 400);
    assert!(written.load(Ordering::SeqCst) < SLACK);
}

#[tokio::test]
async fn size_limit_ignores_body_of_redirect() {
    let server = Server::serve(|request, socket| {
        if request.target == "/moved" {
            let _ = socket.write_all(&response(200, &[], "[]"));
            return;
        }
        let _ = socket.write_all(b"HTTP/1.1 307 -\r\nlocation: /moved\r\n\r\n");
        while socket.write_all(&[b' '; 65536]).is_ok() {}
    });
    let request = modest(&server).request(Method::GET, "/x");
    ends(request.send()).await.unwrap();
}
