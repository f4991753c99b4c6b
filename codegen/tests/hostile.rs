//! Documents that mean harm, or none: an answer comes, and never a panic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use neo_client_codegen::{Effect, Error, Output, Settings, generate, read};
use serde_json::{Value, json};

/// The text of all files.
fn source(output: &Output) -> String {
    let files = output.files.iter();
    let rust = files.filter(|(path, _)| path.ends_with(".rs"));
    rust.map(|(_, text)| text.as_str()).collect()
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({ "openapi": "3.1.0", "info": {}, "paths": paths, "components": { "schemas": schemas } })
}

#[test]
fn invalid_json_is_rejected_with_position() {
    let error = read("<html></html>").unwrap_err().to_string();
    assert!(
        error.starts_with("not JSON: expected value at line 1 column 1"),
        "{error}"
    );
    assert!(read("\u{feff}{}").is_ok());
    assert!(matches!(
        generate(&json!({}), None, &Settings::default()),
        Err(Error::Document { .. })
    ));
}

#[test]
fn union_of_any_length_terminates() {
    let branches: Vec<Value> = (0..100_000)
        .map(|number| json!({ "type": "object", "required": [format!("f{number}")] }))
        .collect();
    let document = document(json!({}), json!({ "Vast": { "oneOf": branches } }));
    let output = generate(&document, None, &Settings::default()).unwrap();
    let lines: Vec<_> = output
        .ledger
        .entries()
        .iter()
        .filter(|entry| entry.rule == "union-size")
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].pointer, "/components/schemas/Vast");
    assert!(source(&output).contains("pub struct Vast"));
}

#[test]
fn converging_branches_do_not_multiply() {
    // Each level leads to the next by two ways: 2^40 in all.
    let mut schemas = serde_json::Map::new();
    let refer =
        |name: &str, level: usize| json!({ "$ref": format!("#/components/schemas/{name}{level}") });
    for level in 0..40 {
        let next = refer("Union", level + 1);
        let tag = json!({ "propertyName": "kind" });
        schemas.insert(
            format!("Union{level}"),
            json!({ "oneOf": [refer("Left", level), refer("Right", level)], "discriminator": tag }),
        );
        for side in ["Left", "Right"] {
            let own = json!({ "type": "object", "properties": { side: { "type": "string" } } });
            schemas.insert(format!("{side}{level}"), json!({ "oneOf": [next, own] }));
        }
    }
    schemas.insert("Union40".to_owned(), json!({ "type": "integer" }));
    let document = document(json!({}), schemas.into());
    let output = generate(&document, None, &Settings::default()).unwrap();
    assert!(output.surface.contains(&"enum types::Union39".to_owned()));
    let isolated = |entry: &&neo_client_codegen::Entry| entry.rule.starts_with("isolated");
    assert_eq!(output.ledger.entries().iter().find(isolated), None);
}

#[test]
fn odd_value_anywhere_is_survived() {
    let odd = [
        json!(null),
        json!(true),
        json!(7),
        json!("text"),
        json!([]),
        json!({}),
        json!([{}]),
    ];
    for value in &odd {
        let documents = [
            json!({ "openapi": "3.1.0", "paths": {}, "components": value }),
            json!({ "openapi": "3.1.0", "paths": {}, "tags": value, "security": value, "info": value }),
            document(json!({}), value.clone()),
            document(json!({}), json!({ "A": value })),
            document(
                json!({}),
                json!({ "A": { "type": value, "properties": value, "items": value } }),
            ),
            document(
                json!({}),
                json!({ "A": { "oneOf": value, "allOf": value, "enum": value, "format": value } }),
            ),
            document(json!({ "/a": value }), json!({})),
            document(json!({ "/a": { "get": value } }), json!({})),
            document(
                json!({ "/a": { "parameters": value, "get": { "parameters": value, "tags": value } } }),
                json!({}),
            ),
            document(
                json!({ "/a": { "get": { "parameters": [value] } } }),
                json!({}),
            ),
            document(
                json!({ "/a": { "get": { "parameters": [{ "name": "p", "in": "query", "schema": value }] } } }),
                json!({}),
            ),
            document(
                json!({ "/a": { "post": { "requestBody": value, "responses": value } } }),
                json!({}),
            ),
            document(
                json!({ "/a": { "post": { "requestBody": { "content": value } } } }),
                json!({}),
            ),
            document(
                json!({ "/a": { "get": { "responses": { "200": { "content": value, "headers": value } } } } }),
                json!({}),
            ),
            document(
                json!({ "/a": { "get": { "summary": value, "description": value, "operationId": value } } }),
                json!({}),
            ),
        ];
        for document in documents {
            if let Err(error) = generate(&document, None, &Settings::default()) {
                assert!(
                    !matches!(error, Error::Interrupted(_)),
                    "{document}: {error}"
                );
            }
        }
    }
}

