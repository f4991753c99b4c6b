//! Schema rules for keywords that narrow values (enumerations, formats), and for marks of secrets.

use serde_json::{Map, Value, json};

use super::composition::as_base;
use super::context::SchemaContext;
use crate::ledger::Effect;
use crate::lower::notes::{CONSTANT, READ_ONLY, SECRET, VALUES, WRITE_ONLY};

pub(in crate::lower) fn marks(context: &mut SchemaContext<'_>) {
    let mut marks = Map::new();
    mark(context.schema, &mut marks);
    context.schema.extend(marks);
}

/// Notes the direction of a value, and whether the value is secret.
pub(super) fn mark(schema: &Map<String, Value>, marks: &mut Map<String, Value>) {
    let says = |keyword: &str| {
        schema
            .get(keyword)
            .is_some_and(|value| !matches!(value, Value::Bool(false) | Value::Null))
    };
    let password = schema.get("format").and_then(Value::as_str) == Some("password");
    for (mark, is_set) in [
        (SECRET, says("x-secret") || says("writeOnly") || password),
        (READ_ONLY, says("readOnly")),
        (WRITE_ONLY, says("writeOnly")),
    ] {
        if is_set {
            marks.insert(mark.to_owned(), Value::Bool(true));
        }
    }
}

pub(in crate::lower) fn enumeration(context: &mut SchemaContext<'_>) {
    let Some(values) = context.schema.shift_remove("enum") else {
        return;
    };
    let Value::Array(values) = values else {
        context.report(
            "enum",
            Effect::Widened,
            "`enum` is not an array; not checked",
        );
        return;
    };
    if context.schema.contains_key(SECRET) {
        // An open enum would show its value.
        context.report("enum", Effect::Widened, "a secret is a plain string");
        return;
    }
    let before = values.len();
    let values: Vec<Value> = values
        .into_iter()
        .filter(|value| !value.is_null())
        .collect();
    if values.len() < before {
        context
            .schema
            .insert("nullable".to_owned(), Value::Bool(true));
    }
    if values.is_empty() {
        return;
    }
    let has_type = context.schema.contains_key("type");
    let is_text = context.schema.get("type").is_none_or(|of| of == "string");
    let common = common_type(&values);
    if is_text && common == Some("string") {
        context.schema.insert("type".to_owned(), json!("string"));
        context.schema.shift_remove("format");
        context
            .schema
            .insert("enum".to_owned(), Value::Array(values));
        return;
    }
    match common {
        Some(common) if !has_type => {
            context.schema.insert("type".to_owned(), json!(common));
        }
        None if !has_type => {
            if let Some(branches) = by_type(&values, context.pointer) {
                context.schema.insert("oneOf".to_owned(), branches);
                return;
            }
        }
        _ => {}
    }
    if let [only] = values.as_slice() {
        context.schema.insert(CONSTANT.to_owned(), only.clone());
    }
    let known = values.iter().filter(|it| it.is_number() || it.is_boolean());
    if known.count() == values.len() {
        context
            .schema
            .insert(VALUES.to_owned(), Value::Array(values.clone()));
    }
    let kind = common.unwrap_or("mixed");
    let detail = format!("{} values ({kind}), not checked", values.len());
    context.report("enum", Effect::Widened, detail);
}

/// Returns the variants of a union for scalars of several types.
fn by_type(values: &[Value], pointer: &str) -> Option<Value> {
    let mut groups: Vec<(&str, Vec<Value>)> = Vec::new();
    for value in values {
        let of = common_type(std::slice::from_ref(value))?;
        match groups.iter_mut().find(|(name, _)| *name == of) {
            Some((_, group)) => group.push(value.clone()),
            None => groups.push((of, vec![value.clone()])),
        }
    }
    let branch = |(of, values): (&str, Vec<Value>)| {
        let mut branch = Map::new();
        branch.insert("type".to_owned(), json!(of));
        branch.insert("enum".to_owned(), Value::Array(values));
        as_base(branch, &format!("{pointer}/enum/{of}"))
    };
    Some(groups.into_iter().map(branch).collect())
}

