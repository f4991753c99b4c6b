//! Options of calls: timeouts, retries and limits.

use std::fmt::Display;
use std::time::Duration;

use serde::Serialize;

use crate::client::extras::Extras;
use crate::client::retry_policy::RetryPolicy;

/// Timeouts, retries, limits, and additions to requests, for a client or for some of its calls; see
/// [`Client::with_options`](crate::Client::with_options).
///
/// | option | default | limits |
/// |---|---|---|
/// | [`timeout`](CallOptions::timeout) | 90 s | the call: all attempts and the waits between them; starts again while a request body is being sent, unless you set it |
/// | [`attempt_timeout`](CallOptions::attempt_timeout) | 30 s | one attempt; starts again while a request body is being sent |
/// | [`retry_policy`](CallOptions::retry_policy) | 3 attempts, random waits up to 0.25 s, 0.5 s, … 8 s | the attempts and the waits between them |
/// | [`response_limit`](CallOptions::response_limit) | 32 MiB | the size of a response in memory |
/// | [`idle_timeout`](CallOptions::idle_timeout) | 5 min | the silence of a streaming response |
/// | [`event_limit`](CallOptions::event_limit) | 16 MiB | the size of one event of an event stream |
///
/// [`header`](CallOptions::header), [`query`](CallOptions::query) and
/// [`body_property`](CallOptions::body_property) add what the OpenAPI document lacks.
///
/// Only a client as a whole has a
/// [`connect_timeout`](crate::ClientBuilder::connect_timeout) (10 s), a
/// [`retry_budget`](crate::ClientBuilder::retry_budget) (1,000 retries of all calls together, one
/// more for five calls and three more each second) and
/// [`max_concurrent_requests`](crate::ClientBuilder::max_concurrent_requests) (none). Every call is
/// limited in time until a streaming response begins.
///
/// ```no_run
/// # fn show(client: neo_client_runtime::Client) {
/// use std::time::Duration;
///
/// let patient = client.with_options(|call| {
///     call.timeout(Duration::from_secs(600))
///         .attempt_timeout(Duration::from_secs(120))
///         .retries(5)
/// });
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Duration,
    /// `true` if the caller did not set the timeout, which then ends no upload that makes progress.
    pub(crate) is_default_timeout: bool,
    pub(crate) attempt_timeout: Duration,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) response_limit: usize,
    /// `None` if the caller did not set it.
    idle_timeout: Option<Option<Duration>>,
    pub(crate) event_errors: bool,
    pub(crate) event_limit: usize,
    pub(crate) errors_in_success: bool,
    pub(crate) extras: Extras,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(90),
            is_default_timeout: true,
            attempt_timeout: Duration::from_secs(30),
            retry_policy: RetryPolicy::default(),
            response_limit: 32 * 1024 * 1024,
            idle_timeout: None,
            event_errors: true,
            event_limit: 16 * 1024 * 1024,
            errors_in_success: true,
            extras: Extras::default(),
        }
    }
}

/// The maximum silence of a streaming response, unless the caller sets another.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5 * 60);

