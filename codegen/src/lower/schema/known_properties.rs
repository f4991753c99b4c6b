//! The properties of a variant, before it is lowered.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::lower::notes::ORIGIN;
use crate::lower::references::References;

/// How many references are followed to find the properties of a variant.
const SEEN: usize = 64;

/// Returns the properties of a schema, including those that it inherits.
#[derive(Default)]
pub(super) struct KnownProperties {
    pub(super) names: BTreeSet<String>,
    pub(super) required: BTreeSet<String>,
    pub(super) is_scalar: bool,
    /// The references followed so far.
    seen: BTreeSet<String>,
}

impl KnownProperties {
    pub(super) fn collect(&mut self, schema: &Value, at: &str, references: &References<'_>) {
        let at = schema.get(ORIGIN).and_then(Value::as_str).unwrap_or(at);
        if let Some(of) = schema.get("type").and_then(Value::as_str) {
            self.is_scalar |= of != "object";
        }
        self.is_scalar |= schema.get("enum").is_some() || schema.get("const").is_some();
        if let Some(all) = schema.get("properties").and_then(Value::as_object) {
            self.names.extend(all.keys().cloned());
        }
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        self.required.extend(required.map(str::to_owned));
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && let Some(found) = references.resolve(reference, at)
            && let Some(next) = references.value(&found)
            && self.seen.len() < SEEN
            && self.seen.insert(found.clone())
        {
            self.collect(next, &found, references);
        }
        for member in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.collect(member, at, references);
        }
    }
}
