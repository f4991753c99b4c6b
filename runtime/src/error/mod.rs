//! The crate's error type. Use its predicates instead of matching variants.

pub(crate) mod api_error;
mod error_body;
pub(crate) mod kind;
pub(crate) mod retry_after;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::operation::{Endpoint, Operation};
use crate::text::one_line::one_line;
pub use api_error::ApiError;
pub use error_body::ErrorBody;
pub use kind::ErrorKind;
pub(crate) use kind::Unprocessed;

/// Any error, as returned by a [`CredentialsProvider`](crate::CredentialsProvider).
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The reason why a client could not be built or a call failed.
///
/// `Display` prints one line: the operation, what happened, what the server said, and a hint if a
/// retry may help. The text contains no credential. Causes are available through
/// [`source`](std::error::Error::source); `{error:#}` appends them to the line.
///
/// ```
/// use neo_client_runtime::Error;
///
/// fn explain(error: &Error) -> String {
///     match error.code() {
///         Some("insufficient_credits") => "no credits left".to_owned(),
///         _ if error.is_retryable() => format!("try again after {:?}", error.retry_after()),
///         _ => format!("{error:#}"),
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    endpoint: Option<Endpoint>,
    attempts: u32,
    status: Option<StatusCode>,
    api: Option<ApiError>,
    last_event_id: Option<Box<str>>,
    resume_value: Option<Box<str>>,
    run_id: Option<Box<str>>,
    /// `true` if work was started that continues without the caller.
    is_under_way: bool,
    /// `true` if the retry policy or the server says that the status may be temporary.
    is_temporary: bool,
    /// The reason why the server did not act on the request; `None` if it may have.
    unprocessed: Option<Unprocessed>,
    /// The reason why the request was not sent again though that might have helped.
    given_up: Option<&'static str>,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            endpoint: None,
            attempts: 0,
            status: None,
            api: None,
            last_event_id: None,
            resume_value: None,
            run_id: None,
            is_under_way: false,
            is_temporary: false,
            unprocessed: None,
            given_up: None,
            source: None,
        }))
    }

    /// Returns an error of a client that cannot be built.
    #[doc(hidden)]
    #[must_use]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Returns the error of an operation that was not sent because an argument is invalid.
    #[doc(hidden)]
    #[must_use]
    pub fn invalid_request(operation: &'static Operation, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message).at(Endpoint::Operation(operation))
    }

    /// Returns the error of an operation for which progenitor's code could not build a request.
    #[doc(hidden)]
    #[must_use]
    pub fn unbuildable(operation: &'static Operation, error: progenitor_client::Error<()>) -> Self {
        match error {
            progenitor_client::Error::InvalidRequest(message)
            | progenitor_client::Error::Custom(message) => {
                Self::invalid_request(operation, one_line(&message))
            }
            progenitor_client::Error::CommunicationError(error) => {
                Self::invalid_request(operation, "the request could not be built")
                    .caused_by(error.without_url())
            }
            _ => Self::invalid_request(operation, "the request could not be built"),
        }
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

    pub(crate) fn after_event(mut self, id: &str) -> Self {
        self.0.last_event_id = Some(id.into());
        self
    }

    pub(crate) fn resuming_at(mut self, position: &str) -> Self {
        self.0.resume_value = Some(position.into());
        self
    }

    pub(crate) fn in_run(mut self, id: &str) -> Self {
        self.0.run_id = Some(id.into());
        self
    }

    /// Sets whether the status may be temporary.
    pub(crate) fn temporary_if(mut self, is_temporary: bool) -> Self {
        self.0.is_temporary = is_temporary;
        self
    }

    /// Sets why the server did not act on the request.
    pub(crate) fn unprocessed_because(mut self, why: Unprocessed) -> Self {
        self.0.unprocessed = Some(why);
        self
    }

    /// Sets why the request was not sent again.
    pub(crate) fn given_up(mut self, why: &'static str) -> Self {
        self.0.given_up = Some(why);
        self
    }

    /// Marks that the started work continues, so that starting it again would do it twice.
    pub(crate) fn under_way(mut self) -> Self {
        self.0.is_under_way = true;
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Prepends the name of the setting or variable at fault.
    #[doc(hidden)]
    #[must_use]
    pub fn in_setting(mut self, name: &str) -> Self {
        self.0.message = format!("`{name}`: {}", self.0.message);
        self
    }

    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the status of the response, whatever was wrong with the response; `None` if no
    /// response arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the error response of the server, if the status was not 2xx.
    pub fn api(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// Returns the server's stable error code. Branch on the code, not on the text.
    pub fn code(&self) -> Option<&str> {
        self.api()?.code()
    }

    /// Returns the server's id of this error. Quote the id when you ask for help.
    pub fn error_id(&self) -> Option<&str> {
        self.api()?.error_id()
    }

    /// Returns the operation that failed; `None` for [`Client::request`](crate::Client::request)
    /// and for configuration errors.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.endpoint.as_ref()?.operation()
    }

    /// Returns the id of the last event before an event stream failed; `None` for other calls and
    /// for streams without ids.
    pub fn last_event_id(&self) -> Option<&str> {
        self.0.last_event_id.as_deref()
    }

    /// Returns the value from which to continue after a page failed: the value of the paging
    /// parameter, such as `cursor` or `offset`
    /// ([`Pagination::parameter`](crate::Pagination::parameter)). Pass the value to the setter of
    /// that parameter, and no item is lost or repeated.
    ///
    /// Returns `None` if the first page failed (start again from the beginning), if all items of
    /// the page were yielded and only the next page is unknown, and for errors of other calls.
    pub fn resume_value(&self) -> Option<&str> {
        self.0.resume_value.as_deref()
    }

    /// Returns the id of the work that the call started or tried to start, if the id was known;
    /// `None` for other calls. Unless the server rejected the work, it may continue.
    pub fn run_id(&self) -> Option<&str> {
        self.0.run_id.as_deref()
    }

    /// Returns how many times the request was sent; 0 if it was never sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns whether the failure may be temporary: connection errors, timeouts, and the statuses
    /// that the retry policy of the call retries ([`RetryPolicy`](crate::RetryPolicy)).
    ///
    /// `true` does not mean that a retry is safe. After a broken connection, a timeout, or a status
    /// such as 500, 502 or 504, the server may have carried out the request. If the operation is not
    /// [`idempotent`](crate::Operation::idempotent), such as a purchase, check before you send it
    /// again.
    ///
    /// Work that was started must not be started again, so none of the errors after the start is
    /// retryable. Query the work by its [`run_id`](Error::run_id).
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            _ if self.0.is_under_way => false,
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => true,
            ErrorKind::Api => self.0.is_temporary,
            _ => false,
        }
    }

    /// Returns whether a timeout of the client passed. A status 408 or 504 is a timeout of the
    /// server, not of the client.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns how long the server asks to wait before the next request (`Retry-After`, RFC 9110
    /// section 10.2.3), counted from the arrival of the response. The value has no upper bound.
    pub fn retry_after(&self) -> Option<Duration> {
        self.api()?.retry_after()
    }

    /// Returns why the server did not act on the request; `None` if it may have.
    pub(crate) fn unprocessed(&self) -> Option<Unprocessed> {
        self.0.unprocessed
    }

    /// Returns whether the response says that the server did not carry out the request.
    pub(crate) fn is_undone(&self) -> bool {
        self.api().is_some_and(ApiError::is_undone)
    }

    /// Returns whether the server may have carried out a request that must not be retried blindly.
    fn may_have_happened(&self) -> bool {
        let repeatable = self.0.endpoint.as_ref().is_none_or(Endpoint::is_idempotent);
        let unclear = match self.kind() {
            ErrorKind::Transport | ErrorKind::Timeout => {
                self.attempts() > 0 && self.0.unprocessed.is_none()
            }
            ErrorKind::Api => {
                self.status() != Some(StatusCode::SERVICE_UNAVAILABLE) && !self.is_undone()
            }
            _ => false,
        };
        unclear && !repeatable
    }

    /// Returns the hint in parentheses at the end of the text.
    fn advice(&self) -> Option<String> {
        if self.0.is_under_way {
            let advice = match self.run_id() {
                Some(_) => "do not start it again: ask for it by `run_id`",
                None => "it goes on: do not start it again before you know how it ended",
            };
            return Some(advice.to_owned());
        }
        if !self.is_retryable() {
            return None;
        }
        Some(match self.retry_after() {
            _ if self.may_have_happened() => {
                "it may have been carried out: check before trying again".to_owned()
            }
            Some(wait) => format!("try again in {} s", wait.as_secs_f64().ceil()),
            None => "trying again may help".to_owned(),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            endpoint,
            attempts,
            message,
            api,
            source,
            ..
        } = &*self.0;
        if let Some(endpoint) = endpoint {
            write!(f, "{endpoint}: ")?;
        }
        match api {
            Some(api) => write!(f, "{api}")?,
            None => f.write_str(message)?,
        }
        if f.alternate() {
            let mut cause = source.as_deref().map(|it| it as &dyn StdError);
            while let Some(error) = cause {
                write!(f, ": {}", one_line(&error.to_string()))?;
                cause = error.source();
            }
        }
        let attempts = (*attempts > 1).then(|| format!("{attempts} attempts"));
        let given_up = self.0.given_up.map(str::to_owned);
        let notes: Vec<String> = attempts
            .into_iter()
            .chain(given_up)
            .chain(self.advice())
            .collect();
        if !notes.is_empty() {
            write!(f, " ({})", notes.join("; "))?;
        }
        Ok(())
    }
}

