//! The rows on which the verdict departs from the law, each with its reason.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Place;
use super::oracle::SetEffect;
use crate::diff::model::types::Types;
use crate::diff::normalize::format_table;
use crate::diff::normalize::schema_use::is_anything;

/// An edit at one place.
pub struct Case<'c> {
    pub pointer: &'c str,
    /// The unit before and after the edit.
    pub units: (&'c Value, &'c Value),
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

/// Keywords that imply the type of a schema without `type`, by type.
const IMPLYING: [(&str, &str); 25] = [
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("patternProperties", "object"),
    ("dependentRequired", "object"),
    ("dependentSchemas", "object"),
    ("unevaluatedProperties", "object"),
    ("propertyNames", "object"),
    ("minProperties", "object"),
    ("maxProperties", "object"),
    ("items", "array"),
    ("prefixItems", "array"),
    ("contains", "array"),
    ("unevaluatedItems", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("uniqueItems", "array"),
    ("pattern", "string"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("minimum", "number"),
    ("maximum", "number"),
    ("exclusiveMinimum", "number"),
    ("exclusiveMaximum", "number"),
    ("multipleOf", "number"),
];

/// Locations whose schemas apply to a value that another schema describes.
const PARTS: [&str; 5] = ["/if", "/then", "/else", "/not", "/dependentSchemas"];

impl Case<'_> {
    fn is_under(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| {
            self.pointer.contains(&format!("{keyword}/")) || self.pointer.ends_with(keyword)
        })
    }

    /// Returns whether the schema decides which values are excluded, or when others apply.
    fn is_polar(&self) -> bool {
        self.is_under(&["/if", "/not"])
    }

    fn starts(&self, edits: &[&str]) -> bool {
        edits.iter().any(|edit| self.edit.starts_with(edit))
    }

    /// Returns whether the edit adds or changes words.
    pub fn is_of_words(&self) -> bool {
        const WORDS: [&str; 7] = [
            "title ",
            "description ",
            "$comment ",
            "examples ",
            "example ",
            "externalDocs ",
            "x-order ",
        ];
        self.starts(&WORDS)
    }
}

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "the comparison does not find variants that overlap in a part of their limits",
        applies: overlaps_in_part,
        breaks: |_| None,
    },
    Exception {
        reason: "the comparison does not find the elements that variants evaluate",
        applies: |case| case.starts(&["unevaluatedItems add"]) && case.schema.contains_key("oneOf"),
        breaks: |_| None,
    },
    Exception {
        reason: "keywords imply the type of a schema without `type`",
        applies: |case| {
            case.edit == "type remove" && !case.is_under(&PARTS) && implies_no_more(case)
        },
        breaks: |_| Some(false),
    },
    Exception {
        reason: "a client sends only declared properties, and ignores others",
        applies: |case| {
            case.edit.starts_with("properties add") && !case.is_polar() && !is_map(case.schema)
        },
        breaks: |_| Some(false),
    },
    Exception {
        reason: "a part that names another property adds one, and restricts one no longer",
        applies: |case| {
            case.edit.starts_with("properties rename") && case.is_under(&PARTS) && !case.is_polar()
        },
        breaks: |case| Some(!case.place.is_sent() && case.effect.widens),
    },
    Exception {
        reason: "a server ignores or rejects a property that is no longer declared; in a response, an \
            optional one could be absent before",
        applies: |case| {
            !case.is_polar()
                && !is_map(case.schema)
                && !case.schema.contains_key("patternProperties")
                && (case.is_under(&["/allOf"]) || !admits_all(case.edited))
                && !case.starts(&["items "])
                && (has_lost(case) || variant_has_lost(case))
        },
        breaks: |case| {
            let is_missed = lost_is_required(case) || variant_has_lost(case) && case.effect.widens;
            Some(case.place.is_sent() || is_felt(case) && is_missed)
        },
    },
    Exception {
        reason: "the encoding of a text is part of its meaning",
        applies: |case| case.starts(&["contentEncoding", "contentMediaType"]),
        breaks: |case| {
            (!is_listed(case.schema) && case.schema.contains_key("type"))
                .then(|| may_be_text(case.schema))
        },
    },
    Exception {
        reason: "the schema of an encoded text is part of its meaning",
        applies: |case| {
            case.edit == "contentSchema remove"
                || case.edit.starts_with("contentSchema add")
                    && case.schema.contains_key("contentMediaType")
        },
        breaks: |case| Some(case.place.is_sent() != case.edit.ends_with("remove")),
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
            let text = Value::Object(case.schema.clone()).to_string();
            let is_bounded = ["\"minimum\"", "\"maximum\""]
                .iter()
                .all(|key| text.contains(*key));
            let is_untyped = !case.schema.contains_key("type");
            let is_counted = case.is_under(&["/contains"]);
            if is_listed(case.schema) || is_bounded || is_untyped || is_counted {
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
            case.place.is_sent()
                && !case.is_under(&PARTS)
                && !case.is_under(&["/contentSchema", "/contains"])
                && (case.pointer.ends_with("/schema") || !case.schema.contains_key("anyOf"))
                && (case.starts(&["required add", "allOf add"]) || always_depends(case))
                && case.effect.narrows
                && !case.schema.contains_key("discriminator")
                && !refers_to_union(case)
                && !is_beside_properties(case)
                && requires_undeclared(case)
        },
        breaks: |_| Some(false),
    },
];

