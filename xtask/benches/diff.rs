//! How long `spec diff` takes, as the built program: the vendored document with one change, and fifty
//! copies of it side by side, which are 10 MB, with a change in each.
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

/// Copies of the vendored document in one, with names of their own.
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

/// Writes a document, and the same with a property more in the first schema of each copy.
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

#[divan::bench(args = [1, 50], sample_count = 5, sample_size = 1)]
fn spec_diff(bencher: divan::Bencher<'_, '_>, count: usize) {
    let directory = pair(count);
    bencher.bench_local(|| {
        let done = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["spec", "diff"])
            .arg(directory.path().join("base.json"))
            .arg(directory.path().join("revision.json"))
            .output()
            .unwrap();
        assert!(done.status.success());
    });
}
