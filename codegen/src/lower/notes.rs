//! Notes that lowering writes into schemas for its later steps. None of them reaches the lowered document.

use serde_json::{Map, Value};

use crate::openapi::pointer::join_all;

/// Marks a schema that `Debug` must not show; travels with the schema through hoisting.
pub(crate) const SECRET: &str = "x-codegen-secret";
/// Where a schema stands in the document as written.
pub(crate) const AT: &str = "x-codegen-at";
/// A schema that stands where a named one does, and is not that one.
pub(crate) const BASE: &str = "x-codegen-base";
/// Of which components a schema is composed; and the same composition, inside itself.
pub(crate) const KEY: &str = "x-codegen-key";
pub(crate) const AGAIN: &str = "x-codegen-again";
/// What the document calls the branches of a union.
pub(crate) const UNION: &str = "x-codegen-union";
/// The only value that a schema allows, where its Rust type allows others.
pub(crate) const CONSTANT: &str = "x-codegen-constant";
/// `readOnly` and `writeOnly`.
pub(crate) const READ_ONLY: &str = "x-codegen-read-only";
pub(crate) const WRITE_ONLY: &str = "x-codegen-write-only";

/// Takes the note of where a schema stands off it.
pub(crate) fn place(schema: &mut Map<String, Value>, otherwise: &str) -> String {
    match schema.shift_remove(AT) {
        Some(Value::String(at)) => at,
        _ => otherwise.to_owned(),
    }
}

/// Notes in each schema directly inside where it stands, before rules move it.
pub(crate) fn mark_places(schema: &mut Map<String, Value>, pointer: &str) {
    children(schema, &mut |child, tokens| {
        if let Value::Object(child) = child
            && !child.contains_key(AT)
        {
            let at = join_all(pointer, tokens.iter().copied());
            child.insert(AT.to_owned(), Value::String(at));
        }
    });
}

/// Whether a document has keywords that read like notes of lowering.
pub(crate) fn has_notes(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_notes),
        Value::Object(object) => object
            .iter()
            .any(|(keyword, value)| is_internal(keyword) || has_notes(value)),
        _ => false,
    }
}

/// Takes every note of lowering off a value.
pub(crate) fn take_notes(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(take_notes),
        Value::Object(object) => {
            object.retain(|keyword, _| !is_internal(keyword));
            object.values_mut().for_each(take_notes);
        }
        _ => {}
    }
}

pub(crate) fn is_internal(keyword: &str) -> bool {
    keyword.starts_with("x-codegen-")
}

/// Calls `visit` with each schema directly inside a lowered schema, and its place in it.
pub(crate) fn children(
    schema: &mut Map<String, Value>,
    visit: &mut dyn FnMut(&mut Value, &[&str]),
) {
    for (keyword, value) in schema.iter_mut() {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties.iter_mut() {
                    visit(property, &["properties", name]);
                }
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => {
                for (index, branch) in branches.iter_mut().enumerate() {
                    visit(branch, &[keyword, &index.to_string()]);
                }
            }
            ("items", items) => visit(items, &["items"]),
            ("additionalProperties" | "unevaluatedProperties", values @ Value::Object(_)) => {
                visit(values, &[keyword]);
            }
            ("patternProperties", Value::Object(patterns)) => {
                for (pattern, values) in patterns.iter_mut() {
                    visit(values, &["patternProperties", pattern]);
                }
            }
            _ => {}
        }
    }
}
