//! The state of one call: deadlines, attempts, credential and span, and the errors that mention
//! them.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use memchr::memmem::Finder;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::Instant;
use tracing::Span;

use crate::auth::placement::Issued;
use crate::call::retry::RetryDecision;
use crate::call::span;
#[cfg(feature = "opentelemetry")]
use crate::call::telemetry::CallTelemetry;
use crate::client::Client;
use crate::client::call_options::CallOptions;
use crate::client::http_client::HttpClient;
use crate::client::request_limit::InFlight;
use crate::error::api_error::{ApiError, ERROR_BODY_LIMIT, Hidden, redacted};
use crate::error::echo::Echo;
use crate::error::reason::holds_reason;
use crate::error::{Error, ErrorBody, ErrorKind};
use crate::operation::Endpoint;
use crate::text::charset;
use crate::text::media_type::essence;
use crate::text::read_json::read_json;

/// Every JSON that tells an error contains one of the words, in usual cases: `error`, `Error`,
/// `ERROR`, `success`, `Success`.
static ERROR_WORDS: LazyLock<[Finder<'static>; 6]> = LazyLock::new(|| {
    let words = ["rror", "RROR", "uccess\"", "\"ok\"", "\"Ok\"", "\"OK\""];
    words.map(Finder::new)
});

/// The state of a call, and everything that its errors need to mention.
#[derive(Clone)]
pub struct Call {
    pub(crate) endpoint: Endpoint,
    pub(crate) options: Arc<CallOptions>,
    /// How the API writes error responses.
    pub(crate) error_body: &'static ErrorBody,
    started: Instant,
    /// The deadline of the call, including all attempts.
    pub(crate) deadline: Instant,
    /// The deadline of the attempt; never after the deadline of the call.
    attempt_deadline: Instant,
    /// The span of the call.
    pub(crate) span: Span,
    /// The span of the last attempt.
    attempt_span: Span,
    attempts: u32,
    /// `true` while the request of an attempt is sent; `false` before that.
    is_sent: bool,
    /// The connection of the last request: the HTTP client, and the number of clients before the
    /// one that sent the request.
    pub(crate) connection: Option<(Arc<HttpClient>, u64)>,
    /// Held while a request is in flight, if the client limits their number.
    pub(crate) in_flight: Option<InFlight>,
    /// `true` if the request has an idempotency key.
    pub(crate) has_idempotency_key: bool,
    /// The credentials of the last attempt.
    pub(crate) issued: Vec<Issued>,
    /// The values of the last attempt that an error must not show; `None` if the operation holds no
    /// secret.
    pub(crate) echo: Option<Arc<Echo>>,
    #[cfg(feature = "opentelemetry")]
    pub(crate) telemetry: CallTelemetry,
}

impl Call {
    pub(crate) fn new(client: &Client, endpoint: Endpoint) -> Self {
        let options = Arc::clone(client.options());
        let started = Instant::now();
        let deadline = later(started, options.timeout);
        Self {
            #[cfg(feature = "opentelemetry")]
            telemetry: CallTelemetry::new(client, &endpoint),
            span: span::of_call(client, &endpoint),
            attempt_span: Span::none(),
            endpoint,
            options,
            error_body: &client.api().error_body,
            started,
            deadline,
            attempt_deadline: deadline,
            attempts: 0,
            is_sent: false,
            connection: None,
            in_flight: None,
            has_idempotency_key: false,
            issued: Vec::new(),
            echo: None,
        }
    }

    /// Counts an attempt that is about to be sent.
    pub(crate) fn begin_attempt(&mut self) {
        self.attempts += 1;
        self.is_sent = true;
        self.restart_attempt();
    }

    /// Begins the time of the attempt again.
    pub(crate) fn restart_attempt(&mut self) {
        self.attempt_deadline = after(self.options.attempt_timeout).min(self.deadline);
    }

