//! How calls are made: time limits, repetitions and the ceiling on a reply.

use std::time::Duration;

use crate::client::retry_policy::RetryPolicy;

/// Time limits, repetitions and the ceiling on a reply, for a client or for some of its calls: see
/// [`Client::with`](crate::Client::with).
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) response_limit: usize,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) event_limit: usize,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry_policy: RetryPolicy::default(),
            response_limit: 32 * 1024 * 1024,
            idle_timeout: None,
            event_limit: 16 * 1024 * 1024,
        }
    }
}

impl CallOptions {
    /// How long a call may take in all, from asking for a credential to the last byte of the reply, with every attempt
    /// and the waits between them; 90 seconds unless set. The reply of a streaming operation may go on for longer: its
    /// headers must have come by then.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the reply; 30 seconds unless set.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// How long making a connection may take, with TLS; 10 seconds unless set. An HTTP client of the caller's own
    /// ([`ClientBuilder::http_client`](crate::ClientBuilder::http_client)) has its own limit instead.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How often and after which waits a request that failed is sent again.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// How often a request that failed is sent again at most: the policy's attempts but one; 2 unless set.
    pub fn retries(mut self, most: u32) -> Self {
        self.retry_policy = self.retry_policy.attempts(most.saturating_add(1));
        self
    }

    /// The most bytes of a reply that are read into memory, before and after decompression; 32 MiB unless set. Streaming
    /// replies have no limit.
    ///
    /// It counts bytes of the reply. The values that they decode to may need more memory: an item of a list that is only
    /// `{}` is as large as its type, a hundred times as large or more.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// How long a streaming reply may be silent; without a limit unless set, since a task may wait for a person. Comments
    /// that a server sends to keep an event stream alive are signs of life.
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = limit.into();
        self
    }

    /// The most bytes of one event of an event stream; 16 MiB unless set.
    pub fn event_limit(mut self, bytes: usize) -> Self {
        self.event_limit = bytes;
        self
    }
}
