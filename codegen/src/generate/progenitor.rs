//! Stage 3, generate: progenitor turns the lowered document into Rust.
//!
//! progenitor's positional interface is used, and of it only the signatures and the types; the
//! setters and builders that users see are emitted by the later stages. progenitor panics on what
//! it does not expect: see [`bisect`](super::bisect).

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;

/// Generates code from a lowered document. Panics where progenitor panics.
pub(crate) fn generate(document: &Value) -> Result<TokenStream, Error> {
    let document = openapiv3::OpenAPI::deserialize(document)
        .map_err(|error| Error::Generate(error.to_string()))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|error| Error::Generate(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The snapshot of progenitor's output.
    const SNAPSHOT: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/snapshots/progenitor.rs.txt"
    );

    /// A lowered document with each construct that later stages read from progenitor's output.
    fn document() -> Value {
        let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let content = |schema: Value| json!({ "application/json": { "schema": schema } });
        json!({
            "openapi": "3.0.3",
            "info": { "title": "shape", "version": "0" },
            "paths": {
                "/a/{p0}": {
                    "get": {
                        "operationId": "get_a",
                        "parameters": [
                            { "name": "p0", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
                            { "name": "p1", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
                            { "name": "p2", "in": "query", "required": true, "schema": refer("Whole") },
                        ],
                        "responses": { "2XX": { "description": "", "content": content(refer("Item")) } },
                    },
                    "post": {
                        "operationId": "post_a",
                        "parameters": [
                            { "name": "p0", "in": "path", "required": true, "schema": { "type": "integer", "format": "int64" } },
                        ],
                        "requestBody": { "required": true, "content": content(refer("Item")) },
                        "responses": { "2XX": { "description": "" } },
                    },
                    "put": {
                        "operationId": "put_a",
                        "parameters": [
                            { "name": "p0", "in": "path", "required": true, "schema": { "type": "string" } },
                        ],
                        "requestBody": { "required": true, "content": { "application/octet-stream": {
                            "schema": { "type": "string", "format": "binary" },
                        } } },
                        "responses": { "2XX": { "description": "", "content": content(json!({
                            "allOf": [{ "type": "string" }], "nullable": true,
                        })) } },
                    },
                },
            },
            "components": { "schemas": {
                "Item": {
                    "type": "object",
                    "description": "An item.",
                    "required": ["id", "at"],
                    "properties": {
                        "id": { "type": "string" },
                        "at": { "type": "string", "format": "date-time" },
                        "count": { "type": "integer", "format": "uint32" },
                        "ratio": { "type": "number" },
                        "maybe": { "type": "string", "nullable": true },
                        "list": { "type": "array", "items": refer("Item") },
                        "map": { "type": "object", "additionalProperties": refer("Whole") },
                        "any": {},
                    },
                    "additionalProperties": { "type": "boolean" },
                },
                "Stub": { "type": "object", "additionalProperties": false },
                "Whole": { "type": "string" },
                "Alias": refer("Item"),
            } },
        })
    }

    /// Later stages cut and complete the code by its shape. If this test fails after an update of
    /// progenitor or typify, review the difference against `refine::pieces`, `refine::requests` and
    /// `refine::structs` before the snapshot is rewritten (`UPDATE=1`).
    #[test]
    fn output_has_the_shape_that_was_tested() {
        let tokens = generate(&document()).unwrap();
        let file: syn::File = syn::parse2(tokens).unwrap();
        let text = prettyplease::unparse(&file);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(SNAPSHOT, &text).unwrap();
        }
        let expected = std::fs::read_to_string(SNAPSHOT).unwrap_or_default();
        let differs = text
            .lines()
            .zip(expected.lines())
            .find(|(one, other)| one != other);
        assert!(
            text == expected,
            "progenitor writes other code: {differs:?}"
        );
    }
}
