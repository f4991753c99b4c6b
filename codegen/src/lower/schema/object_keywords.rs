//! Schema rules for the properties of objects: required, additional, and closed objects.

use serde_json::{Map, Value, json};

use super::context::SchemaContext;
use crate::ledger::Effect;
use crate::lower::notes::{BASE, ORIGIN};
use crate::openapi::keyword::is_annotation;
use crate::openapi::pointer::join_all;

/// `patternProperties` and `unevaluatedProperties` become additional properties.
pub(in crate::lower) fn further_fields(context: &mut SchemaContext<'_>) {
    let patterns = context.schema.shift_remove("patternProperties");
    let unevaluated = context.schema.shift_remove("unevaluatedProperties");
    if !context.schema.contains_key("additionalProperties")
        && let Some(further) = unevaluated
    {
        context
            .schema
            .insert("additionalProperties".to_owned(), further);
    }
    let Some(Value::Object(patterns)) = patterns else {
        return;
    };
    if patterns.is_empty() {
        return;
    }
    let others = match context.schema.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(others @ Value::Object(_)) => Some(others.clone()),
        _ => Some(json!({})),
    };
    let mut kinds: Vec<Value> = Vec::new();
    for (pattern, mut values) in patterns {
        if let Value::Object(values) = &mut values {
            let at = join_all(context.pointer, ["patternProperties", &pattern]);
            values.entry(ORIGIN).or_insert(Value::String(at));
        }
        if !kinds.contains(&values) {
            kinds.push(values);
        }
    }
    // Any value says as much as a union with any value.
    let is_any = |values: &Value| !values.as_object().is_some_and(says_more);
    if kinds.iter().any(is_any) {
        kinds = vec![json!({})];
    } else {
        kinds.extend(others);
    }
    let further = match kinds.len() {
        1 => kinds.swap_remove(0),
        _ => {
            // No schema of the document.
            let at = join_all(context.pointer, ["patternProperties", "-"]);
            json!({ "anyOf": kinds, ORIGIN: at, BASE: true })
        }
    };
    let detail = "names are not checked against the patterns";
    context
        .schema
        .insert("additionalProperties".to_owned(), further);
    context.report("pattern-properties", Effect::Widened, detail);
}

/// Returns whether a schema says anything about values.
pub(super) fn says_more(schema: &Map<String, Value>) -> bool {
    schema
        .keys()
        .any(|keyword| !is_annotation(keyword) && keyword != "description")
}

pub(in crate::lower) fn closed_object(context: &mut SchemaContext<'_>) {
    if context.schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        context.schema.shift_remove("additionalProperties");
        context.report(
            "closed-object",
            Effect::Widened,
            "unknown fields are ignored",
        );
    }
}

/// typify loses the additional properties that `true` allows beside described ones, and keeps those
/// of `{}`.
pub(in crate::lower) fn open_object(context: &mut SchemaContext<'_>) {
    let described = context
        .schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    let further = context.schema.get("additionalProperties");
    if !described || !further.is_some_and(|further| further.is_object() || further == &json!(true))
    {
        return;
    }
    if further == Some(&Value::Bool(true)) {
        context
            .schema
            .insert("additionalProperties".to_owned(), json!({}));
    }
    context.report(
        "open-object",
        Effect::Rewritten,
        "other fields are kept in `extra`",
    );
}

/// A required property without a schema can be anything, and is kept.
pub(in crate::lower) fn required(context: &mut SchemaContext<'_>) {
    let Some(Value::Array(mut required)) = context.schema.shift_remove("required") else {
        return;
    };
    required.retain(Value::is_string);
    let mut seen = std::collections::BTreeSet::new();
    required.retain(|name| seen.insert(name.to_string()));
    let properties = context
        .schema
        .get_mut("properties")
        .and_then(Value::as_object_mut);
    let missing: Vec<String> = required
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| {
            properties
                .as_ref()
                .is_none_or(|all| !all.contains_key(*name))
        })
        .map(str::to_owned)
        .collect();
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    match properties {
        Some(properties) if !properties.is_empty() => {
            let place = json!({ ORIGIN: context.pointer, BASE: true });
            for name in missing {
                properties.insert(name, place.clone());
            }
            if !names.is_empty() {
                let detail = format!(
                    "required but not described, so any JSON value: {}",
                    names.join(", ")
                );
                context.report("required", Effect::Widened, detail);
            }
        }
        _ => {
            if !names.is_empty() {
                let detail = format!("required in a map, not checked: {}", names.join(", "));
                context.report("required", Effect::Widened, detail);
            }
            return;
        }
    }
    if !required.is_empty() {
        context
            .schema
            .insert("required".to_owned(), Value::Array(required));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{becomes, lowered};
    use super::*;

    #[test]
    fn closed_object_is_open() {
        becomes(
            json!({ "type": "object", "additionalProperties": false }),
            json!({ "type": "object" }),
            &["widened closed-object"],
        );
        becomes(
            json!({ "type": "object", "unevaluatedProperties": false }),
            json!({ "type": "object" }),
            &["widened closed-object"],
        );
    }

    #[test]
    fn additional_properties_are_kept() {
        let properties = json!({ "a": { "type": "string" } });
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            becomes(
                json!({ "type": "object", "properties": properties, keyword: true }),
                json!({ "type": "object", "properties": properties, "additionalProperties": {} }),
                &["rewritten open-object"],
            );
        }
        let free = json!({ "type": "object", "additionalProperties": true });
        becomes(free.clone(), free, &[]);
    }

    #[test]
    fn pattern_properties_are_kept() {
        let values = json!({ "type": "string" });
        becomes(
            json!({ "type": "object", "patternProperties": { "^x-": values }, "additionalProperties": false }),
            json!({ "type": "object", "additionalProperties": values }),
            &["widened pattern-properties"],
        );
        becomes(
            json!({ "type": "object", "patternProperties": { "^x-": {} } }),
            json!({ "type": "object", "additionalProperties": {} }),
            &["widened pattern-properties"],
        );
        let (open, _) =
            lowered(json!({ "type": "object", "patternProperties": { "^x-": values } }));
        assert_eq!(open["additionalProperties"]["oneOf"], json!([values, {}]));
        let number = json!({ "type": "integer" });
        let (closed, _) = lowered(json!({
            "type": "object",
            "patternProperties": { "^x-": values, "^y-": number },
            "additionalProperties": false,
        }));
        assert_eq!(
            closed["additionalProperties"]["oneOf"],
            json!([values, number])
        );
    }

    #[test]
    fn undescribed_required_property_is_kept() {
        becomes(
            json!({ "type": "object", "properties": { "a": {} }, "required": ["a", "b", "b"] }),
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "required": ["a", "b"] }),
            &["widened required"],
        );
        becomes(
            json!({ "required": ["b"] }),
            json!({}),
            &["widened required"],
        );
        becomes(json!({ "required": true }), json!({}), &[]);
    }
}
