//! The crate's error type. Use its predicates instead of matching variants.

pub(crate) mod api_error;
mod challenge;
mod create;
mod display;
pub(crate) mod echo;
mod error_body;
pub(crate) mod kind;
#[cfg(feature = "poll")]
mod outcome;
pub(crate) mod reason;
mod redact_json;
mod remedy;
pub(crate) mod request_id;
pub(crate) mod retry_after;
mod stated_wait;
#[cfg(feature = "poll")]
mod work;

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::operation::{Endpoint, Operation};
use request_id::request_id;

pub use api_error::ApiError;
pub use error_body::ErrorBody;
pub use kind::ErrorKind;
pub(crate) use kind::Unprocessed;
#[cfg(feature = "poll")]
pub use outcome::Outcome;

/// Any error, as returned by a [`CredentialsProvider`](crate::CredentialsProvider).
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The reason why a client could not be built or a call failed.
///
/// `Display` prints one line: the operation, what happened, what the server said, and what to do
/// next. The text contains no credential. Causes are available through
/// [`source`](std::error::Error::source); `{error:#}` appends them to the line.
///
/// ```
/// # use neo_client_runtime::Error;
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
    /// The headers of a response that is no error response.
    headers: Option<HeaderMap>,
    elapsed: Option<Duration>,
    last_event_id: Option<Box<str>>,
    resume_value: Option<Box<str>>,
    run_id: Option<Box<str>>,
    /// How the work ended.
    #[cfg(feature = "poll")]
    outcome: Option<Outcome>,
    /// `true` if work was started that continues without the caller.
    is_under_way: bool,
    /// `true` if the retry policy or the server says that the status may be temporary.
    is_temporary: bool,
    /// Set if the server did not act on the request.
    unprocessed: Option<Unprocessed>,
    /// The reason why the request was not sent again though that might have helped.
    given_up: Option<&'static str>,
    /// The next step, if it differs from the usual one of the kind; empty if the message says it.
    remedy: Option<&'static str>,
    source: Option<BoxError>,
}

impl Error {
    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the status of the response, whatever was wrong with the response; `None` if no
    /// response arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the headers of the response, whatever was wrong with the response; `None` if no
    /// response arrived. `Debug` of the error does not show them.
    ///
    /// ```
    /// # fn show(error: &neo_client_runtime::Error) {
    /// if let Some(reset) = error.headers().and_then(|it| it.get("x-ratelimit-reset")) {
    ///     println!("the quota is renewed at {reset:?}");
    /// }
    /// # }
    /// ```
    pub fn headers(&self) -> Option<&HeaderMap> {
        let own = || self.0.headers.as_ref();
        self.api().map(ApiError::headers).or_else(own)
    }

    /// Returns the id of the request that the server, or a proxy, put into a header of the
    /// response, such as `X-Request-Id`. Quote the id when you ask for help.
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// Returns how long the call took until it failed, including all attempts and waits; `None` if
    /// no call was made.
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.elapsed
    }

    /// Returns the error response of the server: a status other than 2xx, or an error in the body
    /// of a 2xx response.
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

    /// Returns how the work ended whose details do not fit their type; `None` for other errors.
    ///
    /// ```no_run
    /// # use neo_client_runtime::poll::{Outcome, Run};
    /// # async fn show(run: Run<'_, neo_client_runtime::serde_json::Value>) {
    /// match run.await {
    ///     Ok(details) => drop(details),
    ///     Err(error) if error.outcome() == Some(Outcome::Succeeded) => println!("done: {error}"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # }
    /// ```
    #[cfg(feature = "poll")]
    pub fn outcome(&self) -> Option<Outcome> {
        self.0.outcome
    }

    /// Returns how many times the request was sent; 0 if it was never sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns whether the failure may be temporary: connection errors, timeouts, the statuses that
    /// the retry policy of the call retries ([`RetryPolicy`](crate::RetryPolicy)), and failures of
    /// a [`CredentialsProvider`](crate::CredentialsProvider).
    ///
    /// `true` does not mean that a retry is safe. After a broken connection, a timeout, or a status
    /// such as 500, 502 or 504, the server may have carried out the request. If the operation is
    /// not [`idempotent`](crate::Operation::idempotent), such as a purchase, check before you send
    /// it again.
    ///
    /// Work that was started must not be started again, so none of the errors after the start is
    /// retryable. Query the work by its [`run_id`](Error::run_id).
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            _ if self.0.is_under_way => false,
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => true,
            ErrorKind::Api | ErrorKind::Credentials => self.0.is_temporary,
            _ => false,
        }
    }

    /// Returns whether a timeout of the client passed. A status 408 or 504 is a timeout of the
    /// server, not of the client.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns how long the server asks to wait before the next request (`Retry-After`, RFC 9110
    /// section 10.2.3), counted from the arrival of the response. If a 429 or 503 has no such
    /// header, the JSON may state the wait, as `google.rpc.RetryInfo` does. The value has no upper
    /// bound.
    pub fn retry_after(&self) -> Option<Duration> {
        self.api()?.retry_after()
    }

    /// Returns `None` if the server may have acted on the request.
    pub(crate) fn unprocessed(&self) -> Option<Unprocessed> {
        self.0.unprocessed
    }

    /// Returns whether the response says that the server did not carry out the request.
    pub(crate) fn is_undone(&self) -> bool {
        self.api().is_some_and(ApiError::is_undone)
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
pub(crate) mod tests {
    use super::*;

    /// An operation that must not be carried out twice.
    pub(crate) static PURCHASE: Operation = Operation::new(
        "post-v1-billing-purchase",
        "billing.purchase_credits",
        "POST",
        "/api/v1/billing/purchase",
    )
    .idempotent(false);

    #[test]
    fn error_is_one_pointer_and_send() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
