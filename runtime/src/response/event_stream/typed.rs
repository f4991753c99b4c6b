//! Event streams whose events have a type of the OpenAPI document.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Event, EventStream};
use crate::error::Error;
use crate::response::drift_warnings::warn_of_drift;

impl EventStream {
    /// Returns the stream with the data of each event decoded as JSON.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Method, serde_json::Value};
    /// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
    /// let events = client.request(Method::GET, "/v1/events").events().await?.into_inner();
    /// let mut values = events.with_data::<Value>();
    /// while let Some(value) = values.next_event().await {
    ///     println!("{}", value?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_data<T: DeserializeOwned>(self) -> EventStream<T> {
        self.decoded_by(|event| event.decode_data())
    }

    /// Returns the stream with each event decoded from an object with the properties `event`, `id`,
    /// `retry` and `data`, as OpenAPI 3.2 describes events. Data that is a JSON object or array is
    /// decoded.
    #[doc(hidden)]
    pub fn with_event<T: DeserializeOwned>(self) -> EventStream<T> {
        self.decoded_by(|event| {
            // A text may look like a number.
            let is_compound = event.data.trim_start().starts_with(['{', '[']);
            let data = is_compound.then(|| serde_json::from_str(&event.data).ok());
            let text = || Value::String(event.data.clone());
            whole(&event, data.flatten().unwrap_or_else(text))
        })
    }
}

impl<T> EventStream<T> {
    /// Decodes an event into the described type.
    pub(super) fn decoded(&self, event: Event) -> Result<T, Error> {
        let id = event.id.clone();
        let source = || self.endpoint.to_string();
        let decoded = warn_of_drift(source, None, || (self.decode)(event));
        decoded.map_err(|error| {
            let error = error.at(self.endpoint.clone());
            let error = match &self.bytes {
                Some(bytes) => bytes.answered(error),
                None => error,
            };
            match id.is_empty() {
                true => error,
                false => error.after_event(&id),
            }
        })
    }

    /// Returns the stream of the events as the server sends them, with their names and ids.
    pub fn untyped(self) -> EventStream {
        self.decoded_by(Ok)
    }

    fn decoded_by<U>(self, decode: fn(Event) -> Result<U, Error>) -> EventStream<U> {
        // No `..`, because the types differ.
        let Self {
            bytes,
            input,
            parser,
            limit,
            endpoint,
            rest,
            has_failed,
            resumption,
            decode: _,
        } = self;
        EventStream {
            bytes,
            input,
            parser,
            limit,
            endpoint,
            rest,
            has_failed,
            resumption,
            decode,
        }
    }
}

/// Decodes an event as an object.
fn whole<T: DeserializeOwned>(event: &Event, data: Value) -> Result<T, Error> {
    let mut object = Map::new();
    object.insert("event".to_owned(), event.event.clone().into());
    if !event.id.is_empty() {
        object.insert("id".to_owned(), event.id.clone().into());
    }
    if let Some(retry) = event.retry {
        let milliseconds = u64::try_from(retry.as_millis()).unwrap_or(u64::MAX);
        object.insert("retry".to_owned(), milliseconds.into());
    }
    object.insert("data".to_owned(), data);
    let event = Event {
        data: Value::Object(object).to_string(),
        ..event.clone()
    };
    event.decode_data()
}
