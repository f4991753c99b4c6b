//! Tests `cargo xtask spec pages`: recognized operations and suggestions.

use std::fs;

use serde_json::{Map, Value, json};

use crate::loopback::{project, text, xtask};

/// An operation with these query parameters and this response.
fn operation(parameters: &[&str], response: Value) -> Value {
    let parameters = parameters
        .iter()
        .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string"}}));
    json!({"get": {
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": response}}}},
    }})
}

fn object(members: &[(&str, &str)]) -> Value {
    let member = |(name, kind): &(&str, &str)| match *kind {
        "array" => (
            (*name).to_owned(),
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Item"}}),
        ),
        kind => ((*name).to_owned(), json!({"type": [kind, "null"]})),
    };
    let members: Map<String, Value> = members.iter().map(member).collect();
    json!({"type": "object", "properties": members})
}

fn document(paths: Value) -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths,
        "components": {"schemas": {
            "Item": {"type": "object", "properties": {"name": {"type": "string"}, "id": {"type": "string"}}},
            "Event": {"type": "object", "properties": {"id": {"type": "string"}, "seq": {"type": "integer"}}},
        }},
    })
}

/// Returns the output for a document without an overlay, and the exit code.
fn found(document: &Value, more: &[&str]) -> (String, i32) {
    let root = project();
    let file = root.path().join("other.json");
    fs::write(&file, document.to_string()).unwrap();
    let arguments = [&["spec", "pages", file.to_str().unwrap()], more].concat();
    let output = xtask(root.path(), &arguments);
    assert_eq!(text(&output.stderr), "");
    (text(&output.stdout), output.status.code().unwrap())
}

fn operations(document: &Value) -> Vec<Value> {
    let (printed, code) = found(document, &["--format", "json"]);
    let report: Value = serde_json::from_str(&printed).unwrap();
    let operations = report["operations"].as_array().unwrap().clone();
    assert_eq!(code, if operations.is_empty() { 0 } else { 4 });
    operations
}

#[test]
fn every_style_is_suggested_and_generates() {
    let events = json!({"allOf": [
        object(&[("hasMore", "boolean")]),
        {"properties": {"events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}}},
    ]});
    let in_data = json!({"type": "object", "properties": {
        "data": object(&[("rows", "array")]),
        "meta": object(&[("total_count", "integer"), ("end~cursor", "string")]),
    }});
    for (parameters, response, suggestion) in [
        (
            &["cursor", "pageSize", "filter"][..],
            object(&[
                ("items", "array"),
                ("nextCursor", "string"),
                ("note", "string"),
            ]),
            json!({"style": "cursor", "items": "/items", "parameter": "cursor", "next": "/nextCursor", "size": "pageSize"}),
        ),
        (
            &["page_token"],
            in_data,
            json!({"style": "cursor", "items": "/data/rows", "parameter": "page_token", "next": "/meta/end~0cursor",
                "total": "/meta/total_count"}),
        ),
        (
            &["offset", "limit"],
            object(&[
                ("data", "array"),
                ("has_more", "boolean"),
                ("total", "number"),
            ]),
            json!({"style": "offset", "items": "/data", "parameter": "offset", "size": "limit",
                "has_more": "/has_more", "total": "/total"}),
        ),
        (
            &["page", "per-page"],
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"style": "page", "items": "", "parameter": "page", "size": "per-page"}),
        ),
        (
            &["starting_after"],
            object(&[("list", "array"), ("has_more", "boolean")]),
            json!({"style": "after", "items": "/list", "parameter": "starting_after", "key": "/id",
                "has_more": "/has_more"}),
        ),
        (
            &["after", "limit"],
            events,
            json!({"style": "sequence", "items": "/events", "parameter": "after", "key": "/seq", "size": "limit",
                "has_more": "/hasMore"}),
        ),
    ] {
        let mut document = document(json!({"/list": operation(parameters, response)}));
        let found = operations(&document);
        assert_eq!(found.len(), 1, "{parameters:?}");
        assert_eq!(found[0]["suggestion"], suggestion);
        assert_eq!(found[0]["lacks"], json!([]));
        // Generation agrees, and nothing is left to be said.
        document["paths"]["/list"]["get"]["x-pagination"] = suggestion;
        assert_eq!(operations(&document), [Value::Null; 0], "{parameters:?}");
    }
}

