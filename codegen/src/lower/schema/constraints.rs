//! Schema rules for what narrows a value: enumerations, closed objects, formats.

use serde_json::{Value, json};

use super::super::rules::Site;
use super::SECRET;
use crate::ledger::Effect;

pub(in crate::lower) fn secret(site: &mut Site<'_>) {
    let marks = |keyword: &str| {
        site.schema
            .get(keyword)
            .is_some_and(|value| !matches!(value, Value::Bool(false) | Value::Null))
    };
    let password = site.schema.get("format").and_then(Value::as_str) == Some("password");
    if marks("x-secret") || marks("writeOnly") || password {
        site.schema.insert(SECRET.to_owned(), Value::Bool(true));
    }
}

pub(in crate::lower) fn enumeration(site: &mut Site<'_>) {
    let Some(values) = site.schema.shift_remove("enum") else {
        return;
    };
    let Value::Array(values) = values else {
        site.report(
            "enum",
            Effect::Widened,
            "`enum` is not an array; not checked",
        );
        return;
    };
    if site.schema.contains_key(SECRET) {
        // An open enumeration would show its value.
        site.report("enum", Effect::Widened, "a secret is a plain string");
        return;
    }
    let before = values.len();
    let values: Vec<Value> = values
        .into_iter()
        .filter(|value| !value.is_null())
        .collect();
    if values.len() < before {
        site.schema.insert("nullable".to_owned(), Value::Bool(true));
    }
    let is_string = matches!(
        site.schema.get("type").map(Value::as_str),
        None | Some(Some("string"))
    );
    if is_string && !values.is_empty() && values.iter().all(Value::is_string) {
        site.schema.insert("type".to_owned(), json!("string"));
        site.schema.shift_remove("format");
        site.schema.insert("enum".to_owned(), Value::Array(values));
    } else if before > 0 {
        let detail = format!("{before} values, not all of them strings; not checked");
        site.report("enum", Effect::Widened, detail);
    }
}

pub(in crate::lower) fn closed_object(site: &mut Site<'_>) {
    if site.schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        site.schema.shift_remove("additionalProperties");
        site.report(
            "closed-object",
            Effect::Widened,
            "unknown fields are ignored",
        );
    }
}

/// typify forgets the fields that `true` allows beside described ones, and keeps those of `{}`.
pub(in crate::lower) fn open_object(site: &mut Site<'_>) {
    let described = site
        .schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    if described && site.schema.get("additionalProperties") == Some(&Value::Bool(true)) {
        site.schema
            .insert("additionalProperties".to_owned(), json!({}));
        site.report(
            "open-object",
            Effect::Rewritten,
            "other fields are kept in `extra`",
        );
    }
}

pub(in crate::lower) fn required(site: &mut Site<'_>) {
    let properties = site
        .schema
        .get("properties")
        .and_then(Value::as_object)
        .cloned();
    let Some(Value::Array(required)) = site.schema.get_mut("required") else {
        site.schema.shift_remove("required");
        return;
    };
    let mut gone = Vec::new();
    required.retain(|name| {
        let described = name.as_str().is_some_and(|name| {
            properties
                .as_ref()
                .is_some_and(|all| all.contains_key(name))
        });
        if !described {
            gone.push(name.to_string());
        }
        described
    });
    if required.is_empty() {
        site.schema.shift_remove("required");
    }
    if !gone.is_empty() {
        let detail = format!("required but not described: {}", gone.join(", "));
        site.report("required", Effect::Widened, detail);
    }
}

pub(in crate::lower) fn number_format(site: &mut Site<'_>) {
    let schema = &mut *site.schema;
    if schema.get("type").and_then(Value::as_str) == Some("number")
        && schema.get("format").and_then(Value::as_str) == Some("float")
    {
        schema.insert("format".to_owned(), json!("double"));
        site.report("number-format", Effect::Rewritten, "`float` is `f64`");
    }
}

