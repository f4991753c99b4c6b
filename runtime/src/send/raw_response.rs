//! A response in memory, to be decoded into one type or several.

#[cfg(feature = "poll")]
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::call::context::Call;
use crate::error::Error;
use crate::response::{Response, decode, failure, text};
use crate::text::one_line::{EXCERPT_CHARS, one_line};
use crate::text::redact::redact;

/// A 2xx response in memory, and the call to which it belongs.
pub struct RawResponse {
    pub(super) call: Call,
    pub(super) response: Response<Bytes>,
}

impl RawResponse {
    /// Decodes the body.
    pub fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let Self { call, response } = &self;
        let told = if call.options.errors_in_success {
            failure::in_place_of_success(call, response)
        } else {
            None
        };
        let decoded = match told {
            Some(error) => Err(error),
            None => {
                decode::decode::<T>(&call.endpoint, response, &|| call.secrets()).map_err(|error| {
                    let told = failure::in_undecodable(call, response);
                    let error = told.unwrap_or_else(|| call.complete(error));
                    call.answered(error, response.headers())
                })
            }
        };
        let (value, lost) = decoded.inspect_err(|error| call.record(error))?;
        Ok(self.response.replace(value).with_lost(lost))
    }

    /// Decodes the body, without status and headers.
    pub(super) fn decode_value<T: DeserializeOwned>(self) -> Result<T, Error> {
        Ok(self.decode::<T>()?.into_inner())
    }

    /// Returns the body as text.
    pub(super) fn text(self) -> Response<String> {
        let Self { call, response } = self;
        let text = text::read(&call.endpoint, &response, &|| call.secrets());
        response.replace(text)
    }

    /// Decodes the body as JSON, and keeps the response so that it can be decoded again into a
    /// type.
    ///
    /// # Errors
    /// Fails if the body is not JSON, or if the JSON tells an error in place of the value.
    pub fn json(&self) -> Result<serde_json::Value, Error> {
        let again = Self {
            call: self.call.clone(),
            response: self.response.clone(),
        };
        Ok(again.decode::<serde_json::Value>()?.into_inner())
    }

    /// Returns how long the server asks to wait before the next request (`Retry-After`).
    #[cfg(feature = "poll")]
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        crate::error::retry_after::retry_after(self.response.headers())
    }

    /// The beginning of a text of the response as an error may show it.
    pub fn showable(&self, text: &str) -> String {
        // The text may be large, and what is shown is not.
        let start = redact(text.as_bytes(), &self.call.secrets(), 4 * EXCERPT_CHARS);
        one_line(&String::from_utf8_lossy(&start))
    }
}