impl CallOptions {
    /// Limits the duration of a call, from requesting a credential to the last byte of the
    /// response, including all attempts and the waits between them. The default is 90 seconds. A
    /// streaming response may continue for longer; only its headers must arrive in time.
    ///
    /// The default starts again whenever a part of the request body is sent, so an upload of any
    /// length ends only if it stands still. A limit that you set includes uploads.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self.is_default_timeout = false;
        self
    }

    /// Limits the duration of one attempt, from connecting to the last byte of the response. The
    /// default is 30 seconds.
    ///
    /// The limit starts again whenever a part of the request body is sent, so it does not end an
    /// upload that makes progress. It ends an upload that stands still, and a response that does
    /// not come in time after the upload. Progress means that the network took bytes; about 128 KiB
    /// may wait in the memory of this machine.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// Sets how often and after which waits a failed request is retried.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// Limits the number of retries, which is the number of attempts of the policy minus one. The
    /// default is 2.
    pub fn retries(mut self, max_retries: u32) -> Self {
        self.retry_policy = self.retry_policy.attempts(max_retries.saturating_add(1));
        self
    }

    /// Limits the number of bytes of a response that are read into memory, before and after
    /// decompression. The default is 32 MiB. Streaming responses have no limit.
    ///
    /// The limit counts bytes of the response. The decoded values may need more memory: a list item
    /// that is only `{}` is as large as its type, which may be a hundred times as large or more.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// Limits how long a streaming response may be silent: from its headers to the first bytes, and
    /// between bytes. The default is 5 minutes; `None` removes the limit. Comments that a server
    /// sends to keep an event stream alive count as activity. Only time in which the caller waits
    /// for the stream counts.
    ///
    /// A stream that waits for a person, from a server that sends no comments meanwhile, needs a
    /// longer limit. [`Run::follow`](crate::poll::Run::follow) applies no default limit, because it
    /// also requests the details.
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = Some(limit.into());
        self
    }

    /// Sets whether an event that reports an error becomes an [`Error`](crate::Error). The default
    /// is `true`; with `false`, such an event is returned like any other.
    ///
    /// Which events report an error is a guess; see [`EventStream`](crate::EventStream).
    pub fn event_errors(mut self, are_errors: bool) -> Self {
        self.event_errors = are_errors;
        self
    }

    /// Adds a header to each request, such as `traceparent` or the key of a gateway. Several
    /// headers of one name are all sent. A header that the call itself sets takes precedence. With
    /// the feature `opentelemetry`, a `traceparent` set here is sent in place of that of the
    /// current span.
    ///
    /// Headers of credentials, `Host` and the headers that frame the body belong to the client: the
    /// call fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is
    /// sent.
    ///
    /// ```no_run
    /// # fn show(client: neo_client_runtime::Client, trace: &str) {
    /// let traced = client.with_options(|call| call.header("traceparent", trace));
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extras.add_header(name.into(), value.into());
        self
    }

    /// Adds a pair to the query of each request. A parameter that the call itself sets takes
    /// precedence, and the name of a credential is rejected.
    ///
    /// ```no_run
    /// # fn show(client: neo_client_runtime::Client) {
    /// let preview = client.with_options(|call| call.query("preview", true));
    /// # }
    /// ```
    pub fn query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.extras.add_query(name.into(), value.to_string());
        self
    }

    /// Adds a property to the top level of each JSON body, for a property that the OpenAPI document
    /// lacks. A property that the call itself sets takes precedence.
    ///
    /// A request without a body stays as it is. The call fails before anything is sent if the body
    /// is not a JSON object, or if the value has no JSON form.
    ///
    /// ```no_run
    /// # fn show(client: neo_client_runtime::Client) {
    /// let urgent = client.with_options(|call| call.body_property("priority", 1));
    /// # }
    /// ```
    pub fn body_property(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.extras.add_property(name.into(), &value);
        self
    }

    /// Sets whether a 2xx response fails the call if its JSON tells an error in place of the value.
    /// The default is `true`.
    ///
    /// The client takes `error` or `errors` for an error if the list of a paged operation is empty,
    /// `null` or missing, or if the response of any other operation has no property that an error
    /// response would not have. The error has the kind [`Api`](crate::ErrorKind::Api) and the 2xx
    /// status. Set `false` if your API uses these properties for something else. A response that
    /// does not decode, and JSON in place of an event stream, fail in any case.
    pub fn errors_in_success(mut self, are_errors: bool) -> Self {
        self.errors_in_success = are_errors;
        self
    }

    /// Limits the number of bytes of one event of an event stream. The default is 16 MiB.
    pub fn event_limit(mut self, bytes: usize) -> Self {
        self.event_limit = bytes;
        self
    }

    /// Returns how long a streaming response may be silent.
    pub(crate) fn idle_timeout_or_default(&self) -> Option<Duration> {
        self.idle_timeout.unwrap_or(Some(IDLE_TIMEOUT))
    }

    /// Removes the default limit of silence. A limit that the caller set stays.
    #[cfg(feature = "poll")]
    pub(crate) fn without_default_idle_timeout(mut self) -> Self {
        self.idle_timeout.get_or_insert(None);
        self
    }
}
