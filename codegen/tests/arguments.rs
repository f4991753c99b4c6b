//! Required arguments of generated methods: their order and names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use neo_client_codegen::{Settings, generate};
use serde_json::{Value, json};

/// Returns the public surface of an operation with these parameters.
fn surface(parameters: &[Value]) -> Vec<String> {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Files", "version": "1" },
        "paths": { "/{z}/{a}": { "post": {
            "tags": ["Files"],
            "summary": "Copy",
            "parameters": parameters,
            "requestBody": { "required": true, "content": { "text/plain": {} } },
            "responses": { "204": { "description": "" } },
        } } },
    });
    let output = generate(&document, None, &Settings::default()).unwrap();
    output.surface
}

fn parameter(location: &str, name: &str) -> Value {
    json!({ "name": name, "in": location, "required": true, "schema": { "type": "string" } })
}

#[test]
fn required_arguments_ignore_document_order() {
    let mut parameters = [
        ("query", "to"),
        ("query", "from"),
        ("path", "a"),
        ("header", "From"),
        ("path", "z"),
    ]
    .map(|(location, name)| parameter(location, name));
    let forth = surface(&parameters);
    parameters.reverse();
    assert_eq!(surface(&parameters), forth);

    let method = forth.iter().find(|line| line.contains("Files::copy(&self"));
    let names: Vec<&str> = method
        .unwrap()
        .split(['(', ','])
        .filter_map(|part| part.trim().split_once(": impl"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["z", "a", "from", "from2", "to", "body"]);
}
