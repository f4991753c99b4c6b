//! Operations: parameters, responses, security.

use serde_json::{Value, json};

use super::super::{Location, ResponseKind};
use super::names::names;
use super::{document, json_response, lowered};

#[test]
fn head_response_has_no_content() {
    let response = json!({ "description": "", "content": { "application/json": {} }, "links": { "next": {} } });
    let (lowered, lines) = lowered(&document(
        json!({ "/a": { "head": { "responses": { "200": response } } } }),
        json!({}),
    ));
    assert_eq!(lowered.model.operations[0].response, ResponseKind::Empty);
    assert_eq!(lines, ["dropped links /paths/~1a/head/responses/200/links"]);
}

#[test]
fn json_beside_event_stream_makes_two_methods() {
    let (lowered, lines) = lowered(&document(
        json!({ "/tasks": { "post": { "tags": ["Tasks"], "summary": "Create task", "responses": {
            "202": json_response(json!({ "type": "object", "properties": { "id": { "type": "string" } } })),
            "2XX": { "content": { "text/event-stream": { "schema": { "type": "string" } } } },
        } } } }),
        json!({}),
    ));
    assert_eq!(
        names(&lowered),
        ["tasks.create_task", "tasks.create_task_stream"]
    );
    let kinds: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| one.response)
        .collect();
    assert_eq!(kinds, [ResponseKind::Json, ResponseKind::EventStream]);
    let stream = "/paths/~1tasks/post/responses/2XX/content/text~1event-stream";
    assert_eq!(
        lines,
        [
            "rewritten dual-response /paths/~1tasks/post/responses".to_owned(),
            format!("widened event-stream {stream}"),
        ]
    );
    assert_eq!(
        lowered.document["paths"]["/tasks"]["post"]["responses"]["2XX"]["content"],
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/CreateTaskResponse" } } })
    );
}

#[test]
fn response_has_one_success_type() {
    let cases = [
        (
            json!({ "200": json_response(json!({ "type": "string" })), "404": {}, "default": {} }),
            ResponseKind::Json,
            json!({ "type": "string" }),
        ),
        (
            json!({ "204": { "description": "" } }),
            ResponseKind::Empty,
            Value::Null,
        ),
        (json!({}), ResponseKind::Empty, Value::Null),
        (
            json!({ "default": json_response(json!({ "type": "string" })) }),
            ResponseKind::Json,
            json!({ "type": "string" }),
        ),
        (
            json!({ "200": json_response(json!({ "type": "string" })), "201": json_response(json!({ "type": "integer" })) }),
            ResponseKind::Json,
            json!({ "$ref": "#/components/schemas/GetAResponse" }),
        ),
        (
            json!({ "200": json_response(json!({ "type": "string" })), "204": {} }),
            ResponseKind::Json,
            json!({ "allOf": [{ "type": "string" }], "nullable": true }),
        ),
        (
            json!({ "200": json_response(json!({ "type": "string" })), "201": json_response(json!({ "type": "string" })) }),
            ResponseKind::Json,
            json!({ "type": "string" }),
        ),
        (
            json!({ "200": { "content": { "*/*": { "schema": { "type": "string", "format": "binary" } } } } }),
            ResponseKind::Bytes,
            Value::Null,
        ),
        (
            json!({ "default": json_response(json!({ "type": "string" })), "4XX": {} }),
            ResponseKind::Json,
            json!({ "type": "string" }),
        ),
        (json!({ "404": {} }), ResponseKind::Empty, Value::Null),
        (
            json!({ "200": { "content": { "text/csv": {} } } }),
            ResponseKind::Text,
            Value::Null,
        ),
        (
            json!({ "200": { "content": { "application/pdf": {} } } }),
            ResponseKind::Bytes,
            Value::Null,
        ),
        (
            json!({ "200": { "content": { "application/problem+json; charset=utf-8": { "schema": { "type": "string" } } } } }),
            ResponseKind::Json,
            json!({ "type": "string" }),
        ),
    ];
    for (responses, response, schema) in cases {
        let (lowered, _) = lowered(&document(
            json!({ "/a": { "get": { "responses": responses } } }),
            json!({}),
        ));
        assert_eq!(
            lowered.model.operations[0].response, response,
            "{responses}"
        );
        let of_lowered = &lowered.document["paths"]["/a"]["get"]["responses"]["2XX"];
        assert_eq!(
            of_lowered["content"]["application/json"]["schema"], schema,
            "{responses}"
        );
    }
}

