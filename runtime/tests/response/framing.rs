//! The framing of responses: odd but valid heads, lengths and chunks are read, others are rejected.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_runtime::{Error, ErrorKind, Method};

use crate::support::calls::{
    SECOND, client, client_with, in_turn, once, send, stock_error, stock_level,
};
use crate::support::clients::STOCK;
use crate::support::connection_fault::chunked;
use crate::support::server::{Server, json};

/// The start of a valid head, to append headers to.
const HEAD: &str = "HTTP/1.1 200 -\r\nconnection: close\r\ncontent-type: application/json\r\n";

/// Asserts that the stock level is read from `answer`.
async fn is_read(answer: impl Into<Vec<u8>>) {
    let server = Server::always(answer.into());
    assert_eq!(stock_level(&once(&server)).await.unwrap().stocked, 100.0);
}

/// Asserts that `answer` is retried as a broken response. Returns the error of a single attempt.
async fn is_broken(answer: impl Into<Vec<u8>>) -> Error {
    let server = Server::always(answer.into());
    let error = stock_error(&client(&server)).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Transport, 3),
        "{error:#}"
    );
    stock_error(&once(&server)).await
}

#[tokio::test]
async fn response_that_is_not_http_is_rejected() {
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
            text.contains("the response is not valid HTTP"),
            "{answer:?}: {text}"
        );
    }
}

#[tokio::test]
async fn http_0_9_response_is_rejected() {
    let text = is_broken(STOCK).await.to_string();
    assert!(text.contains("not valid HTTP"), "{text}");
}

#[tokio::test]
async fn http_1_0_response_ends_with_connection() {
    is_read(format!("HTTP/1.0 200 OK\r\n\r\n{STOCK}")).await;
}

#[tokio::test]
async fn informational_responses_are_skipped() {
    let informed = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    is_read(format!("{informed}{HEAD}\r\n{STOCK}")).await;
    is_read(format!("{}{HEAD}\r\n{STOCK}", informed.repeat(20))).await;
}

#[tokio::test]
async fn switching_protocols_unasked_is_an_error() {
    let server =
        Server::always(b"HTTP/1.1 101 -\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n".into());
    let error = stock_error(&once(&server)).await;
    assert!(
        matches!(error.kind(), ErrorKind::Transport | ErrorKind::Api),
        "{error}"
    );
}

#[tokio::test]
async fn head_with_bare_line_feeds_is_read() {
    is_read(format!("{HEAD}\r\n").replace('\r', "") + STOCK).await;
}

#[tokio::test]
async fn headers_large_and_many_are_read() {
    let header = |number| format!("x-{number}: {}\r\n", "v".repeat(2000));
    let headers: String = (0..90).map(header).collect();
    is_read(format!("{HEAD}{headers}\r\n{STOCK}")).await;
}

#[tokio::test]
async fn header_with_non_ascii_bytes_is_read() {
    let head = [HEAD.as_bytes(), b"x-a: caf\xe9 \xff\r\n\r\n"].concat();
    is_read([&head, STOCK.as_bytes()].concat()).await;
}

#[tokio::test]
async fn header_malformed_is_rejected() {
    for header in ["x a: b", ": b", "x-a\0: b", "no colon", "x-a: \0"] {
        let text = is_broken(format!("{HEAD}{header}\r\n\r\n{STOCK}"))
            .await
            .to_string();
        assert!(text.contains("not valid HTTP"), "{header:?}: {text}");
    }
}

#[tokio::test]
async fn head_without_end_is_bounded() {
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
        let error = stock_error(&once(&server)).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(error.to_string().contains("too large, or has"), "{error}");
        // Includes what the buffers of the socket hold.
        assert!(written.load(Ordering::SeqCst) < 20 << 20);
    }
}

#[tokio::test]
async fn content_length_too_long_is_truncation() {
    let length = STOCK.len() + 1;
    let error = is_broken(format!("{HEAD}content-length: {length}\r\n\r\n{STOCK}")).await;
    assert_eq!(error.status().unwrap(), 200);
    assert!(
        error
            .to_string()
            .contains("before the response was complete"),
        "{error}"
    );
}

