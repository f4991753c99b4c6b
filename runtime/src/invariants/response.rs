//! Invariants of responses of every type, for any content.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::de::{DeserializeOwned, MapAccess};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::secret::{CANARY, SECRET, assert_line, assert_not_shown, with_echoes};
use crate::error::ErrorKind;
use crate::model::{deserialize, serialize};
use crate::operation::{Endpoint, Operation, ResponseKind};
use crate::response::Response;

type Check = fn(&Endpoint, &HeaderMap, &[u8]);

/// Operations whose responses may be quoted, and not.
const OPERATIONS: &[Operation] = &[
    Operation::new("get-item", "items.get", "GET", "/items/{id}").response(ResponseKind::Json),
    Operation::new("get-secret", "secrets.get", "GET", "/secrets")
        .response(ResponseKind::Json)
        .sensitive(true),
    Operation::new("delete-item", "items.delete", "DELETE", "/items/{id}"),
];

/// A type like the generated ones.
#[derive(Debug, Default)]
struct Item {
    id: String,
    names: Vec<String>,
    count: Option<i64>,
    mood: Option<Mood>,
}

impl<'de> deserialize::Object<'de> for Item {
    const NAME: &'static str = "Item";
    const PROPERTIES: &'static [&'static str] = &["id", "names", "count", "mood"];

    fn read<A: MapAccess<'de>>(mut properties: A) -> Result<Self, A::Error> {
        let (mut id, mut names, mut count, mut mood) = (None, None, None, None);
        while let Some(property) = deserialize::name(&mut properties)? {
            match &*property {
                "id" => deserialize::value(&mut properties, &mut id)?,
                "names" => deserialize::list(&mut properties, &mut names)?,
                "count" => deserialize::value(&mut properties, &mut count)?,
                "mood" => deserialize::value(&mut properties, &mut mood)?,
                _ => deserialize::skip(&mut properties, Self::NAME, &property)?,
            }
        }
        Ok(Self {
            id: deserialize::required(id, "id")?,
            names: names.unwrap_or_default(),
            count: count.unwrap_or_default(),
            mood: mood.unwrap_or_default(),
        })
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::object(deserializer)
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize::object(serializer, "Item", 4)
            .required("id", &self.id)
            .required("names", &self.names)
            .required("count", &self.count)
            .required("mood", &self.mood)
            .end()
    }
}

crate::__open_enum! {
    /// An enumeration like the generated ones.
    pub enum Mood {
        Good = "good",
    }
}

/// Types of responses.
static TYPES: &[Check] = &[
    check::<Item>,
    check::<Vec<Item>>,
    check::<Value>,
    check::<()>,
    check::<String>,
    check::<Option<bool>>,
    check::<f64>,
    check::<Vec<i64>>,
    check::<Vec<Value>>,
    check::<serde_json::Map<String, Value>>,
];

/// A body decodes to the value that serde or a lenient reader reads, or fails with an error that is
/// fit for a log and shows neither the credential nor a value that may be secret.
pub fn response(which: usize, content_type: &[u8], body: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(content_type) {
        headers.insert(CONTENT_TYPE, value);
    }
    let body = with_echoes(body);
    let Some(check) = TYPES.get(which % TYPES.len()) else {
        return;
    };
    let undocumented = Endpoint::path(OPERATIONS, &[], Method::GET, "/undocumented");
    for endpoint in OPERATIONS
        .iter()
        .map(Endpoint::Operation)
        .chain([undocumented])
    {
        check(&endpoint, &headers, &body);
    }
}

fn check<T: DeserializeOwned + Serialize>(endpoint: &Endpoint, headers: &HeaderMap, body: &[u8]) {
    let decode = |body: &[u8]| {
        let response = Response::new(
            StatusCode::OK,
            headers.clone(),
            Duration::ZERO,
            Bytes::copy_from_slice(body),
        );
        let decoded = crate::response::decode::decode::<T>(endpoint, &response, &|| vec![SECRET]);
        decoded.map(|(value, _)| value)
    };
    let strict = serde_json::from_slice::<T>(body).ok();
    match decode(body) {
        Ok(decoded) => {
            if let Some(strict) = strict {
                let text = |value: &T| serde_json::to_string(value).ok();
                assert_eq!(text(&decoded), text(&strict));
            }
        }
        Err(error) => {
            assert!(strict.is_none(), "{error}");
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Decode, Some(StatusCode::OK))
            );
            assert_line(&error.to_string());
            assert_line(&format!("{error:#}"));
            assert_not_shown(&format!("{error:?}"));
        }
    }

    if !endpoint.is_quotable()
        && let Ok(mut value) = serde_json::from_slice::<Value>(body)
        && make_secret(&mut value)
        && let Err(error) = decode(value.to_string().as_bytes())
    {
        let shown = format!("{error:#} {error:?}");
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

/// Puts the canary into every string. Returns whether no name contains it.
fn make_secret(value: &mut Value) -> bool {
    match value {
        Value::String(text) => text.push_str(CANARY),
        Value::Array(items) => return items.iter_mut().all(make_secret),
        Value::Object(members) => {
            let named = members.keys().any(|name| name.contains(CANARY));
            return members.values_mut().all(make_secret) && !named;
        }
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::response;
    use crate::invariants::strategies::{bytes, config};

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_response_body_is_decoded_safely(
            content_type in prop_oneof![
                any::<Vec<u8>>(),
                "(text/html|application/json)(; charset=(utf-8|latin1|utf-16le|utf-16be|gb18030|iso-2022-jp))?"
                    .prop_map(String::into_bytes),
            ],
            body in bytes(),
            which in 0..1000usize,
        ) {
            for next in 0..8 {
                response(which + next, &content_type, &body);
            }
        }
    }
}
