//! What is written as text, in headers, paths, queries and forms: a number is a text there, and one of
//! the texts that a schema admits if no rule binds these.

use serde_json::Value;

use crate::diff::model::types::Types;
use crate::diff::model::value::canonical;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// The longest text of a number of 64 bits: `-1.7976931348623157e+308`.
const LONGEST_NUMBER: f64 = 24.0;

/// Whether the texts of one schema have the types of the other.
pub fn is_subset(narrow: &NormalizedSchema<'_>, wide: &NormalizedSchema<'_>) -> bool {
    let types = types(wide);
    let held = if types.meets(Types::STRING) && admits_numbers(wide) {
        types.or(Types::SCALARS)
    } else {
        types
    };
    self::types(narrow).within(held)
}

/// The types of the values that a schema admits; of a list, those that they can be read as.
fn types(of: &NormalizedSchema<'_>) -> Types {
    match &of.values {
        Some(values) => values
            .values()
            .map(|node| type_of(node.value))
            .fold(Types::NONE, Types::or),
        None => of.types,
    }
}

/// A value as it is written.
pub fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => canonical(other),
    }
}

/// The narrowest type that a value can be read as.
fn type_of(value: &Value) -> Types {
    match value {
        Value::String(text) if !text.starts_with(['"', '[', '{']) && text != "null" => {
            serde_json::from_str(text).map_or(Types::STRING, |read| Types::of(&read))
        }
        other => Types::of(other),
    }
}

/// Whether the texts of all numbers and booleans are valid strings.
fn admits_numbers(of: &NormalizedSchema<'_>) -> bool {
    let is_long_enough = of
        .limits
        .value("maxLength")
        .is_none_or(|most| most >= LONGEST_NUMBER);
    let is_short_enough = of
        .limits
        .value("minLength")
        .is_none_or(|least| least <= 1.0);
    is_long_enough
        && is_short_enough
        && of.values.is_none()
        && of.patterns.is_empty()
        && !of.formats.contains_key("string")
        && of.content.is_empty()
        && of.applicators.is_empty()
        && of.unions.is_empty()
}
