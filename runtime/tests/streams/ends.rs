//! The end of an event stream: complete, unmarked, or failed.

use std::io::Write;
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_runtime::{Error, ErrorKind, Event, EventStream, Method, ResumeBy, StreamEnd};

use crate::support::connection_fault::until_closed;
use crate::support::server::{Server, response};

/// Starts a server that sends this body as an event stream, and then closes the connection
/// properly.
fn server(body: impl AsRef<[u8]>) -> Server {
    Server::always(response(200, &["content-type: text/event-stream"], body))
}

/// Returns the events of an operation that declares an end marker.
async fn marked(client: &Client) -> EventStream {
    client.jobs().get_job_events("j").await.unwrap()
}

/// Returns the events of a path that the document lacks.
async fn raw(client: &Client) -> EventStream {
    let request = client.request(Method::GET, "/api/v1/x");
    request.events().await.unwrap().into_inner()
}

/// Reads all events.
async fn read(stream: &mut EventStream) -> Vec<Result<Event, Error>> {
    let mut all = Vec::new();
    while let Some(event) = stream.next_event().await {
        assert_eq!(stream.ended().is_some(), event.is_err());
        all.push(event);
    }
    assert!(stream.next_event().await.is_none());
    all
}

#[tokio::test]
async fn stream_with_end_marker_is_complete() {
    for end in [
        "data:  [DONE]\n\ndata: c\n\n",
        "data: [DONE]\n",
        "data: [DONE]",
        "event: end\r\ndata: [DONE]\r",
    ] {
        let server = server(format!("data: a\n\ndata: b\n\n{end}"));
        let client = server.client();
        for mut stream in [marked(&client).await, raw(&client).await] {
            let all = read(&mut stream).await;
            assert_eq!(all.len(), 2);
            assert!(all.iter().all(Result::is_ok));
            assert_eq!(stream.ended(), Some(StreamEnd::Complete), "{end:?}");
        }
    }
}

#[tokio::test]
async fn stream_without_declared_marker_is_an_error() {
    for body in ["", "data: a\n\n", "data: a\n\ndata: [DON", ": [DONE]"] {
        let server = server(body);
        let client = server.client();
        let mut stream = marked(&client).await;
        let mut all = read(&mut stream).await;
        let error = all.pop().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{body:?}");
        assert_eq!(
            error.to_string(),
            "jobs.get_job_events: the event stream ended without `[DONE]`, its end marker (trying again may help)"
        );
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(stream.ended(), Some(StreamEnd::Failed));

        // The path of the operation has the same marker.
        let request = client.request(Method::GET, "/api/v1/jobs/j/events");
        let mut stream = request.events().await.unwrap().into_inner();
        read(&mut stream).await.pop().unwrap().unwrap_err();
    }
}

#[tokio::test]
async fn stream_without_any_marker_says_so() {
    let server = server("data: a\n\n");
    let mut stream = raw(&server.client()).await;
    assert_eq!(read(&mut stream).await.len(), 1);
    assert_eq!(stream.ended(), Some(StreamEnd::Unmarked));
}

/// Starts a server whose first connection breaks after one event. All others are silent.
fn broken_then_silent() -> Server {
    Server::accept(|connection| {
        connection.request().unwrap();
        if connection.number == 0 {
            connection.send("HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\n");
            connection.send("content-length: 99\r\n\r\nid: 1\ndata: a\n\n");
        } else {
            until_closed(&mut connection.socket);
        }
    })
}

#[tokio::test]
async fn reconnect_cancelled_is_not_the_end() {
    let server = broken_then_silent();
    let request = server.client().request(Method::GET, "/api/v1/x");
    let request = request.resume(ResumeBy::LAST_EVENT_ID);
    let mut stream = request.events().await.unwrap().into_inner();
    stream.next_event().await.unwrap().unwrap();
    stream.next_event().await.unwrap().unwrap_err();
    let cancelled = tokio::time::timeout(Duration::from_millis(50), stream.reconnect());
    assert!(cancelled.await.is_err());
    assert_eq!(stream.ended(), Some(StreamEnd::Failed));
    let error = stream.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.last_event_id(), Some("1"));
    assert!(error.is_retryable());
    assert!(
        error.to_string().contains("call `reconnect` again"),
        "{error}"
    );
    assert!(stream.next_event().await.is_none());
    assert_eq!(stream.ended(), Some(StreamEnd::Failed));
}

#[tokio::test]
async fn stream_in_use_has_no_end_yet() {
    let server = Server::serve(|_, socket| {
        let head = b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\n\r\ndata: a\n\n";
        socket.write_all(head).unwrap();
        until_closed(socket);
    });
    let mut stream = raw(&server.client()).await;
    stream.next_event().await.unwrap().unwrap();
    tokio::select! {
        biased;
        event = stream.next_event() => panic!("{event:?}"),
        () = tokio::task::yield_now() => {}
    }
    assert_eq!(stream.ended(), None);
}

/// Starts a server that sends `head` and `body`, and then nothing until the client gives up.
fn silent_after(media_type: &'static str, body: &'static str) -> Server {
    Server::serve(move |_, socket| {
        let head = format!("HTTP/1.1 200 -\r\ncontent-type: {media_type}\r\n\r\n{body}");
        socket.write_all(head.as_bytes()).unwrap();
        until_closed(socket);
    })
}

/// The clock moves on by itself while nothing else can happen.
#[tokio::test]
async fn silence_of_five_minutes_ends_a_stream_by_default() {
    for body in ["data: a\n\n", ": nothing yet\n\n", ""] {
        let server = silent_after("text/event-stream", body);
        let mut stream = raw(&server.client()).await;
        if body.starts_with("data") {
            stream.next_event().await.unwrap().unwrap();
        }
        tokio::time::pause();
        let error = stream.next_event().await.unwrap().unwrap_err();
        tokio::time::resume();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        let text = error.to_string();
        assert!(text.contains("nothing came for 300 s"), "{text}");
        assert_eq!(stream.ended(), Some(StreamEnd::Failed));
    }
}

#[tokio::test]
async fn silence_of_five_minutes_ends_a_download_by_default() {
    let server = silent_after("image/png", "half");
    let request = server.client().request(Method::GET, "/api/v1/x");
    let mut body = request.stream().await.unwrap().into_inner();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "half");
    tokio::time::pause();
    let error = body.chunk().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn silence_without_a_limit_ends_nothing() {
    let server = silent_after("text/event-stream", "data: a\n\n");
    let client = server.client().with_options(|call| call.idle_timeout(None));
    let mut stream = raw(&client).await;
    stream.next_event().await.unwrap().unwrap();
    tokio::time::pause();
    let hour = tokio::time::timeout(Duration::from_secs(3600), stream.next_event());
    assert!(hour.await.is_err());
    assert_eq!(stream.ended(), None);
}

#[tokio::test]
async fn stream_without_content_is_complete() {
    let server = Server::always(b"HTTP/1.1 204 -\r\n\r\n".to_vec());
    let client = server.client();
    for mut stream in [marked(&client).await, raw(&client).await] {
        assert!(stream.next_event().await.is_none());
        assert_eq!(stream.ended(), Some(StreamEnd::Complete));
    }
}
