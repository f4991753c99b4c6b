//! Whether a schema accepts a value: the keywords that decide whether an example of the document
//! can be used.
//!
//! `pattern`, `format`, `patternProperties` and the `unevaluated…` keywords are not looked at: a
//! value that fails only those counts as fitting.

use serde_json::{Map, Value};

use super::parts::{list, referred, types};

/// How deep schemas may lead into each other without the value getting smaller, as in `A: {$ref:
/// A}`.
const DEEPEST: usize = 64;

/// Whether all of `schemas` accept `value`.
pub(super) fn fits(document: &Value, schemas: &[&Value], value: &Value) -> bool {
    let check = Check { document, depth: 0 };
    schemas.iter().all(|schema| check.fits(schema, value))
}

/// Whether the schema object accepts `value`.
pub(super) fn fits_object(document: &Value, schema: &Map<String, Value>, value: &Value) -> bool {
    Check { document, depth: 0 }.object(schema, value)
}

#[derive(Clone, Copy)]
struct Check<'d> {
    document: &'d Value,
    depth: usize,
}

impl Check<'_> {
    fn fits(self, schema: &Value, value: &Value) -> bool {
        match schema {
            Value::Bool(accepts) => *accepts,
            Value::Object(_) if self.depth >= DEEPEST => true,
            Value::Object(schema) => Self {
                depth: self.depth + 1,
                ..self
            }
            .object(schema, value),
            _ => true,
        }
    }

    fn object(self, schema: &Map<String, Value>, value: &Value) -> bool {
        if schema.get("nullable") == Some(&Value::Bool(true)) && value.is_null() {
            return true;
        }
        self.combined(schema, value)
            && named(schema, value)
            && match value {
                Value::Number(number) => number
                    .as_f64()
                    .is_none_or(|number| number_fits(schema, number)),
                Value::String(text) => {
                    within(schema, "minLength", "maxLength", text.chars().count())
                }
                Value::Array(items) => self.array_fits(schema, items),
                Value::Object(members) => self.members_fit(schema, members),
                Value::Null | Value::Bool(_) => true,
            }
    }

    fn combined(self, schema: &Map<String, Value>, value: &Value) -> bool {
        let accepts = |branch: &&Value| self.fits(branch, value);
        let target = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|to| referred(self.document, to));
        let any = list(schema, "anyOf");
        let one = list(schema, "oneOf");
        let condition = schema.get("if").map(|condition| {
            if self.fits(condition, value) {
                "then"
            } else {
                "else"
            }
        });
        target.is_none_or(|target| self.fits(target, value))
            && list(schema, "allOf").iter().all(|branch| accepts(&branch))
            && (any.is_empty() || any.iter().any(|branch| accepts(&branch)))
            && (one.is_empty() || one.iter().filter(accepts).count() == 1)
            && schema.get("not").is_none_or(|not| !self.fits(not, value))
            && condition
                .and_then(|branch| schema.get(branch))
                .is_none_or(|branch| self.fits(branch, value))
    }

    fn array_fits(self, schema: &Map<String, Value>, items: &[Value]) -> bool {
        let prefix = list(schema, "prefixItems");
        let rest = items.get(prefix.len()..).unwrap_or_default();
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let repeats = items
            .iter()
            .enumerate()
            .any(|(at, item)| items.iter().skip(at + 1).any(|other| other == item));
        within(schema, "minItems", "maxItems", items.len())
            && !(unique && repeats)
            && prefix
                .iter()
                .zip(items)
                .all(|(schema, item)| self.fits(schema, item))
            && schema
                .get("items")
                .is_none_or(|schema| rest.iter().all(|item| self.fits(schema, item)))
            && schema.get("contains").is_none_or(|contained| {
                let count = items
                    .iter()
                    .filter(|item| self.fits(contained, item))
                    .count();
                let least = schema
                    .get("minContains")
                    .and_then(Value::as_u64)
                    .unwrap_or(1);
                let most = schema
                    .get("maxContains")
                    .and_then(Value::as_u64)
                    .unwrap_or(u64::MAX);
                (least..=most).contains(&(count as u64))
            })
    }

    fn members_fit(self, schema: &Map<String, Value>, members: &Map<String, Value>) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        // Which names a pattern stands for is not known here, so that nothing can be said about the
        // others.
        let additional = schema
            .get("additionalProperties")
            .filter(|_| !schema.contains_key("patternProperties"));
        within(schema, "minProperties", "maxProperties", members.len())
            && list(schema, "required")
                .iter()
                .filter_map(Value::as_str)
                .all(|name| members.contains_key(name))
            && members.iter().all(|(name, member)| {
                let described = properties
                    .and_then(|properties| properties.get(name))
                    .or(additional);
                let name_fits = |names: &Value| {
                    !names.is_object() || self.fits(names, &Value::String(name.clone()))
                };
                described.is_none_or(|schema| self.fits(schema, member))
                    && schema.get("propertyNames").is_none_or(name_fits)
            })
    }
}

/// `type`, `enum` and `const`.
fn named(schema: &Map<String, Value>, value: &Value) -> bool {
    let of_type = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    schema
        .get("type")
        .is_none_or(|kinds| types(kinds).iter().any(of_type))
        && schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|allowed| allowed.contains(value))
        && schema.get("const").is_none_or(|constant| constant == value)
}

/// Whether a count lies between two keywords.
fn within(schema: &Map<String, Value>, least: &str, most: &str, count: usize) -> bool {
    let bound = |keyword| schema.get(keyword).and_then(Value::as_f64);
    bound(least).is_none_or(|least| count as f64 >= least)
        && bound(most).is_none_or(|most| count as f64 <= most)
}

/// `minimum`, `maximum`, their exclusive forms (a number; a boolean in OpenAPI 3.0) and
/// `multipleOf`.
pub(super) fn number_fits(schema: &Map<String, Value>, number: f64) -> bool {
    let bound = |keyword| schema.get(keyword).and_then(Value::as_f64);
    let strict = |keyword| schema.get(keyword) == Some(&Value::Bool(true));
    let multiple = |step: f64| {
        let count = number / step;
        step <= 0.0 || (count - count.round()).abs() < 1e-9 * count.abs().max(1.0)
    };
    bound("minimum").is_none_or(|least| {
        if strict("exclusiveMinimum") {
            number > least
        } else {
            number >= least
        }
    }) && bound("maximum").is_none_or(|most| {
        if strict("exclusiveMaximum") {
            number < most
        } else {
            number <= most
        }
    }) && bound("exclusiveMinimum").is_none_or(|least| number > least)
        && bound("exclusiveMaximum").is_none_or(|most| number < most)
        && bound("multipleOf").is_none_or(multiple)
}
