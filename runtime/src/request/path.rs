//! The path of a request. Values are inserted so that none of them can change which path it is.

use std::borrow::Cow;

use reqwest::{Request, Url};
use serde::Serialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::model::encode;
use crate::operation::Operation;
use crate::request::parameter_style::{Escape, Style, inline};
use crate::text::path_value::{decoded, flaw, has_dot_segment};

/// Returns the value of a path parameter as written in the path (RFC 6570 section 3.2).
///
/// Values that may change which path it is are rejected. Everything else is percent-encoded.
pub fn value(
    operation: &'static Operation,
    parameter: &str,
    style: Style,
    escape: Escape,
    value: &impl Serialize,
) -> Result<String, Error> {
    let wrong = |why: &str| {
        Error::invalid_request(operation, format!("the path parameter `{parameter}` {why}"))
    };
    let value = encode::to_value(value).map_err(|why| wrong(&format!("cannot be sent: {why}")))?;
    let is_escaped = escape == Escape::ToPathEnd;
    check(&value, is_escaped).map_err(wrong)?;
    let written = inline(parameter, style, escape, &value);
    match written.is_empty() {
        true => Err(wrong("must not be empty")),
        false => Ok(written),
    }
}

/// Returns why a value cannot be used in a path, alone or as part of a segment. The percent-encoded
/// triples of an escaped value are sent as they are.
fn check(value: &Value, is_escaped: bool) -> Result<(), &'static str> {
    let text = match value {
        Value::Array(items) => return items.iter().try_for_each(|it| check(it, is_escaped)),
        Value::Object(fields) => return fields.values().try_for_each(|it| check(it, is_escaped)),
        Value::String(text) => text.as_str(),
        Value::Null | Value::Bool(_) | Value::Number(_) => return Ok(()),
    };
    let decoded = match is_escaped {
        true => decoded(text),
        false => Cow::Borrowed(text),
    };
    flaw(&decoded).map_or(Ok(()), Err)
}

/// Builds the request of an operation from the pieces of its path template and the values between
/// them.
pub fn request(
    client: &Client,
    operation: &'static Operation,
    pieces: &[&str],
) -> Result<Request, Error> {
    let build = || url(client, operation, pieces);
    let url = match *pieces == [operation.path] {
        true => client.settings().known_urls.get(operation, build)?,
        false => build()?,
    };
    Ok(Request::new(operation.method(), url))
}

/// Builds the URL.
///
/// Values that are harmless alone may form `..` together, as in `/{name}{suffix}`, and so may field
/// names.
fn url(client: &Client, operation: &'static Operation, pieces: &[&str]) -> Result<Url, Error> {
    let path = pieces.concat();
    let end = memchr::memchr2(b'?', b'#', path.as_bytes()).unwrap_or(path.len());
    let segments = path.get(..end).unwrap_or_default();
    // Without a dot, in either spelling, there is nothing to decode.
    let may_have_dots = memchr::memchr2(b'.', b'%', segments.as_bytes()).is_some();
    if may_have_dots && has_dot_segment(&decoded(segments)) {
        let why = "the path parameters make a segment `.` or `..`";
        return Err(Error::invalid_request(operation, why));
    }
    Ok(client.base_of(operation)?.join(&path))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::Api;

    static API: Api = Api::new("pets", "Pets", "1").default_server("http://localhost");

    static OPERATION: Operation = Operation::new(
        "get-v1-tasks-id",
        "tasks.get_task_details",
        "GET",
        "/api/v1/tasks/{id}",
    )
    .idempotent(true);

    const SIMPLE: Style = Style::Simple { explode: false };
    const ALL: Escape = Escape::AllButUnreserved;

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
            ("a;b=c:d@e,f+g&h", "a%3Bb%3Dc%3Ad%40e%2Cf%2Bg%26h"),
        ] {
            assert_eq!(
                value(&OPERATION, "id", SIMPLE, ALL, &text).unwrap(),
                written
            );
        }
        for text in ["", ".", "..", "a\\b", "../x", "a/..", "a/./b"] {
            let error = value(&OPERATION, "id", SIMPLE, ALL, &text).unwrap_err();
            let message = error.to_string();
            let expected = "tasks.get_task_details: the path parameter `id` must not";
            assert!(message.starts_with(expected), "{text}: {message}");
            assert_eq!(error.attempts(), 0);
        }
    }

    #[test]
    fn path_value_with_reserved_characters_has_segments() {
        let written = |text: &str| value(&OPERATION, "id", SIMPLE, Escape::ToPathEnd, &text);
        assert_eq!(written("some/doc path/x").unwrap(), "some/doc%20path/x");
        assert_eq!(written("a%2Fb:c?d#e").unwrap(), "a%2Fb:c%3Fd%23e");
        for hostile in [
            "../a",
            "a/%2e%2E/b",
            "a/.%2e",
            "%2e",
            "a%2F..",
            "a%5c..",
            "a\\b",
            "",
        ] {
            assert!(written(hostile).is_err(), "{hostile}");
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
                    value(&OPERATION, "id", style, ALL, &hostile).is_err(),
                    "{hostile}"
                );
            }
        }
        let list = json!(["a,b", "c/d"]);
        assert_eq!(
            value(&OPERATION, "id", SIMPLE, ALL, &list).unwrap(),
            "a%2Cb,c%2Fd"
        );
    }

    #[test]
    fn path_values_never_form_dot_segments() {
        let client = Client::builder(&API).build().unwrap();
        let made = |pieces: &[&str]| {
            request(&client, &OPERATION, pieces).map(|request| request.url().to_string())
        };
        for (pieces, expected) in [
            (["/a/", "x", ".json"], "http://localhost/a/x.json"),
            (["/a/", "x", "?v=../1"], "http://localhost/a/x?v=../1"),
            (["/a/", "x", "#/.."], "http://localhost/a/x#/.."),
        ] {
            assert_eq!(made(&pieces).unwrap(), expected);
        }
        assert!(made(&["/a/.", "%2Fx"]).is_err());
        assert!(made(&["/a/", "x%2F..%5Cy,1"]).is_err());
        let error = made(&["/a/", ".a".get(..1).unwrap(), "."]).unwrap_err();
        assert!(error.to_string().contains("segment"), "{error}");
    }

    #[test]
    fn known_url_belongs_to_operation_and_client() {
        static OTHER: Operation = Operation::new("get-v1", "v1.get", "GET", "/v1");
        static LIST: Operation = Operation::new("get-v1-tasks", "tasks.list", "GET", "/v1/tasks");
        for base in ["http://localhost/a", "http://localhost/b"] {
            let client = Client::builder(&API).base_url(base).build().unwrap();
            for _ in 0..2 {
                for operation in [&OTHER, &LIST] {
                    let request = request(&client, operation, &[operation.path]).unwrap();
                    let expected = format!("{base}{}", operation.path);
                    assert_eq!(request.url().as_str(), expected);
                }
            }
        }
    }
}