#[test]
fn other_responses_are_reported() {
    let (_, lines) = lowered(&document(
        json!({ "/a": { "get": { "responses": { "3XX": {}, "4XX": {}, "200": { "headers": { "X-A": {} } } } } } }),
        json!({}),
    ));
    assert_eq!(
        lines,
        [
            "dropped response-header /paths/~1a/get/responses/200/headers",
            "rewritten redirect-response /paths/~1a/get/responses/3XX",
            "rewritten error-response /paths/~1a/get/responses/4XX",
        ]
    );
}

#[test]
fn security_decides_whether_credentials_are_needed() {
    let paths = json!({
        "/inherits": { "get": {} },
        "/none": { "get": { "security": [] } },
        "/empty": { "get": { "security": [{}] } },
        "/optional": { "get": { "security": [{}, { "Key": [] }] } },
        "/unsupported": { "get": { "security": [{ "Gone": [] }, { "Key": [], "Sig": [] }] } },
        "/null": { "get": { "security": null } },
        "/object": { "get": { "security": { "Gone": [] } } },
        "/words": { "get": { "security": ["Gone"] } },
        "/partly": { "get": { "security": ["Gone", { "Key": [] }] } },
    });
    let mut document = document(paths, json!({}));
    document["security"] = json!([{ "Key": [] }, { "Gone": [] }]);
    document["components"]["securitySchemes"] =
        json!({ "Key": { "type": "apiKey", "in": "header", "name": "X-Key" } });
    let (lowered, _) = lowered(&document);
    let asked = |path: &str| {
        let mut operations = lowered.model.operations.iter();
        let found = operations.find(|one| one.path == path);
        found.unwrap().security.clone()
    };
    let key = vec!["Key".to_owned()];
    let unsupported = vec![
        vec!["Gone".to_owned()],
        vec!["Key".to_owned(), "Sig".to_owned()],
    ];
    for (path, expected) in [
        ("/inherits", vec![key.clone()]),
        ("/none", vec![]),
        ("/empty", vec![vec![]]),
        ("/optional", vec![vec![], key.clone()]),
        ("/unsupported", unsupported),
        ("/null", vec![key.clone()]),
        ("/object", vec![key.clone()]),
        ("/words", vec![key.clone()]),
        ("/partly", vec![key]),
    ] {
        assert_eq!(asked(path), expected, "{path}");
    }
}

#[test]
fn parameters_are_merged_from_item_and_template() {
    let (lowered, lines) = lowered(&document(
        json!({ "/{b}/{a}": {
            "parameters": [
                { "name": "q", "in": "query", "schema": { "type": "integer" } },
                { "name": "a", "in": "path", "schema": { "type": ["string", "null"] } },
            ],
            "get": { "parameters": [
                { "name": "q", "in": "query", "required": true, "schema": { "type": "string" } },
                { "name": "sid", "in": "cookie" },
                { "name": "stray", "in": "path", "required": true },
                { "name": "filter", "in": "query", "schema": { "type": "object", "properties": { "x": { "type": "string" } } } },
                { "$ref": "#/components/parameters/Gone" },
                { "name": "Accept", "in": "header" },
            ] },
        } }),
        json!({}),
    ));
    let parameters: Vec<_> = lowered.model.operations[0]
        .parameters
        .iter()
        .map(|one| (one.name.as_str(), one.location))
        .collect();
    assert_eq!(
        parameters,
        [
            ("b", Location::Path),
            ("a", Location::Path),
            ("q", Location::Query),
            ("filter", Location::Query),
            ("sid", Location::Cookie),
        ]
    );
    assert_eq!(
        lines,
        [
            "dropped parameter /paths/~1{b}~1{a}/get/parameters/2",
            "dropped dangling /paths/~1{b}~1{a}/get/parameters/4",
            "dropped parameter /paths/~1{b}~1{a}/get/parameters/5",
            "rewritten path-parameter /paths/~1{b}~1{a}/parameters/1",
            "widened parameter /paths/~1{b}~1{a}/get",
        ]
    );
}

