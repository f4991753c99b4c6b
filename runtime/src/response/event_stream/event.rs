//! One event of an event stream.

use std::borrow::Cow;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::response::decode::path_of_failure;
use crate::response::drift_warnings::warn_of_drift;
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
        let mut json = Cow::Borrowed(self.data.as_bytes());
        let mut decoded = serde_json::from_slice(&json);
        if let Err(failure) = &decoded
            && !failure.is_data()
            && let Some(mended) = mended(&json)
        {
            json = Cow::Owned(mended.json);
            decoded = serde_json::from_slice(&json);
        }
        decoded.map_err(|failure| {
            let what = match failure.is_data() {
                true => {
                    let path = path_of_failure::<T>(&json);
                    let path = path.as_deref().unwrap_or(".");
                    format!("has another shape than expected at `{path}`")
                }
                false => "is not JSON".to_owned(),
            };
            let what = format!(
                "the data of an event {what}, line {} column {}",
                failure.line(),
                failure.column()
            );
            Error::new(ErrorKind::Decode, what).advised("read `data` as text")
        })
    }
}
