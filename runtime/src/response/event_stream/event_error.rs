//! Recognizes events that report an error of the server.

use memchr::memmem;
use serde_json::{Map, Value};

use super::event::Event;

/// The properties that an object with an `error` text may have, to count as an error.
const ERROR_PROPERTIES: &[&str] = &[
    "code",
    "detail",
    "details",
    "error",
    "error_id",
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
/// of widely used servers: an event named `error`, a chunk with `"type":"error"`, and a chunk
/// without a type that has an object `error`, or a text `error` and nothing else.
pub(super) fn reports_error(event: &Event) -> bool {
    if event.event == "error" {
        return true;
    }
    if memmem::find(event.data.as_bytes(), b"\"error\"").is_none() {
        return false;
    }
    match serde_json::from_str(&event.data) {
        Ok(Value::Object(chunk)) => is_error(&chunk),
        _ => false,
    }
}

fn is_error(chunk: &Map<String, Value>) -> bool {
    match (chunk.get("type"), chunk.get("error")) {
        (Some(Value::String(kind)), _) => kind == "error",
        (Some(_), _) | (None, None) => false,
        (None, Some(Value::Object(error))) => !error.is_empty(),
        (None, Some(Value::String(error))) => {
            let is_known = |name: &String| ERROR_PROPERTIES.contains(&name.as_str());
            !error.trim().is_empty() && chunk.keys().all(is_known)
        }
        (None, Some(_)) => false,
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
            r#"["error"]"#,
            r#""error""#,
            "the \"error\" of the day",
        ] {
            assert!(!reports("message", data), "{data}");
        }
        assert!(!reports("errors", "anything"));
    }
}
