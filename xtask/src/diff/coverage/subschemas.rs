//! Finds the subschemas of a schema, and the components that it refers to.

use serde_json::Value;

/// Every subschema of a schema by its JSON pointer.
pub fn subschemas(schema: &Value, pointer: String, found: &mut Vec<String>) {
    let Some(object) = schema.as_object() else {
        return;
    };
    found.push(pointer.clone());
    for (keyword, value) in object {
        match keyword.as_str() {
            "properties" | "patternProperties" | "dependentSchemas" => {
                for (name, schema) in value.as_object().unwrap() {
                    subschemas(schema, format!("{pointer}/{keyword}/{name}"), found);
                }
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                for (index, schema) in value.as_array().unwrap().iter().enumerate() {
                    subschemas(schema, format!("{pointer}/{keyword}/{index}"), found);
                }
            }
            "items"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else"
            | "propertyNames"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "contentSchema" => subschemas(value, format!("{pointer}/{keyword}"), found),
            _ => {}
        }
    }
}

pub fn referenced(components: &Value, schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Array(items) => items
            .iter()
            .for_each(|it| referenced(components, it, found)),
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str) {
                let name = name.rsplit('/').next().unwrap().to_owned();
                if !found.contains(&name) {
                    found.push(name.clone());
                    referenced(components, &components[&name], found);
                }
            }
            object
                .values()
                .for_each(|it| referenced(components, it, found));
        }
        _ => {}
    }
}
