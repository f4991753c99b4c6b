//! The failures that a wait survives: how long requests for the details may fail.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};

/// The number of consecutive 404 responses that are always tolerated.
const ABSENCES: u32 = 5;

/// The time for which more 404 responses are tolerated: a job may be visible late.
const ABSENCE_TIME: Duration = Duration::from_secs(30);

/// Counts failures in a row. A 404 is counted apart from other failures.
pub(super) struct Tolerance {
    /// The maximum time for which all requests may fail.
    pub(super) limit: Duration,
    failing_since: Option<Instant>,
    absent_since: Option<Instant>,
    absences: u32,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            limit: Duration::from_secs(15 * 60),
            failing_since: None,
            absent_since: None,
            absences: 0,
        }
    }
}

impl Tolerance {
    /// Records a request that succeeded.
    pub(super) fn reset(&mut self) {
        *self = Self {
            limit: self.limit,
            ..Self::default()
        };
    }

    /// Records a failure. Returns whether to go on.
    pub(super) fn bears(&mut self, failure: &Error) -> bool {
        if failure.status() == Some(StatusCode::NOT_FOUND) {
            self.absences = self.absences.saturating_add(1);
            let since = *self.absent_since.get_or_insert_with(Instant::now);
            return self.absences <= ABSENCES || since.elapsed() < ABSENCE_TIME.min(self.limit);
        }
        may_pass(failure) && self.left() > Duration::ZERO
    }

    /// Records a failure, and returns for how much longer failures are tolerated.
    pub(super) fn left(&mut self) -> Duration {
        let since = *self.failing_since.get_or_insert_with(Instant::now);
        self.limit.saturating_sub(since.elapsed())
    }

    /// Returns whether a failure would be the first in a row.
    pub(super) fn is_unbroken(&self) -> bool {
        self.failing_since.is_none() && self.absent_since.is_none()
    }
}

/// Returns whether a failure of a request that changes nothing may pass.
fn may_pass(failure: &Error) -> bool {
    match failure.kind() {
        _ if failure.is_retryable() => true,
        ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => true,
        ErrorKind::Api => failure.status().is_some_and(|it| it.is_server_error()),
        // The page of a gateway or a proxy in place of the details, or a redirect to such a page.
        ErrorKind::Decode | ErrorKind::Redirect => true,
        _ => false,
    }
}
