//! Transcodes responses in other encodings than UTF-8. JSON must be UTF-8 (RFC 8259 section 8.1),
//! but some servers send other encodings.

use std::borrow::Cow;

use encoding_rs::Encoding;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::IgnoredAny;

/// Returns `body` as UTF-8, if its byte order mark or the `charset` of its `Content-Type` names
/// another encoding that fits.
///
/// JSON in UTF-8 is left unchanged, whatever `charset` says.
pub(crate) fn to_utf8<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<Cow<'a, str>> {
    let (encoding, mark) = match Encoding::for_bom(body) {
        Some(found) => found,
        None => (declared(headers)?, 0),
    };
    if encoding == encoding_rs::UTF_8 || is_json(body) {
        return None;
    }
    encoding.decode_without_bom_handling_and_without_replacement(body.get(mark..)?)
}

/// Returns `body` as text: in the encoding that its byte order mark or `charset` names, else in
/// UTF-8. Other bytes are read as windows-1252, as the WHATWG Encoding Standard does for text
/// without a label.
pub(crate) fn text(headers: &HeaderMap, body: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding.decode(body).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(body) {
        return text.to_owned();
    }
    let encoding = declared(headers).filter(|it| *it != encoding_rs::UTF_8);
    let encoding = encoding.unwrap_or(encoding_rs::WINDOWS_1252);
    encoding.decode(body).0.into_owned()
}

fn is_json(body: &[u8]) -> bool {
    // Values that serde skips need not be UTF-8.
    let text = std::str::from_utf8(body);
    text.is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

/// Returns the encoding that the parameter `charset` names (RFC 9110 section 8.3.2).
fn declared(headers: &HeaderMap) -> Option<&'static Encoding> {
    let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let label = media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    })?;
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8(media_type: &'static str, body: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        to_utf8(&headers, body).map(Cow::into_owned)
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
        assert_eq!(read("text/plain; charset=iso-8859-2", b"\xB1"), "ą");
        assert_eq!(read("text/plain", "é".as_bytes()), "é");
        assert_eq!(read("text/plain", b"caf\xE9"), "café");
        assert_eq!(read("text/plain", b"\xEF\xBB\xBFa"), "a");
        assert_eq!(read("text/plain; charset=utf-8", b"\xFF\xFEa\0"), "a");
    }

    #[test]
    fn byte_order_mark_overrides_charset() {
        assert_eq!(utf8("a/b", b"\xFF\xFE1\0").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", b"\xFE\xFF\x001").unwrap(), "1");
        assert_eq!(utf8("a/b; charset=latin1", b"\xEF\xBB\xBF1"), None);
        assert_eq!(utf8("a/b", b"\xFF\xFE1"), None);
    }
}