/// Returns whether the other keywords of a schema imply no type that it does not declare.
fn implies_no_more(case: &Case<'_>) -> bool {
    let declared = crate::diff::model::value::declared(&Value::Object(case.schema.clone()));
    let parts = case.schema.get("allOf").and_then(Value::as_array);
    let parts = parts.into_iter().flatten().filter_map(Value::as_object);
    let schemas: Vec<_> = parts.chain([case.schema]).collect();
    let has = |keyword: &str| schemas.iter().any(|it| it.contains_key(keyword));
    let is_whole = schemas
        .iter()
        .filter_map(|it| it.get("multipleOf"))
        .any(Value::is_u64);
    let implied = IMPLYING
        .iter()
        .filter(|(keyword, _)| has(keyword))
        .filter_map(|(_, name)| Types::named(name))
        .fold(Types::NONE, Types::or);
    let implied = match is_whole {
        true => implied.without(Types::FRACTION),
        false => implied,
    };
    !implied.is_empty() && declared.is_some_and(|declared| implied.within(declared))
}

/// Returns whether the names of properties that are not declared have a schema.
fn is_map(schema: &Map<String, Value>) -> bool {
    ["additionalProperties", "unevaluatedProperties"]
        .iter()
        .any(|key| schema.get(*key).is_some_and(Value::is_object))
}

/// Keywords whose schemas apply to some values only.
const APART: [&str; 5] = ["if", "then", "else", "not", "dependentSchemas"];

/// Returns the objects of a unit, through references, without those under some keywords.
fn objects<'u>(unit: &'u Value, apart: &[&str]) -> Vec<&'u Map<String, Value>> {
    let mut found = Vec::new();
    let mut pending = vec![&unit["schema"]];
    let mut seen = BTreeSet::new();
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => {
                found.push(object);
                if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                    let name = super::references::name_of(reference);
                    if seen.insert(name.clone()) {
                        pending.push(&unit["components"][name]);
                    }
                }
                let applied = object
                    .iter()
                    .filter(|(key, _)| !apart.contains(&key.as_str()));
                pending.extend(applied.map(|(_, value)| value));
            }
            _ => {}
        }
    }
    found
}

/// Returns the names of the properties that a unit declares.
fn declared(unit: &Value) -> BTreeSet<String> {
    let objects = objects(unit, &["if", "not", "dependentSchemas"]).into_iter();
    let properties = objects.filter_map(|object| object.get("properties")?.as_object());
    properties.flat_map(Map::keys).cloned().collect()
}

/// Returns whether a property is no longer declared.
fn has_lost(case: &Case<'_>) -> bool {
    let (old, new) = (declared(case.units.0), declared(case.units.1));
    !old.is_subset(&new)
}

