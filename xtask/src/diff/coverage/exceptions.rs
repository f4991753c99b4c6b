//! The rows on which the verdict departs from the law, each with its reason.

use serde_json::{Map, Value};

use super::Place;
use super::oracle::SetEffect;

/// An edit at one place.
pub struct Case<'c> {
    pub pointer: &'c str,
    pub schema: &'c Map<String, Value>,
    /// The edited schema.
    pub edited: &'c Value,
    /// The name of the edit.
    pub edit: &'c str,
    pub place: Place,
    pub effect: SetEffect,
}

/// A departure from the law.
pub struct Exception {
    pub reason: &'static str,
    applies: fn(&Case<'_>) -> bool,
    /// The verdict; `None` waives the edit.
    breaks: fn(&Case<'_>) -> Option<bool>,
}

/// Keywords that imply the type of a schema without `type`.
const IMPLYING: [&str; 22] = [
    "allOf",
    "unevaluatedItems",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "pattern",
    "contains",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "dependentRequired",
    "patternProperties",
    "dependentSchemas",
    "unevaluatedProperties",
];

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "under `contains` with limits on both sides, every edit does both",
        applies: |case| {
            case.pointer.ends_with("/contains")
                && (case.edit.starts_with("format") || case.pointer.contains("counted"))
        },
        breaks: |_| None,
    },
    Exception {
        reason: "`items` beside `unevaluatedItems` of another part is undecided",
        applies: |case| {
            case.edit.starts_with("items add") && case.schema.contains_key("unevaluatedItems")
        },
        breaks: |_| None,
    },
    Exception {
        reason: "a removed type of several, or `integer`, leaves more than the keywords imply",
        applies: |case| {
            let types = case.schema.get("type");
            case.edit == "type remove" && types.is_some_and(|it| it.is_array() || it == "integer")
        },
        breaks: |_| None,
    },
    Exception {
        reason: "the schema implies that the elements of its prefix satisfy the keyword",
        applies: |case| {
            (case.edit.starts_with("uniqueItems add") || case.edit.starts_with("contains add"))
                && case.schema.contains_key("prefixItems")
        },
        breaks: |_| None,
    },
    Exception {
        reason: "keywords imply the type of a schema without `type`",
        applies: |case| {
            case.edit == "type remove"
                && IMPLYING
                    .iter()
                    .any(|keyword| case.schema.contains_key(*keyword))
        },
        breaks: |_| Some(false),
    },
    Exception {
        reason: "`required` under `not` implies an object, so that other values are not excluded",
        applies: |case| {
            case.edit.starts_with("not add {\"required\"")
                && case
                    .schema
                    .get("type")
                    .is_some_and(|types| types != "object")
        },
        breaks: |_| Some(false),
    },
    Exception {
        reason: "a client sends only declared properties, and ignores others",
        applies: |case| case.edit.starts_with("properties add"),
        breaks: |_| Some(false),
    },
    Exception {
        reason: "a server ignores or rejects a property that is no longer declared",
        applies: |case| {
            ["properties drop", "properties rename", "properties remove"]
                .iter()
                .any(|edit| case.edit.starts_with(edit))
        },
        breaks: |case| {
            let is_closed = case.schema.get("additionalProperties") == Some(&Value::Bool(false));
            if is_closed && !case.place.is_sent() {
                return None;
            }
            Some(case.place.is_sent() || case.effect.widens && gone_is_required(case))
        },
    },
    Exception {
        reason: "the encoding of a text is part of its meaning",
        applies: |case| {
            case.edit.starts_with("contentEncoding") || case.edit.starts_with("contentMediaType")
        },
        breaks: |case| {
            (!is_listed(case.schema) && case.schema.contains_key("type"))
                .then(|| may_be_text(case.schema))
        },
    },
    Exception {
        reason: "patterns are compared as text, and clients do not check patterns of responses",
        applies: |case| case.edit.starts_with("pattern change") || case.edit == "pattern remove",
        breaks: |case| Some(case.edit == "pattern change" && case.place.is_sent()),
    },
    Exception {
        reason: "formats are compared by name",
        applies: |case| case.edit.starts_with("format "),
        breaks: |case| {
            let is_bounded = ["minimum", "maximum"]
                .iter()
                .all(|key| case.schema.contains_key(*key));
            let is_polar = !case.schema.contains_key("type");
            if is_listed(case.schema) || is_bounded || is_polar {
                return None;
            }
            let [was, is] = [
                applying(case, case.schema.get("format")),
                applying(case, case.edited.get("format")),
            ];
            Some(match (was, is) {
                (false, false) => false,
                (false, true) => case.place.is_sent(),
                (true, false) => !case.place.is_sent(),
                (true, true) => true,
            })
        },
    },
    Exception {
        reason: "a required property that is not declared cannot be sent; an error of the document",
        applies: |case| {
            let edits = ["required add", "allOf add"];
            edits.iter().any(|edit| case.edit.starts_with(edit))
                && case.edit.contains("\"b\"") | case.edit.contains("undeclared")
                && case.effect.narrows
                && undeclared(case)
        },
        breaks: |_| Some(false),
    },
];

fn gone_is_required(case: &Case<'_>) -> bool {
    let empty = Vec::new();
    let required = case
        .schema
        .get("required")
        .and_then(Value::as_array)
        .unwrap_or(&empty);
    let kept = case.edited.get("properties").and_then(Value::as_object);
    required
        .iter()
        .filter_map(Value::as_str)
        .any(|name| kept.is_none_or(|kept| !kept.contains_key(name)))
}

fn may_be_text(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(types) => {
            types == "string"
                || types
                    .as_array()
                    .is_some_and(|it| it.contains(&"string".into()))
        }
        None => true,
    }
}

fn is_listed(schema: &Map<String, Value>) -> bool {
    ["enum", "const"]
        .iter()
        .any(|key| schema.contains_key(*key))
}

/// Returns whether a format applies to the type of a schema, and is more than a hint.
fn applying(case: &Case<'_>, format: Option<&Value>) -> bool {
    let Some(format) = format.and_then(Value::as_str) else {
        return false;
    };
    let names = |name: &str| {
        let types = case.schema.get("type");
        types.is_none_or(|types| {
            types == name || types.as_array().is_some_and(|it| it.contains(&name.into()))
        })
    };
    let fits = if format.starts_with("int") {
        names("integer") || names("number")
    } else {
        names("string")
    };
    fits && format != "password"
}

/// Returns whether a required property of the edited schema is not declared.
fn undeclared(case: &Case<'_>) -> bool {
    let declared = case.schema.get("properties").and_then(Value::as_object);
    if declared.is_none()
        || case
            .schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
    {
        return false;
    }
    let text = case.edited.to_string();
    ["b", "undeclared"].iter().any(|name| {
        text.contains(&format!("\"{name}\"")) && declared.is_none_or(|it| !it.contains_key(*name))
    })
}

/// Returns the exception for an edit, with its verdict.
pub fn exception(case: &Case<'_>) -> Option<(&'static Exception, Option<bool>)> {
    let exception = EXCEPTIONS
        .iter()
        .find(|exception| (exception.applies)(case))?;
    Some((exception, (exception.breaks)(case)))
}
