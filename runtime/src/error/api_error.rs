//! An error response of the server, in the shape that the document describes or in any other.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::challenge::Challenges;
use super::echo::Echo;
use super::error_body::ErrorBody;
use super::reason;
use super::redact_json::{redact_json, redact_value};
use super::retry_after::{retry_after, should_retry};
use crate::text::charset::{self, without_byte_order_mark};
use crate::text::markup;
use crate::text::one_line::one_line;
use crate::text::redact::{redact, redact_text};

/// The maximum number of bytes of an error response that are read and kept.
pub(crate) const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// An error response: a response whose status is not 2xx, or an error in place of the body of a
/// 2xx response.
///
/// Every such response becomes an `ApiError`, whether or not the OpenAPI document lists its status,
/// and whatever its body is. An echo of a credential of at least 8 bytes is replaced by
/// `[redacted]` before anything is kept. A known error code is kept even if a credential has the
/// same text.
///
/// The texts of an operation whose request or response holds secrets show no value of the request.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    headers: HeaderMap,
    code: Option<String>,
    message: Option<String>,
    error_id: Option<String>,
    excerpt: Option<String>,
    /// `true` if a text is not shown, because it may echo a secret of the request.
    is_withheld: bool,
    retry_after: Option<Duration>,
    /// `X-Should-Retry`.
    should_retry: Option<bool>,
    body: Bytes,
}

/// The parts of a call that an error response may echo.
#[derive(Clone, Copy)]
pub(crate) struct Hidden<'a> {
    /// The credentials that were sent.
    pub(crate) secrets: &'a [&'a str],
    /// The values that were sent.
    pub(crate) echo: &'a Echo,
}

