//! Invariants of lenient decoding: lenient about the spelling, never about the value.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::operation::Endpoint;
use crate::response::Response;

/// Lenient decoding turns `3.0` into `3` and changes nothing else. JSON in UTF-16 decodes like the
/// same JSON in UTF-8.
pub fn lenient(json: &str) {
    let Ok(strict) = serde_json::from_str::<Value>(json) else {
        return;
    };
    let lenient = crate::response::lenient_decode::decode::<Value>(json.as_bytes());
    assert!(
        lenient.as_ref().is_some_and(|it| is_same(&strict, it)),
        "{strict} became {lenient:?}"
    );

    let utf16: Vec<u8> = json.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-16le"),
    );
    let endpoint = Endpoint::path(&[], &[], Method::GET, "/");
    let response = Response::new(StatusCode::OK, headers, Duration::ZERO, Bytes::from(utf16));
    let decoded = crate::response::decode::decode::<Value>(&endpoint, &response, &Vec::new).ok();
    assert_eq!(decoded.map(|(value, _)| value), Some(strict));
}

fn is_same(strict: &Value, lenient: &Value) -> bool {
    match (strict, lenient) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() && b.is_i64() && a.as_f64() == b.as_f64())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((x, a), (y, b))| x == y && is_same(a, b))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lenient;
    use crate::invariants::strategies::{config, json};

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_json_is_decoded_leniently(json in json()) {
            lenient(&json);
        }
    }

    #[test]
    fn lenient_regressions_hold() {
        for json in [
            "3.0",
            "{\"a\": [-0.0, 1e3, null]}",
            "9007199254740993.0",
            "1e300",
        ] {
            lenient(json);
        }
    }
}
