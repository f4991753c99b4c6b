//! The state of one call: its time limits, its attempts, its credential and its span, and errors that tell of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;
use tracing::Span;

use crate::auth::credential::Issued;
use crate::call::retry::Next;
use crate::client::Client;
use crate::client::call_options::CallOptions;
use crate::error::{Error, ErrorBody, ErrorKind};
use crate::operation::Endpoint;

/// The state of a call, and all that its errors need to say.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    pub(crate) options: Arc<CallOptions>,
    /// How the API writes error responses.
    pub(crate) error_body: &'static ErrorBody,
    /// When it must be over, however many attempts it takes.
    pub(crate) deadline: Instant,
    /// When the attempt must be over; never after the deadline.
    attempt_deadline: Instant,
    pub(crate) span: Span,
    attempts: u32,
    /// The credential of the last attempt.
    pub(crate) issued: Option<Issued>,
}

impl Call {
    pub(crate) fn new(client: &Client, endpoint: Endpoint) -> Self {
        let options = Arc::clone(client.options());
        let deadline = after(options.timeout);
        Self {
            span: span(client, &endpoint),
            endpoint,
            options,
            error_body: &client.api().error_body,
            deadline,
            attempt_deadline: deadline,
            attempts: 0,
            issued: None,
        }
    }

    /// Another request is about to be sent.
    pub(crate) fn begin_attempt(&mut self) {
        if self.attempts > 0 {
            self.span.record("http.request.resend_count", self.attempts);
        }
        self.attempts += 1;
        self.attempt_deadline = after(self.options.attempt_timeout).min(self.deadline);
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

    /// Says in `error` which call failed, and after how many attempts.
    pub(crate) fn complete(&self, error: Error) -> Error {
        error.at(self.endpoint.clone()).after(self.attempts)
    }

    /// The error of the time limit that has passed: of the attempt, or of the call.
    pub(crate) fn out_of_time(&self, what: &str) -> Error {
        let (limit, whose) = if Instant::now() < self.deadline {
            (self.options.attempt_timeout, "an attempt")
        } else {
            (self.options.timeout, "the call")
        };
        let limit = limit.as_secs_f64();
        let what = format!("{what} within {limit} s, the time limit of {whose}");
        self.error(ErrorKind::Timeout, what)
    }

    /// The error of a stream that has given no sign of life for as long as the idle timeout.
    pub(crate) fn idle(&self) -> Error {
        let limit = self.options.idle_timeout.unwrap_or_default().as_secs_f64();
        let what = format!("nothing came for {limit} s, the idle timeout");
        self.error(ErrorKind::Timeout, what)
    }

    /// The credential that was sent last, to look for in what comes back.
    pub(crate) fn secret(&self) -> Option<&str> {
        let issued = self.issued.as_ref()?;
        Some(issued.credential.secret())
    }

    /// Writes the status of a reply into the span.
    pub(crate) fn record_status(&self, status: StatusCode) {
        self.span
            .record("http.response.status_code", status.as_u16());
    }

    /// Writes into the span how the call failed.
    pub(crate) fn record(&self, error: &Error) {
        self.span.record("error.type", error_type(error));
    }

    /// One event for the attempt that has ended.
    pub(crate) fn report_attempt(&self, failure: Option<&Error>, next: &Next) {
        let resend_count = self.attempts.saturating_sub(1);
        let status = failure.and_then(Error::status).map(|it| it.as_u16());
        tracing::debug!(
            {
                http.request.resend_count = resend_count,
                http.response.status_code = status,
                error.type = failure.map(error_type),
            },
            "attempt {}: {next}",
            self.attempts,
        );
    }
}

/// The value of the attribute `error.type`: the status if that is what went wrong.
fn error_type(error: &Error) -> String {
    match error.api() {
        Some(api) => api.status().as_str().to_owned(),
        None => error.kind().as_str().to_owned(),
    }
}

/// The end of `limit` from now. A limit too long to add to the clock is a limit of 30 years.
pub(crate) fn after(limit: Duration) -> Instant {
    let now = Instant::now();
    let far = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    now.checked_add(limit).unwrap_or(now + far)
}

/// One span a call, named as the OpenTelemetry semantic conventions for HTTP clients say. It holds no header, query or
/// body, and of the URL only what does not depend on the caller's values.
fn span(client: &Client, endpoint: &Endpoint) -> Span {
    let base = &client.settings().base;
    let method = endpoint.method().as_str();
    let template = endpoint.operation().map(|operation| operation.path);
    tracing::info_span!(
        "call",
        api.name = client.settings().api.name,
        otel.kind = "client",
        otel.name = template.map(|template| format!("{method} {template}")),
        http.request.method = method,
        http.request.resend_count = tracing::field::Empty,
        http.response.status_code = tracing::field::Empty,
        url.template = template,
        server.address = base.host(),
        server.port = base.port(),
        "error.type" = tracing::field::Empty,
    )
}
