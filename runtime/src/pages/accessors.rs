//! Accessors for pages and items, provided by generated code.

use serde::Serialize;
use serde_json::Value;

/// Reads the properties of a page (`P`) and an item (`T`) that paging needs. Each function returns
/// `None` if the response lacks the property or the document does not declare it.
pub struct Paging<P, T> {
    pub items: fn(&mut P) -> Option<&mut Vec<T>>,
    pub next: fn(&P) -> Option<String>,
    pub key: fn(&T) -> Option<String>,
    pub has_more: fn(&P) -> Option<bool>,
    pub total: fn(&P) -> Option<u64>,
}

/// Returns a cursor or key as written in a query. Empty text counts as none.
pub fn text(value: &impl Serialize) -> Option<String> {
    match serde_json::to_value(value).ok()? {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(match whole(&number) {
            Some(whole) => whole.to_string(),
            None => number.to_string(),
        }),
        _ => None,
    }
}

pub fn flag(value: &impl Serialize) -> Option<bool> {
    serde_json::to_value(value).ok()?.as_bool()
}

/// Returns a number of items. A value that cannot be one, such as `-1` for an unknown number, is
/// `None`.
pub fn count(value: &impl Serialize) -> Option<u64> {
    match serde_json::to_value(value).ok()? {
        Value::Number(number) => number.as_u64().or_else(|| whole(&number)),
        _ => None,
    }
}

/// Returns the integer that a float represents. Beyond 2^53 the integer may differ from the one
/// that was sent.
fn whole(number: &serde_json::Number) -> Option<u64> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    if float.fract() != 0.0 || !(0.0..=9_007_199_254_740_992.0).contains(&float) {
        return None;
    }
    format!("{float:.0}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn position_is_text_or_number() {
        for (value, expected) in [
            (json!("a b"), Some("a b")),
            (json!(7), Some("7")),
            (json!(-7), Some("-7")),
            (
                json!(18_446_744_073_709_551_615_u64),
                Some("18446744073709551615"),
            ),
            (json!(5.0), Some("5")),
            (json!(5.5), Some("5.5")),
            (json!(""), None),
            (json!(null), None),
            (json!(true), None),
            (json!(["a"]), None),
        ] {
            assert_eq!(text(&value).as_deref(), expected, "{value}");
        }
        assert_eq!(text(&Some("a")), Some("a".to_owned()));
        assert_eq!(text(&None::<i64>), None);
    }

    #[test]
    fn count_is_a_whole_number() {
        for (value, expected) in [
            (json!(0), Some(0)),
            (json!(7.0), Some(7)),
            (json!(18_446_744_073_709_551_615_u64), Some(u64::MAX)),
            (json!(-1), None),
            (json!(-1.0), None),
            (json!(7.5), None),
            (json!(1e300), None),
            (json!("7"), None),
            (json!(null), None),
        ] {
            assert_eq!(count(&value), expected, "{value}");
        }
        // JSON has no such numbers, but a type of the caller's might.
        assert_eq!(count(&f64::NAN), None);
        assert_eq!(count(&f64::INFINITY), None);
        assert_eq!(flag(&Some(true)), Some(true));
        assert_eq!(flag(&json!("true")), None);
    }
}
