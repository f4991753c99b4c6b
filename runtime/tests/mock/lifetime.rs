//! The mock server under load, with broken clients, and at its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use neo_client_fixture::mock::MockServer;
use neo_client_runtime::mock::{MockError, RecordedRequest};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::plain_http::{STOCK_PATH, keyed};

/// Sends bytes and closes the connection.
fn send(server: &MockServer, bytes: &[u8]) -> TcpStream {
    let address = server.base_url().strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    // The server may have seen enough and closed the connection.
    let _ = socket.write_all(bytes);
    socket
}

/// Sends bytes and returns the status line of the response.
fn status_line(server: &MockServer, bytes: &[u8]) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(send(server, bytes));
    reader.read_line(&mut line).unwrap();
    line
}

#[tokio::test]
async fn mock_garbage_ends_only_its_connection() {
    let server = MockServer::start().await.unwrap();
    assert!(
        status_line(
            &server,
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\xff"
        )
        .starts_with("HTTP/1.1 400")
    );
    send(&server, &[0; 100_000]);
    send(&server, b"");
    send(
        &server,
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\ncut off",
    );
    send(
        &server,
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    );
    send(&server, b"GET http://[ HTTP/1.1\r\n\r\n");
    assert!(status_line(&server, b"GET /none HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404"));
    assert!(
        status_line(&server, b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 404")
    );
    assert!(
        status_line(&server, b"CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n")
            .starts_with("HTTP/1.1 404")
    );
    let response = keyed(&server, Method::GET, STOCK_PATH)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    // Only complete HTTP requests are recorded.
    let paths: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.path().to_owned())
        .collect();
    assert_eq!(paths, ["/none", "*", "", STOCK_PATH]);
}

#[tokio::test]
async fn mock_serves_many_requests_at_once() {
    let server = std::sync::Arc::new(MockServer::start().await.unwrap());
    let depot = server.client();
    let calls = (0..200).map(|_| {
        let depot = depot.clone();
        tokio::spawn(async move {
            depot
                .request(Method::GET, STOCK_PATH)
                .send_as::<Value>()
                .await
                .unwrap()
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap().is_object());
    }
    assert_eq!(server.requests().len(), 200);
}

#[tokio::test]
async fn mock_dropped_frees_the_port() {
    let server = MockServer::start().await.unwrap();
    let address = server
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let depot = server.client();
    depot
        .request(Method::GET, STOCK_PATH)
        .send_as::<Value>()
        .await
        .unwrap();
    let mut idle = TcpStream::connect(&address).unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    drop(server);
    // The port is free at once, although connections were open.
    TcpListener::bind(&address).unwrap();
    assert!(matches!(idle.read(&mut [0; 8]), Ok(0) | Err(_)));
    assert!(
        depot
            .request(Method::GET, STOCK_PATH)
            .send_as::<Value>()
            .await
            .is_err()
    );
}

/// Tests may share one server, while each test has its own tokio runtime.
#[test]
fn mock_outlives_the_tokio_runtime() {
    let on_own_runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let server = on_own_runtime().block_on(MockServer::start()).unwrap();
    for _ in 0..2 {
        let response = on_own_runtime()
            .block_on(keyed(&server, Method::GET, STOCK_PATH).send())
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[test]
fn mock_types_are_send_and_sync() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<MockServer>();
    shareable::<RecordedRequest>();
    shareable::<MockError>();
    let _: fn(&RecordedRequest) -> &HeaderMap = RecordedRequest::headers;
}