#[test]
fn odd_path_and_unknown_type_leave_nothing_out() {
    let output = generate(
        &document(
            json!({
                "/good": { "get": { "summary": "good" } },
                "/odd path/{": { "get": { "summary": "odd" } },
            }),
            json!({
                "Bad": { "type": "nonsense" },
                "Good": { "type": "object", "properties": { "bad": { "$ref": "#/components/schemas/Bad" } } },
            }),
        ),
        None,
        &Settings::default(),
    )
    .unwrap();
    assert!(
        output
            .surface
            .iter()
            .any(|line| line == "struct types::Good")
    );
    assert!(source(&output).contains(r#""/odd path/{""#));
    let lines: Vec<_> = output
        .ledger
        .entries()
        .iter()
        .map(|entry| (entry.rule, entry.effect, entry.pointer.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            ("type", Effect::Widened, "/components/schemas/Bad"),
            (
                "any-value",
                Effect::Rewritten,
                "/components/schemas/Good/properties/bad"
            ),
        ]
    );
    assert_eq!(output.ledger.left_out().count(), 0);
}

#[test]
fn deep_or_recursive_schema_terminates() {
    let mut deep = json!({ "type": "string" });
    for _ in 0..500 {
        deep = json!({ "type": "array", "items": deep });
    }
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let schemas = json!({
        "Deep": deep,
        "A": { "type": "object", "properties": { "b": reference("B") } },
        "B": { "type": "object", "properties": { "a": reference("A") } },
    });
    let output = generate(&document(json!({}), schemas), None, &Settings::default()).unwrap();
    assert!(output.surface.iter().any(|line| line == "struct types::B"));
    assert!(
        output
            .ledger
            .entries()
            .iter()
            .any(|entry| entry.rule == "depth")
    );
}

#[test]
fn colliding_or_invalid_names_generate() {
    let mut properties = serde_json::Map::new();
    for name in [
        "Ok", "Err", "Option", "Display", "Given", "self", "Self", "type", "💥", "", "a-b", "a_b",
        "Default",
    ] {
        properties.insert(
            name.to_owned(),
            json!({ "type": "object", "properties": { "x": { "enum": [name] } } }),
        );
    }
    let output = generate(
        &document(json!({}), Value::Object(properties)),
        None,
        &Settings::default(),
    )
    .unwrap();
    assert!(
        output
            .surface
            .iter()
            .any(|line| line == "struct types::Ab2")
    );
}

#[test]
fn enum_of_thousands_is_bounded_work() {
    let values: Vec<String> = (0..5_000).map(|number| format!("value {number}")).collect();
    let schemas = json!({ "Big": { "type": "string", "enum": values } });
    let output = generate(&document(json!({}), schemas), None, &Settings::default()).unwrap();
    assert!(output.surface.len() > 5_000);
}

#[test]
fn self_composed_schema_is_cut() {
    let all_of = |names: &[&str]| {
        let members: Vec<Value> = names
            .iter()
            .map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }))
            .chain([json!({ "type": "object", "properties": { "own": { "type": "string" } } })])
            .collect();
        json!({ "allOf": members })
    };
    let schemas = json!({
        "Own": all_of(&["Own"]),
        "A": all_of(&["B"]),
        "B": all_of(&["C"]),
        "C": all_of(&["A"]),
        "Alias": { "allOf": [{ "$ref": "#/components/schemas/Alias" }] },
    });
    let output = generate(&document(json!({}), schemas), None, &Settings::default()).unwrap();
    let cut: Vec<_> = output
        .ledger
        .entries()
        .iter()
        .filter(|entry| entry.rule == "all-of-cycle")
        .map(|entry| entry.pointer.as_str())
        .collect();
    assert_eq!(
        cut,
        [
            "/components/schemas/Own/allOf/0",
            "/components/schemas/C/allOf/0",
            "/components/schemas/A/allOf/0",
            "/components/schemas/B/allOf/0",
            "/components/schemas/Alias/allOf/0",
        ]
    );
    let kept = output.surface.iter().any(|line| line == "struct types::A");
    assert!(kept, "{:#?}", output.surface);
}
