//! Warns of text in an unknown encoding.

use crate::operation::Endpoint;
use crate::text::one_line::showable;

/// Tells how to read more encodings.
pub(super) const REMEDY: Option<&str> = match cfg!(feature = "charset") {
    true => None,
    false => Some("enable the Cargo feature `charset`, which adds encodings"),
};

/// Warns that characters of a response are wrong, because its encoding is unknown.
pub(super) fn warn_of_charset(endpoint: &Endpoint, label: &str, secrets: &[&str]) {
    let label = showable(label, secrets);
    let remedy = REMEDY.map(|remedy| format!("; {remedy}"));
    let remedy = remedy.unwrap_or_default();
    tracing::warn!(
        "{endpoint}: the charset `{label}` of the response is unknown, so characters may be wrong{remedy}"
    );
}
