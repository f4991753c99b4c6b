//! Functions on single JSON values and schemas.

use serde_json::Value;

use crate::diff::model::member::member;
use crate::diff::model::types::Types;

/// Returns the types that the keyword `type` names, with `null`.
pub fn declared(schema: &Value) -> Option<Types> {
    match member(schema, "type")? {
        Value::String(name) => Types::named(name),
        Value::Array(names) => {
            let named = names
                .iter()
                .filter_map(Value::as_str)
                .filter_map(Types::named);
            named.reduce(Types::or)
        }
        _ => None,
    }
}

/// Returns a canonical text: equal values have equal texts, however numbers and objects are
/// written.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        Value::Object(_) => {
            let mut sorted = value.clone();
            sorted.sort_all_objects();
            sorted.to_string()
        }
        other => other.to_string(),
    }
}
