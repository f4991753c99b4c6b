//! The failures that a poll tolerates: how long requests for the details may fail.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};

/// The number of consecutive rejections that are always tolerated.
const MAX_REJECTIONS: u32 = 5;

/// The time for which more rejections are tolerated: a job may be visible late.
const REJECTION_TIME: Duration = Duration::from_secs(30);

/// Counts failures in a row. A rejection, such as a 404, is counted apart from other failures.
pub(super) struct Tolerance {
    /// The maximum time for which all requests may fail.
    pub(super) limit: Duration,
    /// The job was started over a connection of this client.
    has_connected: bool,
    /// A request for the details succeeded before.
    has_succeeded: bool,
    failing_since: Option<Instant>,
    rejected_since: Option<Instant>,
    rejections: u32,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            limit: Duration::from_secs(15 * 60),
            has_connected: false,
            has_succeeded: false,
            failing_since: None,
            rejected_since: None,
            rejections: 0,
        }
    }
}

impl Tolerance {
    /// Records the start of the job.
    pub(super) fn connected(&mut self) {
        self.has_connected = true;
    }

    /// Records a request for the details that succeeded.
    pub(super) fn reset(&mut self) {
        *self = Self {
            limit: self.limit,
            has_connected: true,
            has_succeeded: true,
            ..Self::default()
        };
    }

    /// Records a failure. Returns whether to go on.
    pub(super) fn tolerates(&mut self, failure: &Error) -> bool {
        if self.is_rejection(failure) {
            self.rejections = self.rejections.saturating_add(1);
            let since = *self.rejected_since.get_or_insert_with(Instant::now);
            return self.rejections <= MAX_REJECTIONS
                || since.elapsed() < REJECTION_TIME.min(self.limit);
        }
        self.may_pass(failure) && self.left() > Duration::ZERO
    }

    /// Records a failure, and returns for how much longer failures are tolerated.
    pub(super) fn left(&mut self) -> Duration {
        let since = *self.failing_since.get_or_insert_with(Instant::now);
        self.limit.saturating_sub(since.elapsed())
    }

    /// Returns whether a failure would be the first in a row.
    pub(super) fn is_unbroken(&self) -> bool {
        self.failing_since.is_none() && self.rejected_since.is_none()
    }

    /// Returns whether the server rejects the request. A credential that was accepted before may be
    /// rejected for a moment, by a gateway or by a server that just started.
    fn is_rejection(&self, failure: &Error) -> bool {
        match failure.status() {
            _ if failure.is_retryable() => false,
            Some(StatusCode::NOT_FOUND) => true,
            Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => self.has_succeeded,
            _ => false,
        }
    }

    /// Returns whether a failure of a request that changes nothing may pass.
    fn may_pass(&self, failure: &Error) -> bool {
        let is_passing = |status: StatusCode| status.is_server_error() || status.is_success();
        match failure.kind() {
            _ if failure.is_retryable() => true,
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => true,
            // An error in the body of a 2xx response is one of the moment.
            ErrorKind::Api => failure.status().is_some_and(is_passing),
            // The page of a gateway or a proxy in place of the details, or a redirect to such a
            // page.
            ErrorKind::Decode | ErrorKind::Redirect => true,
            // The settings are right, because a request succeeded with them.
            ErrorKind::Tls | ErrorKind::Proxy => self.has_connected,
            _ => false,
        }
    }
}
