//! Schema rules for keywords that only the documentation mentions: defaults, limits, and others.

use serde_json::{Map, Value};

use super::context::SchemaContext;
use crate::ledger::Effect;
use crate::lower::notes::{SECRET, is_note};
use crate::markdown;
use crate::openapi::keyword::is_annotation;

pub(in crate::lower) fn default(context: &mut SchemaContext<'_>) {
    if let Some(default) = context.schema.shift_remove("default") {
        let secret = context.schema.contains_key(SECRET);
        if !default.is_null() && !secret {
            note(context.schema, &format!("Default: `{default}`."));
        }
        context.report(
            "default",
            Effect::Rewritten,
            "documented; absent stays absent",
        );
    }
}

const LIMITS: &[(&str, &str)] = &[
    ("minimum", "minimum"),
    ("exclusiveMinimum", "more than"),
    ("maximum", "maximum"),
    ("exclusiveMaximum", "less than"),
    ("multipleOf", "multiple of"),
    ("minLength", "minimum length"),
    ("maxLength", "maximum length"),
    ("pattern", "pattern"),
    ("minItems", "minimum count"),
    ("maxItems", "maximum count"),
    ("uniqueItems", "unique items"),
    ("minProperties", "minimum fields"),
    ("maxProperties", "maximum fields"),
];

pub(in crate::lower) fn limits(context: &mut SchemaContext<'_>) {
    let mut notes = Vec::new();
    let mut names = Vec::new();
    for (keyword, words) in LIMITS {
        match context.schema.shift_remove(*keyword) {
            None | Some(Value::Bool(false)) => {}
            Some(Value::Bool(true)) => {
                notes.push((*words).to_owned());
                names.push(*keyword);
            }
            Some(Value::String(pattern)) => {
                notes.push(format!("{words} `{}`", pattern.replace('`', "'")));
                names.push(*keyword);
            }
            Some(value) => {
                notes.push(format!("{words} {value}"));
                names.push(*keyword);
            }
        }
    }
    if !notes.is_empty() {
        note(context.schema, &format!("Limits: {}.", notes.join(", ")));
        let detail = format!("documented, not checked: {}", names.join(", "));
        context.report("limits", Effect::Unchecked, detail);
    }
}

fn note(schema: &mut Map<String, Value>, text: &str) {
    let before = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or("")
        .trim_end();
    let joined = if before.is_empty() {
        text.to_owned()
    } else {
        format!("{before}\n\n{text}")
    };
    schema.insert("description".to_owned(), Value::String(joined));
}

pub(in crate::lower) fn keywords(context: &mut SchemaContext<'_>) {
    let mut dropped = Vec::new();
    context
        .schema
        .retain(|keyword, value| match keyword.as_str() {
            "type"
            | "format"
            | "properties"
            | "required"
            | "items"
            | "enum"
            | "oneOf"
            | "anyOf"
            | "allOf"
            | "$ref"
            | "additionalProperties" => true,
            internal if is_note(internal) => true,
            "nullable" => value == &Value::Bool(true),
            "description" => value.is_string(),
            other => {
                if !is_annotation(other) && other != "nullable" {
                    dropped.push(format!("`{other}`"));
                }
                false
            }
        });
    if let Some(Value::String(description)) = context.schema.get_mut("description") {
        *description = markdown::safe(description);
    }
    if !dropped.is_empty() {
        let detail = format!("not checked: {}", dropped.join(", "));
        context.report("keyword", Effect::Unchecked, detail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{becomes, lowered};
    use serde_json::json;

    #[test]
    fn default_of_secret_is_not_documented() {
        let (lowered, _) =
            lowered(json!({ "type": "string", "format": "password", "default": "hunter2" }));
        assert!(!lowered.to_string().contains("hunter2"));
    }

    #[test]
    fn defaults_are_documented_and_not_sent() {
        becomes(
            json!({ "type": "string", "default": "agent", "description": "Mode." }),
            json!({ "type": "string", "description": "Mode.\n\nDefault: `\"agent\"`." }),
            &["rewritten default"],
        );
    }

    #[test]
    fn limits_are_documented_and_not_checked() {
        becomes(
            json!({ "type": "integer", "minimum": 1, "exclusiveMaximum": 9 }),
            json!({ "type": "integer", "description": "Limits: minimum 1, less than 9." }),
            &["unchecked limits"],
        );
        becomes(
            json!({ "type": "string", "pattern": "^`a`$" }),
            json!({ "type": "string", "description": "Limits: pattern `^'a'$`." }),
            &["unchecked limits"],
        );
        becomes(
            json!({ "type": "array", "items": {}, "uniqueItems": false }),
            json!({ "type": "array", "items": {} }),
            &[],
        );
    }

    #[test]
    fn unknown_keywords_are_reported_annotations_not() {
        becomes(
            json!({ "type": "string", "title": "T", "examples": ["a"], "x-note": 1 }),
            json!({ "type": "string" }),
            &[],
        );
        becomes(
            json!({ "type": "object", "contains": {}, "unheard": 1 }),
            json!({ "type": "object" }),
            &["unchecked keyword"],
        );
        becomes(
            json!({ "description": 3, "nullable": false }),
            json!({}),
            &[],
        );
    }
}
