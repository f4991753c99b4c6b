//! Replies that are read as they come in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::io::{Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use neo_client::{ByteStream, Client, Error, ErrorKind, Method, Response};
use server::{KEY, Server, json};

const HEAD: &[u8] =
    b"HTTP/1.1 200 -\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n";

async fn download(client: &Client) -> Result<Response<ByteStream>, Error> {
    let request = client.request(Method::POST, "/api/v1/x");
    request.header("accept", "image/png").stream().await
}

#[tokio::test]
async fn pieces_come_as_they_are_sent_whatever_the_time_limit() {
    let server = Server::serve(|_, socket| {
        socket.write_all(HEAD).unwrap();
        for piece in ["6\r\nabcdef\r\n", "3\r\nghi\r\n", "0\r\n\r\n"] {
            socket.write_all(piece.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(700));
        }
    });
    let builder = server
        .builder()
        .api_key(KEY)
        .timeout(Duration::from_secs(1));
    let client = builder.response_limit(1).build().unwrap();
    let response = download(&client).await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    let mut stream = response.into_inner();
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "abcdef");
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "ghi");
    assert!(stream.chunk().await.is_none());
    assert!(stream.chunk().await.is_none());
    let received = &server.received()[0];
    assert_eq!(received.header("accept"), Some("image/png"));
    assert_eq!(received.header("x-api-key"), Some(KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_it_closes_the_connection() {
    let (closed, is_closed) = channel();
    let closed = Mutex::new(closed);
    let server = Server::serve(move |_, socket| {
        socket.write_all(HEAD).unwrap();
        socket.write_all(b"1\r\nx\r\n").unwrap();
        let rest = socket.read(&mut [0]);
        closed
            .lock()
            .unwrap()
            .send(matches!(rest, Ok(0) | Err(_)))
            .unwrap();
    });
    let mut stream = download(&server.client()).await.unwrap().into_inner();
    stream.chunk().await.unwrap().unwrap();
    drop(stream);
    assert!(is_closed.recv_timeout(Duration::from_secs(20)).unwrap());
}

#[tokio::test]
async fn a_break_is_an_error_and_then_the_end() {
    let server = Server::start(|_| [HEAD, b"1\r\nx\r\n"].concat());
    let mut stream = download(&server.client()).await.unwrap().into_inner();
    stream.chunk().await.unwrap().unwrap();
    let error = stream.chunk().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "POST /api/v1/x: the connection broke before the reply was complete \
         (it may have been carried out: check before trying again)"
    );
    assert!(stream.chunk().await.is_none());
}

#[tokio::test]
async fn a_refusal_and_silence_are_errors_of_the_call() {
    let server = Server::always(json(
        402,
        r#"{"error": "broke", "code": "insufficient_neo_credits"}"#,
    ));
    let error = download(&server.client()).await.unwrap_err();
    assert_eq!(error.code().unwrap(), "insufficient_neo_credits");

    let server = Server::serve(|_, _| std::thread::sleep(Duration::from_secs(9)));
    let builder = server
        .builder()
        .api_key(KEY)
        .timeout(Duration::from_millis(200));
    let error = download(&builder.build().unwrap()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
