//! The state of one call: its deadline, its attempts, its credential and its span, and errors that tell of them.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;
use tracing::Span;

use crate::client::Client;
use crate::credentials::Issued;
use crate::error::{Error, ErrorKind};
use crate::operation::Endpoint;

/// The state of a call, and all that its errors need to say.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    /// When it must be over, however many attempts it takes.
    pub(crate) deadline: Instant,
    limit: Duration,
    pub(crate) span: Span,
    attempts: u32,
    /// The credential of the last attempt.
    pub(crate) issued: Option<Issued>,
}

impl Call {
    pub(crate) fn new(client: &Client, endpoint: Endpoint) -> Self {
        let limit = client.settings().timeout;
        let now = Instant::now();
        // A limit too long to add to the clock is a limit of 30 years.
        let far = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        Self {
            deadline: now.checked_add(limit).unwrap_or(now + far),
            limit,
            span: span(client, &endpoint),
            endpoint,
            attempts: 0,
            issued: None,
        }
    }

    /// Another request is about to be sent.
    pub(crate) fn count_attempt(&mut self) {
        if self.attempts > 0 {
            self.span.record("http.request.resend_count", self.attempts);
        }
        self.attempts += 1;
    }

    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        self.complete(Error::new(kind, message))
    }

    /// Says in `error` which call failed, and after how many attempts.
    pub(crate) fn complete(&self, error: Error) -> Error {
        error.at(self.endpoint.clone()).after(self.attempts)
    }

    pub(crate) fn out_of_time(&self, what: &str) -> Error {
        let limit = self.limit.as_secs_f64();
        self.error(ErrorKind::Timeout, format!("{what} within {limit} s"))
    }

    /// The connection broke, or a time limit of the HTTP client passed.
    pub(crate) fn broken(&self, error: reqwest::Error) -> Error {
        let error = error.without_url();
        let (kind, what) = if error.is_timeout() {
            (ErrorKind::Timeout, "the HTTP client's time limit passed")
        } else {
            (
                ErrorKind::Transport,
                "the connection broke before the reply was complete",
            )
        };
        self.error(kind, what).caused_by(error)
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
        match error.status() {
            Some(status) if error.kind() == ErrorKind::Api => {
                self.span.record("error.type", status.as_str())
            }
            _ => self.span.record("error.type", error.kind().as_str()),
        };
    }
}

/// One span a call, named as the OpenTelemetry semantic conventions for HTTP clients say. It holds no header, query or
/// body, and of the URL only what does not depend on the caller's values.
fn span(client: &Client, endpoint: &Endpoint) -> Span {
    let base = &client.settings().base;
    let method = endpoint.method().as_str();
    let template = endpoint.operation().map(|operation| operation.path);
    tracing::info_span!(
        target: "neo_client",
        "call",
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
