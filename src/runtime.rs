//! All that generated code refers to, in one place. What of it is needed depends on the document.
#![allow(unused_imports)]

use std::pin::Pin;

pub(crate) use crate::byte_stream::ByteStream;
pub(crate) use crate::client::Client;
pub(crate) use crate::error::Error;
pub(crate) use crate::event_stream::EventStream;
pub(crate) use crate::given;
pub(crate) use crate::null::null_as_default;
pub(crate) use crate::open_enum::open_enum;
pub(crate) use crate::operation::{Operation, Reply};
pub(crate) use crate::response::Response;

/// A future whose type need not be named.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Refuses a path value that would change which path is asked for. Everything else is percent-encoded.
///
/// Parsing a URL drops the segments `.` and `..` and turns `\` into `/`, and some servers decode `%2F` before they do so.
pub(crate) fn path_value(
    operation: &'static Operation,
    parameter: &str,
    value: &str,
) -> Result<(), Error> {
    let why = if value.is_empty() {
        "must not be empty"
    } else if value.contains('\\') {
        "must not hold a backslash"
    } else if value.split('/').any(|part| matches!(part, "." | "..")) {
        "must not hold a segment `.` or `..`"
    } else {
        return Ok(());
    };
    Err(Error::invalid_request(
        operation,
        format!("the path parameter `{parameter}` {why}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    static OPERATION: Operation = Operation {
        id: "get-v1-tasks-id",
        name: "tasks.get_task_details",
        method: reqwest::Method::GET,
        path: "/api/v1/tasks/{id}",
        tag: "Tasks",
        authenticated: true,
        idempotent: true,
        idempotency_key: None,
        sensitive: false,
        reply: Reply::Json,
    };

    #[test]
    fn a_value_stays_one_segment() {
        let check = |value| path_value(&OPERATION, "id", value);
        for value in ["7", "a b", "a/b", "...", ".a", "a..b", "%2e%2e", "?#", "ä"] {
            assert!(check(value).is_ok(), "{value}");
        }
        for value in ["", ".", "..", "a\\b", "../x", "a/..", "a/./b"] {
            let error = check(value).unwrap_err();
            let text = error.to_string();
            let expected = "tasks.get_task_details: the path parameter `id` must not";
            assert!(text.starts_with(expected), "{value}: {text}");
            assert_eq!(error.attempts(), 0);
        }
    }
}
