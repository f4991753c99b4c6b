//! Transcodes responses in other encodings than UTF-8. JSON must be UTF-8 (RFC 8259 section 8.1),
//! but some servers send other encodings.

mod known;

use std::fmt::Display;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::IgnoredAny;

use self::known::Charset;
use crate::text::one_line::showable;

/// The beginnings of labels of encodings that the WHATWG Encoding Standard does not decode.
const UNDECODABLE: [&str; 9] = [
    "hz-gb-2312",
    "iso-10646-ucs-4",
    "iso-2022-cn",
    "iso-2022-kr",
    "ucs-4",
    "unicode-1-1-utf-7",
    "utf-32",
    "utf-7",
    "utf32",
];

/// Tells how to read text in the unknown encoding `label`, if a feature helps.
pub(crate) fn remedy(label: &str) -> Option<&'static str> {
    let is_undecodable = UNDECODABLE.iter().any(|start| begins_with(label, start));
    let is_missing = !cfg!(feature = "charset") && !is_undecodable;
    is_missing.then_some("enable the Cargo feature `charset`, which adds encodings")
}

/// Returns whether `label` begins with `start`, without regard to case.
fn begins_with(label: &str, start: &str) -> bool {
    let label = label.get(..start.len());
    label.is_some_and(|label| label.eq_ignore_ascii_case(start))
}

/// Returns `body` as UTF-8, if its byte order mark or the `charset` of its `Content-Type` names
/// another encoding that fits.
///
/// JSON in UTF-8 is left unchanged, whatever `charset` says.
pub(crate) fn to_utf8(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let (encoding, body) = match Charset::of_mark(body) {
        Some(found) => found,
        None => (Charset::of_label(label(headers)?)?, body),
    };
    if encoding == Charset::Utf8 || is_json(body) {
        return None;
    }
    let (text, has_errors) = encoding.decode(body);
    (!has_errors).then_some(text)
}

/// Returns `body` as text: in the encoding that its byte order mark or `charset` names, else in
/// UTF-8. Other bytes are read as windows-1252, as the WHATWG Encoding Standard does for text
/// without a label.
pub(crate) fn text(headers: &HeaderMap, body: &[u8]) -> String {
    if let Some((encoding, body)) = Charset::of_mark(body) {
        return encoding.decode(body).0;
    }
    let label = label(headers);
    let encoding = label.and_then(Charset::of_label);
    let encoding = encoding.filter(|it| *it != Charset::Utf8);
    match (std::str::from_utf8(body), encoding) {
        (Ok(text), None) => text.to_owned(),
        (Ok(text), Some(_)) if !may_be_other(text, label) => text.to_owned(),
        (_, encoding) => encoding.unwrap_or(Charset::Windows1252).decode(body).0,
    }
}

/// Returns whether `name` is the label of an encoding of text.
pub(crate) fn is_label(name: &str) -> bool {
    Charset::of_label(name).is_some()
}

/// Returns the `charset` of `body`, if its encoding is needed and unknown.
pub(crate) fn unknown<'h>(headers: &'h HeaderMap, body: &[u8]) -> Option<&'h str> {
    let label = label(headers).filter(|label| Charset::of_label(label).is_none())?;
    let is_utf8 = || std::str::from_utf8(body).is_ok_and(|text| !may_be_other(text, Some(label)));
    // The mark of UTF-32 begins with the mark of UTF-16.
    let is_utf_32 = body.starts_with(b"\xFF\xFE\0\0");
    let is_read = !is_utf_32 && (Charset::of_mark(body).is_some() || is_utf8());
    (!is_read).then_some(label)
}

/// Warns that characters of a response of `source` are wrong, because `label` is unknown.
pub(crate) fn warn_of_unknown(source: impl Display, label: &str, secrets: &[&str]) {
    let remedy = remedy(label).map(|remedy| format!("; {remedy}"));
    let (label, remedy) = (showable(label, secrets), remedy.unwrap_or_default());
    tracing::warn!(
        "{source}: the charset `{label}` of the response is unknown, so characters may be wrong{remedy}"
    );
}

/// Returns whether `text`, which is valid UTF-8, may be text in the encoding `label`.
///
/// UTF-16 and UTF-32 contain NUL. Encodings of 7 bits begin other characters with a byte of ASCII.
fn may_be_other(text: &str, label: Option<&str>) -> bool {
    let begins = |start: &str| label.is_some_and(|label| begins_with(label, start));
    let is_wide = |label: &str| match Charset::of_label(label) {
        Some(known) => matches!(known, Charset::Utf16Le | Charset::Utf16Be),
        None => true,
    };
    let shift = match () {
        () if begins("utf-7") || begins("unicode-1-1-utf-7") => '+',
        () if begins("hz-gb-2312") => '~',
        () => '\u{1b}',
    };
    (text.contains('\0') && label.is_some_and(is_wide)) || (text.is_ascii() && text.contains(shift))
}

fn is_json(body: &[u8]) -> bool {
    // Values that serde skips need not be UTF-8.
    let text = std::str::from_utf8(body);
    text.is_ok_and(|text| serde_json::from_slice::<IgnoredAny>(text.as_bytes()).is_ok())
}

