//! References to components, and components that an edit changes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Returns the components that differ, and those that refer to such.
pub fn changed(old: &Value, new: &Value) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    loop {
        let before = changed.len();
        for (name, schema) in old.as_object().into_iter().flatten() {
            let refers = references(schema).iter().any(|it| changed.contains(it));
            if refers || new.get(name) != Some(schema) {
                changed.insert(name.clone());
            }
        }
        if changed.len() == before {
            return changed;
        }
    }
}

/// Returns the names of the components that a schema refers to.
fn references(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = vec![schema];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str).map(name_of));
                pending.extend(object.values());
            }
            _ => {}
        }
    }
    found
}

/// Returns the name of a component that a reference names.
pub fn name_of(reference: &str) -> String {
    reference.rsplit('/').next().unwrap().to_owned()
}

/// Makes references to changed components name the new ones.
pub fn renamed(schema: &Value, changed: &BTreeSet<String>) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|it| renamed(it, changed)).collect(),
        Value::Object(object) => {
            let members = object.iter().map(|(key, value)| {
                let is_changed = |text: &&str| key == "$ref" && changed.contains(&name_of(text));
                let value = match value.as_str().filter(is_changed) {
                    Some(reference) => json!(format!("{reference}New")),
                    None => renamed(value, changed),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// Returns a schema with the components that it refers to, directly or through others.
pub fn with_references(components: &Value, schema: &Value) -> Value {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut pending: Vec<String> = references(schema).into_iter().collect();
    while let Some(name) = pending.pop() {
        if reached.insert(name.clone()) {
            pending.extend(references(&components[&name]));
        }
    }
    let reached: Map<String, Value> = reached
        .into_iter()
        .map(|name| (name.clone(), components[&name].clone()))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": {"schemas": reached},
        "allOf": [schema],
    })
}
