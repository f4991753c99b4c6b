//! The media type of a body.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// Returns the value of `Content-Type` without parameters; it is empty if there is none.
pub(crate) fn essence(headers: &HeaderMap) -> &[u8] {
    let value = headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
    let essence = value.and_then(|it| it.split(|byte| *byte == b';').next());
    essence.unwrap_or_default().trim_ascii()
}
