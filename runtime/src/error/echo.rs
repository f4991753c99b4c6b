//! Values that a request sent and that its error response may echo.

use reqwest::Request;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::text::redact::{redact_text, redact_words};

/// The maximum number of values that are searched for.
const MOST_VALUES: usize = 256;

/// The maximum number of bytes of a text that is searched.
const LONGEST_TEXT: usize = 8 * 1024;

/// The values of a request that an error response must not show.
#[derive(Clone, Default)]
pub(crate) enum Echo {
    /// The operation holds no secret.
    #[default]
    Public,
    /// All values of the request, some of which may be secret.
    Values(Vec<SecretString>),
    /// The body of the request cannot be searched, and may hold a secret.
    Unknown,
}

impl Echo {
    /// Returns all values that a request of a sensitive operation sends, except in its path.
    pub(crate) fn of(request: &Request) -> Self {
        let mut values = Vec::new();
        add_pairs(request.url(), &mut values);
        let is_known = match request.body() {
            None => true,
            Some(body) => match body.as_bytes() {
                Some([]) => true,
                Some(bytes) => add_body(request, bytes, &mut values),
                None => false,
            },
        };
        match is_known && values.len() <= MOST_VALUES {
            true => Self::Values(values),
            false => Self::Unknown,
        }
    }

    /// Returns a text of the server without the values of the request; `None` if the text must not
    /// be shown.
    pub(crate) fn hide(&self, text: String) -> Option<String> {
        let values = match self {
            Self::Public => return Some(text),
            Self::Unknown => return None,
            Self::Values(values) => values,
        };
        let mut end = text.len().min(LONGEST_TEXT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let start = text.get(..end).unwrap_or_default();
        let values: Vec<&str> = values.iter().map(ExposeSecret::expose_secret).collect();
        Some(redact_words(&redact_text(start, &values), &values))
    }

    /// Returns whether a body without a reason may be quoted. The response to a request that the
    /// server rejected holds nothing but, perhaps, values of the request.
    pub(crate) fn allows_excerpt(&self, is_rejection: bool) -> bool {
        match self {
            Self::Public => true,
            Self::Values(_) => is_rejection,
            Self::Unknown => false,
        }
    }
}

/// Adds the values of a body. Returns whether the body was understood.
fn add_body(request: &Request, body: &[u8], values: &mut Vec<SecretString>) -> bool {
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        add_json(&json, values);
        return true;
    }
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|it| {
        it.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let (true, Ok(form), Ok(mut url)) = (
        is_form,
        std::str::from_utf8(body),
        Url::parse("http://localhost/"),
    ) else {
        return false;
    };
    url.set_query(Some(form));
    add_pairs(&url, values);
    true
}

fn add_pairs(url: &Url, values: &mut Vec<SecretString>) {
    for (_, value) in url.query_pairs() {
        add(&value, values);
    }
}

/// Adds a value before the shorter ones. Nothing is searched for if there are too many.
fn add(value: &str, values: &mut Vec<SecretString>) {
    if values.len() > MOST_VALUES || values.iter().any(|it| it.expose_secret() == value) {
        return;
    }
    let index = values.partition_point(|it| it.expose_secret().len() >= value.len());
    values.insert(index, value.into());
}

fn add_json(json: &Value, values: &mut Vec<SecretString>) {
    match json {
        Value::String(text) => add(text, values),
        Value::Number(number) => add(&number.to_string(), values),
        Value::Array(items) => items.iter().for_each(|item| add_json(item, values)),
        Value::Object(properties) => properties.values().for_each(|it| add_json(it, values)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use reqwest::header::HeaderValue;

    use super::*;

    fn request(media_type: &'static str, body: impl Into<reqwest::Body>) -> Request {
        let url = Url::parse("http://localhost/secrets/name?scope=production").unwrap();
        let mut request = Request::new(Method::POST, url);
        let media_type = HeaderValue::from_static(media_type);
        request.headers_mut().insert(CONTENT_TYPE, media_type);
        *request.body_mut() = Some(body.into());
        request
    }

    #[test]
    fn values_of_the_request_are_hidden() {
        for request in [
            request(
                "application/json",
                r#"{"name": "db", "value": ["hunter2"], "pin": 4711}"#,
            ),
            request(
                "application/x-www-form-urlencoded",
                "name=db&value=hunter2&pin=4711",
            ),
        ] {
            let echo = Echo::of(&request);
            let text = "`hunter2` is short; pin 4711; 47110 in production: db must match ^db$";
            assert_eq!(
                echo.hide(text.to_owned()).unwrap(),
                "`[redacted]` is short; pin [redacted]; 47110 in [redacted]: db must match ^db$"
            );
            assert!(echo.allows_excerpt(true) && !echo.allows_excerpt(false));
        }
    }

    #[test]
    fn too_many_values_hide_the_text() {
        for (count, is_hidden) in [(MOST_VALUES - 1, false), (100_000, true)] {
            let values: Vec<usize> = (0..count).chain(0..count).collect();
            let body = serde_json::to_vec(&values).unwrap();
            let echo = Echo::of(&request("application/json", body));
            assert_eq!(
                echo.hide("wrong".to_owned()).is_none(),
                is_hidden,
                "{count}"
            );
        }
    }

    #[test]
    fn unknown_body_hides_the_text() {
        for request in [
            request("multipart/form-data; boundary=x", "--x--"),
            request(
                "application/json",
                reqwest::Body::wrap(reqwest::Body::from("{}")),
            ),
        ] {
            let echo = Echo::of(&request);
            assert_eq!(echo.hide("text".to_owned()), None);
            assert!(!echo.allows_excerpt(true));
        }
    }
}
