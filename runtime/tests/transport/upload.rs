//! Uploads: timeouts, early responses, connections that end, and requests without a body.

use std::io::{Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use neo_client_runtime::{Body, Bytes, Error, ErrorKind, Form, Method, Part};
use tokio::time::Sleep;

use crate::support::calls::{SECOND, client_with, ends, once, send};
use crate::support::connection_fault::{ConnectionFault, until_closed};
use crate::support::server::{Server, json};

/// A stream of pieces with a pause before each.
struct Slow {
    left: usize,
    pause: Pin<Box<Sleep>>,
}

impl Slow {
    fn new(pieces: usize) -> Self {
        let pause = Box::pin(tokio::time::sleep(SECOND / 2));
        Self {
            left: pieces,
            pause,
        }
    }
}

impl Stream for Slow {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        std::task::ready!(self.pause.as_mut().poll(context));
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.pause = Box::pin(tokio::time::sleep(SECOND / 2));
        Poll::Ready(Some(Ok(Bytes::from_static(b"piece "))))
    }
}

#[tokio::test]
async fn upload_with_progress_outlives_attempt_timeout() {
    let server = Server::always(json(200, "{}"));
    let client = client_with(&server, |call| call.attempt_timeout(3 * SECOND));
    let request = client.request(Method::POST, "/x");
    let body = Body::wrap_stream(Slow::new(8));
    ends(request.body(body).send()).await.unwrap();
    assert_eq!(server.received()[0].body, "piece ".repeat(8));
}

#[tokio::test]
async fn upload_that_stands_still_is_ended() {
    // The server accepts a part of the body only.
    let server = Server::accept(|connection| {
        connection.socket.read_exact(&mut [0; 100]).unwrap();
        std::thread::sleep(120 * SECOND);
    });
    let client = client_with(&server, |call| call.attempt_timeout(SECOND));
    let request = client.request(Method::POST, "/x");
    let error = ends(request.json(&"x".repeat(64 << 20)).send()).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    let text = error.to_string();
    let expected = "no part of the request body was sent within 1 s, the attempt timeout";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn upload_longer_than_call_timeout_is_ended() {
    let server = Server::always(json(200, "{}"));
    let client = client_with(&server, |call| call.timeout(SECOND));
    let request = client.request(Method::POST, "/x");
    let body = Body::wrap_stream(Slow::new(1000));
    let error = ends(request.body(body).send()).await;
    let text = error.unwrap_err().to_string();
    let expected = "the request body was not sent within 1 s, the call timeout";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn upload_gets_no_response_after_its_end() {
    let server = ConnectionFault::Silence.always();
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 2));
    let text = send(&client, Method::POST).await.unwrap_err().to_string();
    let expected = "no response came within 0.5 s, the attempt timeout";
    assert!(text.contains(expected), "{text}");
}

/// The server responds and closes its side, and reads the rest.
#[tokio::test]
async fn upload_gets_early_response_of_closing_server() {
    let server = Server::accept(|connection| {
        connection.socket.peek(&mut [0]).unwrap();
        connection.send(json(413, r#"{"error": "too much"}"#));
        connection
            .socket
            .shutdown(std::net::Shutdown::Write)
            .unwrap();
        until_closed(&mut connection.socket);
    });
    let request = once(&server).request(Method::POST, "/x");
    let error = ends(request.json(&"x".repeat(20 << 20)).send()).await;
    assert_eq!(error.unwrap_err().status().unwrap(), 413);
}

/// The server closes the connection with most of the body unread, which resets the connection. The
/// response may be lost with it.
#[tokio::test]
async fn upload_to_server_that_hangs_up_is_explained() {
    for response in [json(413, "{}"), Vec::new()] {
        let server = Server::accept(move |connection| {
            connection.socket.read_exact(&mut [0; 100]).unwrap();
            connection.send(&response);
        });
        let request = once(&server).request(Method::POST, "/x");
        let error = ends(request.json(&"x".repeat(20 << 20)).send()).await;
        let error = error.unwrap_err();
        let text = format!("{error:#}");
        let is_refused = error.status().is_some_and(|status| status == 413);
        assert!(
            is_refused || text.contains("request body was sent"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn upload_of_failing_stream_names_the_body() {
    struct Failing;

    impl Stream for Failing {
        type Item = Result<Bytes, std::io::Error>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(Some(Err(std::io::Error::other("the disk is gone"))))
        }
    }

    let server = Server::always(json(200, "{}"));
    let request = once(&server).request(Method::POST, "/x");
    let body = Body::wrap_stream(Failing);
    let error = ends(request.body(body).send()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    let text = format!("{error:#}");
    assert!(
        text.contains("request body") && text.contains("disk is gone"),
        "{text}"
    );
}

#[tokio::test]
async fn request_without_body_has_length_zero() {
    let server = Server::always(json(200, "{}"));
    for (method, length) in [
        (Method::POST, Some("0")),
        (Method::PUT, Some("0")),
        (Method::PATCH, Some("0")),
        (Method::GET, None),
        (Method::DELETE, None),
    ] {
        send(&once(&server), method).await.unwrap();
        let received = server.received();
        assert_eq!(received.last().unwrap().header("content-length"), length);
    }
}

#[tokio::test]
async fn upload_beneath_a_layer_is_watched() {
    let server = Server::always(json(200, "{}"));
    let builder = server.builder().depot_key(crate::support::clients::KEY);
    let builder = builder.attempt_timeout(3 * SECOND).transport(|http| http);
    let request = builder.build().unwrap().request(Method::POST, "/x");
    let body = Body::wrap_stream(Slow::new(8));
    ends(request.body(body).send()).await.unwrap();
    assert_eq!(server.received()[0].body, "piece ".repeat(8));
}

/// Returns how the upload of a form ends whose only part has these bytes and this declared length.
async fn form_of(bytes: &'static [u8], length: u64) -> Result<(), Error> {
    let server = Server::always(json(200, "{}"));
    let form = Form::new().part("a", Part::reader(bytes).length(length));
    let request = once(&server).request(Method::POST, "/x").multipart(form);
    ends(request.send()).await.map(drop)
}

#[tokio::test]
async fn part_of_another_length_is_an_error() {
    form_of(b"hello", 5).await.unwrap();
    // Sent as it is, the form would be cut, or never end.
    for (length, why) in [(3, "longer than"), (9, "shorter than")] {
        let error = form_of(b"hello", length).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{error}");
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
}

#[tokio::test]
async fn file_that_grows_is_sent_as_it_was() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"begun").unwrap();
    let part = Part::file(file.path()).await.unwrap();
    file.write_all(b" and gone on").unwrap();
    let server = Server::always(json(200, "{}"));
    let form = Form::new().part("a", part);
    let request = once(&server).request(Method::POST, "/x").multipart(form);
    ends(request.send()).await.unwrap();
    let body = &server.received()[0].body;
    assert!(body.contains("\r\n\r\nbegun\r\n--"), "{body}");
    assert!(body.ends_with("--\r\n"), "{body}");
}
