//! Compressed responses: bombs, truncated bodies, and codings that do not fit.
#![cfg(all(feature = "gzip", feature = "brotli", feature = "zstd"))]

use std::sync::atomic::Ordering;

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use neo_client_runtime::{ErrorKind, Method};
use tokio::io::AsyncReadExt;

use crate::size_limit::{endless, is_too_large, modest};
use crate::support::calls::{client, ends, in_turn, once, stock_error, stock_level};
use crate::support::clients::STOCK;
use crate::support::server::{Server, response};

const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];

/// Compresses `body`.
async fn encoded(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let length = match coding {
        "gzip" => GzipEncoder::new(body).read_to_end(&mut bytes).await,
        "br" => BrotliEncoder::new(body).read_to_end(&mut bytes).await,
        _ => ZstdEncoder::new(body).read_to_end(&mut bytes).await,
    };
    assert_eq!(length.unwrap(), bytes.len());
    bytes
}

/// Returns a response with a content coding.
fn coded(coding: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    response(200, &[&format!("content-encoding: {coding}")], body)
}

#[tokio::test]
async fn coding_supported_is_requested_and_decoded() {
    for coding in CODINGS {
        let server = Server::always(coded(coding, encoded(coding, STOCK.as_bytes()).await));
        stock_level(&once(&server)).await.unwrap();
        let accepted = server.received()[0]
            .header("accept-encoding")
            .unwrap()
            .to_owned();
        assert!(accepted.contains(coding), "{accepted}");
    }
}

#[tokio::test]
async fn coding_nested_is_decoded() {
    let inner = encoded("gzip", STOCK.as_bytes()).await;
    let server = Server::always(coded("gzip, identity, zstd", encoded("zstd", &inner).await));
    stock_level(&once(&server)).await.unwrap();
}

#[tokio::test]
async fn gzip_of_two_members_is_decoded_whole() {
    let (start, end) = STOCK.as_bytes().split_at(STOCK.len() / 2);
    let members = [encoded("gzip", start).await, encoded("gzip", end).await];
    let server = Server::always(coded("gzip", members.concat()));
    stock_level(&once(&server)).await.unwrap();
}

#[tokio::test]
async fn gzip_with_other_bytes_behind_it_is_decoded() {
    let gzip = encoded("gzip", STOCK.as_bytes()).await;
    for rest in [
        &[0][..],
        &[0; 64],
        b"\r\n",
        b"<!-- cached -->",
        b"\0\x1f\x8b\x08",
    ] {
        let server = Server::always(coded("gzip", [&gzip, rest].concat()));
        stock_level(&once(&server)).await.unwrap();
    }
    // The beginning of another member is a truncated body.
    let cut = [&*gzip, b"\x1f\x8b\x08\0"].concat();
    let error = stock_error(&once(&Server::always(coded("gzip", cut)))).await;
    assert_eq!(error.kind(), ErrorKind::Transport, "{error:#}");
}

#[tokio::test]
async fn gzip_with_endless_bytes_behind_it_ends() {
    let gzip = encoded("gzip", STOCK.as_bytes()).await;
    let server = Server::serve(move |_, socket| {
        use std::io::Write;
        let _ = socket.write_all(b"HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n");
        let _ = socket.write_all(&gzip);
        while socket.write_all(&[0; 4096]).is_ok() {}
    });
    stock_level(&once(&server)).await.unwrap();

    let request = once(&server).request(Method::GET, "/x");
    let mut body = request.stream().await.unwrap().into_inner();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(bytes, STOCK.as_bytes());
}

#[tokio::test]
async fn name_other_than_a_coding_is_ignored() {
    for name in [
        "UTF-8",
        "iso-8859-1",
        "none",
        "binary",
        "8bit",
        "aws-chunked",
        "chunked",
        "application/json",
    ] {
        let server = Server::always(coded(name, STOCK));
        stock_level(&once(&server)).await.unwrap();
        let request = once(&server).request(Method::GET, "/x");
        let body = request.stream().await.unwrap().into_inner();
        assert_eq!(body.content_length(), Some(STOCK.len() as u64), "{name}");
    }
    let gzip = encoded("gzip", STOCK.as_bytes()).await;
    let server = Server::always(coded("utf-8, gzip", gzip));
    stock_level(&once(&server)).await.unwrap();
}

