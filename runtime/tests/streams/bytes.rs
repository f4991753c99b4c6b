//! Byte streams.

use std::io::{Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_runtime::{ByteStream, Error, ErrorKind, Method, Response};

use crate::support::clients::KEY;
use crate::support::connection_fault::until_closed;
use crate::support::server::{Server, json};

const HEAD: &[u8] =
    b"HTTP/1.1 200 -\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n";

async fn download(client: &Client) -> Result<Response<ByteStream>, Error> {
    let request = client.request(Method::POST, "/api/v1/x");
    request.header("accept", "image/png").stream().await
}

#[tokio::test]
async fn bytes_arrive_as_sent_beyond_call_timeout() {
    let server = Server::serve(|_, socket| {
        socket.write_all(HEAD).unwrap();
        for piece in ["6\r\nabcdef\r\n", "3\r\nghi\r\n", "0\r\n\r\n"] {
            socket.write_all(piece.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(1500));
        }
    });
    let builder = server
        .builder()
        .depot_key(KEY)
        .timeout(Duration::from_secs(3));
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
    assert_eq!(received.header("x-depot-key"), Some(KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_dropped_closes_the_connection() {
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
    assert!(is_closed.recv_timeout(Duration::from_secs(120)).unwrap());
}

#[tokio::test]
async fn bytes_cut_off_are_an_error_then_the_end() {
    let server = Server::start(|_| [HEAD, b"1\r\nx\r\n"].concat());
    let mut stream = download(&server.client()).await.unwrap().into_inner();
    stream.chunk().await.unwrap().unwrap();
    let error = stream.chunk().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "POST /api/v1/x: the connection broke before the response was complete \
         (it may have been carried out: check before trying again)"
    );
    assert!(stream.chunk().await.is_none());
}

#[tokio::test]
async fn bytes_refused_or_silent_are_call_errors() {
    let server = Server::always(json(402, r#"{"error": "broke", "code": "out_of_stock"}"#));
    let error = download(&server.client()).await.unwrap_err();
    assert_eq!(error.code().unwrap(), "out_of_stock");

    let server = Server::serve(|_, socket| {
        until_closed(socket);
    });
    let builder = server
        .builder()
        .depot_key(KEY)
        .timeout(Duration::from_millis(200));
    let error = download(&builder.build().unwrap()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
