use hyper::Method;
use hyper::header::{ACCEPT, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::super::response::Reply;
use super::{Document, EVENTS, Route};
use crate::mock::negotiation::choose;

/// A document with one operation, `GET /x`, that has these responses.
fn with_responses(responses: &Value) -> Document {
    Document::new(
        &json!({
            "paths": { "/x": { "get": { "operationId": "x", "responses": responses } } },
            "components": {
                "responses": { "Named": { "content": { "application/json": { "example": "named" } } } },
                "pathItems": { "Shared": { "put": { "operationId": "shared" } } },
            },
        }),
        &[],
    )
}

/// Status, media type and body of the reply to a request with this `Accept`.
fn reply(document: &Document, accept: &str) -> Option<(u16, String, String)> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
    let Reply {
        status,
        media_type,
        body,
    } = choose(&document.endpoint("x")?.replies, &headers)?.clone();
    Some((
        status.as_u16(),
        media_type,
        String::from_utf8(body.to_vec()).unwrap(),
    ))
}

fn text(status: u16, media_type: &str, body: &str) -> Option<(u16, String, String)> {
    Some((status, media_type.to_owned(), body.to_owned()))
}

#[test]
fn the_lowest_success_is_sent() {
    let json = |example: &str| json!({ "content": { "application/json": { "example": example } } });
    let document = with_responses(
        &json!({ "400": json("e"), "202": json("b"), "201": json("a"), "default": json("d") }),
    );
    assert_eq!(
        reply(&document, "*/*"),
        text(201, "application/json", "\"a\"")
    );
    let document = with_responses(&json!({ "2XX": json("range"), "201": json("exact") }));
    assert_eq!(
        reply(&document, "*/*"),
        text(200, "application/json", "\"range\"")
    );
    let document = with_responses(
        &json!({ "404": json("e"), "default": { "$ref": "#/components/responses/Named" } }),
    );
    assert_eq!(
        reply(&document, "*/*"),
        text(200, "application/json", "\"named\"")
    );
    let document = with_responses(&json!({ "204": { "description": "done" } }));
    assert_eq!(reply(&document, "*/*"), text(204, "", ""));
    assert_eq!(
        reply(&with_responses(&json!({ "404": json("e") })), "*/*"),
        None
    );
}

#[test]
fn accept_chooses_the_media_type() {
    let document = with_responses(&json!({ "200": { "content": {
        "text/event-stream": { "schema": { "type": "string" } },
        "text/csv": { "example": "a,b" },
        "application/problem+json": { "example": 1 },
    } } }));
    assert_eq!(
        reply(&document, "text/event-stream"),
        text(200, "text/event-stream", EVENTS)
    );
    assert_eq!(
        reply(&document, "text/csv, */*;q=0.1"),
        text(200, "text/csv", "a,b")
    );
    assert_eq!(
        reply(&document, "image/png"),
        text(200, "application/problem+json", "1")
    );
    let document = with_responses(&json!({ "200": { "content": {
        "text/event-stream": { "example": "data: 1\n\n" }, "*/*": { "schema": { "const": 5 } } } } }));
    assert_eq!(
        reply(&document, "text/event-stream"),
        text(200, "text/event-stream", "data: 1\n\n")
    );
    assert_eq!(reply(&document, "*/*"), text(200, "application/json", "5"));
}

#[test]
fn every_event_of_the_sample_stream_is_typed_json_and_the_last_says_so() {
    let events: Vec<_> = EVENTS
        .split_terminator("\n\n")
        .map(|event| event.strip_prefix("data: ").unwrap())
        .collect();
    let (last, events) = events.split_last().unwrap();
    assert_eq!(*last, "[DONE]");
    for event in events {
        assert!(
            serde_json::from_str::<Value>(event).unwrap()["type"].is_string(),
            "{event}"
        );
    }
}

#[test]
fn routes() {
    let operation = |id: &str| json!({ "operationId": id });
    let document = Document::new(
        &json!({
            "paths": {
                "/a/{id}": { "get": operation("get"), "delete": operation("delete"), "parameters": [], "summary": "a" },
                "/a/special": { "post": operation("special"), "x-unknown": {} },
                "/shared": { "$ref": "#/components/pathItems/Shared" },
                "/unnamed": { "get": {} },
            },
            "components": { "pathItems": { "Shared": { "put": operation("shared") } } },
        }),
        &[],
    );
    let route = |method: Method, path: &str| match document.route(&method, path) {
        Route::Found(endpoint) => endpoint.id.clone(),
        Route::OtherMethods(methods) => format!("{methods:?}"),
        Route::Unknown => "unknown".to_owned(),
    };
    assert_eq!(route(Method::GET, "/a/1"), "get");
    assert_eq!(route(Method::HEAD, "/a/1"), "get");
    assert_eq!(route(Method::POST, "/a/special"), "special");
    // The templated path still answers what the concrete one does not.
    assert_eq!(route(Method::GET, "/a/special"), "get");
    assert_eq!(
        route(Method::PUT, "/a/special"),
        "[DELETE, GET, HEAD, POST]"
    );
    assert_eq!(route(Method::PUT, "/shared"), "shared");
    assert_eq!(route(Method::GET, "/unnamed"), "GET /unnamed");
    assert_eq!(route(Method::GET, "/a"), "unknown");
}

#[test]
fn nonsense_is_an_empty_document() {
    for document in [
        json!(null),
        json!([]),
        json!({ "paths": [] }),
        json!({ "paths": { "/x": null, "/y": { "get": 1 } } }),
    ] {
        Document::new(&document, &[]);
    }
}
