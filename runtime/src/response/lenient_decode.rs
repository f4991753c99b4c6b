//! Decodes JSON that deviates from the OpenAPI document in spelling but not in meaning.

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::model::lossy;

/// Decodes `json` with whole floats read as integers (`3.0` is `3`: JSON Schema 2020-12 validation,
/// section 6.1.1). If that is not enough, properties that are `null` count as absent.
pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let mut value = value(json)?;
    lossy::strictly(&value).ok().or_else(|| {
        drop_nulls(&mut value);
        lossy::strictly(&value).ok()
    })
}

/// Returns a value with whole floats as integers.
pub(crate) fn value(json: &[u8]) -> Option<Value> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    whole_floats_to_integers(&mut value);
    Some(value)
}

fn whole_floats_to_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(whole) = whole(number) {
                *number = whole;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_floats_to_integers),
        Value::Object(members) => members.values_mut().for_each(whole_floats_to_integers),
        _ => {}
    }
}

/// Returns the integer that a float represents. Beyond 2^53 the float may have been rounded, so the
/// integer could differ.
fn whole(number: &Number) -> Option<Number> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    if float.fract() != 0.0 || float.abs() > 9_007_199_254_740_992.0 {
        return None;
    }
    Some((float as i64).into())
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        Value::Object(members) => {
            // `retain` would instantiate the B-tree of the map.
            for (name, mut member) in std::mem::take(members) {
                if !member.is_null() {
                    drop_nulls(&mut member);
                    members.insert(name, member);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Balance {
        credits: i64,
        #[serde(default)]
        currency: String,
        rate: Option<f64>,
    }

    fn balance(json: &Value) -> Option<Balance> {
        decode(json.to_string().as_bytes())
    }

    #[test]
    fn lenient_value_is_read() {
        let expected = |credits, rate| {
            Some(Balance {
                credits,
                currency: String::new(),
                rate,
            })
        };
        let given = balance(&json!({"credits": 3.0, "rate": 2.0}));
        assert_eq!(given, expected(3, Some(2.0)));
        let given = balance(&json!({"credits": -0.0, "currency": null}));
        assert_eq!(given, expected(0, None));
    }

    #[test]
    fn lenient_decoding_invents_nothing() {
        assert_eq!(balance(&json!({"credits": 3.5})), None);
        assert_eq!(balance(&json!({"credits": 1e300})), None);
        assert_eq!(balance(&json!({"credits": null})), None);
        assert_eq!(balance(&json!({"credits": "3"})), None);
        assert_eq!(decode::<i64>(b"1e400"), None);
        assert_eq!(decode::<i64>(b"9007199254740994.0"), None);
        assert_eq!(decode::<i64>(b"1e3"), Some(1000));
    }

    #[test]
    fn wanted_null_is_kept() {
        let list: Vec<Option<u8>> = decode(b"[1.0, null]").unwrap();
        assert_eq!(list, [Some(1), None]);
        let value: Value = decode(br#"{"a": null}"#).unwrap();
        assert_eq!(value, json!({"a": null}));
    }
}
