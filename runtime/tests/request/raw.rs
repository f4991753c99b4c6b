//! `Client::request`: requests to paths that the document lacks.

use std::collections::HashMap;

use neo_client_runtime::{ErrorKind, Method};
use serde_json::{Value, json};

use crate::support::clients::KEY;
use crate::support::server::{Server, json as json_response, response};

const SEARCH: &str = "/api/v1/knowledge/search";

#[tokio::test]
async fn raw_request_sends_json_and_decodes() {
    let server = Server::always(json_response(201, r#"{"hits": [1, 2]}"#));
    let client = server.client();
    let request = client
        .request(Method::POST, SEARCH)
        .json(&json!({"query": "x"}));
    let found: HashMap<String, Vec<u8>> = request.send_as().await.unwrap();
    assert_eq!(found["hits"], [1, 2]);
    let received = &server.received()[0];
    assert_eq!(
        (received.method.as_str(), received.target.as_str()),
        ("POST", SEARCH)
    );
    assert_eq!(received.body, r#"{"query":"x"}"#);
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("accept"), Some("application/json"));
    assert_eq!(received.header("x-depot-key"), Some(KEY));
}

#[tokio::test]
async fn raw_request_encodes_query_and_adds_headers() {
    let server = Server::always(response(200, &["x-total: 7"], "plain"));
    let request = server.client().request(Method::GET, "/api/v1/ä b");
    let request = request
        .query(&[("q", "a&b#c"), ("limit", "5")])
        .query(&HashMap::from([("page", 2)]))
        .header("X-Trace", "7")
        .header("Accept", "text/plain");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-total"], "7");
    assert_eq!(&response[..], b"plain");
    let received = &server.received()[0];
    assert_eq!(
        received.target,
        "/api/v1/%C3%A4%20b?q=a%26b%23c&limit=5&page=2"
    );
    assert_eq!(received.header("x-trace"), Some("7"));
    assert_eq!(received.header("accept"), Some("text/plain"));
}

#[tokio::test]
async fn raw_request_invalid_is_explained_and_not_sent() {
    let server = Server::always(json_response(200, "{}"));
    let get = |path: &str| server.client().request(Method::GET, path);
    for (request, part) in [
        (get("api/v1/x"), "begin with `/`"),
        (get("https://evil.example/"), "begin with `/`"),
        (get("@evil.example"), "begin with `/`"),
        (get("//evil.example"), "one `/`"),
        (get("/api/../admin"), "segment"),
        (get("/api/%2e%2E/admin"), "segment"),
        (get("/api/..%2fadmin"), "segment"),
        (get("/api\\admin"), "backslash"),
        (get("/api?x=1"), "`.query`"),
        (get("/api#x"), "fragment"),
        (
            get("/x").header("Authorization", "Bearer canary"),
            "`authorization` is set by",
        ),
        (
            get("/x").header("x-depot-key", "dpt_sk_canary"),
            "`x-depot-key` is set by",
        ),
        (get("/x").header("HOST", "evil.example"), "`host` is set by"),
        (get("/x").header("x-a", "canary\r\nx-b: 1"), "`x-a`"),
        (get("/x").header("a b", "canary"), "header name"),
        (get("/x").query(&7), "could not be built"),
        (
            get("/x").json(&HashMap::from([((1, 2), 3)])),
            "body: the value at `/[1,2]` has no JSON form: key must be a string",
        ),
        (get("/a/../b").header("host", "x"), "segment"),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let text = error.to_string();
        assert!(text.starts_with("GET ") && text.contains(part), "{text}");
        assert!(
            !format!("{error:?}{error:#}").contains("canary"),
            "{error:?}"
        );
        assert_eq!((error.attempts(), error.operation()), (0, None));
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn raw_request_path_is_shown_on_one_line() {
    let server = Server::always(response(404, &[], ""));
    let long = format!("/{}", "x".repeat(60_000));
    for path in ["/a\nINJECTED", "/a\u{1b}[31m\u{202e}", "/a\u{2028}b", &long] {
        let request = server.client().request(Method::GET, path);
        let shown = format!("{request:?}");
        let error = request.send().await.unwrap_err();
        for shown in [shown, format!("{error} {error:#}"), format!("{error:?}")] {
            let is_plain = |it: char| !it.is_control() && !matches!(it, '\u{2028}' | '\u{202e}');
            assert!(shown.chars().all(is_plain), "{shown}");
            assert!(shown.len() < 2000, "{}", shown.len());
        }
    }
    // Paths with control characters were rejected.
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn raw_request_empty_response_is_null() {
    let empty = Server::always(b"HTTP/1.1 204 -\r\nconnection: close\r\n\r\n".to_vec());
    let blank = Server::always(response(200, &[], " \n"));
    for server in [empty, blank] {
        let delete = || server.client().request(Method::DELETE, "/api/v1/x");
        delete().send_as::<()>().await.unwrap();
        assert_eq!(delete().send_as::<Option<u8>>().await.unwrap(), None);
        assert_eq!(delete().send_as::<Value>().await.unwrap(), Value::Null);
        let error = delete().send_as::<Vec<u8>>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("an empty body"), "{error}");
        assert!(error.status().unwrap().is_success());
    }
}

#[tokio::test]
async fn raw_request_byte_order_mark_is_skipped() {
    let server = Server::always(json_response(200, "\u{feff}[1]"));
    let request = server.client().request(Method::GET, "/x");
    assert_eq!(request.send_as::<[u8; 1]>().await.unwrap(), [1]);
}

#[tokio::test]
async fn raw_request_error_response_is_api_error() {
    let server = Server::always(json_response(
        404,
        r#"{"error": "no", "code": "not_found"}"#,
    ));
    let error = server
        .client()
        .request(Method::POST, SEARCH)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("not_found"));
    assert_eq!(
        error.to_string(),
        "POST /api/v1/knowledge/search: 404 Not Found: not_found: no \
         (check the ids in the request, and the base URL)"
    );
}

#[test]
fn raw_request_future_is_send() {
    fn is_send<T: Send>(_: T) {}
    let server = Server::always(json_response(200, "{}"));
    is_send(
        server
            .client()
            .request(Method::GET, "/x")
            .send_as::<Value>(),
    );
    is_send(server.client().stock().get_stock_level().into_future());
}
