//! References between the component schemas of the lowered document.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The JSON pointer to the component schemas.
pub(crate) const SCHEMAS: &str = "/components/schemas";

/// The beginning of a `$ref` to a component schema.
pub(crate) const PREFIX: &str = "#/components/schemas/";

/// The name of the component that a lowered `$ref` names.
pub(crate) fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

pub(crate) fn refer(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

/// The reference that a schema only adds a description or nullability to.
pub(crate) fn wrapped(schema: &Value) -> Option<&Value> {
    match schema.get("allOf")?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The component that a schema is, whatever wraps it.
pub(crate) fn target(schema: &Value) -> Option<&str> {
    reference(schema).or_else(|| reference(wrapped(schema)?))
}

/// Names of the components that a value itself refers to.
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

/// Whether a pointer is that of a component schema.
pub(crate) fn is_component(pointer: &str) -> bool {
    pointer
        .strip_prefix(SCHEMAS)
        .is_some_and(|rest| rest.matches('/').count() == 1)
}
