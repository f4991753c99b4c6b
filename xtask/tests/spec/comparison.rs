//! Compares pairs of documents with the built program.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::loopback::{text, xtask};

pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Two documents in a directory, to be compared.
pub struct Pair(pub TempDir);

impl Pair {
    pub fn of(base: &Value, revision: &Value) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("base.json"), base.to_string()).unwrap();
        fs::write(directory.path().join("revision.json"), revision.to_string()).unwrap();
        Self(directory)
    }

    pub fn printed(&self, more: &[&str]) -> String {
        let file = |name: &str| self.0.path().join(name).to_str().unwrap().to_owned();
        let (base, revision) = (file("base.json"), file("revision.json"));
        let arguments = [&["spec", "diff", &base, &revision], more].concat();
        let output = xtask(self.0.path(), &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    pub fn report(&self, more: &[&str]) -> Value {
        let arguments = [&["--format", "json"], more].concat();
        serde_json::from_str(&self.printed(&arguments)).unwrap()
    }
}

pub fn diff(base: &Value, revision: &Value) -> Value {
    Pair::of(base, revision).report(&[])
}

/// Compares two documents on the wire alone, without generating clients.
pub fn wire_diff(base: &Value, revision: &Value) -> Value {
    Pair::of(base, revision).report(&["--no-rust"])
}

/// The committed pairs by their names.
pub fn pairs() -> Vec<(String, Value)> {
    let mut pairs: Vec<_> = fs::read_dir(here().join("tests/pairs"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap(),
            )
        })
        .collect();
    pairs.sort_by(|a: &(String, Value), b| a.0.cmp(&b.0));
    pairs
}

pub fn ids(report: &Value) -> BTreeSet<&str> {
    let changes = report["changes"].as_array().unwrap();
    changes
        .iter()
        .map(|change| change["id"].as_str().unwrap())
        .collect()
}
