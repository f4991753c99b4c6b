//! Reads a response as text, and warns of text in an unknown encoding.

use bytes::Bytes;

use crate::operation::Endpoint;
use crate::response::Response;
use crate::response::drift_warnings::Secrets;
use crate::text::charset;
use crate::text::one_line::showable;

/// Tells how to read more encodings.
pub(super) const REMEDY: Option<&str> = match cfg!(feature = "charset") {
    true => None,
    false => Some("enable the Cargo feature `charset`, which adds encodings"),
};

/// Returns the body as text.
pub(crate) fn read(
    endpoint: &Endpoint,
    response: &Response<Bytes>,
    secrets: &Secrets<'_>,
) -> String {
    if let Some(label) = charset::unknown(response.headers(), response) {
        warn_of_charset(endpoint, label, &secrets());
    }
    charset::text(response.headers(), response)
}

/// Warns that characters of a response are wrong, because its encoding is unknown.
pub(super) fn warn_of_charset(endpoint: &Endpoint, label: &str, secrets: &[&str]) {
    let label = showable(label, secrets);
    let remedy = REMEDY.map(|remedy| format!("; {remedy}"));
    let remedy = remedy.unwrap_or_default();
    tracing::warn!(
        "{endpoint}: the charset `{label}` of the response is unknown, so characters may be wrong{remedy}"
    );
}