    /// Moves the deadline of the attempt after progress of the request body at `progress`, and the
    /// deadline of the call unless the caller set it. Returns whether the deadline of the attempt
    /// moved.
    pub(crate) fn extend_attempt(&mut self, progress: Option<Instant>) -> bool {
        if self.options.is_default_timeout
            && let Some(end) = progress.and_then(|at| at.checked_add(self.options.timeout))
        {
            self.deadline = self.deadline.max(end);
        }
        let end = progress.and_then(|at| at.checked_add(self.options.attempt_timeout));
        let end = end.unwrap_or(self.attempt_deadline).min(self.deadline);
        let has_moved = end > self.attempt_deadline;
        self.attempt_deadline = self.attempt_deadline.max(end);
        has_moved
    }

    /// Returns whether a retry has the same effect as a single request.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.endpoint.is_idempotent() || self.has_idempotency_key
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(crate) fn attempt_deadline(&self) -> Instant {
        self.attempt_deadline
    }

    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        self.complete(Error::new(kind, message))
    }

    /// Adds the operation, the number of attempts and the elapsed time to `error`.
    pub(crate) fn complete(&self, error: Error) -> Error {
        let error = error.at(self.endpoint.clone()).after(self.attempts);
        error.took(self.elapsed())
    }

    /// Returns the time since the call began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns the error of a response whose status is not 2xx.
    pub(crate) fn rejection(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
        let secrets = self.secrets();
        let mut words = Vec::new();
        for issued in &self.issued {
            issued.credential.add_words(&mut words);
        }
        let hidden = Hidden {
            secrets: &secrets,
            words: &words,
            echo: self.echo.as_deref().unwrap_or(&Echo::Public),
        };
        if let Some(label) = charset::unknown(headers, body) {
            charset::warn_of_unknown(&self.endpoint, label, &secrets);
        }
        let error = ApiError::new(self.error_body, status, headers, body, hidden);
        let is_listed = self
            .options
            .retry_policy
            .is_temporary(error.telling_status());
        let is_temporary = error.is_temporary(is_listed, self.has_idempotency_key);
        self.complete(Error::api_error(error).temporary_if(is_temporary))
    }

    /// Returns the error that the body of a 2xx response tells, if `is_failure` says of its JSON
    /// that it tells one.
    pub(crate) fn failure_in(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        is_failure: impl FnOnce(&Value) -> bool,
    ) -> Option<Error> {
        // UTF-16 has a NUL for each letter of ASCII.
        let is_wide = || memchr::memchr(0, body).is_some();
        let may_tell = || ERROR_WORDS.iter().any(|word| word.find(body).is_some()) || is_wide();
        let is_problem = is_problem(headers);
        // Parsing every response twice would cost time, and no error is that long.
        if body.len() > ERROR_BODY_LIMIT || !(is_problem || may_tell()) {
            return None;
        }
        let json = read_json(headers, body).0?;
        let is_failure = (is_problem && holds_reason(&json)) || is_failure(&json);
        is_failure.then(|| self.rejection(status, headers, body))
    }

    /// Adds the headers of the response to an error that has none.
    pub(crate) fn answered(&self, error: Error, headers: &HeaderMap) -> Error {
        match error.headers() {
            Some(_) => error,
            None => error.with_headers(redacted(headers, &self.secrets())),
        }
    }

    /// Returns whether the time of the call is over.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Makes later requests use a new connection: that of the last request may be dead.
    pub(crate) fn abandon_connection(&self) {
        if let Some((http, generation)) = &self.connection {
            http.renew(*generation);
        }
    }

    /// Returns the error for the timeout that passed: that of the attempt, or that of the call.
    pub(crate) fn out_of_time(&self, what: &str) -> Error {
        let (limit, whose) = match self.is_over() {
            false => (self.options.attempt_timeout, "attempt"),
            true => (self.options.timeout, "call"),
        };
        let limit = limit.as_secs_f64();
        let what = format!("{what} within {limit} s, the {whose} timeout");
        self.error(ErrorKind::Timeout, what)
    }

    /// Returns the error of a stream that was silent for the duration of the idle timeout.
    pub(crate) fn idle(&self) -> Error {
        let limit = self
            .options
            .idle_timeout_or_default()
            .unwrap_or_default()
            .as_secs_f64();
        let what = format!("nothing came for {limit} s, the idle timeout of a stream");
        self.error(ErrorKind::Timeout, what)
    }

    /// Returns the secrets that were sent last, so that they can be redacted in the response.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let mut secrets = Vec::new();
        for issued in &self.issued {
            issued.credential.add_secrets(&mut secrets);
        }
        self.options.extras.add_secrets(&mut secrets);
        secrets
    }

    /// Begins the span of the attempt that is about to be sent.
    pub(crate) fn begin_attempt_span(&mut self, client: &Client) -> Span {
        self.attempt_span = span::of_attempt(client, &self.endpoint, self.attempts);
        self.attempt_span.clone()
    }

    /// Records the status of a response in the span of the attempt.
    pub(crate) fn record_status(&self, status: StatusCode) {
        // Looking the field up takes time even if nothing records the span.
        if !self.attempt_span.is_disabled() {
            self.attempt_span
                .record("http.response.status_code", status.as_u16());
        }
    }

    /// Records in the span of the attempt how the attempt failed.
    pub(crate) fn record_attempt(&self, error: &Error) {
        span::record(&self.attempt_span, error);
    }

    /// Records in the spans how the call, and with it the last attempt, failed.
    pub(crate) fn record(&self, error: &Error) {
        span::record(&self.span, error);
        span::record(&self.attempt_span, error);
    }

    /// Emits one event for the attempt that ended.
    pub(crate) fn report_attempt(&mut self, failure: Option<(&Error, &RetryDecision)>) {
        // A credential that cannot be obtained fails the call between the attempts.
        let is_sent = std::mem::take(&mut self.is_sent);
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        let decision = failure.map(|(_, decision)| decision.to_string());
        let next = decision.as_deref().unwrap_or("succeeded");
        let failure = failure.map(|(failure, _)| failure);
        let resend_count = self.attempts.saturating_sub(1);
        let status = failure.and_then(Error::status).map(|it| it.as_u16());
        let subject = match is_sent {
            true => format!("attempt {}", self.attempts),
            false => "no credential".to_owned(),
        };
        tracing::debug!(
            {
                http.request.resend_count = resend_count,
                http.response.status_code = status,
                error.type = failure.map(span::error_type),
            },
            "{subject}: {next}",
        );
    }
}