/// Formats that have a Rust type of their own; the rest is what the type says.
fn has_rust_type(name: &str, format: &str) -> bool {
    match name {
        "string" => matches!(
            format,
            "date" | "date-time" | "uuid" | "ip" | "ipv4" | "ipv6"
        ),
        "integer" => matches!(
            format,
            "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64"
        ),
        "number" => format == "double",
        _ => false,
    }
}

pub(in crate::lower) fn format(site: &mut Site<'_>) {
    let Some(format) = site.schema.get("format").cloned() else {
        return;
    };
    let name = site
        .schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("");
    let format = format.as_str().unwrap_or("");
    if has_rust_type(name, format) {
        return;
    }
    site.schema.shift_remove("format");
    // `password` has done its work as a secret.
    if format != "password" {
        let detail = format!("`{format}` is not checked; the value is what its type says");
        site.report("format", Effect::Widened, detail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{becomes, lowered};
    use super::*;

    #[test]
    fn secrets_are_marked() {
        for schema in [
            json!({ "type": "string", "x-secret": true }),
            json!({ "type": "string", "format": "password" }),
            json!({ "type": "string", "writeOnly": true }),
        ] {
            becomes(schema, json!({ "type": "string", SECRET: true }), &[]);
        }
        becomes(json!({ "x-secret": false }), json!({}), &[]);
    }

    #[test]
    fn enumerations_are_of_strings() {
        becomes(
            json!({ "enum": ["a", null], "format": "odd" }),
            json!({ "nullable": true, "type": "string", "enum": ["a"] }),
            &[],
        );
        becomes(
            json!({ "type": "integer", "enum": [1, 2] }),
            json!({ "type": "integer" }),
            &["widened enum"],
        );
        becomes(json!({ "enum": ["a", 1] }), json!({}), &["widened enum"]);
        becomes(json!({ "enum": "a" }), json!({}), &["widened enum"]);
        becomes(
            json!({ "type": "string", "enum": [] }),
            json!({ "type": "string" }),
            &[],
        );
    }

    #[test]
    fn a_closed_object_is_open() {
        becomes(
            json!({ "type": "object", "additionalProperties": false }),
            json!({ "type": "object" }),
            &["widened closed-object"],
        );
    }

    #[test]
    fn fields_beside_described_ones_are_kept() {
        let properties = json!({ "a": { "type": "string" } });
        becomes(
            json!({ "type": "object", "properties": properties, "additionalProperties": true }),
            json!({ "type": "object", "properties": properties, "additionalProperties": {} }),
            &["rewritten open-object"],
        );
        let free = json!({ "type": "object", "additionalProperties": true });
        becomes(free.clone(), free, &[]);
    }

    #[test]
    fn required_properties_are_described_ones() {
        becomes(
            json!({ "type": "object", "properties": { "a": {} }, "required": ["a", "b"] }),
            json!({ "type": "object", "properties": { "a": {} }, "required": ["a"] }),
            &["widened required"],
        );
        becomes(
            json!({ "required": ["b"] }),
            json!({}),
            &["widened required"],
        );
        becomes(json!({ "required": true }), json!({}), &[]);
    }

    #[test]
    fn floats_are_doubles() {
        becomes(
            json!({ "type": "number", "format": "float" }),
            json!({ "type": "number", "format": "double" }),
            &["rewritten number-format"],
        );
    }

    #[test]
    fn formats_without_a_rust_type_are_dropped() {
        let kept = json!({ "type": "string", "format": "date-time" });
        becomes(kept.clone(), kept, &[]);
        for schema in [
            json!({ "type": "string", "format": "email" }),
            json!({ "type": "object", "format": "uuid" }),
            json!({ "type": "array", "items": {}, "format": 3 }),
        ] {
            let (lowered, lines) = lowered(schema);
            assert_eq!(lowered.get("format"), None);
            assert_eq!(lines, ["widened format"]);
        }
    }
}