/// Prints the fields, for logs and for `main() -> Result<(), Error>`. Like `Display`, the output
/// contains no credential and no complete body.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            endpoint,
            attempts,
            status,
            api,
            last_event_id,
            resume_value,
            // The message contains them where they are relevant.
            run_id: _,
            is_under_way: _,
            is_temporary: _,
            unprocessed: _,
            given_up: _,
            source,
        } = &*self.0;
        let mut fields = f.debug_struct("Error");
        fields.field("kind", kind);
        if let Some(endpoint) = endpoint {
            fields.field("operation", &format_args!("{endpoint}"));
        }
        match api {
            Some(api) => fields.field("api", api),
            None => fields.field("message", message),
        };
        if let (Some(status), None) = (status, api) {
            fields.field("status", status);
        }
        if *attempts > 0 {
            fields.field("attempts", attempts);
        }
        // The server chose the value, which may contain anything.
        for (name, place) in [
            ("last_event_id", last_event_id),
            ("resume_value", resume_value),
        ] {
            if let Some(place) = place {
                fields.field(name, &format_args!("{} bytes", place.len()));
            }
        }
        if let Some(source) = source {
            fields.field("source", source);
        }
        fields.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PURCHASE: Operation = Operation::new(
        "post-v1-billing-purchase",
        "billing.purchase_credits",
        reqwest::Method::POST,
        "/api/v1/billing/purchase",
    )
    .idempotent(false);

    #[test]
    fn error_is_one_pointer_and_send() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn error_says_what_may_have_happened() {
        let purchase = || Endpoint::Operation(&PURCHASE);
        let text = |kind, attempts| {
            Error::new(kind, "no response came")
                .at(purchase())
                .after(attempts)
                .to_string()
        };
        assert_eq!(
            text(ErrorKind::Timeout, 1),
            "billing.purchase_credits: no response came (it may have been carried out: check before trying again)"
        );
        assert_eq!(
            text(ErrorKind::Timeout, 0),
            "billing.purchase_credits: no response came (trying again may help)"
        );
        assert_eq!(
            text(ErrorKind::Connect, 2),
            "billing.purchase_credits: no response came (2 attempts; trying again may help)"
        );
    }

    #[test]
    fn error_causes_are_shown_in_alternate_form() {
        let error = Error::new(ErrorKind::Connect, "it failed").caused_by("because\nof this");
        assert_eq!(error.to_string(), "it failed (trying again may help)");
        assert_eq!(
            format!("{error:#}"),
            "it failed: because of this (trying again may help)"
        );
        assert_eq!(error.source().unwrap().to_string(), "because\nof this");
    }

    #[test]
    fn unbuildable_request_names_the_operation() {
        let error = Error::unbuildable(
            &PURCHASE,
            progenitor_client::Error::InvalidRequest("body: missing\nfield `action`".to_owned()),
        );
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(
            error.to_string(),
            "billing.purchase_credits: body: missing field `action`"
        );
        assert_eq!(error.attempts(), 0);
    }
}