#[test]
fn unpageable_operations_are_not_listed() {
    let mut post = operation(
        &["limit"],
        object(&[("items", "array"), ("total", "integer")]),
    );
    post["post"] = post["get"].take();
    let text_reply = json!({"get": {
        "parameters": [{"name": "limit", "in": "query"}],
        "responses": {"200": {"description": "ok", "content": {"text/plain": {}}}},
    }});
    let in_header = json!({"get": {
        "parameters": [{"name": "cursor", "in": "header"}],
        "responses": {"204": {"description": "nothing"}},
    }});
    let paths = json!({
        "/one": operation(&["id"], object(&[("name", "string"), ("total", "integer")])),
        "/list": operation(&["sort"], object(&[("items", "array")])),
        "/projects": operation(&[], object(&[("projects", "array"), ("count", "integer")])),
        "/names": operation(&[], json!({"type": "array", "items": {}})),
        "/total": operation(&[], object(&[("items", "array"), ("total", "string")])),
        "/circle": operation(&[], json!({"$ref": "#/components/schemas/Circle"})),
        "/post": post, "/text": text_reply, "/header": in_header,
    });
    let mut document = document(paths);
    document["components"]["schemas"]["Circle"] = json!({"allOf": [{"$ref": "#/components/schemas/Circle"}], "properties": {"a": {"$ref": "#/components/schemas/Circle"}}});
    assert_eq!(operations(&document), [Value::Null; 0]);
    let (printed, _) = found(&document, &[]);
    assert_eq!(
        printed,
        "every operation that looks pageable has an `x-pagination`\n"
    );
}

#[test]
fn text_shows_signs_and_missing_properties() {
    let mut paths = json!({
        "/tasks": operation(&["limit"], object(&[("tasks", "array"), ("has_more", "boolean")])),
        "/files": operation(&["cursor"], object(&[("files", "array")])),
        "/users": operation(&["page"], object(&[("users", "array")])),
    });
    paths["/tasks"]["get"]["operationId"] = json!("list-tasks");
    paths["/users"]["get"]["x-pagination"] =
        json!({"style": "page", "items": "/people", "parameter": "page"});
    let (printed, code) = found(&document(paths), &[]);
    assert_eq!(code, 4);
    assert_eq!(
        printed,
        "\
GET /tasks  list-tasks
    looks pageable: query parameter `limit`, response property `/has_more`, list `/tasks`
    \"x-pagination\": {\"style\":\"offset\",\"items\":\"/tasks\",\"size\":\"limit\",\"has_more\":\"/has_more\"}
    missing: parameter
GET /files
    looks pageable: query parameter `cursor`, list `/files`
    \"x-pagination\": {\"style\":\"cursor\",\"items\":\"/files\",\"parameter\":\"cursor\"}
    missing: next
GET /users
    wrong `x-pagination`: no `pages` and `items`: `/people` names `people`, which is not described
    looks pageable: query parameter `page`, list `/users`
    \"x-pagination\": {\"style\":\"page\",\"items\":\"/users\",\"parameter\":\"page\"}
3 operations are not paged
"
    );
}

#[test]
fn vendored_document_declares_all_pages() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let output = xtask(root.as_ref(), &["spec", "pages"]);
    assert!(output.status.success(), "{}", text(&output.stdout));
    // The overlay is what declares them.
    let document = format!("{root}/openapi.json");
    let output = xtask(root.as_ref(), &["spec", "pages", &document]);
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn pages_rejects_other_formats() {
    let root = project();
    let output = xtask(root.path(), &["spec", "pages", "--format", "github"]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("[possible values: text, json]"), "{error}");
}
