//! Reads from the JSON of an error response what went wrong: the code, the reason and the id.
//!
//! Every framework has a shape of its own. The names of the API's [`ErrorBody`] come first. Then
//! follow the usual names, which are compared without regard to case, `_` and `-`: problem details
//! (RFC 9457), OAuth (RFC 6749 section 5.2), lists of validation errors, and maps from a field to
//! its errors.

use std::ptr;

use reqwest::StatusCode;
use serde_json::{Map, Value};

use super::error_body::ErrorBody;
use property::{find, is_plainly, plain, scalar};
use texts::{LISTS, add_fields, add_listed, texts};

mod property;
mod texts;

/// The properties that hold a reason, if those of the API hold none.
const REASONS: [&str; 13] = [
    "message",
    "detail",
    "errordescription",
    "errormessage",
    "errorsummary",
    "errortext",
    "faultstring",
    "hydra:description",
    "description",
    "reason",
    "msg",
    "title",
    "error",
];

/// The objects in which some services nest all of it.
const NESTS: [&str; 8] = [
    "error",
    "embedded",
    "fault",
    "exception",
    "meta",
    "response",
    "result",
    "status",
];

/// The maximum number of errors of a list that are quoted.
const MOST_ERRORS: usize = 10;

/// The parts of an error response.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) error_id: Option<String>,
}

/// Reads the parts of an error response.
pub(crate) fn read(shape: &ErrorBody, json: &Value) -> Reason {
    let first = |names: &[&str]| names.iter().find_map(|name| text_of(json, name));
    let mut code = first(shape.code);
    let mut oauth_code = None;
    let objects = objects(json);
    // With a description beside it, `error` is a code (RFC 6749 section 5.2).
    if let (None, Some(top)) = (&code, objects.first())
        && has_texts(top, "errordescription")
    {
        oauth_code = scalar(find(top, "error"));
        code.clone_from(&oauth_code);
    }
    Reason {
        message: match json {
            Value::String(_) | Value::Array(_) => joined(texts(json)),
            _ => message(shape, &objects, oauth_code.as_deref()),
        },
        error_id: first(shape.id),
        code,
    }
}

/// Returns the text of a property, at the top level or in an object `error`, where some services
/// nest it.
pub(crate) fn text_of(json: &Value, name: &str) -> Option<String> {
    let property = |object: &Value| scalar(object.get(name));
    property(json).or_else(|| property(json.get("error")?))
}

/// Returns whether a JSON object of a successful response says that the call failed.
///
/// `error` or `errors` must say something, unless `ok` or `success` is `true`. So must a reason
/// beside `"error": true`, `"ok": false` or `"success": false`.
pub(crate) fn tells_failure(json: &Value) -> bool {
    let Some(object) = json.as_object() else {
        return false;
    };
    let is = |name, value| find(object, name) == Some(&Value::Bool(value));
    // Some APIs write `"error": 0` for success.
    let says =
        |name: &&str| find(object, name).is_some_and(|it| texts(it).iter().any(|text| text != "0"));
    if is("ok", true) || is("success", true) {
        return false;
    }
    let is_flagged = is("error", true) || is("ok", false) || is("success", false);
    ["error", "errors"].iter().any(says)
        || (is_flagged && (REASONS.iter().any(says) || LISTS.iter().any(says)))
}

/// Returns whether a JSON object holds a reason.
pub(crate) fn holds_reason(json: &Value) -> bool {
    json.as_object()
        .is_some_and(|object| REASONS.iter().any(|name| has_texts(object, name)))
}

/// Returns whether an object has nothing but what error responses have, and properties that are
/// `null`.
pub(crate) fn is_nothing_else(json: &Value) -> bool {
    let is_expected = |(name, value): (&String, &Value)| value.is_null() || is_usual(name);
    json.as_object()
        .is_some_and(|object| object.iter().all(is_expected))
}

/// Returns whether the first property of a JSON text shows that there is [something
/// else](is_nothing_else) than an error.
pub(crate) fn begins_with_value(json: &[u8]) -> bool {
    let first = || {
        let start = json.trim_ascii_start().strip_prefix(b"{")?;
        let start = start.trim_ascii_start().strip_prefix(b"\"")?;
        // An escaped name is not compared.
        let end = memchr::memchr2(b'"', b'\\', start)?;
        let (name, rest) = start.split_at_checked(end)?;
        let value = rest.strip_prefix(b"\"")?.trim_ascii_start();
        let value = value.strip_prefix(b":")?.trim_ascii_start();
        Some((std::str::from_utf8(name).ok()?, value))
    };
    first().is_some_and(|(name, value)| !value.starts_with(b"null") && !is_usual(name))
}

/// Returns whether error responses have a property of this name.
fn is_usual(name: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "code",
        "errorcode",
        "errorid",
        "requestid",
        "traceid",
        "status",
        "statuscode",
        "success",
        "ok",
        "type",
        "instance",
        "timestamp",
        "path",
        "kind",
    ];
    let lists = [&REASONS[..], &LISTS[..], &OTHERS[..]];
    lists
        .iter()
        .any(|names| names.iter().any(|usual| is_plainly(name, usual)))
}

