//! Values without a type: any JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::component_ref::{target, wrapped};
use super::model::Model;
use crate::ledger::{Effect, Ledger};
use crate::openapi::pointer::join;

/// The rule of ledger entries about fields that the document does not describe.
pub(crate) const UNDESCRIBED: &str = "any-value";

/// How deep lists and references are followed.
const DEPTH: usize = 16;

/// Returns whether a lowered schema is any JSON value, or a list or map of such values.
pub(crate) fn is_untyped(schema: &Value, schemas: &Map<String, Value>) -> bool {
    let mut schema = schema;
    for _ in 0..DEPTH {
        if let Some(next) = target(schema).map(|name| schemas.get(name)) {
            let Some(next) = next else { return false };
            schema = next;
            continue;
        }
        if let Some(next) = wrapped(schema) {
            schema = next;
            continue;
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => match schema.get("items") {
                Some(items) => schema = items,
                None => return true,
            },
            Some(_) => return false,
            None => {
                let says = |keyword: &str| schema.get(keyword).is_some();
                return !["properties", "oneOf", "allOf", "$ref"]
                    .into_iter()
                    .any(says);
            }
        }
    }
    false
}

/// Adds a ledger line for each property that is any JSON value, unless another rule has said why.
pub(super) fn report(schemas: &Map<String, Value>, model: &Model, ledger: &mut Ledger) {
    let told: BTreeSet<String> = ledger
        .entries()
        .iter()
        .filter(|entry| entry.effect == Effect::Widened)
        .map(|entry| entry.pointer.clone())
        .collect();
    for (name, schema) in schemas {
        if model.unions.contains_key(name) {
            continue;
        }
        let names = model.fields.get(name);
        let fields = schema.get("properties").and_then(Value::as_object);
        for (field, schema) in fields.into_iter().flatten() {
            if !is_untyped(schema, schemas) {
                continue;
            }
            let property = names.and_then(|names| names.get(field)).unwrap_or(field);
            let pointer = property_pointer(model, name, property);
            if !is_told(&told, &pointer) {
                let detail = "any JSON value: the document does not say more";
                ledger.add(pointer, UNDESCRIBED, Effect::Rewritten, detail);
            }
        }
    }
}

/// Returns whether a pointer, or one that leads further, is among those told.
fn is_told(told: &BTreeSet<String>, pointer: &str) -> bool {
    let inside = format!("{pointer}/");
    let next = told.range(inside.clone()..).next();
    told.contains(pointer) || next.is_some_and(|next| next.starts_with(&inside))
}

/// Returns the JSON pointer of a property in the document.
pub(crate) fn property_pointer(model: &Model, component: &str, property: &str) -> String {
    let origin = model.origins.get(component).cloned().unwrap_or_default();
    if model.tuples.contains(component) {
        let index = property.trim_start_matches('e').trim_start_matches('0');
        let index = if index.is_empty() { "0" } else { index };
        return join(&join(&origin, "prefixItems"), index);
    }
    join(&join(&origin, "properties"), property)
}