/// Asserts that one MiB of spaces, compressed to a few kilobytes, is too large.
async fn bomb(coding: &str) {
    let bomb = encoded(coding, &vec![b' '; 1 << 20]).await;
    assert!(bomb.len() < 16 * 1024, "{}", bomb.len());
    let server = Server::always(coded(coding, &bomb));
    is_too_large(&stock_error(&modest(&server)).await, &server);
}

#[tokio::test]
async fn bomb_in_gzip_is_too_large() {
    bomb("gzip").await;
}

#[tokio::test]
async fn bomb_in_brotli_is_too_large() {
    bomb("br").await;
}

#[tokio::test]
async fn bomb_in_zstd_is_too_large() {
    bomb("zstd").await;
}

#[tokio::test]
async fn bomb_in_bomb_is_too_large() {
    let inner = encoded("gzip", &vec![b' '; 1 << 20]).await;
    let server = Server::always(coded("gzip, gzip", encoded("gzip", &inner).await));
    is_too_large(&stock_error(&modest(&server)).await, &server);
}

#[tokio::test]
async fn bomb_without_end_is_not_read_on() {
    for (head, coding) in [
        ("HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n", "gzip"),
        ("HTTP/1.1 200 -\r\ncontent-encoding: zstd\r\n\r\n", "zstd"),
    ] {
        let member = encoded(coding, &vec![b' '; 256 * 1024]).await;
        let (server, written) = endless(head, member);
        is_too_large(&stock_error(&modest(&server)).await, &server);
        assert!(written.load(Ordering::SeqCst) < 48 << 20);
    }
}

#[tokio::test]
async fn bomb_of_empty_members_is_not_read_on() {
    // Empty gzip members, empty zstd frames, and zstd frames to be skipped.
    let gzip = encoded("gzip", b"").await.repeat(4096);
    let zstd = encoded("zstd", b"").await.repeat(4096);
    let skipped = [0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 0].repeat(4096);
    for (head, piece) in [
        ("HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n", gzip),
        ("HTTP/1.1 200 -\r\ncontent-encoding: zstd\r\n\r\n", zstd),
        ("HTTP/1.1 200 -\r\ncontent-encoding: zstd\r\n\r\n", skipped),
    ] {
        let (server, written) = endless(head, piece);
        is_too_large(&stock_error(&modest(&server)).await, &server);
        assert!(written.load(Ordering::SeqCst) < 48 << 20);
    }
}

