//! The type of a parameter, for the table of operations.

use serde_json::Value;

use crate::lower::model::ValueKind;
use crate::openapi::reference::resolve;

/// The number of schemas that may lie within each other.
const MAX_DEPTH: usize = 16;

/// Returns the type of the values of a schema, and the texts that it lists for a value or an
/// element. A type beside `null` counts alone. Several types are any type.
pub(super) fn of(document: &Value, schema: &Value) -> (ValueKind, Vec<String>) {
    read(document, schema, MAX_DEPTH).unwrap_or((ValueKind::Any, Vec::new()))
}

fn read(document: &Value, schema: &Value, depth: usize) -> Option<(ValueKind, Vec<String>)> {
    let depth = depth.checked_sub(1)?;
    let schema = resolve(document, schema).ok()?.value;
    let listed = schema.get("enum").and_then(Value::as_array);
    let constant = schema.get("const").map(std::slice::from_ref);
    let listed = listed.map(Vec::as_slice).or(constant);
    let values: Vec<String> = listed
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    if let Some(kind) = schema.get("type").and_then(named) {
        return Some(match kind {
            ValueKind::Array(_) => {
                let items = schema.get("items");
                let items = items.and_then(|items| read(document, items, depth));
                let (items, values) = items.unwrap_or((ValueKind::Any, Vec::new()));
                (ValueKind::Array(Box::new(items)), values)
            }
            kind => (kind, values),
        });
    }
    if listed.is_some_and(|listed| !values.is_empty() && listed.iter().all(is_text_or_null)) {
        return Some((ValueKind::String, values));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let Some(schemas) = schema.get(keyword).and_then(Value::as_array) else {
            continue;
        };
        let schemas = schemas.iter().filter(|it| !is_null(it));
        let schemas = schemas.map(|schema| read(document, schema, depth));
        let found: Vec<(ValueKind, Vec<String>)> = match keyword {
            "allOf" => schemas.flatten().collect(),
            _ => schemas.collect::<Option<_>>()?,
        };
        match found.as_slice() {
            [] => {}
            [only] => return Some(only.clone()),
            // A union of one type allows more than the values of one alternative.
            [(kind, _), rest @ ..] if rest.iter().all(|(other, _)| other == kind) => {
                return Some((kind.clone(), Vec::new()));
            }
            _ => return None,
        }
    }
    schema
        .get("properties")
        .map(|_| (ValueKind::Object, Vec::new()))
}

fn is_text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn is_null(schema: &Value) -> bool {
    schema.get("type") == Some(&Value::from("null"))
}

/// Returns the type that the keyword `type` names, beside `null`. The type of elements is unknown.
fn named(of: &Value) -> Option<ValueKind> {
    let name = match of {
        Value::Array(names) => {
            let mut names = names.iter().filter(|name| *name != "null");
            let first = names.next()?;
            if names.next().is_some() {
                return None;
            }
            first.as_str()?
        }
        name => name.as_str()?,
    };
    Some(match name {
        "string" => ValueKind::String,
        "integer" => ValueKind::Integer,
        "number" => ValueKind::Number,
        "boolean" => ValueKind::Boolean,
        "object" => ValueKind::Object,
        "array" => ValueKind::Array(Box::new(ValueKind::Any)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kind_follows_references_unions_and_lists() {
        let document = json!({ "components": { "schemas": {
            "Color": { "enum": ["red", "blue"] },
            "Loop": { "allOf": [{ "$ref": "#/components/schemas/Loop" }] },
        } } });
        let color = json!({ "$ref": "#/components/schemas/Color" });
        let strings = |kind: ValueKind, values: &[&str]| {
            (
                kind,
                values.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(),
            )
        };
        for (schema, expected) in [
            (
                json!({ "type": "integer" }),
                strings(ValueKind::Integer, &[]),
            ),
            (
                json!({ "type": ["string", "null"], "enum": ["a", null] }),
                strings(ValueKind::String, &["a"]),
            ),
            (
                json!({ "type": ["string", "integer"] }),
                strings(ValueKind::Any, &[]),
            ),
            (color.clone(), strings(ValueKind::String, &["red", "blue"])),
            (
                json!({ "type": "array", "items": color }),
                strings(ValueKind::Array(ValueKind::String.into()), &["red", "blue"]),
            ),
            (
                json!({ "anyOf": [color, { "type": "null" }] }),
                strings(ValueKind::String, &["red", "blue"]),
            ),
            (
                json!({ "anyOf": [color, { "type": "string" }] }),
                strings(ValueKind::String, &[]),
            ),
            (
                json!({ "oneOf": [color, { "type": "integer" }] }),
                strings(ValueKind::Any, &[]),
            ),
            (
                json!({ "allOf": [color] }),
                strings(ValueKind::String, &["red", "blue"]),
            ),
            (json!({ "properties": {} }), strings(ValueKind::Object, &[])),
            (
                json!({ "$ref": "#/components/schemas/Loop" }),
                strings(ValueKind::Any, &[]),
            ),
            (json!(true), strings(ValueKind::Any, &[])),
        ] {
            assert_eq!(of(&document, &schema), expected, "{schema}");
        }
    }
}
