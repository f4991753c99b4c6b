//! References between the component schemas of the lowered document.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The JSON pointer to the component schemas.
pub(crate) const SCHEMAS: &str = "/components/schemas";

/// The beginning of a `$ref` to a component schema.
pub(crate) const PREFIX: &str = "#/components/schemas/";

/// Returns the name of the component to which a lowered `$ref` refers.
pub(crate) fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

pub(crate) fn refer(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

/// Returns the reference to which a schema only adds a description or nullability.
pub(crate) fn wrapped(schema: &Value) -> Option<&Value> {
    match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Returns the component that a schema is, without wrappers.
pub(crate) fn target(schema: &Value) -> Option<&str> {
    reference(schema).or_else(|| reference(wrapped(schema)?))
}

/// Returns the names of the components to which a value refers directly.
pub(crate) fn references(value: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        found.extend(reference(value));
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => pending.extend(object.values()),
            _ => {}
        }
    }
    found
}

/// Returns whether a pointer is that of a component schema.
pub(crate) fn is_component(pointer: &str) -> bool {
    pointer
        .strip_prefix(SCHEMAS)
        .is_some_and(|rest| rest.matches('/').count() == 1)
}
