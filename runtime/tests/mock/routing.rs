//! Which operation of the document a request reaches, and with which credentials.

use neo_client_fixture::mock::MockServer;
use reqwest::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::plain_http::{
    DOCUMENT, Documented, STOCK_PATH, assert_error_response, bare, documented, filled, keyed,
};

#[tokio::test]
async fn mock_unknown_path_is_404_and_method_405() {
    let server = MockServer::start().await.unwrap();
    for path in [
        "/",
        "/api/v1/none",
        "/api/v1/jobs/",
        "/api/v1/jobs/1/2/3",
        "//api/v1/jobs",
    ] {
        let response = keyed(&server, Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_error_response(&response.json().await.unwrap());
    }
    for (method, path, allow) in [
        (Method::DELETE, STOCK_PATH, "GET, HEAD"),
        (Method::PUT, "/api/v1/jobs", "GET, HEAD, POST"),
        (Method::OPTIONS, "/api/v1/jobs/1/approve", "POST"),
        (
            Method::from_bytes(b"BREW").unwrap(),
            "/api/v1/docks/1/limit",
            "DELETE, PATCH",
        ),
    ] {
        let response = bare(&server, method, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(response.headers()[ALLOW], allow);
        assert_error_response(&response.json().await.unwrap());
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.operation().is_none())
    );
}

#[tokio::test]
async fn mock_literal_segment_beats_parameter() {
    let server = MockServer::start().await.unwrap();
    for (path, id) in [
        ("/api/v1/parcels/1/track", "get-parcels-id-track"),
        ("/api/v1/parcels/track", "get-parcels-id"),
        ("/api/v1/movements/arrivals", "get-movements-arrivals"),
        (
            "/api/v1/movements/arrivals/tasks",
            "get-movements-arrivals-parcel",
        ),
        ("/api/v1/parcels/%7Bid%7D?x=/y/z", "get-parcels-id"),
    ] {
        let response = keyed(&server, Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            server.requests().last().unwrap().operation().unwrap().id,
            id,
            "{path}"
        );
    }
}

#[tokio::test]
async fn mock_requires_documented_credentials() {
    let server = MockServer::start().await.unwrap();
    for Documented {
        method,
        template,
        operation,
    } in documented()
    {
        let response = bare(&server, method.clone(), &filled(template))
            .send()
            .await
            .unwrap();
        let security = operation.get("security").unwrap_or(&DOCUMENT["security"]);
        let alternatives = security.as_array().unwrap();
        if alternatives.is_empty() || alternatives.contains(&json!({})) {
            assert!(response.status().is_success(), "{method} {template}");
            continue;
        }
        assert_eq!(
            response.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {template}"
        );
        assert!(response.headers().contains_key(WWW_AUTHENTICATE));
        assert_error_response(&response.json().await.unwrap());
    }
    for (name, value, status) in [
        ("x-depot-key", "anything", 200),
        ("X-DEPOT-KEY", "anything", 200),
        ("x-depot-key", "", 401),
        ("authorization", "Bearer anything", 200),
        ("authorization", "bearer anything", 200),
        ("authorization", "Bearer ", 401),
        ("authorization", "Basic YTpi", 401),
    ] {
        let response = bare(&server, Method::GET, STOCK_PATH)
            .header(name, value)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{name}: {value}");
    }
}

#[tokio::test]
async fn mock_head_is_get_without_body() {
    let server = MockServer::start().await.unwrap();
    let get = keyed(&server, Method::GET, STOCK_PATH)
        .send()
        .await
        .unwrap();
    let head = keyed(&server, Method::HEAD, STOCK_PATH)
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), get.status());
    assert_eq!(head.headers()[CONTENT_TYPE], get.headers()[CONTENT_TYPE]);
    assert_eq!(
        head.headers()["content-length"],
        get.headers()["content-length"]
    );
    assert!(head.bytes().await.unwrap().is_empty());
    let last = server.requests().pop().unwrap();
    assert_eq!(
        (last.method(), last.operation().unwrap().id),
        (&Method::HEAD, "get-stock")
    );
}

#[tokio::test]
async fn mock_debug_of_request_hides_the_query_credential() {
    let server = MockServer::start().await.unwrap();
    let path = "/api/v1/gates/7/log?since=1&log_key=canary";
    bare(&server, Method::GET, path).send().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.query(), Some("since=1&log_key=canary"));
    let shown = format!("{request:?}");
    assert!(
        shown.contains("since=1&log_key=[redacted]") && !shown.contains("canary"),
        "{shown}"
    );
}

#[tokio::test]
async fn mock_names_the_schemes_that_it_accepts() {
    let server = MockServer::start().await.unwrap();
    let request = bare(&server, Method::GET, "/api/v1/gates/7/badge");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let challenges: Vec<_> = response
        .headers()
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .collect();
    assert_eq!(challenges, ["Basic realm=\"mock\"", "ApiKey"]);
}
