//! Invariants of error responses, for any content.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use super::secret::{SECRET, assert_line, assert_not_shown, with_echoes};
use crate::error::ErrorBody;
use crate::error::api_error::{ApiError, ERROR_BODY_LIMIT, Hidden};
use crate::error::echo::Echo;
use crate::error::{Error, ErrorKind};
use crate::text::one_line::EXCERPT_CHARS;

const SHAPE: ErrorBody = ErrorBody::new();

/// Every response becomes an error with its status. Its texts are fit for a log, and none of its
/// parts shows the credential. A body without the credential is kept unchanged.
pub fn api_error(status: u16, content_type: &[u8], retry_after: &[u8], body: &[u8]) {
    let Ok(status) = StatusCode::from_u16(status) else {
        return;
    };
    let mut headers = HeaderMap::new();
    for (name, value) in [(CONTENT_TYPE, content_type), (RETRY_AFTER, retry_after)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let echoing = with_echoes(body);
    for echo in [Echo::Public, Echo::Values(Vec::new()), Echo::Unknown] {
        let hidden = Hidden {
            secrets: &[SECRET],
            words: &[],
            echo: &echo,
        };
        let error = ApiError::new(&SHAPE, status, &headers, &echoing, hidden);
        assert_eq!(error.status(), status);
        let excerpt = error.excerpt();
        assert!(excerpt.is_none_or(|it| it.chars().count() <= EXCERPT_CHARS + 1));
        if matches!(echo, Echo::Unknown) {
            assert_eq!((error.message(), excerpt), (None, None));
        }
        let texts = [error.code(), error.message(), error.error_id(), excerpt];
        texts.into_iter().flatten().for_each(assert_not_shown);
        if let Ok(json) = error.decode::<Value>() {
            assert_not_shown(&json.to_string());
            assert_not_shown_in(&json);
        }
        assert_not_shown(&format!("{error:?}"));
        assert_line(&error.to_string());

        let error = Error::api_error(error);
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(status))
        );
        assert_line(&format!("{error:#}"));
    }

    if body.len() <= ERROR_BODY_LIMIT
        && let Ok(json) = serde_json::from_slice::<Value>(body)
    {
        let hidden = Hidden {
            secrets: &[],
            words: &[],
            echo: &Echo::Public,
        };
        let error = ApiError::new(&SHAPE, status, &headers, body, hidden);
        assert_eq!(error.decode::<Value>().ok(), Some(json));
    }
}

/// Compare decoded values: printed JSON would escape characters again.
fn assert_not_shown_in(json: &Value) {
    match json {
        Value::String(text) => assert_not_shown(text),
        Value::Array(items) => items.iter().for_each(assert_not_shown_in),
        Value::Object(members) => {
            members.keys().for_each(|name| assert_not_shown(name));
            members.values().for_each(assert_not_shown_in);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EXCERPT_CHARS, api_error};
    use crate::invariants::strategies::{bytes, config};

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_error_body_is_read_safely(
            status in 100..1000u16,
            content_type in prop_oneof![
                any::<Vec<u8>>(),
                "(text/html|application/json)(; charset=(utf-8|latin1|utf-16le|utf-16be|gb18030|iso-2022-jp))?"
                    .prop_map(String::into_bytes),
            ],
            retry_after in any::<Vec<u8>>(),
            body in bytes(),
        ) {
            api_error(status, &content_type, &retry_after, &body);
        }
    }

    #[test]
    fn error_body_regressions_hold() {
        for body in [
            &b"\xFE"[..],
            b"<a href=\"/login?key=\xFB\">",
            b"{\"a\": \"\xF9\", \"a\": 1}",
            b"{\"message\": \"\xFC\"}",
            b"{\"error\": \"\xFA",
        ] {
            api_error(500, b"application/json", b"1", body);
        }
        // An excerpt that is full at the end of a word.
        let text = ["a".repeat(EXCERPT_CHARS).as_bytes(), b" b"].concat();
        api_error(502, b"text/html", b"", &text);
    }
}
