//! Setters of timeouts, retries and limits, and of what each request carries.

use std::time::Duration;

use super::ClientBuilder;
use crate::client::call_options::CallOptions;
use crate::client::retry_budget::RetryBudget;
use crate::client::retry_policy::RetryPolicy;

impl ClientBuilder {
    /// Limits the duration of a call, including all attempts and the waits between them. The
    /// default is 90 seconds, and ends no upload that makes progress. See [`CallOptions::timeout`].
    pub fn timeout(self, limit: Duration) -> Self {
        self.options(|options| options.timeout(limit))
    }

    /// Limits the duration of one attempt; an upload that makes progress is not ended. The default
    /// is 30 seconds. See [`CallOptions::attempt_timeout`].
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        self.options(|options| options.attempt_timeout(limit))
    }

    /// Sets how often and after which waits a failed request is retried. The default is
    /// [`RetryPolicy::default`].
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry_policy(policy))
    }

    /// Limits the number of bytes of a response that are read into memory. The default is 32 MiB.
    /// See [`CallOptions::response_limit`].
    pub fn response_limit(self, bytes: usize) -> Self {
        self.options(|options| options.response_limit(bytes))
    }

    /// Adds a header to each request of the client, such as the key of a gateway. A header that a
    /// call itself sets takes precedence. See [`CallOptions::header`].
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options(|options| options.header(name, value))
    }

    /// Appends text to [`Api::user_agent`](field@crate::Api::user_agent) in `User-Agent`, by
    /// convention `name/version` of the calling program. A call that sets `User-Agent` itself sends
    /// that value alone.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets how many retries all calls of the client may make together. The default is
    /// [`RetryBudget::new`].
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    fn options(mut self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.options = change(self.options);
        self
    }
}
