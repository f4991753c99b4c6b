//! The wait before the next request that the JSON of an error response states. Some APIs state it
//! there and send no `Retry-After`.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Map, Value};

/// The properties that state a number of seconds.
const SECONDS: [&str; 3] = ["retry_after", "retryAfterSeconds", "retry_after_seconds"];

/// The objects and lists in which the property may be.
const NESTS: [&str; 4] = ["error", "details", "parameters", "errors"];

/// The maximum number of levels of objects and lists.
const DEEPEST: usize = 4;

/// A longer wait is not a number of seconds: some APIs state milliseconds, or a time.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Returns the wait that an error response asks for, if its status is 429 or 503.
///
/// `retry_after` and similar names are numbers of seconds, up to an hour. `retryDelay` is a
/// duration of Protocol Buffers, such as `"1.5s"` (`google.rpc.RetryInfo`).
pub(super) fn stated_wait(status: StatusCode, json: &Value) -> Option<Duration> {
    let is_expected = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    );
    is_expected.then(|| wait_in(json, 0)).flatten()
}

fn wait_in(json: &Value, depth: usize) -> Option<Duration> {
    match json {
        _ if depth > DEEPEST => None,
        Value::Array(items) => items.iter().find_map(|it| wait_in(it, depth + 1)),
        Value::Object(object) => wait_of(object).or_else(|| {
            let mut nests = NESTS.iter().filter_map(|name| object.get(*name));
            nests.find_map(|it| wait_in(it, depth + 1))
        }),
        _ => None,
    }
}

fn wait_of(object: &Map<String, Value>) -> Option<Duration> {
    let mut values = SECONDS.iter().filter_map(|name| object.get(*name));
    let seconds = values.find_map(|value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    });
    let delay = || {
        let delay = object.get("retryDelay")?.as_str()?;
        delay.strip_suffix('s')?.parse().ok()
    };
    let wait = Duration::try_from_secs_f64(seconds.or_else(delay)?).ok()?;
    (wait <= LONGEST).then_some(wait)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wait(json: Value) -> Option<u128> {
        let wait = stated_wait(StatusCode::TOO_MANY_REQUESTS, &json);
        wait.map(|wait| wait.as_millis())
    }

    #[test]
    fn wait_is_found_in_any_usual_shape() {
        for (json, expected) in [
            (
                json!({"error": {"code": 429, "details": [
                    {"@type": "type.googleapis.com/google.rpc.Help"},
                    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "45.837906927s"},
                ]}}),
                45_837,
            ),
            (json!({"ok": false, "parameters": {"retry_after": 5}}), 5000),
            (
                json!({"details": {"retryAfterSeconds": 3}, "code": 429}),
                3000,
            ),
            (json!({"message": "slow down", "retry_after": 1.25}), 1250),
            (json!([{"errors": [{"retry_after_seconds": "2"}]}]), 2000),
        ] {
            assert_eq!(wait(json.clone()), Some(expected), "{json}");
        }
    }

    #[test]
    fn wait_that_cannot_be_read_is_none() {
        for json in [
            json!({}),
            json!("retry_after"),
            json!({"retry_after": -1}),
            json!({"retry_after": "soon"}),
            json!({"retry_after": 3601}),
            json!({"retry_after": 1764000000}),
            json!({"retry_after": null}),
            json!({"retryDelay": "5m"}),
            json!({"retryDelay": 5}),
            json!({"data": {"retry_after": 5}}),
            json!({"error": {"error": {"error": {"error": {"error": {"retry_after": 5}}}}}}),
        ] {
            assert_eq!(wait(json.clone()), None, "{json}");
        }
        let json = json!({"retry_after": 5});
        assert_eq!(stated_wait(StatusCode::CONFLICT, &json), None);
    }
}
