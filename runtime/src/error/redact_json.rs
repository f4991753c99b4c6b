//! Redacts credentials in the values and names of JSON.

use serde_json::Value;

use super::error_body::ErrorBody;
use crate::text::redact::redact_text;

/// Returns the text of a value without the credential. A known code is public, whatever the
/// credential is, because programs branch on it.
pub(super) fn redact_value(text: &str, shape: &ErrorBody, secrets: &[&str]) -> String {
    if shape.knows(text) {
        return text.to_owned();
    }
    redact_text(text, secrets)
}

/// Redacts every string, number and name in `json`. Returns whether anything was redacted.
pub(super) fn redact_json(json: &mut Value, shape: &ErrorBody, secrets: &[&str]) -> bool {
    let (old, new) = match json {
        Value::String(text) => (text.clone(), redact_value(text, shape, secrets)),
        Value::Number(number) => (
            number.to_string(),
            redact_text(&number.to_string(), secrets),
        ),
        // Not `any`, which would stop at the first.
        Value::Array(items) => {
            return items.iter_mut().fold(false, |found, item| {
                redact_json(item, shape, secrets) | found
            });
        }
        Value::Object(members) => {
            let mut found = false;
            for (name, mut value) in std::mem::take(members) {
                let safe = redact_text(&name, secrets);
                found |= redact_json(&mut value, shape, secrets) | (safe != name);
                members.insert(safe, value);
            }
            return found;
        }
        Value::Null | Value::Bool(_) => return false,
    };
    let found = new != old;
    if found {
        *json = Value::String(new);
    }
    found
}
