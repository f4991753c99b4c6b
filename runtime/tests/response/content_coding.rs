//! Compressed replies: bombs, ends that are missing, and codings that are not what they say.

use std::sync::atomic::Ordering;

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use neo_client::{ErrorKind, Method};
use tokio::io::AsyncReadExt;

use crate::faults::scene::{balance, balance_error, client, ends, in_turn, once};
use crate::faults::size::{endless, is_too_large, modest};
use crate::server::{BALANCE, Server, reply};

const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];

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

fn coded(coding: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    reply(200, &[&format!("content-encoding: {coding}")], body)
}

#[tokio::test]
async fn each_coding_is_asked_for_and_decoded() {
    for coding in CODINGS {
        let server = Server::always(coded(coding, encoded(coding, BALANCE.as_bytes()).await));
        balance(&once(&server)).await.unwrap();
        let accepted = server.received()[0]
            .header("accept-encoding")
            .unwrap()
            .to_owned();
        assert!(accepted.contains(coding), "{accepted}");
    }
}

#[tokio::test]
async fn codings_on_top_of_each_other_are_decoded() {
    let inner = encoded("gzip", BALANCE.as_bytes()).await;
    let server = Server::always(coded("gzip, identity, zstd", encoded("zstd", &inner).await));
    balance(&once(&server)).await.unwrap();
}

/// One MiB of spaces, which come to a few thousand bytes.
async fn bomb(coding: &str) {
    let bomb = encoded(coding, &vec![b' '; 1 << 20]).await;
    assert!(bomb.len() < 16 * 1024, "{}", bomb.len());
    let server = Server::always(coded(coding, &bomb));
    is_too_large(&balance_error(&modest(&server)).await, &server);
}

#[tokio::test]
async fn a_bomb_in_gzip() {
    bomb("gzip").await;
}

#[tokio::test]
async fn a_bomb_in_brotli() {
    bomb("br").await;
}

#[tokio::test]
async fn a_bomb_in_zstd() {
    bomb("zstd").await;
}

#[tokio::test]
async fn a_bomb_in_a_bomb() {
    let inner = encoded("gzip", &vec![b' '; 1 << 20]).await;
    let server = Server::always(coded("gzip, gzip", encoded("gzip", &inner).await));
    is_too_large(&balance_error(&modest(&server)).await, &server);
}

#[tokio::test]
async fn an_endless_bomb_is_not_read_on() {
    for (head, coding) in [
        ("HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n", "gzip"),
        ("HTTP/1.1 200 -\r\ncontent-encoding: zstd\r\n\r\n", "zstd"),
    ] {
        let member = encoded(coding, &vec![b' '; 256 * 1024]).await;
        let (server, written) = endless(head, member);
        is_too_large(&balance_error(&modest(&server)).await, &server);
        assert!(written.load(Ordering::SeqCst) < 48 << 20);
    }
}

#[tokio::test]
async fn an_endless_body_that_decodes_to_nothing_is_not_read_on() {
    // Members of gzip, and frames of zstd, that are empty; the second of zstd is one to be skipped.
    let gzip = encoded("gzip", b"").await.repeat(4096);
    let zstd = encoded("zstd", b"").await.repeat(4096);
    let skipped = [0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 0].repeat(4096);
    for (head, piece) in [
        ("HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n", gzip),
        ("HTTP/1.1 200 -\r\ncontent-encoding: zstd\r\n\r\n", zstd),
        ("HTTP/1.1 200 -\r\ncontent-encoding: zstd\r\n\r\n", skipped),
    ] {
        let (server, written) = endless(head, piece);
        is_too_large(&balance_error(&modest(&server)).await, &server);
        assert!(written.load(Ordering::SeqCst) < 48 << 20);
    }
}

#[tokio::test]
async fn a_stream_of_empty_blocks_in_gzip_is_not_read_on() {
    let head = "HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\n\r\n\x1f";
    // The rest of the header of a member, then blocks that are stored, not the last, and empty.
    let start = [0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks = [0, 0, 0, 255, 255].repeat(4096);
    let server = Server::serve(move |_, socket| {
        use std::io::Write;
        let _ = socket.write_all(head.as_bytes());
        let _ = socket.write_all(&start);
        while socket.write_all(&blocks).is_ok() {}
    });
    is_too_large(&balance_error(&modest(&server)).await, &server);
}

#[tokio::test]
async fn a_coding_that_ends_early_is_a_reply_that_ends_early() {
    for coding in CODINGS {
        let whole = encoded(coding, BALANCE.as_bytes()).await;
        let cut = &whole[..whole.len() / 2];
        let server = in_turn([coded(coding, cut), coded(coding, &whole)]);
        balance(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2);

        let server = Server::always(coded(coding, cut));
        let error = balance_error(&client(&server)).await;
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
async fn a_body_that_is_not_in_its_coding() {
    for coding in CODINGS {
        let server = Server::always(coded(coding, BALANCE));
        let error = balance_error(&client(&server)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{coding}: {error}");
        assert_eq!(error.status().unwrap(), 200);
        assert!(
            error
                .to_string()
                .contains("its content coding does not fit"),
            "{error}"
        );
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_checksum_that_is_wrong() {
    let mut gzip = encoded("gzip", BALANCE.as_bytes()).await;
    let checksum = gzip.len() - 8;
    gzip[checksum] ^= 1;
    let server = Server::always(coded("gzip", gzip));
    let error = balance_error(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:#}");
}

#[tokio::test]
async fn a_coding_that_is_not_known() {
    for coding in ["deflate", "compress", "gzip, rot13", "\u{1b}[31m"] {
        let server = Server::always(coded(coding, BALANCE));
        let client = client(&server);
        let error = balance_error(&client).await;
        assert!(
            matches!(error.kind(), ErrorKind::Decode | ErrorKind::Transport),
            "{error}"
        );
        if error.kind() == ErrorKind::Decode {
            assert!(error.to_string().contains("cannot decode"), "{error}");
            assert_eq!(server.received().len(), 1);
        }
    }
}

/// The reply to HEAD has the headers of the one to GET, and no body.
#[tokio::test]
async fn the_coding_of_a_body_that_is_not_there() {
    for (status, method) in [
        (200, Method::HEAD),
        (200, Method::PUT),
        (204, Method::DELETE),
    ] {
        for coding in CODINGS {
            let header = format!("content-encoding: {coding}");
            let server = Server::always(reply(status, &[&header], ""));
            let request = client(&server).request(method.clone(), "/x");
            ends(request.send_as::<()>()).await.unwrap();
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_refusal_is_decoded_and_survives_a_wrong_coding() {
    let said = r#"{"error": "no credits", "code": "insufficient_neo_credits"}"#;
    let gzip = encoded("gzip", said.as_bytes()).await;
    let header = ["content-encoding: gzip"];
    let server = Server::always(reply(402, &header, &gzip));
    let error = balance_error(&once(&server)).await;
    assert_eq!(error.code().unwrap(), "insufficient_neo_credits");

    for body in [&gzip[..gzip.len() / 2], said.as_bytes()] {
        let server = Server::always(reply(402, &header, body));
        assert_eq!(balance_error(&once(&server)).await.status().unwrap(), 402);
    }
}
