//! An error response of the server, in the shape that the document describes or in any other.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error_body::ErrorBody;
use super::retry_after::{retry_after, should_retry};
use crate::text::charset::{self, without_byte_order_mark};
use crate::text::one_line::one_line;
use crate::text::redact::{redact, redact_text};

/// The maximum number of bytes of an error response that are read and kept.
pub(crate) const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// A response whose status is not 2xx.
///
/// Every such response becomes an `ApiError`, whether or not the OpenAPI document lists its status,
/// and whatever its body is. An echo of a credential of at least 8 bytes is replaced by
/// `[redacted]` before anything is kept. A known error code is kept even if a credential has the
/// same text.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    code: Option<String>,
    message: Option<String>,
    error_id: Option<String>,
    excerpt: Option<String>,
    retry_after: Option<Duration>,
    /// `X-Should-Retry`.
    should_retry: Option<bool>,
    body: Bytes,
}

impl ApiError {
    /// `secret` is the credential that was sent. `quotable` says whether the body may be shown if
    /// it has no message.
    pub(crate) fn new(
        shape: &ErrorBody,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        secrets: &[&str],
        quotable: bool,
    ) -> Self {
        let utf8 = charset::to_utf8(headers, body);
        let sent = match &utf8 {
            Some(utf8) => utf8.as_bytes(),
            None => without_byte_order_mark(body),
        };
        let mut json: Option<Value> = serde_json::from_slice(sent).ok();
        // Look up properties before redacting names: a credential that is part of a name must not
        // hide the property.
        let first = |names: &[&str]| {
            let json = json.as_ref()?;
            let text = names.iter().find_map(|name| text_of(json, name))?;
            Some(redact_value(&text, shape, secrets))
        };
        let (code, message) = (first(shape.code), first(shape.message));
        let error_id = first(shape.id);
        // JSON can spell the same characters in many ways, so the decoded values are searched as
        // well as the bytes.
        let safe = redact(sent, secrets, ERROR_BODY_LIMIT);
        let found = json
            .as_mut()
            .is_some_and(|it| redact_json(it, shape, secrets));
        let body = match json {
            Some(json) if found || safe != sent => json.to_string().into_bytes(),
            _ => safe,
        };
        let excerpt = (quotable && message.is_none())
            .then(|| one_line(&String::from_utf8_lossy(&body)))
            .filter(|line| !line.is_empty());
        Self {
            status,
            code,
            message,
            error_id,
            excerpt,
            retry_after: retry_after(headers),
            should_retry: should_retry(headers),
            body: body.into(),
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the stable, machine-readable code (`code`).
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the message for people (`message`). Do not branch on the text.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the server's id of this error (`error_id`). Quote the id when you ask for help.
    pub fn error_id(&self) -> Option<&str> {
        self.error_id.as_deref()
    }

    /// Returns the beginning of a body that has neither `message` nor `error`, such as an HTML page
    /// of a gateway: one line of at most 512 characters. Returns `None` for an empty body, and for
    /// operations whose responses hold secrets.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    /// Returns the text of a property of the body, at its top or in an object `error`.
    pub fn property(&self, name: &str) -> Option<String> {
        text_of(&self.decode().ok()?, name)
    }

    /// Returns whether the same request may succeed later. `is_listed` says whether the retry policy
    /// lists the status, and `has_key` whether the request has an idempotency key.
    pub(crate) fn is_temporary(&self, is_listed: bool, has_key: bool) -> bool {
        let is_conflict = self.status == StatusCode::CONFLICT;
        let is_passing_conflict = is_conflict && (has_key || self.retry_after.is_some());
        self.should_retry
            .unwrap_or(is_listed || is_passing_conflict)
    }

    /// Returns whether the response says that the server did not carry out the request. See
    /// [`RetryPolicy`](crate::RetryPolicy).
    pub(crate) fn is_undone(&self) -> bool {
        let is_undone = match self.status.as_u16() {
            408 | 409 | 425 | 429 => true,
            503 => self.retry_after.is_some(),
            _ => false,
        };
        self.should_retry.unwrap_or(is_undone)
    }

    /// Returns how long the server asks to wait before the next request (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Decodes the body, of which the first 64 KiB are kept, into a type of your choice.
    ///
    /// # Errors
    /// Fails if the body is not JSON, was cut off, or does not fit the type.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// Returns the text of a property, at the top level or in an object `error`, where some services
/// nest it.
fn text_of(json: &Value, name: &str) -> Option<String> {
    let member = |object: &Value| match object.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    member(json).or_else(|| member(json.get("error")?))
}

/// Returns the text of a value without the credential. A known code is public, whatever the
/// credential is, because programs branch on it.
fn redact_value(text: &str, shape: &ErrorBody, secrets: &[&str]) -> String {
    if shape.knows(text) {
        return text.to_owned();
    }
    redact_text(text, secrets)
}

/// Redacts every string, number and name in `json`. Returns whether anything was redacted.
fn redact_json(json: &mut Value, shape: &ErrorBody, secrets: &[&str]) -> bool {
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

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.as_str())?;
        if let Some(reason) = self.status.canonical_reason() {
            write!(f, " {reason}")?;
        }
        let code = self.code.as_deref().map(one_line);
        // The excerpt would repeat the code, unless the JSON was cut before it.
        let excerpt = self.excerpt.as_deref().unwrap_or_default();
        if let Some(code) = code.filter(|code| !excerpt.contains(code)) {
            write!(f, ": {code}")?;
        }
        if let Some(said) = self.message.as_ref().or(self.excerpt.as_ref()) {
            write!(f, ": {}", one_line(said))?;
        }
        if let Some(id) = &self.error_id {
            write!(f, " [error id {}]", one_line(id))?;
        }
        Ok(())
    }
}

/// Omits the body: the fields hold everything that is fit to be logged.
impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("ApiError");
        fields.field("status", &self.status);
        if let Some(code) = &self.code {
            fields.field("code", &one_line(code));
        }
        let texts = [
            ("message", &self.message),
            ("error_id", &self.error_id),
            ("excerpt", &self.excerpt),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                fields.field(name, &one_line(text));
            }
        }
        if let Some(wait) = &self.retry_after {
            fields.field("retry_after", wait);
        }
        fields.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ErrorBody = ErrorBody::new()
        .message(&["message", "error"])
        .known_codes(&["not_exists"]);

    fn parse(status: u16, body: &str) -> ApiError {
        let status = StatusCode::from_u16(status).unwrap();
        let secrets = &["key_sk_canary"];
        ApiError::new(
            &SHAPE,
            status,
            &HeaderMap::new(),
            body.as_bytes(),
            secrets,
            true,
        )
    }

    #[test]
    fn every_property_is_read() {
        let error = parse(
            402,
            r#"{"code": "user_spending_cap_reached", "error": "cap", "error_id": "e-1",
                "kind": "payment", "message": "payment: cap"}"#,
        );
        assert_eq!(error.code(), Some("user_spending_cap_reached"));
        assert_eq!(error.property("error").as_deref(), Some("cap"));
        assert_eq!(error.error_id(), Some("e-1"));
        assert_eq!(error.property("kind").as_deref(), Some("payment"));
        assert_eq!(error.message(), Some("payment: cap"));
        assert_eq!(error.excerpt(), None);
        assert_eq!(
            error.to_string(),
            "402 Payment Required: user_spending_cap_reached: payment: cap [error id e-1]"
        );
    }

    #[test]
    fn odd_error_body_keeps_its_text() {
        let nested = parse(400, r#"{"error": {"code": 7, "message": "no"}}"#);
        assert_eq!(nested.code().unwrap(), "7");
        assert_eq!(nested.message(), Some("no"));

        let other = parse(422, r#"{"detail": [{"loc": ["body"]}], "message": null}"#);
        assert_eq!(
            other.excerpt(),
            Some(r#"{"detail": [{"loc": ["body"]}], "message": null}"#)
        );
        assert!(other.decode::<Value>().unwrap().get("detail").is_some());

        let coded = parse(404, r#"{"code": "not_exists", "detail": 7}"#);
        assert_eq!(
            coded.to_string(),
            r#"404 Not Found: {"code": "not_exists", "detail": 7}"#
        );
        let late = format!(r#"{{"detail": "{}", "code": "late"}}"#, "x".repeat(600));
        assert!(
            parse(404, &late)
                .to_string()
                .starts_with("404 Not Found: late: {")
        );

        assert_eq!(parse(599, "").to_string(), "599");
        assert_eq!(parse(500, "[]").excerpt(), Some("[]"));
        assert_eq!(parse(500, "\"no\"").excerpt(), Some("\"no\""));
        assert_eq!(
            parse(400, "\u{feff}{\"error\": \"bad\"}").message(),
            Some("bad")
        );
        assert_eq!(
            parse(400, r#"{"error": "a", "message": " "}"#).message(),
            Some("a")
        );
    }

    #[test]
    fn echo_of_credential_is_redacted_in_any_spelling() {
        let error = parse(
            400,
            r#"{"error": "bad key_sk_canary", "message": "key_sk_c\u0061nary", "code": "key_sk_canary",
                "k\u0065y_sk_canary": [["\u006bey_sk_canary"]]}"#,
        );
        let whole = error.decode::<Value>().unwrap().to_string();
        assert!(!whole.contains("canary"), "{whole}");
        assert_eq!(error.property("error").as_deref(), Some("bad [redacted]"));
        assert_eq!(error.message(), Some("[redacted]"));
        assert_eq!(error.code().unwrap(), "[redacted]");
        assert_eq!(
            parse(502, "<p>key_sk_canary</p>").excerpt(),
            Some("<p>[redacted]</p>")
        );
    }

    #[test]
    fn known_code_survives_any_credential() {
        let body =
            br#"{"code": "not_exists", "error": "no 12345678", "error_id": "e-1", "n": 12345678}"#;
        for secret in ["x", "code", "exists", "not_exists", "error_id", "12345678"] {
            let status = StatusCode::NOT_FOUND;
            let error = ApiError::new(&SHAPE, status, &HeaderMap::new(), body, &[secret], true);
            assert_eq!(error.code(), Some("not_exists"), "{secret}");
            assert_eq!(error.error_id(), Some("e-1"), "{secret}");
            let whole = error.decode::<Value>().unwrap();
            assert_eq!(whole["code"], "not_exists", "{secret}");
            if secret == "12345678" {
                assert_eq!(error.message(), Some("no [redacted]"));
                assert_eq!(whole["n"], "[redacted]");
            }
        }
    }

    #[test]
    fn repeated_property_hides_no_credential() {
        let error = parse(400, r#"{"a": "key_sk_canary", "a": 1}"#);
        assert_eq!(error.excerpt(), Some(r#"{"a":1}"#));
    }

    #[test]
    fn body_with_possible_secret_is_not_quoted() {
        let status = StatusCode::BAD_GATEWAY;
        let error = ApiError::new(&SHAPE, status, &HeaderMap::new(), b"a secret", &[], false);
        assert_eq!(error.excerpt(), None);
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
