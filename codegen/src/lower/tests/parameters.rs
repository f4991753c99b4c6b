//! How parameters are written.

use serde_json::{Value, json};

use super::{document, lowered};
use crate::lower::Location;
use crate::lower::model::Style;

/// Who writes a parameter, and how.
fn written(parameter: Value) -> Option<Style> {
    let paths = json!({ "/a/{x}": { "get": { "parameters": [parameter] } } });
    let components = json!({ "Mood": { "enum": ["good", "bad"] } });
    let (lowered, _) = lowered(&document(paths, components));
    let parameter = lowered.model.operations[0].parameters.last().unwrap();
    parameter.writing.map(|writing| writing.style)
}

#[test]
fn progenitor_writes_texts_and_lists_of_texts_into_a_query() {
    let form = Some(Style::Form { explode: true });
    for (schema, expected) in [
        (json!({ "type": "string" }), None),
        (json!({ "type": ["integer", "null"] }), None),
        (json!({ "$ref": "#/components/schemas/Mood" }), None),
        (
            json!({ "type": "array", "items": { "$ref": "#/components/schemas/Mood" } }),
            None,
        ),
        (
            json!({ "type": "array", "items": { "type": "object" } }),
            form,
        ),
        (
            json!({ "type": "object", "additionalProperties": true }),
            form,
        ),
        (json!({}), form),
    ] {
        let parameter = json!({ "name": "q", "in": "query", "schema": schema });
        assert_eq!(written(parameter.clone()), expected, "{parameter}");
    }
}

#[test]
fn the_runtime_writes_everything_else() {
    let text = json!({ "type": "string" });
    for (parameter, expected) in [
        (
            json!({ "name": "x", "in": "path", "schema": text }),
            Style::Simple { explode: false },
        ),
        (
            json!({ "name": "x", "in": "path", "style": "label", "schema": text }),
            Style::Label { explode: false },
        ),
        (
            json!({ "name": "h", "in": "header", "explode": true, "schema": text }),
            Style::Simple { explode: true },
        ),
        (
            json!({ "name": "c", "in": "cookie", "schema": text }),
            Style::Form { explode: true },
        ),
        (
            json!({ "name": "q", "in": "query", "style": "deepObject", "schema": {} }),
            Style::DeepObject,
        ),
        (
            json!({ "name": "q", "in": "query", "explode": false, "schema": text }),
            Style::Form { explode: false },
        ),
        (
            json!({ "name": "q", "in": "query", "allowReserved": true, "schema": text }),
            Style::Form { explode: true },
        ),
        (
            json!({ "name": "q", "in": "query", "content": { "application/json": { "schema": text } } }),
            Style::Json,
        ),
    ] {
        assert_eq!(written(parameter.clone()), Some(expected), "{parameter}");
    }
}

#[test]
fn a_header_is_one_in_any_case_and_overrides_that_of_the_path_item() {
    let (lowered, lines) = lowered(&document(
        json!({ "/a": {
            "parameters": [{ "name": "X-Id", "in": "header", "required": true }, { "name": "X-Id", "in": "query" }],
            "get": { "parameters": [{ "name": "x-id", "in": "header" }, { "name": "x-id", "in": "header" }] },
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
        [("X-Id", Location::Query), ("x-id", Location::Header)]
    );
    assert!(lines.is_empty(), "{lines:?}");
}
