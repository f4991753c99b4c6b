//! Checks whether a schema accepts a value, to decide whether an example can be used.
//!
//! Ignores `pattern`, `format`, `patternProperties` and the `unevaluated…` keywords: a value that
//! breaks only those counts as fitting.

use serde_json::{Map, Value};

use super::fuel::Fuel;
use super::parts::{list, referred, types};

/// How deep schemas may nest, also without the value getting smaller, as in `A: {$ref: A}`.
const MAX_DEPTH: usize = 64;

/// The longest array whose items are compared with each other for `uniqueItems`.
const MAX_COMPARED: usize = 1_000;

/// Returns whether all of `schemas` accept `value`; `false` if the fuel is spent.
pub(super) fn fits(document: &Value, fuel: &Fuel, schemas: &[&Value], value: &Value) -> bool {
    let check = Check::new(document, fuel);
    schemas.iter().all(|schema| check.fits(schema, value))
}

/// Returns whether the schema object accepts `value`; `false` if the fuel is spent.
pub(super) fn fits_object(
    document: &Value,
    fuel: &Fuel,
    schema: &Map<String, Value>,
    value: &Value,
) -> bool {
    Check::new(document, fuel).object(schema, value)
}

#[derive(Clone, Copy)]
struct Check<'a> {
    document: &'a Value,
    fuel: &'a Fuel,
    depth: usize,
}

impl<'a> Check<'a> {
    fn new(document: &'a Value, fuel: &'a Fuel) -> Self {
        Self {
            document,
            fuel,
            depth: 0,
        }
    }

    fn fits(self, schema: &Value, value: &Value) -> bool {
        match schema {
            Value::Bool(accepts) => *accepts,
            Value::Object(_) if self.depth >= MAX_DEPTH => true,
            Value::Object(schema) => Self {
                depth: self.depth + 1,
                ..self
            }
            .object(schema, value),
            _ => true,
        }
    }

    fn object(self, schema: &Map<String, Value>, value: &Value) -> bool {
        if !self.fuel.spend(1) {
            return false;
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) && value.is_null() {
            return true;
        }
        self.combined(schema, value)
            && self.stated(schema, value)
            && match value {
                Value::Number(number) => number
                    .as_f64()
                    .is_none_or(|number| number_fits(schema, number)),
                Value::String(text) => {
                    within(schema, "minLength", "maxLength", text.chars().count())
                }
                Value::Array(items) => self.array_fits(schema, items),
                Value::Object(object) => self.properties_fit(schema, object),
                Value::Null | Value::Bool(_) => true,
            }
    }

    fn combined(self, schema: &Map<String, Value>, value: &Value) -> bool {
        let accepts = |variant: &&Value| self.fits(variant, value);
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
            && list(schema, "allOf")
                .iter()
                .all(|variant| accepts(&variant))
            && (any.is_empty() || any.iter().any(|variant| accepts(&variant)))
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
        let later = |index| items.iter().take(MAX_COMPARED).skip(index + 1);
        let repeats = items
            .iter()
            .take(MAX_COMPARED)
            .enumerate()
            .any(|(index, item)| later(index).any(|other| other == item));
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

    /// Checks `type`, `enum` and `const`.
    fn stated(self, schema: &Map<String, Value>, value: &Value) -> bool {
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
        let allows =
            |allowed: &Vec<Value>| self.fuel.spend(allowed.len() / 16) && allowed.contains(value);
        schema
            .get("type")
            .is_none_or(|kinds| types(kinds).iter().any(of_type))
            && schema
                .get("enum")
                .and_then(Value::as_array)
                .is_none_or(allows)
            && schema.get("const").is_none_or(|constant| constant == value)
    }

    fn properties_fit(self, schema: &Map<String, Value>, object: &Map<String, Value>) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        // Patterns are not matched, so the names that `additionalProperties` covers are unknown.
        let additional = schema
            .get("additionalProperties")
            .filter(|_| !schema.contains_key("patternProperties"));
        within(schema, "minProperties", "maxProperties", object.len())
            && list(schema, "required")
                .iter()
                .filter_map(Value::as_str)
                .all(|name| object.contains_key(name))
            && object.iter().all(|(name, value)| {
                let described = properties
                    .and_then(|properties| properties.get(name))
                    .or(additional);
                let name_fits = |names: &Value| {
                    !names.is_object() || self.fits(names, &Value::String(name.clone()))
                };
                described.is_none_or(|schema| self.fits(schema, value))
                    && schema.get("propertyNames").is_none_or(name_fits)
            })
    }
}

/// Returns whether a count is within the limits that two keywords set.
fn within(schema: &Map<String, Value>, least: &str, most: &str, count: usize) -> bool {
    let bound = |keyword| schema.get(keyword).and_then(Value::as_f64);
    bound(least).is_none_or(|least| count as f64 >= least)
        && bound(most).is_none_or(|most| count as f64 <= most)
}

/// Checks `minimum`, `maximum`, `multipleOf` and the exclusive limits (a number, or a boolean in
/// OpenAPI 3.0).
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
