//! Values that are serialized as text, in headers, paths, queries and forms: a number is a string
//! there, and an unrestricted string schema includes it.

use serde_json::Value;

use crate::diff::model::types::Types;
use crate::diff::model::value::canonical;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// The length of the longest 64-bit number: `-1.7976931348623157e+308`.
const LONGEST_NUMBER: f64 = 24.0;

/// Returns whether every text of the narrow schema is valid in the wide schema, by type.
pub fn is_subset(narrow: &NormalizedSchema<'_>, wide: &NormalizedSchema<'_>) -> bool {
    let types = types(wide);
    let held = if types.meets(Types::STRING) && admits_numbers(wide) {
        types.or(Types::SCALARS)
    } else {
        types
    };
    self::types(narrow).within(held)
}

/// Returns the types of the admitted values. Listed strings count as the types that they parse as.
fn types(of: &NormalizedSchema<'_>) -> Types {
    match &of.values {
        Some(values) => values
            .values()
            .map(|node| type_of(node.value))
            .fold(Types::NONE, Types::or),
        None => of.types,
    }
}

/// Returns a value as text.
pub fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => canonical(other),
    }
}

/// Returns the narrowest type that a value parses as.
fn type_of(value: &Value) -> Types {
    match value {
        Value::String(text) if !text.starts_with(['"', '[', '{']) && text != "null" => {
            serde_json::from_str(text).map_or(Types::STRING, |read| Types::of(&read))
        }
        other => Types::of(other),
    }
}

/// Returns whether the text of every number and boolean is a valid string.
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
        && !of.is_constrained()
        && of.unions.is_empty()
}
