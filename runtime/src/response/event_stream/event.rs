//! One event of an event stream.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::response::decode::mended;
use crate::response::drift_warnings::warn_of_drift;

/// An event, as sent by the server.
///
/// ```
/// # use neo_client_runtime::{Error, Event, serde_json::Value};
/// # fn main() -> Result<(), Error> {
/// let event = Event::new(r#"{"progress": 0.5}"#).with_id("7");
/// let data: Value = event.data_as()?;
/// assert_eq!((event.id.as_str(), data["progress"].as_f64()), ("7", Some(0.5)));
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The last id of the stream, from this event or an earlier one; empty if there was none. An id
    /// of more than 16 KiB, or with a NUL, is ignored.
    pub id: String,
    /// The name of the event; `message` unless the server named the event.
    pub event: String,
    /// The data. Several lines of data are joined by line feeds.
    pub data: String,
    /// How long the server asks to wait before reconnecting, if this event says so.
    pub retry: Option<Duration>,
}

impl Event {
    /// Returns an event with this data, without an id, named `message`.
    pub fn new(data: impl Into<String>) -> Self {
        Self {
            id: String::new(),
            event: "message".to_owned(),
            data: data.into(),
            retry: None,
        }
    }

    /// Sets [`id`](Event::id).
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets [`event`](Event::event), the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.event = name.into();
        self
    }

    /// Decodes the data as JSON.
    ///
    /// # Errors
    /// Fails if the data is not JSON of that type. The error names the location and quotes nothing,
    /// because the data may hold a secret.
    pub fn data_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        warn_of_drift(|| "an event".to_owned(), None, || self.decode_data())
    }

    /// Decodes the data as JSON. The caller warns of drift.
    pub(super) fn decode_data<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let decoded = decode_json(self.data.as_bytes()).or_else(|failure| {
            let is_data = failure.inner().is_data();
            match mended(self.data.as_bytes()).filter(|_| !is_data) {
                Some(mended) => decode_json(&mended.json),
                None => Err(failure),
            }
        });
        decoded.map_err(|failure| {
            let (path, inner) = (failure.path().to_string(), failure.inner());
            let what = if inner.is_data() {
                "has another shape than expected"
            } else {
                "is not JSON"
            };
            let what = format!(
                "the data of an event {what} at `{path}`, line {} column {}",
                inner.line(),
                inner.column()
            );
            Error::new(ErrorKind::Decode, what).advised("read `data` as text")
        })
    }
}

fn decode_json<T: DeserializeOwned>(
    json: &[u8],
) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(json))
}