#[test]
fn ignored_keywords_of_operations_are_reported() {
    let (_, lines) = lowered(&document(
        json!({ "/a": { "post": {
            "servers": [],
            "parameters": [
                { "name": "p", "in": "query", "style": "tabDelimited", "schema": { "type": "array", "items": { "type": "string" } } },
                { "name": "q", "in": "query", "style": "form", "explode": true, "schema": { "type": "string" } },
                { "name": "r", "in": "query", "content": { "application/json": {} } },
                { "name": "s", "in": "query", "content": { "text/csv": {} } },
                { "name": "Host", "in": "header" },
                { "name": "q", "in": "query" },
            ],
            "tags": ["A", "B"],
            "callbacks": {},
            "responses": { "200": { "content": { "application/json": {}, "text/csv": {} } } },
        } } }),
        json!({}),
    ));
    assert_eq!(
        lines,
        [
            "dropped callbacks /paths/~1a/post/callbacks",
            "dropped tags /paths/~1a/post/tags",
            "dropped parameter /paths/~1a/post/parameters/4",
            "dropped parameter /paths/~1a/post/parameters/5",
            "dropped parameter-style /paths/~1a/post/parameters/0",
            "widened parameter-content /paths/~1a/post/parameters/3/content/text~1csv",
            "rewritten dual-response /paths/~1a/post/responses",
        ]
    );
}

#[test]
fn uncallable_operation_is_left_out_with_pointer() {
    let (lowered, lines) = lowered(&document(
        json!({
            "/a": { "additionalOperations": { "GET": {}, "A B": {}, "CONNECT": {} }, "get": [] },
            "/b": { "$ref": "#/components/pathItems/Gone" },
            "/c": 3,
            "/d": { "$ref": "#/components/pathItems/Loop" },
            "x-note": "no path",
        }),
        json!({}),
    ));
    assert!(lowered.model.operations.is_empty());
    assert_eq!(
        lines,
        [
            "left-out operation /paths/~1a/get",
            "left-out method /paths/~1a/additionalOperations/GET",
            "left-out method /paths/~1a/additionalOperations/A B",
            "left-out method /paths/~1a/additionalOperations/CONNECT",
            "left-out dangling /paths/~1b",
            "left-out operation /paths/~1c",
            "left-out dangling /paths/~1d",
        ]
    );
}

#[test]
fn every_method_and_path_of_a_document_is_called() {
    let item = json!({ "options": {}, "trace": {}, "post": {}, "head": {} });
    let (lowered, lines) = lowered(&document(
        json!({
            "/a/{x}": item, "/a/{y}": { "post": {} }, "/a/{x}/": { "get": {} }, "no/slash": { "get": {} },
            "/b": { "$ref": "#/components/pathItems/B%20b", "get": { "summary": "Beside" } },
        }),
        json!({}),
    ));
    let all = &lowered.model.operations;
    assert_eq!(all.len(), 8);
    let mut lowered_places: Vec<_> = all
        .iter()
        .map(|one| (&one.lowered_path, &one.lowered_method))
        .collect();
    lowered_places.sort();
    lowered_places.dedup();
    assert_eq!(lowered_places.len(), all.len());
    let dangling = "left-out dangling /paths/~1b";
    assert!(lines.iter().any(|line| line == dangling), "{lines:?}");
}

#[test]
fn path_item_references_are_followed() {
    let mut document = document(
        json!({ "/b": { "$ref": "#/components/pathItems/B%20%62", "get": { "summary": "Beside" } } }),
        json!({}),
    );
    document["components"]["pathItems"] =
        json!({ "B b": { "get": { "summary": "Behind" }, "put": { "summary": "Put" } } });
    let (lowered, _) = lowered(&document);
    let methods: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| (one.method.as_str(), one.pointer.as_str()))
        .collect();
    assert_eq!(
        methods,
        [
            ("beside", "/paths/~1b/get"),
            ("put", "/components/pathItems/B b/put"),
        ]
    );
}
