//! The schema rule for types that JSON Schema does not have, and for malformed `properties`.

use serde_json::{Map, Value, json};

use super::context::SchemaContext;
use crate::ledger::Effect;

/// The types of JSON Schema 2020-12.
const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Types of other description languages, by the type that means the same.
const SYNONYMS: [(&str, &str, Option<&str>); 13] = [
    ("file", "string", Some("binary")),
    ("date", "string", Some("date")),
    ("date-time", "string", Some("date-time")),
    ("datetime", "string", Some("date-time")),
    ("str", "string", None),
    ("text", "string", None),
    ("uuid", "string", Some("uuid")),
    ("bool", "boolean", None),
    ("int", "integer", None),
    ("long", "integer", Some("int64")),
    ("float", "number", None),
    ("double", "number", None),
    ("list", "array", None),
];

/// Replaces a type that JSON Schema does not have, and removes malformed keywords of objects.
/// progenitor fails on both.
pub(in crate::lower) fn known(context: &mut SchemaContext<'_>) {
    let is_object: fn(&Value) -> bool = Value::is_object;
    let keywords = [
        ("properties", is_object, "object"),
        ("additionalProperties", is_schema, "schema"),
        ("unevaluatedProperties", is_schema, "schema"),
    ];
    for (keyword, is_well_formed, of) in keywords {
        let value = context.schema.get(keyword);
        if value.is_some_and(|value| !is_well_formed(value)) {
            context.schema.shift_remove(keyword);
            let detail = format!("`{keyword}` is no {of}, and is ignored");
            context.report("type", Effect::Widened, detail);
        }
    }
    let unknown: Vec<String> = match context.schema.get("type") {
        None => return,
        Some(Value::Array(names)) => names.iter().filter_map(unknown).collect(),
        Some(name) => unknown(name).into_iter().collect(),
    };
    for name in unknown {
        replace(context, &name);
    }
}

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

/// Returns a type that JSON Schema does not have, as text.
fn unknown(name: &Value) -> Option<String> {
    match name.as_str() {
        Some(known) if TYPES.contains(&known) => None,
        Some(other) => Some(other.to_owned()),
        None => Some(name.to_string()),
    }
}

fn replace(context: &mut SchemaContext<'_>, name: &str) {
    let lower = name.to_ascii_lowercase();
    let known = TYPES.iter().find(|of| **of == lower).map(|of| (*of, None));
    let synonym = SYNONYMS.iter().find(|(other, ..)| *other == lower);
    let found = known.or(synonym.map(|(_, of, format)| (*of, *format)));
    let is_only = context.schema.get("type").is_some_and(|of| !of.is_array());
    let Some((of, format)) = found else {
        // Any type may be among several.
        context.schema.shift_remove("type");
        let detail = format!("`{name}` is no type; any JSON value instead");
        return context.report("type", Effect::Widened, detail);
    };
    set(context.schema, name, of);
    if let Some(format) = format.filter(|_| is_only) {
        context.schema.entry("format").or_insert(json!(format));
    }
    let detail = format!("`{name}` is no type; read as `{of}`");
    context.report("type", Effect::Rewritten, detail);
}

/// Replaces the type `name`.
fn set(schema: &mut Map<String, Value>, name: &str, of: &str) {
    match schema.get_mut("type") {
        Some(Value::Array(names)) => {
            names.retain(|other| other != of);
            names
                .iter_mut()
                .filter(|other| *other == name)
                .for_each(|other| *other = json!(of));
        }
        _ => drop(schema.insert("type".to_owned(), json!(of))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::becomes;
    use serde_json::json;

    #[test]
    fn unknown_type_is_read_as_its_synonym() {
        for (given, expected) in [
            (json!({ "type": "String" }), json!({ "type": "string" })),
            (json!({ "type": "int" }), json!({ "type": "integer" })),
            (
                json!({ "type": "datetime" }),
                json!({ "type": "string", "format": "date-time" }),
            ),
            (
                json!({ "type": "date-time" }),
                json!({ "type": "string", "format": "date-time" }),
            ),
            (
                json!({ "type": ["str", "null"] }),
                json!({ "type": "string", "nullable": true }),
            ),
        ] {
            becomes(given, expected, &["rewritten type"]);
        }
    }

    #[test]
    fn unknown_type_without_meaning_is_any_value() {
        for unknown in [json!("any"), json!(7), json!(["string", "any"])] {
            becomes(json!({ "type": unknown }), json!({}), &["widened type"]);
        }
    }

    #[test]
    fn malformed_properties_are_ignored() {
        for (keyword, malformed) in [
            ("properties", json!([])),
            ("additionalProperties", json!(null)),
            ("additionalProperties", json!("true")),
            ("unevaluatedProperties", json!([])),
        ] {
            becomes(
                json!({ "type": "object", keyword: malformed }),
                json!({ "type": "object" }),
                &["widened type"],
            );
        }
    }
}
