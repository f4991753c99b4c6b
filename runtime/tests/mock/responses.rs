//! Scripted responses and recorded requests of the mock server.

use neo_client_fixture::mock::MockServer;
use neo_client_runtime::mock::{MockError, RecordedRequest};
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::plain_http::{STOCK_PATH, assert_error_response, bare, keyed};

#[tokio::test]
async fn mock_respond_replaces_the_sample() {
    let server = MockServer::start().await.unwrap();
    let stock = || async {
        keyed(&server, Method::GET, STOCK_PATH)
            .send()
            .await
            .unwrap()
    };
    // By operation id and by Rust name. The last call wins.
    server
        .respond("get-stock", 402, json!({ "error": "no" }))
        .unwrap();
    let response = stock().await;
    assert_eq!(response.status(), StatusCode::PAYMENT_REQUIRED);
    assert_eq!(
        response.json::<Value>().await.unwrap(),
        json!({ "error": "no" })
    );
    server
        .respond("stock.get_stock_level", 200, [1, 2])
        .unwrap();
    for _ in 0..2 {
        assert_eq!(stock().await.json::<Value>().await.unwrap(), json!([1, 2]));
    }
    // Other operations are unchanged.
    let other = keyed(&server, Method::GET, "/api/v1/account")
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), StatusCode::OK);
    let bare = bare(&server, Method::GET, STOCK_PATH).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
    // A status without content has no body.
    server.respond("get-stock", 204, Value::Null).unwrap();
    let response = stock().await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert!(response.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn mock_respond_invalid_is_an_error() {
    let server = MockServer::start().await.unwrap();
    let error = server
        .respond("stock.no_such_call", 200, json!({}))
        .unwrap_err();
    assert!(
        matches!(&error, MockError::UnknownOperation { name, .. } if name == "stock.no_such_call")
    );
    assert!(error.to_string().contains("stock.no_such_call"), "{error}");
    for status in [0, 100, 199, 600, 1000, u16::MAX] {
        let error = server.respond("get-stock", status, json!({})).unwrap_err();
        assert!(matches!(&error, MockError::Status { status: given, .. } if *given == status));
    }
    let unwritable = std::collections::HashMap::from([((1, 2), 3)]);
    let error = server.respond("get-stock", 200, unwritable).unwrap_err();
    assert!(matches!(&error, MockError::Json(_)));
    assert!(std::error::Error::source(&error).is_some());
    let response = keyed(&server, Method::GET, STOCK_PATH)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn mock_records_requests_as_sent() {
    let server = MockServer::start().await.unwrap();
    assert!(server.requests().is_empty());
    let request = bare(
        &server,
        Method::POST,
        "/api/v1/jobs/a%2Fb/approve?x=1&y=%20",
    );
    let request = request
        .header(AUTHORIZATION, "Bearer canary-token")
        .header("X-Depot-Key", "canary-key");
    let request = request
        .header("x-own", "seen")
        .json(&json!({ "decision": "canary-body" }));
    request.send().await.unwrap();
    bare(&server, Method::GET, "/nowhere").send().await.unwrap();

    let requests = server.requests();
    let [first, second]: &[RecordedRequest; 2] = requests.as_slice().try_into().unwrap();
    assert_eq!(first.method(), Method::POST);
    assert_eq!(first.path(), "/api/v1/jobs/a%2Fb/approve");
    assert_eq!(first.query(), Some("x=1&y=%20"));
    assert_eq!(first.headers()[AUTHORIZATION], "Bearer canary-token");
    assert_eq!(first.headers()["x-depot-key"], "canary-key");
    assert_eq!(first.body(), br#"{"decision":"canary-body"}"#);
    assert_eq!(
        first.json::<Value>().unwrap(),
        json!({ "decision": "canary-body" })
    );
    assert!(first.json::<Vec<u8>>().is_err());
    assert_eq!(first.operation().unwrap().id, "post-jobs-id-approve");
    assert_eq!(
        (second.path(), second.query(), second.operation()),
        ("/nowhere", None, None)
    );

    let debug = format!("{requests:?} {requests:#?} {server:?}");
    assert!(
        debug.contains("x-depot-key") && debug.contains("seen"),
        "{debug}"
    );
    assert!(!debug.contains("canary"), "{debug}");
}

#[tokio::test]
async fn mock_client_sends_a_key() {
    let server = MockServer::start().await.unwrap();
    let level: Value = server
        .client()
        .request(Method::GET, STOCK_PATH)
        .send_as()
        .await
        .unwrap();
    assert!(level["available"].is_number());
    server
        .respond(
            "get-stock",
            403,
            json!({ "error": "no", "code": "forbidden" }),
        )
        .unwrap();
    let refused = server
        .client()
        .request(Method::GET, STOCK_PATH)
        .send_as::<Value>()
        .await;
    assert_eq!(refused.unwrap_err().status(), Some(StatusCode::FORBIDDEN));
    for request in server.requests() {
        let key = request.headers()["x-depot-key"].to_str().unwrap();
        assert_eq!(key.strip_prefix("dpt_sk_").unwrap().len(), 32);
    }
}

#[tokio::test]
async fn mock_large_body_is_413_and_not_kept() {
    const LIMIT: usize = 16 * 1024 * 1024;
    let server = MockServer::start().await.unwrap();
    for (size, status) in [(LIMIT, 202), (LIMIT + 1, 413), (3 * LIMIT, 413), (10, 202)] {
        let body = reqwest::Body::from(vec![b' '; size]);
        let request = keyed(&server, Method::POST, "/api/v1/jobs").body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{size} bytes");
        let kept = if status == 413 { 0 } else { size };
        let last = server.requests().pop().unwrap();
        assert_eq!(
            (last.body().len(), last.operation().unwrap().id),
            (kept, "post-jobs")
        );
        let body: Value = response.json().await.unwrap();
        if status == 413 {
            assert_error_response(&body);
        }
    }
}
