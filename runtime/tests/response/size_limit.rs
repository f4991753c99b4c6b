//! The ceiling on a reply: no body costs more than it, announced or not.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client::{Client, Error, ErrorKind, Method};

use crate::faults::fault::chunked;
use crate::faults::scene::{SECOND, balance, balance_error, client, client_with, ends};
use crate::server::{BALANCE, Server, json, reply};

/// The ceiling of a [`modest`] client.
const LIMIT: usize = 256 << 10;

/// What sockets and buffers hold at most besides what was read.
const SLACK: usize = 48 << 20;

/// A server that sends `head` and then `piece` again and again, and how much it could write.
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

/// A client that takes replies of 256 KiB.
pub fn modest(server: &Server) -> Client {
    client_with(server, |call| {
        call.response_limit(LIMIT).timeout(20 * SECOND)
    })
}

/// The limit is named, and the call was not repeated.
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

/// Asks for an endless reply, of which at most the ceiling and what the sockets hold may be taken.
async fn stops(head: &'static str, piece: Vec<u8>) {
    let (server, written) = endless(head, piece);
    is_too_large(&balance_error(&modest(&server)).await, &server);
    // The client is alive, and still nobody reads on.
    let before = written.load(Ordering::SeqCst);
    assert!(before < LIMIT + SLACK, "{before}");
}

#[tokio::test]
async fn an_announced_length_beyond_it_is_not_read_at_all() {
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
async fn a_body_without_a_length_and_without_an_end() {
    stops("HTTP/1.1 200 -\r\n\r\n", vec![b' '; LIMIT / 4]).await;
}

#[tokio::test]
async fn chunks_without_an_end() {
    let head = "HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n";
    let piece = [b"10000\r\n", &[b' '; 65536][..], b"\r\n"].concat();
    stops(head, piece).await;
    let small = [b"80\r\n", &[b' '; 128][..], b"\r\n"].concat();
    stops(head, small.repeat(512)).await;
}

#[tokio::test]
async fn exactly_the_ceiling_is_read() {
    let body = format!("{BALANCE}{}", " ".repeat(LIMIT - BALANCE.len()));
    let over = format!("{body} ");
    let size = |body: &str| format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for (fits, too_large) in [
        (json(200, &body), json(200, &over)),
        (chunked(&size(&body)), chunked(&size(&over))),
    ] {
        let server = Server::always(fits);
        balance(&modest(&server)).await.unwrap();
        let server = Server::always(too_large);
        is_too_large(&balance_error(&modest(&server)).await, &server);
    }
}

#[tokio::test]
async fn it_is_set_for_one_call() {
    let server = Server::always(json(200, BALANCE));
    let neo = client(&server);
    let error = balance_error(&neo.with(|call| call.response_limit(9))).await;
    assert!(error.to_string().contains("more than 9 bytes"), "{error}");
    balance(&neo).await.unwrap();
}

#[tokio::test]
async fn a_body_that_is_not_decoded_has_it_too() {
    let (server, _) = endless("HTTP/1.1 200 -\r\n\r\n", vec![b' '; LIMIT / 4]);
    let request = modest(&server).request(Method::GET, "/x");
    is_too_large(&ends(request.send()).await.unwrap_err(), &server);
}

#[tokio::test]
async fn an_endless_refusal_is_a_refusal() {
    let head = "HTTP/1.1 400 -\r\n\r\n";
    let (server, written) = endless(head, b"{\"error\": \"no\"} ".repeat(4096));
    let error = balance_error(&client(&server)).await;
    assert_eq!(error.status().unwrap(), 400);
    assert!(written.load(Ordering::SeqCst) < SLACK);
}

#[tokio::test]
async fn a_redirect_with_an_endless_body_is_followed() {
    let server = Server::serve(|request, socket| {
        if request.target == "/moved" {
            let _ = socket.write_all(&reply(200, &[], "[]"));
            return;
        }
        let _ = socket.write_all(b"HTTP/1.1 307 -\r\nlocation: /moved\r\n\r\n");
        while socket.write_all(&[b' '; 65536]).is_ok() {}
    });
    let request = modest(&server).request(Method::GET, "/x");
    ends(request.send()).await.unwrap();
}
