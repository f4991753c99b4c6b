//! The data of a mock server: sample responses, which code generation wrote.

use std::collections::HashMap;

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::error::MockError;
use super::response::WholeResponse;
use crate::model::deserialize;

/// The responses of an API, as sampled by code generation.
pub(super) struct MockData {
    /// The required properties of an error response.
    pub(super) error: Map<String, Value>,
    /// The documented successes by method and path template, such as `GET /cats/{id}`. JSON comes
    /// first, then the lowest status.
    responses: HashMap<String, Vec<WholeResponse>>,
}

/// The data as JSON.
struct DataFile<'a> {
    error: Map<String, Value>,
    responses: HashMap<String, Vec<Sample<'a>>>,
}

impl<'de> deserialize::Object<'de> for DataFile<'de> {
    const NAME: &'static str = "DataFile";
    const PROPERTIES: &'static [&'static str] = &["error", "responses"];

    fn read<A: MapAccess<'de>>(mut properties: A) -> Result<Self, A::Error> {
        let (mut error, mut responses) = (None, None);
        while let Some(property) = deserialize::name(&mut properties)? {
            match &*property {
                "error" => deserialize::value(&mut properties, &mut error)?,
                "responses" => deserialize::value(&mut properties, &mut responses)?,
                _ => deserialize::skip(&mut properties, Self::NAME, &property)?,
            }
        }
        Ok(Self {
            error: deserialize::required(error, "error")?,
            responses: deserialize::required(responses, "responses")?,
        })
    }
}

impl<'de> Deserialize<'de> for DataFile<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::object(deserializer)
    }
}

struct Sample<'a> {
    status: u16,
    media_type: String,
    json: Option<&'a RawValue>,
    text: Option<String>,
}

impl<'de> deserialize::Object<'de> for Sample<'de> {
    const NAME: &'static str = "Sample";
    const PROPERTIES: &'static [&'static str] = &["status", "media_type", "json", "text"];

    fn read<A: MapAccess<'de>>(mut properties: A) -> Result<Self, A::Error> {
        let (mut status, mut media_type, mut json, mut text) = (None, None, None, None);
        while let Some(property) = deserialize::name(&mut properties)? {
            match &*property {
                "status" => deserialize::value(&mut properties, &mut status)?,
                "media_type" => deserialize::value(&mut properties, &mut media_type)?,
                "json" => deserialize::value(&mut properties, &mut json)?,
                "text" => deserialize::value(&mut properties, &mut text)?,
                _ => deserialize::skip(&mut properties, Self::NAME, &property)?,
            }
        }
        Ok(Self {
            status: deserialize::required(status, "status")?,
            media_type: media_type.unwrap_or_default(),
            json,
            text,
        })
    }
}

impl<'de> Deserialize<'de> for Sample<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::object(deserializer)
    }
}

impl MockData {
    /// Reads the data.
    pub(super) fn read(json: &'static str) -> Result<Self, MockError> {
        let document: DataFile<'static> = serde_json::from_str(json).map_err(MockError::Data)?;
        let responses = document.responses.into_iter();
        let responses = responses.map(|(key, samples)| {
            let samples = samples.into_iter().filter_map(response).collect();
            (key, samples)
        });
        Ok(Self {
            error: document.error,
            responses: responses.collect(),
        })
    }

    /// Returns the documented successes of an operation.
    pub(super) fn responses(&self, key: &str) -> &[WholeResponse] {
        self.responses.get(key).map_or(&[], Vec::as_slice)
    }
}

/// Returns the response of a sample, unless its status is no HTTP status.
fn response(sample: Sample<'static>) -> Option<WholeResponse> {
    let body = match (sample.json, sample.text) {
        (Some(json), _) => Bytes::from_static(json.get().as_bytes()),
        (None, Some(text)) => Bytes::from(text),
        (None, None) => Bytes::new(),
    };
    Some(WholeResponse {
        status: StatusCode::from_u16(sample.status).ok()?,
        media_type: sample.media_type,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::MockData;

    #[test]
    fn samples_become_responses_byte_for_byte() {
        let json = r#"{"error": {"message": ""}, "responses": {"GET /a\"": [
            {"status": 200, "media_type": "application/json", "json": {"b": 1, "a": 2}},
            {"status": 200, "media_type": "text/csv", "text": "a\n"},
            {"status": 204}, {"status": 0}
        ]}}"#;
        let data = MockData::read(json).unwrap();
        let responses = data.responses("GET /a\"").iter();
        let responses: Vec<_> = responses
            .map(|it| (it.status.as_u16(), &*it.media_type, &*it.body))
            .collect();
        assert_eq!(
            responses,
            [
                (200, "application/json", &br#"{"b": 1, "a": 2}"#[..]),
                (200, "text/csv", b"a\n"),
                (204, "", b""),
            ]
        );
        assert!(data.responses("GET /b").is_empty());
        assert!(data.error.contains_key("message"));
        assert!(MockData::read("{}").is_err());
    }
}
