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
        "data: {\"object\":\"error\",\"type\":\"Busy\",\"code\":\"overloaded\",\"message\":\"too busy\"}\n\n",
        "data: {\"type\":null,\"error\":{\"code\":\"overloaded\",\"message\":\"too busy\"}}\n\n",
    ] {
        let error = reported(body).await;
        assert_eq!(error.kind(), ErrorKind::Api, "{body}");
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.code(), Some("overloaded"), "{body}");
        let text = error.to_string();
        assert!(text.contains("overloaded: too busy"), "{text}");
    }
    // The last event may lack its empty line.
    for body in [
        "data: {\"error\":{\"message\":\"too busy\"}}\n",
        "event: error\ndata: too busy",
    ] {
        assert!(reported(body).await.to_string().contains("too busy"));
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

#[tokio::test]
async fn reported_error_says_whether_it_may_pass() {
    for (body, may_pass) in [
        (r#"{"error":{"code":502,"message":"no provider"}}"#, true),
        (r#"{"error":{"code":"429","message":"too many"}}"#, true),
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#,
            true,
        ),
        (
            r#"{"error":{"status":"UNAVAILABLE","message":"away"}}"#,
            true,
        ),
        (r#"{"error":{"code":400,"message":"too long"}}"#, false),
        (r#"{"error":{"code":7,"message":"no"}}"#, false),
    ] {
        let error = reported(&format!("data: {body}\n\n")).await;
        assert_eq!(error.is_retryable(), may_pass, "{body}");
        assert_eq!(error.status().unwrap(), 200);
    }
}

#[tokio::test]
async fn error_of_a_stream_tells_the_request_id() {
    let headers = ["content-type: text/event-stream", "x-request-id: r-7"];
    for body in ["event: error\ndata: late\n\n", "data: a", ""] {
        let server = Server::always(response(200, &headers, body));
        let mut events = server.client().jobs().get_job_events("j").await.unwrap();
        let error = events.next_event().await.unwrap().unwrap_err();
        assert_eq!(error.request_id(), Some("r-7"));
        assert!(error.to_string().contains("[request id r-7]"), "{error}");
    }
}

#[tokio::test]
async fn line_that_reports_an_error_is_an_error() {
    let body =
        "{\"id\":1}\n{\"error\":\"no such model\"}\n{\"id\":2}\n{\"error\":{\"message\":\"gone\"}}";
    let headers = ["content-type: application/jsonl", "x-request-id: r-7"];
    let server = Server::always(response(200, &headers, body));
    let client = server.client();
    let lines = async |client: &Client| {
        let mut lines = client.invoices().export_invoices().await.unwrap();
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().await {
            all.push(line.map_err(|error| error.to_string()));
        }
        all
    };
    let all = lines(&client).await;
    assert_eq!(all.len(), 4);
    assert!(all[0].is_ok() && all[2].is_ok());
    for (line, said) in [(&all[1], "no such model"), (&all[3], "gone")] {
        let text = line.as_ref().unwrap_err();
        assert!(
            text.contains(said) && text.contains("[request id r-7]"),
            "{text}"
        );
    }
    let tolerant = client.with_options(|call| call.event_errors(false));
    assert!(lines(&tolerant).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn json_error_labelled_as_events_is_told() {
    let error = r#"{"error":{"code":"overloaded","message":"too busy"}}"#;
    for body in [
        error.to_owned(),
        format!("{error}\n"),
        format!("{error}\r\n\r\n"),
    ] {
        let server = server(&body);
        let client = server.client();
        for mut stream in [
            events(&client).await,
            client.jobs().get_job_events("j").await.unwrap(),
        ] {
            let error = stream.next_event().await.unwrap().unwrap_err();
            assert_eq!(
                (error.kind(), error.code()),
                (ErrorKind::Api, Some("overloaded"))
            );
            assert_eq!(stream.ended(), Some(StreamEnd::Failed));
        }
    }
    // Any other line that is no event is ignored, as the specification says.
    let server = server("{\"id\":1}\n\ndata: a\n\n");
    let mut stream = events(&server.client()).await;
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "a");
    assert!(stream.next_event().await.is_none());
}
