//! Decodes the bytes of a 2xx response into the requested type, or into an error that says what
//! arrived instead.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::reason::tells_failure;
use crate::error::{Error, ErrorKind};
use crate::model::lossy::{self, Misfit};
use crate::model::received::{self, Received};
use crate::operation::Endpoint;
use crate::response::Response;
use crate::response::content_coding::compressed_as;
use crate::response::drift_warnings::{Secrets, warn_of_drift};
use crate::response::lenient_decode;
use crate::response::lost::LostPart;
use crate::response::misfit::first_misfit;
use crate::text::byte_order_mark::without_byte_order_mark;
use crate::text::charset;
use crate::text::media_type::essence;
use crate::text::mend_json::{Mended, mended};
use crate::text::one_line::{EXCERPT_CHARS, one_line, showable};
use crate::text::redact::redact;

/// Decodes the JSON of a response.
///
/// An empty body is read as `null`, so that types such as `()`, `Option` and `Value` accept it. If
/// the document promises a response without content, `()` ignores content. The parts that were left
/// out are returned beside the value.
pub(crate) fn decode<T: DeserializeOwned>(
    endpoint: &Endpoint,
    response: &Response<Bytes>,
    secrets: &Secrets<'_>,
) -> Result<(T, Vec<LostPart>), Error> {
    let quotable = endpoint.is_quotable().then_some(secrets);
    let source = || endpoint.to_string();
    let received = Received {
        status: response.status().as_u16(),
        content_type: response.headers().get(CONTENT_TYPE).cloned(),
    };
    warn_of_drift(source, quotable, || {
        received::during(received, || decode_quietly(endpoint, response, secrets))
    })
}

fn decode_quietly<T: DeserializeOwned>(
    endpoint: &Endpoint,
    response: &Response<Bytes>,
    secrets: &Secrets<'_>,
) -> Result<(T, Vec<LostPart>), Error> {
    let whole = |value| (value, Vec::new());
    let body = without_byte_order_mark(response);
    let is_empty = body.trim_ascii().is_empty();
    let json = if is_empty { b"null" } else { body };
    let failure = match serde_json::from_slice(json) {
        Ok(value) => return Ok(whole(value)),
        Err(failure) => failure,
    };
    // Success returns here. Time does not matter from now on.
    let secrets = &*secrets();
    let utf8 = charset::to_utf8(response.headers(), response);
    let json = utf8.as_deref().map_or(json, str::as_bytes);
    let failure = match utf8
        .as_deref()
        .map(|it| serde_json::from_slice(it.as_bytes()))
    {
        Some(Ok(value)) => return Ok(whole(value)),
        Some(Err(failure)) => failure,
        None => failure,
    };
    let unknown_charset = match utf8 {
        Some(_) => None,
        None => charset::unknown(response.headers(), response),
    };
    if let Some(label) = unknown_charset {
        charset::warn_of_unknown(endpoint, label, secrets);
    }
    // A type mismatch may come before a flaw.
    let mended = mended(json);
    let (json, failure) = match &mended {
        None => (json, failure),
        Some(mended) => {
            warn_of_flaws(endpoint, mended, secrets);
            match serde_json::from_slice(&mended.json) {
                Ok(value) => return Ok(whole(value)),
                Err(failure) => (&*mended.json, failure),
            }
        }
    };
    if let Some(value) = lenient_decode::decode(json) {
        if failure.is_data() {
            let at = first_misfit::<T>(json, &failure).and_then(|misfit| misfit.at);
            let at = at.map(|at| format!(" at `{}`", showable(&at, secrets)));
            let at = at.unwrap_or_default();
            tracing::warn!("{endpoint}: the response does not fit its type{at}");
        }
        return Ok(whole(value));
    }
    if let Some((value, lost)) = without_misfits::<T>(endpoint, json) {
        let lost = LostPart::shown(endpoint, lost, secrets);
        return Ok((value, lost));
    }
    if let Some(value) = plain_text(endpoint, response) {
        return Ok(whole(value));
    }
    if endpoint.is_empty_response()
        && !essence(response.headers()).eq_ignore_ascii_case(b"text/html")
        && let Ok(value) = serde_json::from_slice(b"null")
    {
        return Ok(whole(value));
    }
    let undecodable = Undecodable {
        status: response.status(),
        headers: response.headers(),
        body: json,
        compression: compressed_as(response),
        is_empty,
        remedy: unknown_charset.and_then(charset::remedy),
        quotable: endpoint.is_quotable(),
        secrets,
    };
    let misfit = first_misfit::<T>(json, &failure);
    Err(undecodable.error(failure, misfit))
}

fn warn_of_flaws(endpoint: &Endpoint, mended: &Mended, secrets: &[&str]) {
    for (path, flaw) in &mended.flaws {
        let path = showable(path, secrets);
        tracing::warn!("{endpoint}: `{path}` of the response is not JSON: {flaw}");
    }
}