/// Returns whether the body of a response is an error, whatever its status is (RFC 9457).
pub(crate) fn is_problem(headers: &HeaderMap) -> bool {
    essence(headers).eq_ignore_ascii_case(b"application/problem+json")
}

/// Returns the instant `limit` from now. A limit too long to add to the clock counts as 30 years.
pub(crate) fn after(limit: Duration) -> Instant {
    later(Instant::now(), limit)
}

fn later(now: Instant, limit: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    now.checked_add(limit).unwrap_or_else(|| now + FAR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Api;

    static API: Api = Api::new("pets", "Pets", "1").default_server("http://localhost");

    fn call(client: &Client) -> Call {
        let endpoint = Endpoint::path(&[], &[], reqwest::Method::POST, "/x");
        let mut call = Call::new(client, endpoint);
        call.begin_attempt();
        call
    }

    #[tokio::test(start_paused = true)]
    async fn default_timeout_ends_no_upload_that_makes_progress() {
        let client = Client::builder(&API).build().unwrap();
        let mut upload = call(&client);
        let set = client.with_options(|call| call.timeout(Duration::from_secs(90)));
        let mut limited = call(&set);
        for _ in 0..10 {
            tokio::time::advance(Duration::from_secs(25)).await;
            assert!(upload.extend_attempt(Some(Instant::now())));
            limited.extend_attempt(Some(Instant::now()));
        }
        assert!(!upload.is_over());
        assert!(limited.is_over());
        // An upload that stands still ends.
        tokio::time::advance(Duration::from_secs(31)).await;
        let progress = Instant::now().checked_sub(Duration::from_secs(31));
        assert!(!upload.extend_attempt(progress));
    }
}
