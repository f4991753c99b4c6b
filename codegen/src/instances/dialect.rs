//! Rewrites the spellings of OpenAPI 3.0 as JSON Schema 2020-12.

use serde_json::{Value, json};

/// Rewrites `nullable` and boolean exclusive limits, everywhere.
pub(crate) fn modernized(mut document: Value) -> Value {
    let is_old = document
        .get("openapi")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("3.0"));
    if is_old {
        modernize(&mut document);
    }
    document
}

fn modernize(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(modernize),
        Value::Object(schema) => {
            for (keyword, limit) in [
                ("exclusiveMinimum", "minimum"),
                ("exclusiveMaximum", "maximum"),
            ] {
                match schema.get(keyword) {
                    Some(Value::Bool(true)) => {
                        if let Some(bound) = schema.remove(limit) {
                            schema.insert(keyword.to_owned(), bound);
                        }
                    }
                    Some(Value::Bool(false)) => drop(schema.remove(keyword)),
                    _ => {}
                }
            }
            // Siblings of a reference are ignored in 3.0.
            if schema.get("$ref").is_some_and(Value::is_string) {
                schema.retain(|keyword, _| keyword == "$ref" || keyword == "description");
            }
            let nullable = schema.get("nullable") == Some(&Value::Bool(true));
            for (keyword, value) in schema.iter_mut() {
                if !matches!(
                    keyword.as_str(),
                    "example" | "examples" | "default" | "enum"
                ) {
                    modernize(value);
                }
            }
            if nullable {
                schema.remove("nullable");
                if let Some(of @ Value::String(_)) = schema.get("type") {
                    let types = json!([of, "null"]);
                    schema.insert("type".to_owned(), types);
                    if let Some(Value::Array(values)) = schema.get_mut("enum")
                        && !values.contains(&Value::Null)
                    {
                        values.push(Value::Null);
                    }
                } else {
                    let inner = value.take();
                    *value = json!({ "anyOf": [inner, { "type": "null" }] });
                }
            }
        }
        _ => {}
    }
}
