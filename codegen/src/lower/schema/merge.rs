//! Merges schemas that all apply to one value, keyword by keyword.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::composition::{Composer, Whole};
use super::conditions;
use crate::ledger::Effect;
use crate::lower::notes::{CONDITIONAL, ORIGIN, is_note};
use crate::openapi::keyword::is_annotation;

/// Adds the keywords of one schema to the result.
pub(super) fn add(
    whole: &mut Whole,
    schema: Map<String, Value>,
    at: &str,
    is_own: bool,
    composer: &mut Composer<'_>,
) {
    add_types(whole, &schema, at, is_own, composer);
    for (keyword, value) in schema {
        match keyword.as_str() {
            "type" | "nullable" | ORIGIN => {}
            "properties" => add_properties(whole, value, at, composer),
            "required" => add_required(whole, value),
            "enum" => add_values(whole, value, at, composer),
            "items" | "additionalProperties" | "unevaluatedProperties" => {
                add_inner(whole, keyword, value);
            }
            "readOnly" | "writeOnly" | "deprecated" | "x-secret" => {
                let held = whole.schema.get(&keyword);
                if held.is_none_or(|held| matches!(held, Value::Bool(false) | Value::Null)) {
                    whole.schema.insert(keyword, value);
                }
            }
            _ => {
                whole.schema.insert(keyword, value);
            }
        }
    }
}

fn add_types(
    whole: &mut Whole,
    schema: &Map<String, Value>,
    at: &str,
    is_own: bool,
    composer: &mut Composer<'_>,
) {
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    whole.nullable |= nullable && is_own;
    let mut types: BTreeSet<String> = match schema.get("type") {
        Some(Value::String(name)) => BTreeSet::from([name.clone()]),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => return,
    };
    if nullable {
        types.insert("null".to_owned());
    }
    let Some(held) = &whole.types else {
        whole.types = Some(types);
        return;
    };
    let mut common: BTreeSet<String> = held.intersection(&types).cloned().collect();
    let number = |types: &BTreeSet<String>| types.contains("number");
    let integer = |types: &BTreeSet<String>| types.contains("integer");
    if (number(held) && integer(&types)) || (integer(held) && number(&types)) {
        common.insert("integer".to_owned());
    }
    let is_nothing = common.is_empty() || (common.len() == 1 && common.contains("null"));
    if is_nothing && common != types {
        let detail = format!(
            "no value is both {} and {}; the latter is taken",
            words(held),
            words(&types)
        );
        composer.report(at, "all-of", &detail);
        common = types;
    }
    whole.types = Some(common);
}

fn words(types: &BTreeSet<String>) -> String {
    let all: Vec<&str> = types.iter().map(String::as_str).collect();
    all.join(" or ")
}

fn add_properties(whole: &mut Whole, value: Value, at: &str, composer: &mut Composer<'_>) {
    let Value::Object(properties) = value else {
        return;
    };
    if !composer.references.try_expand(properties.len()) {
        let detail = "the expansion budget of the document is used up; the properties are left out";
        return composer.ledger.add(at, "all-of", Effect::Dropped, detail);
    }
    let held = whole
        .schema
        .entry("properties")
        .or_insert_with(|| json!({}));
    let Some(held) = held.as_object_mut() else {
        return;
    };
    for (name, property) in properties {
        let merged = match held.get_mut(&name) {
            None => property,
            Some(before) => match either_way(before, &property) {
                Some(either) => either,
                None => both(before.take(), property),
            },
        };
        held.insert(name, merged);
    }
}

/// Returns the schema of a property that at least one schema has under a condition only.
fn either_way(before: &Value, property: &Value) -> Option<Value> {
    if before.get(CONDITIONAL).is_none() && property.get(CONDITIONAL).is_some() {
        return Some(before.clone());
    }
    conditions::either(before, property)
}

/// Returns a schema for values that match both schemas.
fn both(before: Value, after: Value) -> Value {
    let (Value::Object(before), Value::Object(after)) = (&before, &after) else {
        return if after.is_object() { after } else { before };
    };
    let essence = |schema: &Map<String, Value>| -> Map<String, Value> {
        schema
            .iter()
            .filter(|(keyword, _)| !is_annotation(keyword) && *keyword != "description")
            .map(|(keyword, value)| (keyword.clone(), bare(value)))
            .collect()
    };
    let (held, new) = (essence(before), essence(after));
    if new == held || new.is_empty() {
        let mut merged = before.clone();
        describe(&mut merged, after);
        return Value::Object(merged);
    }
    if held.is_empty() {
        let mut merged = after.clone();
        for (keyword, value) in before {
            merged.entry(keyword).or_insert_with(|| value.clone());
        }
        return Value::Object(merged);
    }
    let mut merged = Map::new();
    describe(&mut merged, before);
    describe(&mut merged, after);
    if let Some(at) = after.get(ORIGIN) {
        merged.insert(ORIGIN.to_owned(), at.clone());
    }
    merged.insert("allOf".to_owned(), json!([before.clone(), after.clone()]));
    Value::Object(merged)
}

/// Takes over the annotations of a schema.
fn describe(merged: &mut Map<String, Value>, from: &Map<String, Value>) {
    for keyword in [
        "description",
        "deprecated",
        "readOnly",
        "writeOnly",
        "x-secret",
    ] {
        if let Some(value) = from.get(keyword) {
            merged.insert(keyword.to_owned(), value.clone());
        }
    }
}

/// Returns a value without the notes of lowering.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(keyword, _)| !is_note(keyword))
            .map(|(keyword, value)| (keyword.clone(), bare(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn add_required(whole: &mut Whole, value: Value) {
    let Value::Array(names) = value else { return };
    let held = whole.schema.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(held) = held {
        let known: BTreeSet<String> = held
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        held.extend(
            names
                .into_iter()
                .filter(|name| name.as_str().is_some_and(|name| !known.contains(name))),
        );
    }
}

fn add_values(whole: &mut Whole, value: Value, at: &str, composer: &mut Composer<'_>) {
    let common = match (whole.schema.get("enum"), &value) {
        (Some(Value::Array(held)), Value::Array(values)) => {
            let held: BTreeSet<String> = held.iter().map(Value::to_string).collect();
            let common: Vec<Value> = values
                .iter()
                .filter(|value| held.contains(&value.to_string()))
                .cloned()
                .collect();
            if common.is_empty() {
                composer.report(
                    at,
                    "all-of",
                    "two enumerations have no value in common; the latter is taken",
                );
                value
            } else {
                Value::Array(common)
            }
        }
        _ => value,
    };
    whole.schema.insert("enum".to_owned(), common);
}

/// Adds a nested schema: of items, or of additional properties.
fn add_inner(whole: &mut Whole, keyword: String, value: Value) {
    let merged = match whole.schema.shift_remove(&keyword) {
        None => value,
        // Each schema closes the object to the properties of the other. Taken literally, no value
        // would be valid.
        Some(Value::Bool(_)) => value,
        Some(held) if value.is_boolean() => held,
        Some(held) => both(held, value),
    };
    whole.schema.insert(keyword, merged);
}
