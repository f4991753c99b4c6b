//! Transcodes responses in other encodings than UTF-8. JSON must be UTF-8 (RFC 8259 section 8.1),
//! but some servers send other encodings.

mod encoding;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::IgnoredAny;

use self::encoding::Encoding;

/// Returns `body` as UTF-8, if its byte order mark or the `charset` of its `Content-Type` names
/// another encoding that fits.
///
/// JSON in UTF-8 is left unchanged, whatever `charset` says.
pub(crate) fn to_utf8(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let (encoding, body) = match Encoding::of_mark(body) {
        Some(found) => found,
        None => (Encoding::of_label(label(headers)?)?, body),
    };
    if encoding == Encoding::Utf8 || is_json(body) {
        return None;
    }
    let (text, has_errors) = encoding.decode(body);
    (!has_errors).then_some(text)
}

/// Returns `body` as text: in the encoding that its byte order mark or `charset` names, else in
/// UTF-8. Other bytes are read as windows-1252, as the WHATWG Encoding Standard does for text
/// without a label.
pub(crate) fn text(headers: &HeaderMap, body: &[u8]) -> String {
    if let Some((encoding, body)) = Encoding::of_mark(body) {
        return encoding.decode(body).0;
    }
    if let Some(text) = utf8(body) {
        return text.to_owned();
    }
    let encoding = label(headers).and_then(Encoding::of_label);
    let encoding = encoding.filter(|it| *it != Encoding::Utf8);
    encoding.unwrap_or(Encoding::Windows1252).decode(body).0
}

/// Returns the `charset` of `body`, if its encoding is needed and unknown.
pub(crate) fn unknown<'h>(headers: &'h HeaderMap, body: &[u8]) -> Option<&'h str> {
    let label = label(headers).filter(|label| Encoding::of_label(label).is_none())?;
    let is_read = Encoding::of_mark(body).is_some() || utf8(body).is_some();
    (!is_read).then_some(label)
}

/// Returns `body` if it is UTF-8. ASCII with escape characters may be ISO-2022-JP.
fn utf8(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let may_be_other = text.is_ascii() && text.contains('\u{1b}');
    (!may_be_other).then_some(text)
}

fn is_json(body: &[u8]) -> bool {
    // Values that serde skips need not be UTF-8.
    let text = std::str::from_utf8(body);
    text.is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
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
        headers.insert(CONTENT_TYPE, "a/b; charset=latin1".parse().unwrap());
        assert_eq!(unknown(&headers, b"\xE9"), None);
        headers.insert(CONTENT_TYPE, "a/b; charset=iso-8859-2".parse().unwrap());
        assert_eq!(
            unknown(&headers, b"\xE9").is_some(),
            !cfg!(feature = "charset")
        );
    }

    #[test]
    fn byte_order_mark_overrides_charset() {
        assert_eq!(utf8("a/b", b"\xFF\xFE1\0").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", b"\xFE\xFF\x001").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", b"\xEF\xBB\xBF1"), None);
        assert_eq!(utf8("a/b", b"\xFF\xFE1"), None);
    }
}