/// Returns whether a variant of a union, a component, no longer declares a property. Another
/// variant may still declare it.
fn variant_has_lost(case: &Case<'_>) -> bool {
    let name = case.pointer.rsplit('/').next().unwrap_or_default();
    let reference = format!("#/components/schemas/{name}");
    let variants = |key: &str| case.units.0["schema"][key].as_array();
    let mut variants = variants("oneOf")
        .into_iter()
        .chain(variants("anyOf"))
        .flatten();
    case.starts(&["properties drop"])
        && case.pointer.contains("/components/")
        && variants.any(|variant| variant["$ref"] == reference)
}

/// Returns whether a schema refers to a union, whose variants the reference cannot be paired with.
fn refers_to_union(case: &Case<'_>) -> bool {
    let target = case.schema.get("$ref").and_then(Value::as_str);
    let target = target.map(|it| &case.units.0["components"][super::references::name_of(it)]);
    target.is_some_and(|it| it.get("anyOf").or_else(|| it.get("oneOf")).is_some())
}

/// Returns whether a schema is a variant beside the properties of an object.
fn is_beside_properties(case: &Case<'_>) -> bool {
    case.is_under(&["/anyOf", "/oneOf"]) && case.units.0["schema"].get("properties").is_some()
}

/// Returns whether a variant of a `oneOf` of scalars comes to overlap with another in part.
fn overlaps_in_part(case: &Case<'_>) -> bool {
    let variants = case.units.0["schema"]["oneOf"].as_array();
    let is_limited = |variant: &Value| variant.get("minimum").is_some();
    let is_limited = variants.is_some_and(|list| list.len() > 2 && list.iter().any(is_limited));
    let adds = case.edit.starts_with("oneOf add") && case.edit.contains("minimum");
    let opens = case.edit == "type remove" && case.is_under(&["/oneOf"]);
    is_limited && (adds || opens)
}

/// Returns whether a schema admits every value. A discriminator alone restricts none.
fn admits_all(schema: &Value) -> bool {
    let mut schema = schema.clone();
    if let Value::Object(object) = &mut schema {
        object.remove("discriminator");
    }
    is_anything(&schema)
}

/// Returns whether a receiver misses a property that is no longer declared.
fn is_felt(case: &Case<'_>) -> bool {
    case.effect.widens || case.edit.starts_with("properties ")
}

/// Returns whether a property that is no longer declared was required.
fn lost_is_required(case: &Case<'_>) -> bool {
    let (old, new) = (declared(case.units.0), declared(case.units.1));
    let mut lost = old.difference(&new);
    let required = objects(case.units.0, &APART).into_iter();
    let required = required.filter_map(|object| object.get("required")?.as_array());
    let required: Vec<&Value> = required.flatten().collect();
    lost.any(|name| required.contains(&&Value::from(name.as_str())))
}

/// Returns whether the edit makes properties depend on one that is required.
fn always_depends(case: &Case<'_>) -> bool {
    let required = case.schema.get("required").and_then(Value::as_array);
    case.starts(&["dependentRequired add", "dependentSchemas add"])
        && case.schema.contains_key("properties")
        && required.is_some_and(|required| required.contains(&"a".into()))
}

/// Returns whether a required property of the edited schema is not declared, although others are.
fn requires_undeclared(case: &Case<'_>) -> bool {
    let declared = declared(case.units.1);
    let text = case.edited.to_string();
    let mut required = ["b", "undeclared"].into_iter();
    required.any(|name| text.contains(&format!("\"{name}\"")) && !declared.contains(name))
        && !is_map(case.schema)
        && (!declared.is_empty()
            || case
                .schema
                .get("type")
                .is_some_and(|types| types == "object"))
}

fn may_be_text(schema: &Map<String, Value>) -> bool {
    names_type(schema, "string")
}

fn names_type(schema: &Map<String, Value>, name: &str) -> bool {
    schema.get("type").is_none_or(|types| {
        types == name || types.as_array().is_some_and(|it| it.contains(&name.into()))
    })
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
    let names = |name: &str| names_type(case.schema, name);
    let fits = match format_table::class(format) {
        "number" => names("integer") || names("number"),
        _ => names("string"),
    };
    fits && format != "password"
}

/// Returns the exception for an edit, with its verdict.
pub fn exception(case: &Case<'_>) -> Option<(&'static Exception, Option<bool>)> {
    let exception = EXCEPTIONS
        .iter()
        .find(|exception| (exception.applies)(case))?;
    Some((exception, (exception.breaks)(case)))
}
