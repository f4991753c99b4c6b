//! Measures the time from JSON to Rust by the size of the document, and the peak resident memory.
//! The time should grow linearly.
//!
//! `cargo bench -p neo-client-codegen`
#![allow(clippy::unwrap_used, missing_docs)]

use divan::{Bencher, counter::BytesCount};
use neo_client_codegen::{Settings, generate};
use serde_json::{Map, Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
    // Not measured by a counting allocator, whose work would be part of the times.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for peak in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("most memory: {}", peak.trim_start_matches("VmHWM:").trim());
    }
}

/// A tenth of a 10 MB document, a third, and all of it, in operations.
#[divan::bench(args = [300, 1_000, 3_000], sample_count = 3, sample_size = 1)]
fn whole(bencher: Bencher, operations: usize) {
    let document = document(operations);
    let size = serde_json::to_string(&document).unwrap().len();
    bencher
        .counter(BytesCount::new(size))
        .bench(|| generate(&document, None, &Settings::default()).unwrap());
}

/// Returns a document of `operations` operations, about 4 kB each: with a component that refers to
/// others, an inline body, an enumeration, a union, and descriptions.
fn document(operations: usize) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for number in 0..operations {
        let refer = |number: usize| json!({ "$ref": format!("#/components/schemas/Thing{}", number % operations) });
        let words = format!(
            "What this is, in the words of a vendor who likes to explain it. {}",
            "More of them. ".repeat(6)
        );
        let item = json!({
            "parameters": [{ "name": "thing_id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }],
            "post": {
                "tags": [format!("Tag {}", number / 20)],
                "summary": format!("Change thing {number}"),
                "description": words,
                "operationId": format!("changeThing{number}"),
                "parameters": [
                    { "name": "limit", "in": "query", "description": words, "schema": { "type": "integer", "minimum": 1, "maximum": 100 } },
                    { "name": "cursor", "in": "query", "schema": { "type": ["string", "null"] } },
                ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": { "type": "string", "maxLength": 100, "description": words },
                        "parent": refer(number + 1),
                        "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                    },
                } } } },
                "responses": {
                    "200": { "description": "The thing.", "content": { "application/json": { "schema": refer(number) } } },
                    "404": { "description": "No such thing." },
                },
            },
        });
        paths.insert(
            format!("/tags/{}/things/{number}/{{thing_id}}", number / 20),
            item,
        );
        let schema = json!({
            "type": "object",
            "description": words,
            "required": ["id", "state", "created_at"],
            "properties": {
                "id": { "type": "string", "format": "uuid", "description": words },
                "state": { "type": "string", "enum": ["new", "running", "done", format!("special {number}")] },
                "created_at": { "type": "string", "format": "date-time" },
                "count": { "type": "integer", "format": "int64", "minimum": 0, "description": words },
                "ratio": { "type": ["number", "null"], "description": words },
                "next": { "anyOf": [refer(number + 7), { "type": "null" }] },
                "others": { "type": "array", "items": refer(number / 2), "description": words },
                "either": { "oneOf": [{ "type": "string" }, refer(number + 3)] },
                "place": { "type": "object", "description": words, "properties": {
                    "city": { "type": "string" }, "street": { "type": "string", "description": words },
                } },
            },
        });
        schemas.insert(format!("Thing{number}"), schema);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Things", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}
