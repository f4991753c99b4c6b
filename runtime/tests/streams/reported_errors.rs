//! Errors that a server reports in a stream that has begun.

use neo_client_fixture::Client;
use neo_client_runtime::{ErrorKind, Event, EventStream, Method, StreamEnd};

use crate::support::clients::KEY;
use crate::support::server::{Server, response};

fn server(body: &str) -> Server {
    Server::always(response(200, &["content-type: text/event-stream"], body))
}

async fn events(client: &Client) -> EventStream {
    let request = client.request(Method::GET, "/api/v1/x");
    request.events().await.unwrap().into_inner()
}

/// Returns the second event, which reports an error.
async fn reported(body: &str) -> neo_client_runtime::Error {
    let server = server(&format!("data: a\n\n{body}"));
    let mut stream = events(&server.client()).await;
    stream.next_event().await.unwrap().unwrap();
    let error = stream.next_event().await.unwrap().unwrap_err();
    assert!(stream.next_event().await.is_none());
    assert_eq!(stream.ended(), Some(StreamEnd::Failed), "{body}");
    error
}

#[tokio::test]
async fn event_that_reports_an_error_is_an_error() {
    for body in [
        "event: error\ndata: {\"error\":{\"code\":\"overloaded\",\"message\":\"too busy\"}}\n\n",
        "data: {\"type\":\"error\",\"code\":\"overloaded\",\"message\":\"too busy\"}\n\ndata: [DONE]\n\n",
        "data: {\"error\":{\"code\":\"overloaded\",\"message\":\"too busy\"}}\n\n",
        "data: {\"error\":\"too busy\",\"code\":\"overloaded\"}\n\n",
    ] {
        let error = reported(body).await;
        assert_eq!(error.kind(), ErrorKind::Api, "{body}");
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.code(), Some("overloaded"), "{body}");
        let text = error.to_string();
        assert!(text.contains("overloaded: too busy"), "{text}");
    }
    let text = reported("event: error\ndata: out of memory\n\n").await;
    assert!(text.to_string().contains("out of memory"), "{text}");
}

#[tokio::test]
async fn reported_error_hides_the_credential() {
    let body = format!("event: error\ndata: {{\"message\":\"no {KEY}\"}}\n\n");
    let error = reported(&body).await;
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("[redacted]") && !shown.contains(KEY),
        "{shown}"
    );
}

#[tokio::test]
async fn stream_goes_on_behind_a_reported_error() {
    let server = server("event: error\ndata: late\n\ndata: a\n\ndata: [DONE]\n\n");
    let mut stream = events(&server.client()).await;
    stream.next_event().await.unwrap().unwrap_err();
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "a");
    assert!(stream.next_event().await.is_none());
    assert_eq!(stream.ended(), Some(StreamEnd::Complete));
}

#[tokio::test]
async fn reported_error_is_an_event_if_asked_for() {
    let server = server("event: error\ndata: late\n\ndata: {\"type\":\"error\"}\n\n");
    let client = server
        .client()
        .with_options(|call| call.event_errors(false));
    let mut stream = events(&client).await;
    let mut all: Vec<Event> = Vec::new();
    while let Some(event) = stream.next_event().await {
        all.push(event.unwrap());
    }
    assert_eq!(all.len(), 2);
    assert_eq!(stream.ended(), Some(StreamEnd::Unmarked));
}
