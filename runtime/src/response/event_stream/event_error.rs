//! Recognizes events that report an error of the server.

use memchr::memmem;
use serde_json::{Map, Value};

use super::event::Event;

/// The properties that an object may have whose errors are the only content.
const ERROR_PROPERTIES: &[&str] = &[
    "code",
    "detail",
    "details",
    "error",
    "error_id",
    "errors",
    "message",
    "request_id",
    "status",
    "statusCode",
    "status_code",
    "timestamp",
];

/// Returns whether an event reports an error.
///
/// No standard says how a server reports an error in a stream that has begun. These are the forms
/// of widely used servers: an event named `error`, and data that [`tells_error`].
pub(super) fn reports_error(event: &Event) -> bool {
    event.event == "error" || tells_error(event.data.as_bytes())
}

/// Returns whether a part of a stream is a JSON object that reports an error: one with
/// `"type":"error"` or `"object":"error"`, or one without a type that has an object `error`, or
/// errors and nothing else.
pub(in crate::response) fn tells_error(json: &[u8]) -> bool {
    if memmem::find(json, b"\"error").is_none() {
        return false;
    }
    match serde_json::from_slice(json) {
        Ok(Value::Object(chunk)) => is_error(&chunk),
        _ => false,
    }
}

fn is_error(chunk: &Map<String, Value>) -> bool {
    let is_marked = |name| chunk.get(name).and_then(Value::as_str) == Some("error");
    if is_marked("type") || is_marked("object") {
        return true;
    }
    if chunk.get("type").is_some_and(|kind| !kind.is_null()) {
        return false;
    }
    let is_alone = || {
        let mut properties = chunk.iter();
        properties.all(|(name, value)| value.is_null() || ERROR_PROPERTIES.contains(&&**name))
    };
    match (chunk.get("error"), chunk.get("errors")) {
        (Some(Value::Object(error)), _) => !error.is_empty(),
        (Some(Value::String(error)), _) => !error.trim().is_empty() && is_alone(),
        (Some(Value::Bool(true)), _) => chunk.contains_key("message") && is_alone(),
        (None | Some(Value::Null), Some(Value::Array(errors))) => !errors.is_empty() && is_alone(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(name: &str, data: &str) -> bool {
        reports_error(&Event {
            id: String::new(),
            event: name.to_owned(),
            data: data.to_owned(),
            retry: None,
        })
    }

    #[test]
    fn error_event_is_recognized() {
        assert!(reports("error", "anything"));
        for data in [
            r#"{"type":"error","errorText":"overloaded"}"#,
            r#"{"type": "error", "error": {"message": "overloaded"}}"#,
            r#"{"error":{"code":502}}"#,
            r#"{"id":"c1","choices":[],"error":{"message":"gone"}}"#,
            r#"{"error":"no credits left","code":"payment"}"#,
            r#"{"object":"error","message":"too long","type":"BadRequestError","code":400}"#,
            r#"{"type":null,"error":{"message":"gone"}}"#,
            r#"{"error":"gone","choices":null}"#,
            r#"{"error":true,"message":"gone"}"#,
            r#"{"data":null,"errors":[{"message":"gone"}]}"#,
        ] {
            assert!(reports("message", data), "{data}");
        }
    }

    #[test]
    fn event_about_an_error_is_not_an_error() {
        for data in [
            r#"{"type":"tool-output-error","error":{"message":"exit 1"}}"#,
            r#"{"type":"text-delta","delta":"\"error\""}"#,
            r#"{"step":3,"error":"trying again"}"#,
            r#"{"error":null}"#,
            r#"{"error":""}"#,
            r#"{"error":{}}"#,
            r#"{"error":true}"#,
            r#"{"error":false,"message":"all is well"}"#,
            r#"{"errors":[],"message":"all is well"}"#,
            r#"{"step":3,"errors":["trying again"]}"#,
            r#"["error"]"#,
            r#""error""#,
            "the \"error\" of the day",
        ] {
            assert!(!reports("message", data), "{data}");
        }
        assert!(!reports("errors", "anything"));
    }
}
