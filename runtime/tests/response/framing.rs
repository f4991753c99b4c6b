//! How a reply is framed: heads, lengths and chunks that are odd but sound are read, and no others.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client::{Error, ErrorKind, Method};

use crate::faults::fault::chunked;
use crate::faults::scene::{
    SECOND, balance, balance_error, client, client_with, in_turn, once, send,
};
use crate::server::{BALANCE, Server};

/// A good head without an end, to put headers after.
const HEAD: &str = "HTTP/1.1 200 -\r\nconnection: close\r\ncontent-type: application/json\r\n";

async fn is_read(answer: impl Into<Vec<u8>>) {
    let server = Server::always(answer.into());
    assert_eq!(balance(&once(&server)).await.unwrap().issued_credits, 100.0);
}

/// The error of one attempt that gets `answer`. It is the same as the end of three attempts.
async fn is_broken(answer: impl Into<Vec<u8>>) -> Error {
    let server = Server::always(answer.into());
    let error = balance_error(&client(&server)).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Transport, 3),
        "{error:#}"
    );
    balance_error(&once(&server)).await
}

#[tokio::test]
async fn what_is_not_http() {
    for answer in [
        "SSH-2.0-OpenSSH_9.7\r\n",
        "garbage\r\n\r\n",
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 2000 -\r\n\r\n",
        "HTTP/3.0 200 -\r\n\r\n",
    ] {
        let text = is_broken(answer).await.to_string();
        assert!(
            text.contains("the reply is not valid HTTP"),
            "{answer:?}: {text}"
        );
    }
}

#[tokio::test]
async fn http_0_9_is_no_reply() {
    let text = is_broken(BALANCE).await.to_string();
    assert!(text.contains("not valid HTTP"), "{text}");
}

#[tokio::test]
async fn http_1_0_ends_with_its_connection() {
    is_read(format!("HTTP/1.0 200 OK\r\n\r\n{BALANCE}")).await;
}

#[tokio::test]
async fn informational_replies_come_before_the_reply() {
    let informed = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    is_read(format!("{informed}{HEAD}\r\n{BALANCE}")).await;
    is_read(format!("{}{HEAD}\r\n{BALANCE}", informed.repeat(20))).await;
}

#[tokio::test]
async fn another_protocol_that_nobody_asked_for() {
    let server =
        Server::always(b"HTTP/1.1 101 -\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n".into());
    let error = balance_error(&once(&server)).await;
    assert!(
        matches!(error.kind(), ErrorKind::Transport | ErrorKind::Api),
        "{error}"
    );
}

#[tokio::test]
async fn lines_that_end_with_a_line_feed_only() {
    is_read(format!("{HEAD}\r\n").replace('\r', "") + BALANCE).await;
}

#[tokio::test]
async fn headers_that_are_large_and_many() {
    let header = |number| format!("x-{number}: {}\r\n", "v".repeat(2000));
    let headers: String = (0..90).map(header).collect();
    is_read(format!("{HEAD}{headers}\r\n{BALANCE}")).await;
}

#[tokio::test]
async fn a_header_that_is_not_text() {
    let head = [HEAD.as_bytes(), b"x-a: caf\xe9 \xff\r\n\r\n"].concat();
    is_read([&head, BALANCE.as_bytes()].concat()).await;
}

#[tokio::test]
async fn a_header_that_is_malformed() {
    for header in ["x a: b", ": b", "x-a\0: b", "no colon", "x-a: \0"] {
        let text = is_broken(format!("{HEAD}{header}\r\n\r\n{BALANCE}"))
            .await
            .to_string();
        assert!(text.contains("not valid HTTP"), "{header:?}: {text}");
    }
}

#[tokio::test]
async fn a_head_without_an_end_costs_little() {
    for piece in ["x: y\r\n", "x"] {
        let written = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&written);
        let server = Server::serve(move |_, socket| {
            let _ = socket.write_all(HEAD.as_bytes());
            let piece = piece.repeat(4096);
            while socket.write_all(piece.as_bytes()).is_ok() {
                count.fetch_add(piece.len(), Ordering::SeqCst);
            }
        });
        let error = balance_error(&once(&server)).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(error.to_string().contains("not valid HTTP"), "{error}");
        // What the socket holds is in it.
        assert!(written.load(Ordering::SeqCst) < 20 << 20);
    }
}