/// Decodes what fits, if nothing that is required is lost. A response that is a list loses items,
/// if the document describes it.
fn without_misfits<T: DeserializeOwned>(
    endpoint: &Endpoint,
    json: &[u8],
) -> Option<(T, Vec<lossy::Lost>)> {
    match lenient_decode::value(json)? {
        Value::Array(items) => {
            endpoint.operation()?;
            lossy::decode_items(&items)
        }
        value => lossy::decode(&value),
    }
}

/// Decodes a plain text as a string, if the document leaves the media type to the server: the text
/// may be a string that is not JSON. A type that takes more than strings, such as `Value`, does not
/// take the text: a gateway may have sent it.
fn plain_text<T: DeserializeOwned>(endpoint: &Endpoint, response: &Response<Bytes>) -> Option<T> {
    let is_open = endpoint.operation()?.accept.contains("*/*");
    if !is_open || !essence(response.headers()).eq_ignore_ascii_case(b"text/plain") {
        return None;
    }
    let takes = |value| serde_json::from_value::<T>(value).is_ok();
    if takes(Value::Bool(true)) || takes(Value::Object(Map::new())) {
        return None;
    }
    let text = charset::text(response.headers(), response);
    if serde_json::from_str(&text).is_ok_and(|json| tells_failure(&json)) {
        return None;
    }
    serde_json::from_value(Value::from(text)).ok()
}

/// A response that could not be decoded, and what errors may quote of it.
struct Undecodable<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a [u8],
    /// The format of a body that is compressed once more than its headers say.
    compression: Option<&'static str>,
    is_empty: bool,
    /// How to read the encoding of the body, if it is unknown.
    remedy: Option<&'static str>,
    quotable: bool,
    secrets: &'a [&'a str],
}

impl Undecodable<'_> {
    fn error(&self, failure: serde_json::Error, misfit: Option<Misfit>) -> Error {
        let error = |what: String| {
            Error::new(ErrorKind::Decode, format!("{} {what}", self.status)).status_is(self.status)
        };
        if self.is_empty {
            return error("with an empty body where JSON was expected".to_owned())
                .advised("if that is right, read it with `send_as::<()>`");
        }
        if failure.is_data() || misfit.is_some() {
            let error = error(self.misfit(&failure, misfit));
            return match self.remedy {
                Some(remedy) => error.advised(remedy),
                None => error,
            };
        }
        // The cause names the location. Unlike a type mismatch, it quotes nothing of the body.
        let error = error(self.unreadable()).caused_by(failure);
        match self.compression {
            Some(_) => error.explained(),
            None => error.advised(
                self.remedy
                    .unwrap_or("check the base URL, and what responds there"),
            ),
        }
    }

    /// Handles JSON of an unexpected shape.
    fn misfit(&self, failure: &serde_json::Error, misfit: Option<Misfit>) -> String {
        let (at, reason) = match misfit {
            Some(misfit) if !misfit.is_reason_of(failure) => (misfit.at, misfit.reason),
            // The text of serde_json has line and column too.
            misfit => (misfit.and_then(|it| it.at), failure.to_string()),
        };
        let location = match at {
            Some(at) => format!(" at `{}`", self.safe(&at)),
            None => String::new(),
        };
        // serde quotes the value that it met, except when a field is missing.
        let is_missing = reason.starts_with("missing field `");
        let why = match (self.quotable, is_missing) {
            (true, true) => format!("{}, in {}", self.safe(&reason), self.excerpt()),
            (true, false) | (false, true) => self.safe(&reason),
            (false, false) => self.excerpt(),
        };
        format!("with JSON of another shape than expected{location}: {why}")
    }

    /// Handles a body that is not JSON, or JSON that cannot be read: a number out of range, half a
    /// surrogate pair, too many levels.
    fn unreadable(&self) -> String {
        let media_type = match self.headers.get(CONTENT_TYPE) {
            Some(value) => format!(
                "content type `{}`",
                self.safe(&String::from_utf8_lossy(value.as_bytes()))
            ),
            None => "no content type".to_owned(),
        };
        if let Some(format) = self.compression {
            return format!(
                "with a body that is {format} data and not JSON ({media_type}): \
                 the server compressed it once more than its `Content-Encoding` says, \
                 and a byte stream gives its bytes"
            );
        }
        let excerpt = self.excerpt();
        format!("with a body that cannot be read as JSON ({media_type}): {excerpt}")
    }

    /// Returns the beginning of the body, if it may be shown.
    fn excerpt(&self) -> String {
        if !self.quotable {
            return "not shown, it may hold a secret".to_owned();
        }
        // The body may be large, and the excerpt is not.
        let start = redact(self.body, self.secrets, 4 * EXCERPT_CHARS);
        one_line(&String::from_utf8_lossy(&start))
    }

    fn safe(&self, text: &str) -> String {
        showable(text, self.secrets)
    }
}
