//! Tests how parameters are serialized.

use serde_json::{Value, json};

use super::{document, lowered};
use crate::lower::Location;
use crate::lower::model::Style;

/// Returns the style of a parameter.
fn style_of(parameter: &Value) -> Style {
    let paths = json!({ "/a/{x}": { "get": { "parameters": [parameter] } } });
    let (lowered, _) = lowered(&document(paths, json!({})));
    let parameter = lowered.model.operations[0].parameters.last().unwrap();
    parameter.serialization.style
}

#[test]
fn style_follows_location_and_keywords() {
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
            json!({ "name": "q", "in": "query", "schema": text }),
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
        assert_eq!(style_of(&parameter), expected, "{parameter}");
    }
}

#[test]
fn header_overrides_path_item_in_any_case() {
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
