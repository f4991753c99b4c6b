//! Notes that lowering writes into schemas for its later steps. None of them reaches the lowered
//! document.

use serde_json::{Map, Value};

use crate::openapi::pointer::join_all;

/// Marks a schema that `Debug` must not show. The mark moves with the schema through hoisting.
pub(crate) const SECRET: &str = "x-codegen-secret";
/// The location of a schema in the document as written.
pub(crate) const ORIGIN: &str = "x-codegen-at";
/// Marks a schema that replaces a named schema without being it.
pub(crate) const BASE: &str = "x-codegen-base";
/// The components that a schema includes; and the same composition inside itself.
pub(crate) const COMPOSITION: &str = "x-codegen-key";
pub(crate) const RECURSION: &str = "x-codegen-again";
/// The names of the variants of a union in the document.
pub(crate) const UNION: &str = "x-codegen-union";
/// The responses that have a variant of a union as their schema: statuses and media types.
pub(crate) const RESPONSES: &str = "x-codegen-responses";
/// The only value that a schema allows, if its Rust type allows others.
pub(crate) const CONSTANT: &str = "x-codegen-constant";
/// The values that a schema allows, if its Rust type allows others.
pub(crate) const VALUES: &str = "x-codegen-values";
/// Marks a schema that allows only `null`.
pub(crate) const NULL: &str = "x-codegen-null";
/// Marks a schema whose properties are the elements of an array.
pub(crate) const TUPLE: &str = "x-codegen-tuple";
/// Marks a schema that is lowered already.
pub(crate) const LOWERED: &str = "x-codegen-lowered";
/// Marks a property that a schema has under a condition only.
pub(crate) const CONDITIONAL: &str = "x-codegen-conditional";
/// `readOnly` and `writeOnly`.
pub(crate) const READ_ONLY: &str = "x-codegen-read-only";
pub(crate) const WRITE_ONLY: &str = "x-codegen-write-only";

/// Removes and returns the note about the location of a schema.
pub(crate) fn take_origin(schema: &mut Map<String, Value>, otherwise: &str) -> String {
    match schema.shift_remove(ORIGIN) {
        Some(Value::String(at)) => at,
        _ => otherwise.to_owned(),
    }
}

/// Notes in each direct subschema its location, before rules move it.
pub(crate) fn note_origins(schema: &mut Map<String, Value>, pointer: &str) {
    children(schema, &mut |child, tokens| {
        if let Value::Object(child) = child
            && !child.contains_key(ORIGIN)
        {
            let at = join_all(pointer, tokens.iter().copied());
            child.insert(ORIGIN.to_owned(), Value::String(at));
        }
    });
}

/// Returns whether a document has keywords that look like notes of lowering.
pub(crate) fn has_notes(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_notes),
        Value::Object(object) => object
            .iter()
            .any(|(keyword, value)| is_note(keyword) || has_notes(value)),
        _ => false,
    }
}

/// Removes every note of lowering from a value.
pub(crate) fn take_notes(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(take_notes),
        Value::Object(object) => {
            object.retain(|keyword, _| !is_note(keyword));
            object.values_mut().for_each(take_notes);
        }
        _ => {}
    }
}

pub(crate) fn is_note(keyword: &str) -> bool {
    keyword.starts_with("x-codegen-")
}

/// Calls `visit` with each direct subschema of a lowered schema, and its location.
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
