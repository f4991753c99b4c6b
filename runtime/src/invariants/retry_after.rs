//! Invariants of `Retry-After`, for any value.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

/// A number of seconds is that wait, a date is never a longer wait, and any other value is no wait.
pub fn retry_after(value: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(value) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, value.clone());
    let now = SystemTime::now();
    let wait = crate::error::retry_after::retry_after(&headers);

    let text = value.to_str().unwrap_or_default().trim();
    let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let (true, Ok(seconds @ 0..=0x1F_FFFF_FFFF_FFFF)) = (is_whole, text.parse()) {
        assert_eq!(wait, Some(Duration::from_secs(seconds)), "{text}");
    } else if let Ok(date) = httpdate::parse_http_date(text) {
        let longest = date.duration_since(now).unwrap_or_default();
        assert!(wait.is_some_and(|wait| wait <= longest), "{text}: {wait:?}");
    } else if let Some(wait) = wait {
        let seconds: Option<f64> = text.parse().ok();
        let is_meant =
            seconds.is_some_and(|it| (wait.as_secs_f64() - it).abs() <= 1e-9 * it.abs().max(1.0));
        assert!(is_meant, "{text:?}: {wait:?}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::retry_after;
    use crate::invariants::strategies::config;

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_retry_after_is_read_safely(value in prop_oneof![
            any::<Vec<u8>>(),
            "[0-9]{1,40}".prop_map(String::into_bytes),
            "[ +.eE0-9-]{1,12}".prop_map(String::into_bytes),
            "(Sun|Mon), [0-9]{2} (Feb|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT".prop_map(String::into_bytes),
        ]) {
            retry_after(&value);
        }
    }
}
