//! The operations of an OpenAPI document, as far as they must be known to compare two documents.

use std::collections::BTreeSet;

use serde_json::Value;

/// The fields of a Path Item Object that are operations (OpenAPI 3.1, section 4.8.9).
const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// `METHOD /path` for each operation.
pub fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            let present = METHODS
                .into_iter()
                .filter(|method| item.get(method).is_some_and(Value::is_object));
            present.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}
