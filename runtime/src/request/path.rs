//! The path of a request. Values are inserted so that none of them can change which path it is.

use serde::Serialize;
use serde_json::Value;

use crate::error::Error;
use crate::model::encode;
use crate::operation::Operation;
use crate::request::parameter_style::{Escape, Style, inline, text};

/// Returns the value of a path parameter as written in the path.
///
/// Parsing a URL drops the segments `.` and `..` and turns `\` into `/`, and some servers decode
/// `%2F` before they do the same. Such values are rejected. Everything else is percent-encoded.
pub fn value(
    operation: &'static Operation,
    parameter: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<String, Error> {
    let wrong = |why: &str| {
        Error::invalid_request(operation, format!("the path parameter `{parameter}` {why}"))
    };
    let value = encode::to_value(value).map_err(|why| wrong(&format!("cannot be sent: {why}")))?;
    check(&value).map_err(wrong)?;
    let is_plain = matches!(&value, Value::String(_) | Value::Number(_) | Value::Bool(_))
        && matches!(style, Style::Simple { .. });
    let written = if is_plain {
        progenitor_client::encode_path(&text(&value))
    } else {
        inline(parameter, style, Escape::AllButUnreserved, &value)
    };
    match written.is_empty() {
        true => Err(wrong("must not be empty")),
        false => Ok(written),
    }
}

/// Returns why a value cannot be used in a path, alone or as part of a segment.
fn check(value: &Value) -> Result<(), &'static str> {
    let text = match value {
        Value::Array(items) => return items.iter().try_for_each(check),
        Value::Object(fields) => return fields.values().try_for_each(check),
        Value::String(text) => text.as_str(),
        Value::Null | Value::Bool(_) | Value::Number(_) => return Ok(()),
    };
    if text.is_empty() {
        Err("must not be empty")
    } else if text.contains('\\') {
        Err("must not hold a backslash")
    } else if text.split('/').any(|part| matches!(part, "." | "..")) {
        Err("must not hold a segment `.` or `..`")
    } else {
        Ok(())
    }
}

/// Builds the URL from the pieces of a path template and the values between them.
///
/// Values that are harmless alone may form `..` together, as in `/{name}{suffix}`, and so may field
/// names.
pub fn url(operation: &'static Operation, base: &str, pieces: &[&str]) -> Result<String, Error> {
    let path = pieces.concat();
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let decoded = path
        .get(..end)
        .unwrap_or_default()
        .replace("%2F", "/")
        .replace("%5C", "/");
    if decoded.split('/').any(|part| matches!(part, "." | "..")) {
        let why = "the path parameters make a segment `.` or `..`";
        return Err(Error::invalid_request(operation, why));
    }
    Ok([base, &path].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static OPERATION: Operation = Operation::new(
        "get-v1-tasks-id",
        "tasks.get_task_details",
        reqwest::Method::GET,
        "/api/v1/tasks/{id}",
    )
    .idempotent(true);

    const SIMPLE: Style = Style::Simple { explode: false };

    #[test]
    fn path_value_stays_one_segment() {
        for (text, written) in [
            ("7", "7"),
            ("a b", "a%20b"),
            ("a/b", "a%2Fb"),
            ("...", "..."),
            (".a", ".a"),
            ("a..b", "a..b"),
            ("%2e%2e", "%252e%252e"),
            ("?#", "%3F%23"),
            ("ä", "%C3%A4"),
        ] {
            assert_eq!(value(&OPERATION, "id", SIMPLE, &text).unwrap(), written);
        }
        for text in ["", ".", "..", "a\\b", "../x", "a/..", "a/./b"] {
            let error = value(&OPERATION, "id", SIMPLE, &text).unwrap_err();
            let message = error.to_string();
            let expected = "tasks.get_task_details: the path parameter `id` must not";
            assert!(message.starts_with(expected), "{text}: {message}");
            assert_eq!(error.attempts(), 0);
        }
    }

    #[test]
    fn path_list_or_object_is_checked_by_part() {
        for hostile in [
            json!(["a", ".."]),
            json!({"a": ["../b"]}),
            json!([]),
            json!({}),
        ] {
            for style in [
                SIMPLE,
                Style::Label { explode: true },
                Style::Matrix { explode: false },
            ] {
                assert!(
                    value(&OPERATION, "id", style, &hostile).is_err(),
                    "{hostile}"
                );
            }
        }
        let list = json!(["a,b", "c/d"]);
        assert_eq!(
            value(&OPERATION, "id", SIMPLE, &list).unwrap(),
            "a%2Cb,c%2Fd"
        );
    }

    #[test]
    fn path_values_never_form_dot_segments() {
        let made = |pieces: &[&str]| url(&OPERATION, "http://h", pieces);
        assert_eq!(
            made(&["/a/", "x", ".", "json"]).unwrap(),
            "http://h/a/x.json"
        );
        assert_eq!(
            made(&["/a/", "x", "?v=../1"]).unwrap(),
            "http://h/a/x?v=../1"
        );
        assert_eq!(made(&["/a/", "x", "#/.."]).unwrap(), "http://h/a/x#/..");
        assert!(made(&["/a/.", "%2Fx"]).is_err());
        assert!(made(&["/a/", "x%2F..%5Cy,1"]).is_err());
        let error = made(&["/a/", ".a".get(..1).unwrap(), "."]).unwrap_err();
        assert!(error.to_string().contains("segment"), "{error}");
    }
}
