//! An error response of the server, in the shape that the document describes or in any other.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use super::challenge::Challenges;
use super::echo::Echo;
use super::error_body::ErrorBody;
use super::reason;
use super::redact_json::{redact_json, redact_value};
use super::retry_after::{retry_after, should_retry};
use super::stated_wait::stated_wait;
use crate::text::markup;
use crate::text::one_line::one_line;
use crate::text::read_json::read_json;
use crate::text::redact::{redact, redact_text, redact_words};

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
///
/// ```
/// # use neo_client_runtime::{Error, serde_json::Value};
/// fn details(error: &Error) -> Option<Value> {
///     let response = error.api()?;
///     println!("{}: {:?}", response.status(), response.message());
///     response.decode().ok()
/// }
/// ```
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
    /// The status that an error inside of a 2xx response states.
    stated_status: Option<StatusCode>,
    /// `X-Should-Retry`.
    should_retry: Option<bool>,
    body: Bytes,
}

/// The parts of a call that an error response may echo.
#[derive(Clone, Copy)]
pub(crate) struct Hidden<'a> {
    /// The credentials that were sent.
    pub(crate) secrets: &'a [&'a str],
    /// Short credentials, which are redacted where they are words of their own.
    pub(crate) words: &'a [&'a str],
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
        let Hidden {
            secrets,
            words,
            echo,
        } = hidden;
        let (mut json, sent) = read_json(headers, body);
        // Look up properties before redacting names: a credential that is part of a name must not
        // hide the property.
        let said = json.as_ref().map(|json| reason::read(shape, json));
        let said = said.unwrap_or_default();
        let stated_status = json.as_ref().filter(|_| status.is_success());
        let stated_status = stated_status.and_then(reason::stated_status);
        let wait_in_body = || stated_wait(stated_status.unwrap_or(status), json.as_ref()?);
        let retry_after = retry_after(headers).or_else(wait_in_body);
        let challenges = Challenges::of(headers);
        let safe = |text: String| match shape.knows(&text) {
            true => text,
            false => redact_words(&redact_value(&text, shape, secrets), words),
        };
        let reason = said.message.or_else(|| challenges.reason()).map(safe);
        let is_reason = reason.is_some();
        let message = reason.and_then(|text| echo.hide(text));
        // JSON can spell the same characters in many ways, so the decoded values are searched as
        // well as the bytes.
        let safe_body = redact(&sent, secrets, ERROR_BODY_LIMIT);
        let found = json
            .as_mut()
            .is_some_and(|it| redact_json(it, shape, secrets));
        let body = match json {
            Some(json) if found || safe_body != *sent => json.to_string().into_bytes(),
            _ => safe_body,
        };
        let excerpt = (!is_reason)
            .then(|| excerpt(&String::from_utf8_lossy(&body), secrets))
            .map(|line| redact_words(&line, words))
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
            retry_after,
            stated_status,
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

    /// Returns the beginning of a body without a [`message`](ApiError::message), such as the text
    /// of an HTML page of a gateway: one line of at most 512 characters. Returns `None` for an
    /// empty body. If the operation holds secrets, returns the excerpt of a 4xx response only.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    /// Returns the text of a property of the body, at its top or in an object `error`.
    pub fn property(&self, name: &str) -> Option<String> {
        reason::text_of(&self.decode().ok()?, name)
    }

    /// Returns the status that says what went wrong: that of the response, or the one that an error
    /// inside of a 2xx response states.
    pub(crate) fn telling_status(&self) -> StatusCode {
        self.stated_status.unwrap_or(self.status)
    }

    /// Returns whether the same request may succeed later. `is_listed` says whether the retry
    /// policy lists the status, and `has_key` whether the request has an idempotency key.
    pub(crate) fn is_temporary(&self, is_listed: bool, has_key: bool) -> bool {
        let is_passing = match self.status {
            StatusCode::CONFLICT => has_key || self.retry_after.is_some(),
            StatusCode::FORBIDDEN => self.retry_after.is_some(),
            _ => false,
        };
        self.should_retry.unwrap_or(is_listed || is_passing)
    }

    /// Returns whether the response says that the server did not carry out the request. See
    /// [`RetryPolicy`](crate::RetryPolicy).
    pub(crate) fn is_undone(&self) -> bool {
        let is_undone = match self.status.as_u16() {
            408 | 409 | 421 | 425 | 429 => true,
            403 | 503 => self.retry_after.is_some(),
            _ => false,
        };
        self.should_retry.unwrap_or(is_undone)
    }

    /// Returns how long the server asks to wait before the next request: by `Retry-After`, or by
    /// the JSON of a 429 or 503.
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
mod tests;