/// Returns the status that an error inside of a successful response states: a number from 400 to
/// 599, or a code that is usual for an overload.
pub(crate) fn stated_status(json: &Value) -> Option<StatusCode> {
    const STATUSES: [&str; 3] = ["status", "statuscode", "code"];
    const OVERLOADS: [&str; 4] = ["overloaded", "ratelimit", "toomanyrequests", "unavailable"];
    const CODES: [&str; 3] = ["code", "type", "status"];
    objects(json).iter().find_map(|object| {
        let number = STATUSES.iter().find_map(|name| {
            let number = scalar(find(object, name))?.parse().ok()?;
            (400..600).contains(&number).then_some(number)
        });
        let is_overload = |code: String| OVERLOADS.iter().any(|it| plain(&code).contains(it));
        let mut codes = CODES.iter();
        match number {
            Some(number) => StatusCode::from_u16(number).ok(),
            None => codes
                .any(|name| scalar(find(object, name)).is_some_and(is_overload))
                .then_some(StatusCode::SERVICE_UNAVAILABLE),
        }
    })
}

/// Returns the object, and the objects in which some services nest its properties.
fn objects(json: &Value) -> Vec<&Map<String, Value>> {
    let mut objects = Vec::new();
    let Some(top) = json.as_object() else {
        return objects;
    };
    objects.push(top);
    for name in NESTS {
        if let Some(nested) = find(top, name).and_then(Value::as_object) {
            objects.push(nested);
        }
    }
    // `{"detail": {"message": …}}`, as raised by hand in some frameworks.
    if let Some(detail) = top.get("detail").and_then(Value::as_object) {
        objects.push(detail);
    }
    objects
}

fn message(
    shape: &ErrorBody,
    objects: &[&Map<String, Value>],
    code: Option<&str>,
) -> Option<String> {
    let is_no_code = |texts: &Vec<String>| code.is_none_or(|code| *texts != [code]);
    let own = objects.iter().find_map(|object| {
        let mut names = shape.message.iter();
        names.find_map(|name| texts_of(object.get(*name)?, objects).filter(is_no_code))
    });
    let usual = || {
        objects.iter().find_map(|object| {
            let mut names = REASONS.iter();
            names.find_map(|name| texts_of(find(object, name)?, objects).filter(is_no_code))
        })
    };
    let mut found = Vec::new();
    // The title of problem details is general, the detail is particular.
    if let Some(title) = objects.first().and_then(|it| scalar(find(it, "title"))) {
        found.push(title);
    }
    found.append(&mut own.or_else(usual).unwrap_or_default());
    for object in objects {
        add_listed(object, 0, &mut found);
    }
    let mut all: Vec<String> = Vec::new();
    for text in found {
        if !all.iter().any(|said| repeats(said, &text)) {
            all.push(text);
        }
    }
    if all.is_empty() {
        // A map from each field to its errors, and nothing else.
        let is_map = |object: &&Map<String, Value>| {
            !object.is_empty() && object.values().all(Value::is_array)
        };
        add_fields(objects.iter().find(|it| is_map(it))?, 0, &mut all);
    }
    joined(all)
}

/// Returns the texts of a property that holds a reason, if there are any. The errors in one of the
/// [`objects`] are found there.
fn texts_of(value: &Value, objects: &[&Map<String, Value>]) -> Option<Vec<String>> {
    let texts = match value {
        Value::Object(object) if objects.iter().any(|it| ptr::eq(*it, object)) => return None,
        Value::Object(object) if !object.values().all(Value::is_array) => {
            localized(object).into_iter().collect()
        }
        Value::Object(object) => {
            let mut listed = Vec::new();
            add_listed(object, 0, &mut listed);
            match listed.is_empty() {
                true => texts(value),
                false => listed,
            }
        }
        other => texts(other),
    };
    (!texts.is_empty()).then_some(texts)
}

/// Returns the text of an object that has nothing but a language and a value (OData 2.0).
fn localized(object: &Map<String, Value>) -> Option<String> {
    let is_expected = |name: &String| is_plainly(name, "lang") || is_plainly(name, "value");
    let is_localized = object.keys().all(is_expected);
    is_localized
        .then(|| scalar(find(object, "value")))
        .flatten()
}

/// Returns whether `text` adds nothing to what was said.
fn repeats(said: &str, text: &str) -> bool {
    const SHORTEST_SENTENCE: usize = 8;
    said == text
        || said.strip_suffix(text).is_some_and(|it| it.ends_with(": "))
        || (text.len() >= SHORTEST_SENTENCE && said.contains(text))
}

/// Joins texts, at most [`MOST_ERRORS`] of them.
fn joined(mut texts: Vec<String>) -> Option<String> {
    let more = texts.len().saturating_sub(MOST_ERRORS);
    texts.truncate(MOST_ERRORS);
    if more > 0 {
        texts.push(format!("and {more} more"));
    }
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// Returns whether a property holds a text.
fn has_texts(object: &Map<String, Value>, name: &str) -> bool {
    find(object, name).is_some_and(|it| !texts(it).is_empty())
}

#[cfg(test)]
mod tests;
