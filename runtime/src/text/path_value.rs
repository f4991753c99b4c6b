//! Values in the path of a URL: which may be there, and how they are escaped.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str};

/// All but the unreserved characters (RFC 3986 section 2.3).
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns why a text cannot be used in a path, alone or as part of a segment. Parsing a URL drops
/// the segments `.` and `..` and turns `\` into `/`, and some servers decode `%2F` before they do
/// the same.
pub(crate) fn flaw(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("must not be empty")
    } else if text.contains('\\') {
        Some("must not hold a backslash")
    } else if has_dot_segment(text) {
        Some("must not hold a segment `.` or `..`")
    } else {
        None
    }
}

/// Returns a path as a server may decode it. Bytes that are not UTF-8 cannot be part of a dot.
pub(crate) fn decoded(path: &str) -> Cow<'_, str> {
    percent_decode_str(path).decode_utf8_lossy()
}

pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|part| matches!(part, "." | ".."))
}
