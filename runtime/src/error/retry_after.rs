//! Headers by which a server asks for a retry, or against one: `Retry-After` (RFC 9110 section
//! 10.2.3), `Retry-After-Ms` and `X-Should-Retry`.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The wait in milliseconds. Some servers send it besides `Retry-After`, which has whole seconds.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// `true` or `false`: whether the client should send the request again.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// Returns how long the server asks to wait: a number of milliseconds or seconds (some servers send
/// a fraction), or an HTTP date.
///
/// A date is compared with the `Date` of the response, because the clocks of server and client may
/// differ. A date in the past means no wait. Other values are ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    if let Some(wait) = text(headers, &RETRY_AFTER_MS).and_then(|text| seconds(text, 1000.0)) {
        return Some(wait);
    }
    let value = text(headers, &RETRY_AFTER)?;
    if let Some(wait) = seconds(value, 1.0) {
        return Some(wait);
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let sent = text(headers, &DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let now = sent.unwrap_or_else(SystemTime::now);
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

/// Returns what the server says about a retry; `None` if it says nothing.
pub(crate) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    text(headers, &SHOULD_RETRY)?
        .to_ascii_lowercase()
        .parse()
        .ok()
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

fn seconds(text: &str, in_a_second: f64) -> Option<Duration> {
    let number: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(number / in_a_second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        retry_after(&headers)
    }

    #[test]
    fn retry_after_seconds_are_read() {
        assert_eq!(parse("0"), Some(Duration::ZERO));
        assert_eq!(parse(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(parse("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn retry_after_date_is_read() {
        let soon = SystemTime::now() + Duration::from_secs(90);
        let wait = parse(&httpdate::fmt_http_date(soon)).unwrap();
        assert!((85..=90).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(
            parse("Sunday, 06-Nov-94 08:49:37 GMT"),
            Some(Duration::ZERO)
        );
        assert_eq!(parse("Sun Nov  6 08:49:37 1994"), Some(Duration::ZERO));
    }

    #[test]
    fn retry_after_date_is_compared_with_date_of_response() {
        let hour = Duration::from_secs(3600);
        let wait = |sent: SystemTime, until: SystemTime| {
            let mut headers = HeaderMap::new();
            let date = |time| httpdate::fmt_http_date(time).parse().unwrap();
            headers.insert(DATE, date(sent));
            headers.insert(RETRY_AFTER, date(until));
            retry_after(&headers)
        };
        let now = SystemTime::now();
        for sent in [now - hour, now, now + hour] {
            let second = Duration::from_secs(1);
            assert_eq!(wait(sent, sent + second), Some(second));
            assert_eq!(wait(sent, sent - second), Some(Duration::ZERO));
        }
    }

    #[test]
    fn retry_after_ms_takes_precedence() {
        let wait = |milliseconds: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER_MS, milliseconds.parse().unwrap());
            headers.insert(RETRY_AFTER, "7".parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(wait("250"), Some(Duration::from_millis(250)));
        assert_eq!(wait("1.5"), Some(Duration::from_micros(1500)));
        for unreadable in ["", "soon", "-1", "NaN"] {
            assert_eq!(wait(unreadable), Some(Duration::from_secs(7)));
        }
    }

    #[test]
    fn should_retry_is_read() {
        let said = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(SHOULD_RETRY, value.parse().unwrap());
            should_retry(&headers)
        };
        assert_eq!(said("true"), Some(true));
        assert_eq!(said("False"), Some(false));
        assert_eq!(said("maybe"), None);
        assert_eq!(should_retry(&HeaderMap::new()), None);
    }

    #[test]
    fn retry_after_unreadable_is_none() {
        for value in [
            "", "-1", "NaN", "inf", "1e999", "soon", "1 s", "99e300", "1,5",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
