//! The data of the mock server.

use serde_json::{Value, json};

use super::write;
use crate::ledger::Ledger;
use crate::settings::Settings;

/// The data of a document, read back.
fn data(document: &Value) -> Value {
    let lowered = crate::lower::lower(document, &Settings::default(), &mut Ledger::default());
    let operations = lowered.unwrap().model.operations;
    serde_json::from_str(&write(document, &operations)).unwrap()
}

/// The samples of `GET /x` with these responses.
fn samples(responses: &Value) -> Value {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "x", "version": "1" },
        "paths": { "/x": { "get": { "operationId": "x", "responses": responses } } },
        "components": {
            "responses": { "Named": { "content": { "application/json": { "example": "named" } } } },
        },
    });
    data(&document)["responses"]["GET /x"].clone()
}

fn json_response(status: u16, value: &Value) -> Value {
    json!({ "status": status, "media_type": "application/json", "json": value })
}

#[test]
fn lowest_success_comes_first() {
    let json = |example: &str| json!({ "content": { "application/json": { "example": example } } });
    let all = json!({ "400": json("e"), "202": json("b"), "201": json("a"), "default": json("d") });
    assert_eq!(
        samples(&all),
        json!([
            json_response(201, &json!("a")),
            json_response(202, &json!("b"))
        ])
    );
    let range = samples(&json!({ "2XX": json("range"), "201": json("exact") }));
    assert_eq!(range[0], json_response(200, &json!("range")));
    let named = json!({ "404": json("e"), "default": { "$ref": "#/components/responses/Named" } });
    assert_eq!(
        samples(&named),
        json!([json_response(200, &json!("named"))])
    );
    let empty = json!({ "204": { "description": "done" } });
    assert_eq!(samples(&empty), json!([{ "status": 204 }]));
    assert_eq!(samples(&json!({ "404": json("e") })), json!([]));
}

#[test]
fn every_media_type_has_a_sample() {
    let content = json!({
        "text/csv": { "example": "a,b" },
        "application/problem+json": { "example": 1 },
        "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
        "application/xml": { "schema": { "properties": { "a": { "const": 1 } } } },
        "*/*": { "schema": { "const": 5 } },
    });
    assert_eq!(
        samples(&json!({ "200": { "content": content } })),
        json!([
            { "status": 200, "media_type": "application/problem+json", "json": 1 },
            { "status": 200, "media_type": "application/json", "json": 5 },
            { "status": 200, "media_type": "text/csv", "text": "a,b" },
            { "status": 200, "media_type": "application/octet-stream", "text": "sample" },
            { "status": 200, "media_type": "application/xml", "text": "{\"a\":1}" },
        ])
    );
}

#[test]
fn event_streams_are_written_as_events() {
    let text = |media_type: Value| {
        let content = json!({ "text/event-stream; charset=utf-8": media_type });
        samples(&json!({ "200": { "content": content } }))[0]["text"].clone()
    };
    let string = json!({ "type": "string" });
    assert_eq!(text(json!({ "schema": string })), "data: sample\n\n");
    let example = "event: a\ndata: 1\n\n";
    assert_eq!(
        text(json!({ "schema": string, "example": example })),
        example
    );
    let chunk = json!({ "properties": { "a": { "const": 1 } } });
    assert_eq!(text(json!({ "schema": chunk })), "data: {\"a\":1}\n\n");
    let list = json!({ "example": [{ "a": 1 }, "b"] });
    assert_eq!(text(list), "data: {\"a\":1}\n\ndata: b\n\n");
    let item = json!({ "properties": {
        "data": { "const": "x\ny" }, "event": { "const": "log" }, "id": { "const": 7 } } });
    assert_eq!(
        text(json!({ "itemSchema": item })),
        "event: log\nid: 7\ndata: x\ndata: y\n\n"
    );
    assert_eq!(text(json!({ "itemSchema": chunk })), "data: {\"a\":1}\n\n");
}

#[test]
fn commonest_error_gives_the_error_sample() {
    let response =
        |schema: &Value| json!({ "content": { "application/json": { "schema": schema } } });
    let common = json!({ "type": "object", "required": ["error"], "properties": {
        "error": { "type": "string", "example": "no" }, "detail": { "type": "string" } } });
    let rare = json!({ "type": "array" });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "x", "version": "1" },
        "paths": { "/x": { "get": { "responses": {
            "400": response(&common), "404": response(&rare), "5XX": response(&common),
        } } } },
    });
    assert_eq!(data(&document)["error"], json!({ "error": "no" }));
    let document = json!({ "openapi": "3.1.0", "info": {}, "paths": { "/x": { "get": {} } } });
    assert_eq!(data(&document)["error"], json!({}));
}

#[test]
fn operations_behind_references_are_written_once() {
    let content = json!({
        "application/json": { "schema": {} }, "text/event-stream": { "schema": {} } });
    let operation = json!({ "operationId": "x", "responses": { "200": { "content": content } } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "x", "version": "1" },
        "paths": { "/a\"{id}": { "$ref": "#/components/pathItems/Shared" } },
        "components": { "pathItems": { "Shared": {
            "post": operation,
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": {} }],
        } } },
    });
    let data = data(&document);
    let responses = data["responses"].as_object().unwrap();
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["POST /a\"{id}"]);
}
