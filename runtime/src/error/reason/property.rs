//! Properties of error responses, whose names are compared without regard to case, `_` and `-`.

use serde_json::{Map, Value};

/// Returns a text that is not blank, or a number as text.
pub(super) fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns a property by its plain name.
pub(super) fn find<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut properties = object.iter();
    let found = properties.find(|(key, _)| key.len() < 32 && is_plainly(key, name));
    found.map(|(_, value)| value)
}

/// Returns whether a name is equal to a plain one but for case, `_` and `-`.
pub(super) fn is_plainly(name: &str, plain: &str) -> bool {
    plainly(name).eq(plain.chars())
}

/// Returns a name in lower case, without `_` and `-`.
pub(super) fn plain(name: &str) -> String {
    plainly(name).collect()
}

fn plainly(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|it| !matches!(it, '_' | '-'));
    letters.map(|it| it.to_ascii_lowercase())
}