#[tokio::test]
async fn a_length_that_is_too_long_is_a_reply_that_ends_early() {
    let length = BALANCE.len() + 1;
    let error = is_broken(format!("{HEAD}content-length: {length}\r\n\r\n{BALANCE}")).await;
    assert_eq!(error.status().unwrap(), 200);
    assert!(
        error.to_string().contains("before the reply was complete"),
        "{error}"
    );
}

#[tokio::test]
async fn a_length_that_is_too_short_cuts_the_json() {
    let length = BALANCE.len() - 1;
    let server = Server::always(format!("{HEAD}content-length: {length}\r\n\r\n{BALANCE}").into());
    let error = balance_error(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let whole = format!("{error:#}");
    assert!(whole.contains("EOF while parsing"), "{whole}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_length_that_is_none() {
    for length in ["-1", "1e3", "many", "99999999999999999999999"] {
        let answer = format!("{HEAD}content-length: {length}\r\n\r\n{BALANCE}");
        let text = is_broken(answer).await.to_string();
        assert!(text.contains("not valid HTTP"), "{length}: {text}");
    }
}

#[tokio::test]
async fn two_lengths_that_differ() {
    let length = BALANCE.len();
    let answer = format!("{HEAD}content-length: {length}\r\ncontent-length: 7\r\n\r\n{BALANCE}");
    is_broken(answer).await;
}

#[tokio::test]
async fn chunks_of_any_size_with_extensions_and_trailers() {
    let (one, two) = BALANCE.split_at(9);
    let rest = two.len();
    is_read(chunked(&format!(
        "1;a=b\r\n{}\r\n008\r\n{}\r\n{rest:X}\r\n{two}\r\n0\r\nx-trailer: 1\r\n\r\n",
        &one[..1],
        &one[1..]
    )))
    .await;
}

#[tokio::test]
async fn chunks_that_are_malformed() {
    let length = BALANCE.len();
    for chunks in [
        format!("xyz\r\n{BALANCE}\r\n0\r\n\r\n"),
        format!("-1\r\n{BALANCE}\r\n0\r\n\r\n"),
        format!("{length:x}\r\n{BALANCE}xx0\r\n\r\n"),
        format!("fffffffffffffffff\r\n{BALANCE}\r\n0\r\n\r\n"),
        format!("{length:x}\r\n{BALANCE}\r\n"),
        format!("{length:x}\r\n{BALANCE}\r\n0\r\n"),
        format!("{:x}\r\n{BALANCE}", length + 1),
        String::new(),
    ] {
        let error = is_broken(chunked(&chunks)).await;
        assert_eq!(error.status().unwrap(), 200, "{chunks}");
    }
}

#[tokio::test]
async fn chunks_count_more_than_a_length() {
    let length = BALANCE.len();
    let both = format!("{HEAD}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n");
    let server = Server::always(format!("{both}{length:x}\r\n{BALANCE}\r\n0\r\n\r\n").into());
    // RFC 9112 section 6.3: the length is passed over, or the reply is refused.
    match balance(&once(&server)).await {
        Ok(balance) => assert_eq!(balance.issued_credits, 100.0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Transport),
    }
}

#[tokio::test]
async fn a_chunk_extension_without_an_end() {
    let server = Server::serve(|_, socket| {
        let _ = socket.write_all(&chunked("1;"));
        while socket.write_all(&[b'x'; 65536]).is_ok() {}
    });
    let client = client_with(&server, |call| call.retries(0).timeout(10 * SECOND));
    assert_eq!(balance_error(&client).await.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn a_status_of_no_known_class() {
    let server = in_turn([b"HTTP/1.1 799 Odd\r\ncontent-length: 2\r\n\r\nno".to_vec()]);
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 799);
    assert!(error.to_string().contains("799: no"), "{error}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_reason_is_not_needed_and_not_believed() {
    is_read(format!(
        "HTTP/1.1 200\r\ncontent-length: {}\r\n\r\n{BALANCE}",
        BALANCE.len()
    ))
    .await;
    is_read(format!(
        "HTTP/1.1 200 Internal Server Error\r\n\r\n{BALANCE}"
    ))
    .await;
    is_read([&b"HTTP/1.1 200 \xe9\r\n\r\n"[..], BALANCE.as_bytes()].concat()).await;
}
