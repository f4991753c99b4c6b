//! Responses that a test makes for each request, paths that it adds, and errors for fakes.

use std::time::Duration;

use neo_client_fixture::mock::MockServer;
use neo_client_fixture::{API, types};
use neo_client_runtime::mock::{self, Fault, MockError, MockResponse};
use neo_client_runtime::{ErrorKind, Method, StatusCode};
use serde_json::{Value, json};

use super::plain_http::{STOCK_PATH, bare};

#[tokio::test]
async fn response_depends_on_path_parameter_and_body() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    server
        .respond_with("GET /api/v1/parcels/{id}", |request| {
            match request.path_parameter("id") {
                Some("a/b c") => (200, json!({ "page": request.query_parameter("p") })),
                _ => (404, json!({ "code": "not_found" })),
            }
        })
        .unwrap();
    let parcel = neo.request(Method::GET, "/api/v1/parcels/a%2Fb%20c");
    let parcel = parcel.query(&[("p", "1&2"), ("p", "3")]);
    let found: Value = parcel.send_as().await.unwrap();
    assert_eq!(found, json!({ "page": "1&2" }));
    let missing = neo.request(Method::GET, "/api/v1/parcels/2");
    let error = missing.send_as::<Value>().await.unwrap_err();
    assert_eq!(error.code(), Some("not_found"));

    server
        .respond_with("jobs.start_job", |request| {
            let body: Value = request.json().unwrap();
            MockResponse::json(202, json!({ "job_id": body["work"] })).header("x-made", "yes")
        })
        .unwrap();
    let job = neo.request(Method::POST, "/api/v1/jobs");
    let response = job.json(&json!({ "work": "count" })).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    assert_eq!(response.headers()["x-made"], "yes");
}

#[tokio::test]
async fn response_made_may_be_events_sample_or_bytes() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    server
        .respond_with(
            "jobs.start_job",
            |request| match request.headers()["accept"].to_str() {
                Ok("text/event-stream") => MockResponse::events(["a", "b"], Duration::ZERO),
                _ => MockResponse::sample(),
            },
        )
        .unwrap();
    let job = || types::JobRequest::builder().work("count");
    neo.jobs().start_job(job()).await.unwrap();
    let mut events = neo.jobs().start_job_stream(job()).await.unwrap();
    let mut count = 0;
    while let Some(event) = events.next_event().await {
        event.unwrap();
        count += 1;
    }
    assert_eq!(count, 2);

    let gone = |_: &_| MockResponse::bytes(410, "text/plain", "gone");
    server.respond_with("get-stock", gone).unwrap();
    let error = neo.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::GONE));
    assert!(error.to_string().contains("gone"), "{error}");
    server
        .respond_with("get-stock", |_| MockResponse::empty(204))
        .unwrap();
    assert!(neo.stock().get_stock_level().await.is_err());
}

#[tokio::test]
async fn mistake_in_response_made_is_told() {
    let server = MockServer::start().await.unwrap();
    type Mistake = fn() -> MockResponse;
    let mistakes: [(Mistake, &str); 3] = [
        (|| MockResponse::json(700, json!({})), "700"),
        (|| MockResponse::bytes(200, "a\nb", ""), "media type"),
        (|| MockResponse::empty(204).header("a b", "c"), "header"),
    ];
    for (mistake, part) in mistakes {
        server
            .respond_with("get-stock", move |_| mistake())
            .unwrap();
        let neo = server.client().with_options(|call| call.retries(0));
        let error = neo.stock().get_stock_level().await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_mock_response"));
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn accept_chooses_between_json_and_events() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    server
        .respond_events("jobs.start_job", ["tick"], Duration::ZERO)
        .unwrap();
    server
        .respond("jobs.start_job", 202, json!({ "made": true }))
        .unwrap();
    let job = || types::JobRequest::builder().work("count");
    for _ in 0..2 {
        let mut events = neo.jobs().start_job_stream(job()).await.unwrap();
        let first = events.next_event().await.unwrap().unwrap();
        assert_eq!(first.data, "tick");
        let json: Value = neo.jobs().start_job(job()).send_as().await.unwrap();
        assert_eq!(json, json!({ "made": true }));
    }
    // An error is for both.
    server
        .respond("jobs.start_job", 403, json!({ "code": "forbidden" }))
        .unwrap();
    assert!(neo.jobs().start_job(job()).await.is_err());
    assert!(neo.jobs().start_job_stream(job()).await.is_err());
}

#[tokio::test]
async fn path_that_the_document_lacks_responds() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let path = "/api/v2/scans/{id}";
    server
        .respond_path(Method::GET, path, 200, json!({ "done": 1 }))
        .unwrap();
    let scan = || async {
        let scan = neo.request(Method::GET, "/api/v2/scans/7");
        scan.send_as::<Value>().await
    };
    assert_eq!(scan().await.unwrap(), json!({ "done": 1 }));
    let last = server.requests().pop().unwrap();
    assert_eq!(last.operation(), None);
    assert_eq!(last.path_parameter("id"), Some("7"));
    let other = bare(&server, Method::PUT, "/api/v2/scans/7");
    let other = other.send().await.unwrap();
    assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED);

    // The path is an operation from now on.
    let name = "GET /api/v2/scans/{id}";
    server.fail_once(name, Fault::Disconnect).unwrap();
    server
        .respond_each(name, [(200, json!(1)), (200, json!(2))])
        .unwrap();
    assert_eq!(scan().await.unwrap(), json!(1));
    assert_eq!(scan().await.unwrap(), json!(2));
    server
        .respond_with(name, |request| (200, json!(request.path_parameter("id"))))
        .unwrap();
    assert_eq!(scan().await.unwrap(), json!("7"));

    // A path of the document takes the response as well.
    server
        .respond_path(Method::GET, STOCK_PATH, 404, json!({ "code": "not_found" }))
        .unwrap();
    let error = neo.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.code(), Some("not_found"));
}

#[tokio::test]
async fn path_that_no_request_has_is_an_error() {
    let server = MockServer::start().await.unwrap();
    for path in ["", "api/v2", "/a?b=c", "/a#b"] {
        let error = server.respond_path(Method::GET, path, 200, json!({}));
        assert!(matches!(error, Err(MockError::Path { .. })), "{path}");
    }
}

#[test]
fn error_of_fake_has_status_code_and_kind() {
    let error = mock::error(&API, 409, "already_exists");
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.status(), Some(StatusCode::CONFLICT));
    assert_eq!(error.code(), Some("already_exists"));
    assert!(!error.is_retryable());
    assert!(mock::error(&API, 503, "").is_retryable());
    let odd = mock::error(&API, 7, "x");
    assert_eq!(odd.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    let error = mock::failure(ErrorKind::Connect);
    assert_eq!((error.kind(), error.status()), (ErrorKind::Connect, None));
    assert!(error.is_retryable() && error.to_string().contains("mock"));
}
