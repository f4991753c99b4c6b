//! The names of the operations of an OpenAPI document.

use std::collections::BTreeSet;

use neo_client_codegen::openapi::method::METHODS;
use serde_json::Value;

/// Returns `METHOD /path` for each operation.
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
