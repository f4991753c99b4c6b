//! The names of the operations of an OpenAPI document.

use std::collections::BTreeSet;

use neo_client_codegen::openapi::method::METHODS;
use neo_client_codegen::openapi::pointer::join;
use serde_json::Value;

/// Returns `METHOD /path` for each operation.
pub fn operations(document: &Value) -> BTreeSet<String> {
    paths_and_methods(document)
        .map(|(path, method)| format!("{} {path}", method.to_uppercase()))
        .collect()
}

/// Returns the JSON pointer to each operation.
pub fn operation_pointers(document: &Value) -> BTreeSet<String> {
    paths_and_methods(document)
        .map(|(path, method)| join(&join("/paths", path), method))
        .collect()
}

fn paths_and_methods(document: &Value) -> impl Iterator<Item = (&str, &'static str)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        let present = METHODS
            .into_iter()
            .filter(|method| item.get(method).is_some_and(Value::is_object));
        present.map(move |method| (path.as_str(), method))
    })
}
