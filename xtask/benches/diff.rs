//! Measures `spec diff --no-rust` as a program: the vendored document and fifty copies of it, each
//! with one change or with all possible changes, and schemas that all contain each other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::{fs, path::Path, process::Command};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Joins copies of the vendored document, with distinct names.
fn copies(count: usize) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.json");
    let text = fs::read_to_string(path).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for index in 0..count {
        let prefix = format!("#/components/schemas/N{index}");
        let copy: Value =
            serde_json::from_str(&text.replace("#/components/schemas/", &prefix)).unwrap();
        for (path, item) in copy["paths"].as_object().unwrap() {
            paths.insert(format!("/n{index}{path}"), item.clone());
        }
        for (name, schema) in copy["components"]["schemas"].as_object().unwrap() {
            schemas.insert(format!("N{index}{name}"), schema.clone());
        }
    }
    document["paths"] = paths.into();
    document["components"]["schemas"] = schemas.into();
    document
}

/// Writes a document, and a revision with one more property in the first schema of each copy.
fn pair(count: usize) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut document = copies(count);
    fs::write(directory.path().join("base.json"), document.to_string()).unwrap();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let each = schemas.len() / count;
    for schema in schemas.values_mut().step_by(each) {
        schema["properties"]["brand_new"] = json!({"type": "string"});
    }
    fs::write(directory.path().join("revision.json"), document.to_string()).unwrap();
    directory
}

/// Writes a document, and the same with other words, limits, types and required properties
/// everywhere.
fn rewritten_pair(count: usize) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut document = copies(count);
    fs::write(directory.path().join("base.json"), document.to_string()).unwrap();
    rewrite(&mut document);
    fs::write(directory.path().join("revision.json"), document.to_string()).unwrap();
    directory
}

fn rewrite(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match (key.as_str(), &mut *value) {
                    ("description", Value::String(text)) => text.push_str(" Changed."),
                    ("minimum" | "maxLength", Value::Number(limit)) => {
                        *value = json!(limit.as_f64().unwrap() + 1.0);
                    }
                    ("required", Value::Array(names)) => drop(names.pop()),
                    ("enum", Value::Array(values)) => values.push(json!("another")),
                    ("type", Value::String(name)) if name == "string" => {
                        *value = json!(["string", "null"]);
                    }
                    ("type", Value::String(name)) if name == "integer" => *value = json!("number"),
                    ("type", Value::String(name)) if name == "boolean" => *value = json!("string"),
                    _ => rewrite(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        _ => {}
    }
}

/// Writes a document of schemas that all contain each other, and a revision with one changed limit.
fn knotted_pair(count: usize) -> TempDir {
    let reference =
        |index: usize| json!({"$ref": format!("#/components/schemas/A{}", index % count)});
    let schemas: Map<String, Value> = (0..count)
        .map(|index| {
            let schema = json!({"type": "object", "required": ["id", "next"], "properties": {
                "id": {"type": "string", "maxLength": 64},
                "next": reference(index + 1),
                "far": reference(index * 7 + 3),
                "list": {"type": "array", "items": reference(index * 3 + 1)},
                "map": {"type": "object", "additionalProperties": reference(index * 5 + 2)},
                "either": {"oneOf": [reference(index + 2), reference(index + 11)]},
            }});
            (format!("A{index}"), schema)
        })
        .collect();
    let response =
        json!({"description": "ok", "content": {"application/json": {"schema": reference(0)}}});
    let mut document = json!({
        "openapi": "3.1.0", "info": {"title": "Knot", "version": "1"},
        "paths": {"/a": {"get": {"summary": "A", "responses": {"200": response}}}},
        "components": {"schemas": schemas},
    });
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("base.json"), document.to_string()).unwrap();
    document["components"]["schemas"]["A0"]["properties"]["id"]["maxLength"] = json!(65);
    fs::write(directory.path().join("revision.json"), document.to_string()).unwrap();
    directory
}

#[divan::bench(args = [100, 5000], sample_count = 5, sample_size = 1)]
fn cyclic_schemas(bencher: divan::Bencher<'_, '_>, count: usize) {
    compare(bencher, &knotted_pair(count));
}

#[divan::bench(args = [1, 50], sample_count = 5, sample_size = 1)]
fn one_change_in_each(bencher: divan::Bencher<'_, '_>, count: usize) {
    compare(bencher, &pair(count));
}

#[divan::bench(args = [1, 50], sample_count = 5, sample_size = 1)]
fn everything_changed(bencher: divan::Bencher<'_, '_>, count: usize) {
    compare(bencher, &rewritten_pair(count));
}

fn compare(bencher: divan::Bencher<'_, '_>, directory: &TempDir) {
    bencher.bench_local(|| {
        let done = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["spec", "diff", "--no-rust"])
            .arg(directory.path().join("base.json"))
            .arg(directory.path().join("revision.json"))
            .output()
            .unwrap();
        assert!(done.status.success());
    });
}