#[tokio::test]
async fn content_length_too_short_cuts_json() {
    let length = STOCK.len() - 1;
    let server = Server::always(format!("{HEAD}content-length: {length}\r\n\r\n{STOCK}").into());
    let error = stock_error(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let whole = format!("{error:#}");
    assert!(whole.contains("EOF while parsing"), "{whole}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn content_length_invalid_is_rejected() {
    for length in ["-1", "1e3", "many", "99999999999999999999999"] {
        let answer = format!("{HEAD}content-length: {length}\r\n\r\n{STOCK}");
        let text = is_broken(answer).await.to_string();
        assert!(text.contains("not valid HTTP"), "{length}: {text}");
    }
}

#[tokio::test]
async fn content_lengths_that_differ_are_rejected() {
    let length = STOCK.len();
    let answer = format!("{HEAD}content-length: {length}\r\ncontent-length: 7\r\n\r\n{STOCK}");
    is_broken(answer).await;
}

#[tokio::test]
async fn chunks_with_extensions_and_trailers_are_read() {
    let (one, two) = STOCK.split_at(9);
    let rest = two.len();
    is_read(chunked(&format!(
        "1;a=b\r\n{}\r\n008\r\n{}\r\n{rest:X}\r\n{two}\r\n0\r\nx-trailer: 1\r\n\r\n",
        &one[..1],
        &one[1..]
    )))
    .await;
}

#[tokio::test]
async fn chunks_malformed_are_rejected() {
    let length = STOCK.len();
    for chunks in [
        format!("xyz\r\n{STOCK}\r\n0\r\n\r\n"),
        format!("-1\r\n{STOCK}\r\n0\r\n\r\n"),
        format!("{length:x}\r\n{STOCK}xx0\r\n\r\n"),
        format!("fffffffffffffffff\r\n{STOCK}\r\n0\r\n\r\n"),
        format!("{length:x}\r\n{STOCK}\r\n"),
        format!("{length:x}\r\n{STOCK}\r\n0\r\n"),
        format!("{:x}\r\n{STOCK}", length + 1),
        String::new(),
    ] {
        let error = is_broken(chunked(&chunks)).await;
        assert_eq!(error.status().unwrap(), 200, "{chunks}");
    }
}

#[tokio::test]
async fn chunks_override_content_length() {
    let length = STOCK.len();
    let both = format!("{HEAD}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n");
    let server = Server::always(format!("{both}{length:x}\r\n{STOCK}\r\n0\r\n\r\n").into());
    // RFC 9112 section 6.3: the client ignores the length or rejects the response.
    match stock_level(&once(&server)).await {
        Ok(level) => assert_eq!(level.stocked, 100.0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Transport),
    }
}

#[tokio::test]
async fn chunk_extension_without_end_is_bounded() {
    let server = Server::serve(|_, socket| {
        let _ = socket.write_all(&chunked("1;"));
        while socket.write_all(&[b'x'; 65536]).is_ok() {}
    });
    let client = client_with(&server, |call| call.retries(0).timeout(10 * SECOND));
    assert_eq!(stock_error(&client).await.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn status_of_unknown_class_is_kept() {
    let server = in_turn([b"HTTP/1.1 799 Odd\r\ncontent-length: 2\r\n\r\nno".to_vec()]);
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 799);
    assert!(error.to_string().contains("799: no"), "{error}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn reason_phrase_is_ignored() {
    is_read(format!(
        "HTTP/1.1 200\r\ncontent-length: {}\r\n\r\n{STOCK}",
        STOCK.len()
    ))
    .await;
    is_read(format!("HTTP/1.1 200 Internal Server Error\r\n\r\n{STOCK}")).await;
    is_read([&b"HTTP/1.1 200 \xe9\r\n\r\n"[..], STOCK.as_bytes()].concat()).await;
}

/// RFC 9112 section 6.3: such responses have no body, whatever their headers say.
#[tokio::test]
async fn body_of_no_content_is_not_the_next_response() {
    let server = Server::accept(|connection| {
        let mut number = 0;
        while connection.request().is_some() {
            number += 1;
            match connection.number + number {
                1 => connection.send("HTTP/1.1 204 -\r\ncontent-length: 5\r\n\r\n{\"a\":"),
                _ => connection.send(json(200, STOCK)),
            }
        }
    });
    let client = client(&server);
    send(&client, Method::GET).await.unwrap();
    stock_level(&client).await.unwrap();
}
