//! Reads every response as UTF-8, in builds without the feature `charset`.

use std::borrow::Cow;

use reqwest::header::HeaderMap;

/// Returns `None`: no other encoding than UTF-8 is known.
pub(crate) fn to_utf8<'a>(_: &HeaderMap, _: &'a [u8]) -> Option<Cow<'a, str>> {
    None
}

/// Returns `body` as text, with replacement characters for what is not UTF-8.
pub(crate) fn text(_: &HeaderMap, body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