/// Returns the common type of all values.
pub(super) fn common_type(values: &[Value]) -> Option<&'static str> {
    let of = |value: &Value| match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        _ => None,
    };
    let mut common = of(values.first()?)?;
    for value in values {
        common = match (common, of(value)?) {
            (one, other) if one == other => one,
            ("integer" | "number", "integer" | "number") => "number",
            _ => return None,
        };
    }
    Some(common)
}

pub(in crate::lower) fn number_format(context: &mut SchemaContext<'_>) {
    let schema = &mut *context.schema;
    if schema.get("type").and_then(Value::as_str) == Some("integer")
        && schema.get("format").and_then(Value::as_str) != Some("uint64")
        && ["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"]
            .iter()
            .any(|keyword| exceeds_i64(schema.get(*keyword)))
    {
        let is_negative = |keyword: &str| {
            let limit = schema.get(keyword).and_then(Value::as_f64);
            limit.is_some_and(|limit| limit < 0.0)
        };
        if is_negative("minimum") || is_negative("exclusiveMinimum") {
            let detail = "`i64`, which does not hold the maximum";
            return context.report("number-format", Effect::Unchecked, detail);
        }
        schema.insert("format".to_owned(), json!("uint64"));
        let detail = "`u64`, because a limit is beyond `i64`";
        context.report("number-format", Effect::Rewritten, detail);
        return;
    }
    if schema.get("type").and_then(Value::as_str) == Some("number")
        && schema.get("format").and_then(Value::as_str) == Some("float")
    {
        schema.insert("format".to_owned(), json!("double"));
        context.report("number-format", Effect::Rewritten, "`float` is `f64`");
    }
}

fn exceeds_i64(limit: Option<&Value>) -> bool {
    // The limit itself may be written as `1.8446744073709552e19`.
    let number = limit.and_then(Value::as_f64);
    number.is_some_and(|number| number > i64::MAX as f64)
        || limit.is_some_and(|limit| limit.as_u64().is_some_and(|it| i64::try_from(it).is_err()))
}

/// Formats that have a Rust type of their own.
pub(super) fn has_rust_type(name: &str, format: &str) -> bool {
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

pub(in crate::lower) fn format(context: &mut SchemaContext<'_>) {
    let Some(format) = context.schema.get("format").cloned() else {
        return;
    };
    let name = context
        .schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("");
    let format = format.as_str().unwrap_or("");
    if has_rust_type(name, format) {
        return;
    }
    context.schema.shift_remove("format");
    // `password` already marked the value as a secret.
    if format != "password" {
        let detail = format!("`{format}` is not checked; the value is what its type says");
        context.report("format", Effect::Unchecked, detail);
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
        ] {
            becomes(schema, json!({ "type": "string", SECRET: true }), &[]);
        }
        becomes(
            json!({ "type": "string", "writeOnly": true }),
            json!({ "type": "string", SECRET: true, WRITE_ONLY: true }),
            &[],
        );
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
            json!({ "type": "integer", VALUES: [1, 2] }),
            &["widened enum"],
        );
        becomes(
            json!({ "enum": ["a", 1] }),
            json!({ "oneOf": [
                { "type": "string", "enum": ["a"] },
                { "type": "integer", CONSTANT: 1, VALUES: [1] },
            ] }),
            &["widened enum /enum/integer"],
        );
        becomes(json!({ "enum": [{}, 1] }), json!({}), &["widened enum"]);
        becomes(json!({ "enum": "a" }), json!({}), &["widened enum"]);
        becomes(
            json!({ "type": "string", "enum": [] }),
            json!({ "type": "string" }),
            &[],
        );
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
    fn limit_beyond_i64_is_unsigned() {
        for keyword in ["minimum", "maximum"] {
            let (unsigned, _) = lowered(json!({ "type": "integer", keyword: u64::MAX }));
            assert_eq!(unsigned["format"], "uint64");
        }
        let (signed, _) = lowered(json!({ "type": "integer", "minimum": -1, "maximum": u64::MAX }));
        assert_eq!(signed.get("format"), None);
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
            assert_eq!(lines, ["unchecked format"]);
        }
    }
}