#[tokio::test]
async fn bomb_of_empty_gzip_blocks_is_not_read_on() {
    let head = "HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n\x1f";
    // The rest of the header of a member, then empty stored blocks that are not the last.
    let start = [0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks = [0, 0, 0, 255, 255].repeat(4096);
    let server = Server::serve(move |_, socket| {
        use std::io::Write;
        let _ = socket.write_all(head.as_bytes());
        let _ = socket.write_all(&start);
        while socket.write_all(&blocks).is_ok() {}
    });
    is_too_large(&stock_error(&modest(&server)).await, &server);
}

#[tokio::test]
async fn coding_truncated_is_retried() {
    for coding in CODINGS {
        let whole = encoded(coding, STOCK.as_bytes()).await;
        let cut = &whole[..whole.len() / 2];
        let server = in_turn([coded(coding, cut), coded(coding, &whole)]);
        stock_level(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2);

        let server = Server::always(coded(coding, cut));
        let error = stock_error(&client(&server)).await;
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Transport, 3),
            "{coding}"
        );
        assert_eq!(error.status().unwrap(), 200);
        assert!(
            error.to_string().contains("ended before it was complete"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn coding_that_does_not_fit_the_body_fails_decoding() {
    let magic: [(&str, &[u8]); 3] = [
        ("gzip", &[0x1f, 0x8b]),
        ("br", &[]),
        ("zstd", &[0x28, 0xb5, 0x2f, 0xfd]),
    ];
    for (coding, magic) in magic {
        let server = Server::always(coded(coding, [magic, STOCK.as_bytes()].concat()));
        let error = stock_error(&client(&server)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{coding}: {error}");
        assert_eq!(error.status().unwrap(), 200);
        let text = error.to_string();
        assert!(text.contains("its content coding does not fit"), "{text}");
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn body_that_a_proxy_decoded_is_read() {
    for coding in ["gzip", "x-gzip", "zstd"] {
        for body in [STOCK, " ", "7"] {
            let server = Server::always(coded(coding, body));
            let request = client(&server).request(Method::GET, "/api/v1/x");
            let mut bytes = request.stream().await.unwrap().into_inner();
            assert_eq!(bytes.chunk().await.unwrap().unwrap(), body);
            assert!(bytes.chunk().await.is_none());
        }
        let server = Server::always(coded(coding, STOCK));
        stock_level(&client(&server)).await.unwrap();
    }
}

#[tokio::test]
async fn coding_with_wrong_checksum_fails_decoding() {
    let mut gzip = encoded("gzip", STOCK.as_bytes()).await;
    let checksum = gzip.len() - 8;
    gzip[checksum] ^= 1;
    let server = Server::always(coded("gzip", gzip));
    let error = stock_error(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:#}");
}

#[tokio::test]
async fn coding_unknown_is_an_error() {
    for coding in ["deflate", "compress", "gzip, rot13", "\u{1b}[31m"] {
        let server = Server::always(coded(coding, STOCK));
        let client = client(&server);
        let error = stock_error(&client).await;
        assert!(
            matches!(error.kind(), ErrorKind::Decode | ErrorKind::Transport),
            "{error}"
        );
        if error.kind() == ErrorKind::Decode {
            assert!(error.to_string().contains("cannot decode"), "{error}");
            // No feature adds these codings.
            assert!(!error.to_string().contains("feature"), "{error}");
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test]
async fn coding_unknown_leaves_the_bytes_reachable() {
    let server = Server::always(coded("rot13", "abc"));
    let request = client(&server).request(Method::GET, "/x");
    let response = request.stream().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "rot13");
    let mut body = response.into_inner();
    assert_eq!(body.content_length(), Some(3));
    assert_eq!(body.chunk().await.unwrap().unwrap(), "abc");
}

#[tokio::test]
async fn coding_not_requested_is_undone() {
    for coding in CODINGS {
        let server = Server::always(coded(coding, encoded(coding, b"abc").await));
        let request = client(&server).request(Method::GET, "/x");
        let mut body = request.stream().await.unwrap().into_inner();
        assert_eq!(body.chunk().await.unwrap().unwrap(), "abc");
        let accepted = server.received()[0]
            .header("accept-encoding")
            .map(str::to_owned);
        assert_eq!(accepted.as_deref(), Some("identity"));
    }
}

#[tokio::test]
async fn coding_applied_twice_is_explained() {
    for coding in ["gzip", "zstd"] {
        let inner = encoded(coding, STOCK.as_bytes()).await;
        let twice = coded(coding, encoded(coding, &inner).await);
        for answer in [twice, response(200, &[], &inner)] {
            let error = stock_error(&once(&Server::always(answer))).await;
            assert_eq!(error.kind(), ErrorKind::Decode);
            let text = error.to_string();
            assert!(text.contains(&format!("{coding} data")), "{text}");
            assert!(text.contains("compressed it once more"), "{text}");
        }
    }
}

/// A response to HEAD has the headers of the response to GET, and no body.
#[tokio::test]
async fn coding_of_an_absent_body_is_ignored() {
    for (status, method) in [
        (200, Method::HEAD),
        (200, Method::PUT),
        (204, Method::DELETE),
    ] {
        for coding in CODINGS {
            let header = format!("content-encoding: {coding}");
            let server = Server::always(response(status, &[&header], ""));
            let request = client(&server).request(method.clone(), "/x");
            ends(request.send_as::<()>()).await.unwrap();
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test]
async fn error_response_is_decoded_or_keeps_its_status() {
    let said = r#"{"error": "no credits", "code": "out_of_stock"}"#;
    let gzip = encoded("gzip", said.as_bytes()).await;
    let header = ["content-encoding: gzip"];
    let server = Server::always(response(402, &header, &gzip));
    let error = stock_error(&once(&server)).await;
    assert_eq!(error.code().unwrap(), "out_of_stock");

    for body in [&gzip[..gzip.len() / 2], said.as_bytes()] {
        let server = Server::always(response(402, &header, body));
        assert_eq!(stock_error(&once(&server)).await.status().unwrap(), 402);
    }
}