/// Returns the parameter `charset` (RFC 9110 section 8.3.2).
fn label(headers: &HeaderMap) -> Option<&str> {
    let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"').trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8(media_type: &'static str, body: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        to_utf8(&headers, body)
    }

    #[test]
    fn declared_charset_is_decoded() {
        let latin = b"\"caf\xE9\"";
        for charset in [
            "application/json; charset=iso-8859-1",
            "application/json;CHARSET=\"Latin1\"",
        ] {
            assert_eq!(utf8(charset, latin).unwrap(), "\"café\"");
        }
        for charset in [
            "application/json",
            "application/json; charset=utf-8",
            "application/json; charset=nonsense",
            "application/json; charset",
        ] {
            assert_eq!(utf8(charset, latin), None, "{charset}");
        }
        assert_eq!(utf8("a/b; charset=utf-16le", b"1\0").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", "\"café\"".as_bytes()), None);
    }

    #[test]
    fn text_is_read_in_its_encoding() {
        let read = |media_type: &'static str, body: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
            text(&headers, body)
        };
        let other = "text/plain; charset=iso-8859-2";
        let expected = if cfg!(feature = "charset") {
            "ą"
        } else {
            "±"
        };
        assert_eq!(read(other, b"\xB1"), expected);
        let shift = b"\x1B$B$\"\x1B(B";
        let is_decoded = read("text/plain; charset=iso-2022-jp", shift) == "あ";
        assert_eq!(is_decoded, cfg!(feature = "charset"));
        assert_eq!(read("text/plain", b"\x1B[1m"), "\x1B[1m");
        assert_eq!(read("text/plain; charset=utf-16le", b"h\0i\0"), "hi");
        assert_eq!(read("text/plain; charset=utf-16be", b"\0h\0i"), "hi");
        assert_eq!(read("text/plain; charset=utf-16le", b"hi"), "hi");
        for label in ["utf-8", "latin1", "x-klingon"] {
            let media_type = format!("text/plain; charset={label}").leak();
            assert_eq!(read(media_type, "é\0".as_bytes()), "é\0", "{label}");
        }
        assert_eq!(read("text/plain", "é".as_bytes()), "é");
        assert_eq!(read("text/plain", b"caf\xE9"), "café");
        assert_eq!(read("text/plain", b"\xEF\xBB\xBFa"), "a");
        assert_eq!(read("text/plain; charset=utf-8", b"\xFF\xFEa\0"), "a");
    }

    #[test]
    fn charset_is_unknown_only_if_it_is_needed() {
        let mut headers = HeaderMap::new();
        assert_eq!(unknown(&headers, b"\xE9"), None);
        headers.insert(CONTENT_TYPE, "a/b; charset=x-klingon".parse().unwrap());
        assert_eq!(unknown(&headers, b"\xE9"), Some("x-klingon"));
        assert_eq!(unknown(&headers, "é".as_bytes()), None);
        assert_eq!(unknown(&headers, b"\xFF\xFEa\0"), None);
        assert_eq!(unknown(&headers, b"\xFF\xFE\0\0a\0\0\0"), Some("x-klingon"));
        headers.insert(CONTENT_TYPE, "a/b; charset=latin1".parse().unwrap());
        assert_eq!(unknown(&headers, b"\xE9"), None);
        headers.insert(CONTENT_TYPE, "a/b; charset=iso-8859-2".parse().unwrap());
        assert_eq!(
            unknown(&headers, b"\xE9").is_some(),
            !cfg!(feature = "charset")
        );
    }

    #[test]
    fn charset_unknown_of_ascii_is_told_if_it_shifts() {
        for (label, needed, plain) in [
            ("utf-32", "h\0\0\0", "h"),
            ("UTF-32LE", "é\0\0\0", "é"),
            ("utf-7", "caf+AOk-", "cafe"),
            ("hz-gb-2312", "~{<:Ky~}", "<:Ky"),
            ("iso-2022-kr", "\x1B$)C\x0E", "$)C"),
        ] {
            let mut headers = HeaderMap::new();
            let media_type = format!("text/plain; charset={label}");
            headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
            assert_eq!(unknown(&headers, needed.as_bytes()), Some(label));
            assert_eq!(unknown(&headers, plain.as_bytes()), None, "{label}");
            assert_eq!(text(&headers, needed.as_bytes()), needed, "{label}");
        }
    }

    #[test]
    fn remedy_is_told_only_if_it_helps() {
        for label in ["UTF-32LE", "utf-7", "hz-gb-2312", "ISO-2022-KR"] {
            assert_eq!(remedy(label), None, "{label}");
        }
        let is_told = remedy("iso-8859-2").is_some();
        assert_eq!(is_told, !cfg!(feature = "charset"));
    }

    #[test]
    fn byte_order_mark_overrides_charset() {
        assert_eq!(utf8("a/b", b"\xFF\xFE1\0").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", b"\xFE\xFF\x001").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", b"\xEF\xBB\xBF1"), None);
        assert_eq!(utf8("a/b", b"\xFF\xFE1"), None);
    }
}