impl ApiError {
    pub(crate) fn new(
        shape: &ErrorBody,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        hidden: Hidden<'_>,
    ) -> Self {
        let Hidden { secrets, echo } = hidden;
        let utf8 = charset::to_utf8(headers, body);
        let sent = match &utf8 {
            Some(utf8) => utf8.as_bytes(),
            None => without_byte_order_mark(body),
        };
        let mut json: Option<Value> = serde_json::from_slice(sent).ok();
        // Look up properties before redacting names: a credential that is part of a name must not
        // hide the property.
        let said = json.as_ref().map(|json| reason::read(shape, json));
        let said = said.unwrap_or_default();
        let challenges = Challenges::of(headers);
        let safe = |text: String| redact_value(&text, shape, secrets);
        let reason = said.message.or_else(|| challenges.reason()).map(safe);
        let is_reason = reason.is_some();
        let message = reason.and_then(|text| echo.hide(text));
        // JSON can spell the same characters in many ways, so the decoded values are searched as
        // well as the bytes.
        let safe_body = redact(sent, secrets, ERROR_BODY_LIMIT);
        let found = json
            .as_mut()
            .is_some_and(|it| redact_json(it, shape, secrets));
        let body = match json {
            Some(json) if found || safe_body != sent => json.to_string().into_bytes(),
            _ => safe_body,
        };
        let excerpt = (!is_reason)
            .then(|| excerpt(&String::from_utf8_lossy(&body), secrets))
            .filter(|line| !line.is_empty());
        let is_excerpt = excerpt.is_some();
        let excerpt = excerpt
            .filter(|_| echo.allows_excerpt(status.is_client_error()))
            .and_then(|line| echo.hide(line));
        Self {
            status,
            headers: redacted(headers, secrets),
            code: said.code.or(challenges.error).map(safe),
            is_withheld: (is_reason && message.is_none()) || (is_excerpt && excerpt.is_none()),
            message,
            error_id: said.error_id.map(safe),
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

    /// Returns the headers of the response. An echo of a credential is redacted; other values are
    /// as the server sent them, and may be secret. `Debug` does not show them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the reason for people: the text in the body, with the errors of single fields, or
    /// the text of `WWW-Authenticate`. Do not branch on the text.
    ///
    /// Returns `None` if the body holds no such text, or if it may echo a secret.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the server's id of this error (`error_id`). Quote the id when you ask for help.
    pub fn error_id(&self) -> Option<&str> {
        self.error_id.as_deref()
    }

    /// Returns the beginning of a body without a [`message`](ApiError::message), such as the text of
    /// an HTML page of a gateway: one line of at most 512 characters. Returns `None` for an empty
    /// body. If the operation holds secrets, returns the excerpt of a 4xx response only.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    /// Returns the text of a property of the body, at its top or in an object `error`.
    pub fn property(&self, name: &str) -> Option<String> {
        reason::text_of(&self.decode().ok()?, name)
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

/// Returns the beginning of a body as an error may show it.
fn excerpt(body: &str, secrets: &[&str]) -> String {
    if !markup::is_markup(body) {
        return one_line(body);
    }
    // Without the tags, two parts of a secret may be next to each other.
    let text = redact_text(&markup::text(body), secrets);
    match one_line(&text) {
        text if text.is_empty() => one_line(body),
        text => text,
    }
}

/// Returns the headers without echoes of credentials.
pub(crate) fn redacted(headers: &HeaderMap, secrets: &[&str]) -> HeaderMap {
    let mut safe = headers.clone();
    for value in safe.values_mut() {
        let shown = redact(value.as_bytes(), secrets, value.len());
        if shown != value.as_bytes() {
            *value =
                HeaderValue::from_bytes(&shown).unwrap_or(HeaderValue::from_static("[redacted]"));
        }
    }
    safe
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
        } else if self.is_withheld {
            f.write_str(": the text may hold a secret, read it with `ApiError::decode`")?;
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
        let hidden = Hidden {
            secrets: &["key_sk_canary"],
            echo: &Echo::Public,
        };
        ApiError::new(&SHAPE, status, &HeaderMap::new(), body.as_bytes(), hidden)
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

        let coded = parse(404, r#"{"code": "not_exists", "extra": 7}"#);
        assert_eq!(
            coded.to_string(),
            r#"404 Not Found: {"code": "not_exists", "extra": 7}"#
        );
        let late = format!(r#"{{"extra": "{}", "code": "late"}}"#, "x".repeat(600));
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
            Some("[redacted]")
        );
    }

    #[test]
    fn known_code_survives_any_credential() {
        let body =
            br#"{"code": "not_exists", "error": "no 12345678", "error_id": "e-1", "n": 12345678}"#;
        for secret in ["x", "code", "exists", "not_exists", "error_id", "12345678"] {
            let status = StatusCode::NOT_FOUND;
            let hidden = Hidden {
                secrets: &[secret],
                echo: &Echo::Public,
            };
            let error = ApiError::new(&SHAPE, status, &HeaderMap::new(), body, hidden);
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
    fn body_that_may_hold_a_secret_is_not_quoted() {
        let parse = |status, body: &str, echo: &Echo| {
            let status = StatusCode::from_u16(status).unwrap();
            let hidden = Hidden { secrets: &[], echo };
            ApiError::new(&SHAPE, status, &HeaderMap::new(), body.as_bytes(), hidden)
        };
        let values = Echo::Values(vec!["hunter2".to_owned().into()]);
        let error = parse(502, "a canary", &values);
        assert_eq!(error.excerpt(), None);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        let error = parse(400, "hunter2 is short", &values);
        assert_eq!(error.excerpt(), Some("[redacted] is short"));
        let error = parse(422, r#"{"detail": "name: only A-Z, not hunter2"}"#, &values);
        assert_eq!(error.message(), Some("name: only A-Z, not [redacted]"));
        let error = parse(422, r#"{"code": "c", "detail": "hunter2"}"#, &Echo::Unknown);
        assert_eq!(
            error.to_string(),
            "422 Unprocessable Entity: c: the text may hold a secret, read it with `ApiError::decode`"
        );
        assert!(!format!("{error:?}").contains("hunter2"));
    }

    #[test]
    fn challenge_is_the_reason_without_a_body() {
        let mut headers = HeaderMap::new();
        let challenge = r#"Bearer error="invalid_token", error_description="It expired""#;
        headers.insert("www-authenticate", HeaderValue::from_static(challenge));
        let hidden = Hidden {
            secrets: &[],
            echo: &Echo::Public,
        };
        let error = |body| {
            ApiError::new(&SHAPE, StatusCode::UNAUTHORIZED, &headers, body, hidden).to_string()
        };
        assert_eq!(error(b""), "401 Unauthorized: invalid_token: It expired");
        let body = br#"{"code": "revoked", "error": "no more"}"#;
        assert_eq!(error(body), "401 Unauthorized: revoked: no more");
    }
}
