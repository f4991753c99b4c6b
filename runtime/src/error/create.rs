//! Creates errors, and adds the operation, headers and attempts to them.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::{ApiError, BoxError, Error, ErrorKind, Inner, Unprocessed};
use crate::model::ConversionError;
use crate::operation::{Endpoint, Operation};
use crate::text::one_line::one_line;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            endpoint: None,
            attempts: 0,
            status: None,
            api: None,
            headers: None,
            elapsed: None,
            last_event_id: None,
            resume_value: None,
            run_id: None,
            #[cfg(feature = "poll")]
            outcome: None,
            is_under_way: false,
            is_temporary: false,
            unprocessed: None,
            given_up: None,
            remedy: None,
            source: None,
        }))
    }

    /// Returns an error of kind [`Cancelled`](ErrorKind::Cancelled), with which a hook such as
    /// [`Run::on_blocked`](crate::poll::Run::on_blocked) stops the waiting. `why` is shown on one
    /// line.
    ///
    /// ```
    /// # use neo_client_runtime::{Error, ErrorKind};
    /// let error = Error::cancelled("nobody may approve at night");
    /// assert_eq!(error.kind(), ErrorKind::Cancelled);
    /// ```
    #[must_use]
    pub fn cancelled(why: impl AsRef<str>) -> Self {
        Self::new(ErrorKind::Cancelled, one_line(why.as_ref()))
    }

    /// Returns an error of a client that cannot be built, or not be used in this program.
    #[doc(hidden)]
    #[must_use]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Returns the error of an operation that was not sent because the system lacks something.
    #[doc(hidden)]
    #[must_use]
    pub fn configuration_of(operation: &'static Operation, message: impl Into<String>) -> Self {
        Self::configuration(message).at(Endpoint::Operation(operation))
    }

    /// Returns the error of an operation that was not sent because an argument is invalid.
    #[doc(hidden)]
    #[must_use]
    pub fn invalid_request(operation: &'static Operation, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message).at(Endpoint::Operation(operation))
    }

    pub(crate) fn api_error(error: ApiError) -> Self {
        let mut this = Self::new(ErrorKind::Api, String::new()).status_is(error.status());
        this.0.api = Some(error);
        this
    }

    pub(crate) fn at(mut self, endpoint: Endpoint) -> Self {
        self.0.endpoint = Some(endpoint);
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn status_is(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Keeps the headers of the response, which hold no credential.
    pub(crate) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.0.headers = Some(headers);
        self
    }

    pub(crate) fn took(mut self, elapsed: Duration) -> Self {
        self.0.elapsed = Some(elapsed);
        self
    }

    #[cfg(feature = "event-streams")]
    pub(crate) fn after_event(mut self, id: &str) -> Self {
        self.0.last_event_id = Some(id.into());
        self
    }

    pub(crate) fn resuming_at(mut self, position: &str) -> Self {
        self.0.resume_value = Some(position.into());
        self
    }

    /// Sets whether the status may be temporary.
    pub(crate) fn temporary_if(mut self, is_temporary: bool) -> Self {
        self.0.is_temporary = is_temporary;
        self
    }

    /// Marks that the server did not act on the request.
    pub(crate) fn was_unprocessed(mut self, company: Unprocessed) -> Self {
        self.0.unprocessed = Some(company);
        self
    }

    /// Sets why the request was not sent again.
    pub(crate) fn given_up(mut self, why: &'static str) -> Self {
        self.0.given_up = Some(why);
        self
    }

    pub(crate) fn caused_by(self, source: impl Into<BoxError>) -> Self {
        self.with_source(source.into())
    }

    fn with_source(mut self, source: BoxError) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Prepends the name of the setting or variable at fault.
    #[doc(hidden)]
    #[must_use]
    pub fn in_setting(mut self, name: &str) -> Self {
        self.0.message = format!("`{name}`: {}", self.0.message);
        self
    }
}

/// Lets `?` work on `build()` of a builder. The error has the kind
/// [`InvalidRequest`](ErrorKind::InvalidRequest).
impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self::new(ErrorKind::InvalidRequest, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_error_becomes_an_error() {
        let build = || -> Result<(), Error> { Err(ConversionError::from("name is required"))? };
        let error = build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let expected = "name is required (nothing was sent: correct the request)";
        assert_eq!(error.to_string(), expected);
    }
}
