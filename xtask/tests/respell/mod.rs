//! Documents spelled in another way: what they mean stays the same.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

type Respell = fn(&Value) -> Value;

pub const ALL: [(&str, Respell); 4] = [
    ("all schemas renamed", renamed),
    ("all references inlined", inlined),
    ("all orders reversed", reversed),
    ("null said in other words", nulls),
];

const SCHEMAS: &str = "#/components/schemas/";

/// Applies a function to each value, from the leaves upwards.
fn map(value: &Value, change: &impl Fn(Value) -> Value) -> Value {
    let inner = match value {
        Value::Array(items) => items.iter().map(|item| map(item, change)).collect(),
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.clone(), map(value, change)))
            .collect(),
        other => other.clone(),
    };
    change(inner)
}

fn renamed(document: &Value) -> Value {
    let name = |old: &str| format!("X{old}Y");
    let mut document = map(document, &|value| match value.as_str() {
        Some(text) if text.starts_with(SCHEMAS) => {
            let path = &text[SCHEMAS.len()..];
            let (old, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
            format!("{SCHEMAS}{}{rest}", name(old)).into()
        }
        _ => value,
    });
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        *schemas = schemas
            .as_object()
            .unwrap()
            .iter()
            .map(|(old, schema)| (name(old), schema.clone()))
            .collect();
    }
    document
}

/// References with nothing beside them, where they do not lead back to themselves.
fn inlined(document: &Value) -> Value {
    fn inline(value: &Value, schemas: &Map<String, Value>, within: &[&str]) -> Value {
        match value {
            Value::Array(items) => items
                .iter()
                .map(|item| inline(item, schemas, within))
                .collect(),
            // A discriminator names components.
            Value::Object(object) if !object.contains_key("discriminator") => {
                let target = object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .filter(|_| object.len() == 1);
                let found = target
                    .and_then(|target| schemas.get_key_value(target.strip_prefix(SCHEMAS)?))
                    .filter(|(name, _)| !within.contains(&name.as_str()) && within.len() < 4);
                match found {
                    Some((name, schema)) => {
                        inline(schema, schemas, &[within, &[name.as_str()]].concat())
                    }
                    None => object
                        .iter()
                        .map(|(key, value)| (key.clone(), inline(value, schemas, within)))
                        .collect(),
                }
            }
            other => other.clone(),
        }
    }
    let none = Map::new();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    let mut document = document.clone();
    document["paths"] = inline(&document["paths"].clone(), schemas, &[]);
    document
}

fn reversed(document: &Value) -> Value {
    const SETS: [&str; 7] = [
        "required",
        "enum",
        "oneOf",
        "anyOf",
        "allOf",
        "parameters",
        "type",
    ];
    map(document, &|value| match value {
        Value::Object(object) => object
            .into_iter()
            .rev()
            .map(|(key, value)| match value {
                Value::Array(items) if SETS.contains(&key.as_str()) => {
                    (key, items.into_iter().rev().collect())
                }
                value => (key, value),
            })
            .collect(),
        other => other,
    })
}

fn nulls(document: &Value) -> Value {
    const WORDS: [&str; 2] = ["description", "title"];
    map(document, &|value| {
        let Some(object) = value.as_object() else {
            return value;
        };
        let is_plain = ["enum", "const", "oneOf", "anyOf"]
            .iter()
            .all(|key| !object.contains_key(*key));
        match object.get("type").and_then(Value::as_array) {
            Some(types) if types.len() == 2 && types.contains(&json!("null")) && is_plain => {
                let other = types.iter().find(|name| *name != "null").unwrap();
                let (mut outer, mut inner): (BTreeMap<String, Value>, BTreeMap<String, Value>) =
                    object
                        .clone()
                        .into_iter()
                        .partition(|(key, _)| WORDS.contains(&key.as_str()));
                inner.insert("type".to_owned(), other.clone());
                outer.insert("anyOf".to_owned(), json!([{"type": "null"}, inner]));
                json!(outer)
            }
            _ => value,
        }
    })
}
