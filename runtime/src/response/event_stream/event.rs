//! One event of an event stream.

use std::borrow::Cow;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::response::drift_warnings::warn_of_drift;
use crate::response::misfit::explain;
use crate::text::mend_json::mended;

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

    /// Decodes the data as JSON. Text behind the first JSON value is not read.
    ///
    /// # Errors
    /// Fails if the data is not JSON of that type. The error names the location of the part that
    /// does not fit, or line and column if the location is unknown, as in JSON that breaks off. The
    /// error quotes nothing, because the data may hold a secret.
    pub fn data_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        warn_of_drift(|| "an event".to_owned(), None, || self.decode_data())
    }

    /// Decodes the data as JSON. The caller warns of drift.
    pub(super) fn decode_data<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut json = Cow::Borrowed(self.data.as_bytes());
        let mut decoded = first_value(&json);
        if decoded.is_err()
            && let Some(mended) = mended(&json)
        {
            json = Cow::Owned(mended.json);
            decoded = first_value(&json);
        }
        decoded.map_err(|failure| {
            let what = explain::<T>(&json, &failure).unwrap_or_else(|| {
                let (line, column) = (failure.line(), failure.column());
                format!("is not JSON, line {line} column {column}")
            });
            let what = format!("the data of an event {what}");
            Error::new(ErrorKind::Decode, what).advised("read `data` as text")
        })
    }
}

/// Decodes the first JSON value. Servers exist that write more behind the value.
fn first_value<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    T::deserialize(&mut serde_json::Deserializer::from_slice(json))
}
