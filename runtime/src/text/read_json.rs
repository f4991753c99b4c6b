//! Reads the JSON of an error, whose encoding may be another than UTF-8 and which may have flaws.

use std::borrow::Cow;

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::byte_order_mark::without_byte_order_mark;
use super::charset;
use super::mend_json::mended;

/// Returns the JSON of a body, or `None` if it is not JSON even if it is mended. The second value
/// is the text that was read: transcoded, without a byte order mark, and mended if that made it
/// JSON.
pub(crate) fn read_json<'b>(headers: &HeaderMap, body: &'b [u8]) -> (Option<Value>, Cow<'b, [u8]>) {
    let text = match charset::to_utf8(headers, body) {
        Some(utf8) => Cow::Owned(utf8.into_bytes()),
        None => Cow::Borrowed(without_byte_order_mark(body)),
    };
    if let Ok(value) = serde_json::from_slice(&text) {
        return (Some(value), text);
    }
    match mended(&text) {
        Some(mended) => {
            let value = serde_json::from_slice(&mended.json).ok();
            (value, Cow::Owned(mended.json))
        }
        None => (None, text),
    }
}
