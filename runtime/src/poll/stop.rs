//! The end of a waiting before the job ends, and the errors of a job.

use std::time::Duration;

use tokio::time::timeout;

use super::deadline::Stop;
use super::poller::Poller;
use crate::error::{Error, ErrorKind};

/// The maximum time for the hook that stops a job at the server.
const STOP_TIME: Duration = Duration::from_secs(10);

impl Poller<'_> {
    /// Calls the hook of a waiting that was stopped before the end of the job.
    pub(super) async fn stop(&mut self) {
        if !self.is_stopped || self.id.is_empty() {
            return;
        }
        let Some(on_stop) = self.on_stop.take() else {
            return;
        };
        let stopping = timeout(STOP_TIME, on_stop(self.id.clone())).await;
        let (operation, id) = (self.job.operation().name, &self.shown_id);
        match stopping {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("{operation}: `{id}` was not stopped: {error}"),
            Err(_) => tracing::warn!("{operation}: `{id}` was not stopped within {STOP_TIME:?}"),
        }
    }

    pub(super) fn stopped(&self, stop: Stop) -> Error {
        let (kind, what) = match stop {
            Stop::Cancelled => (ErrorKind::Cancelled, "given up by the caller".to_owned()),
            Stop::Deadline(limit) => {
                let limit = limit.as_secs_f64();
                (
                    ErrorKind::Timeout,
                    format!("not over within {limit} s, the deadline"),
                )
            }
        };
        let what = match (self.started, self.id.is_empty()) {
            (None, true) => format!("{what}, before the server acknowledged it"),
            (None, false) => format!("{what}, before the server acknowledged `{}`", self.shown_id),
            (Some(_), _) => format!(
                "{what}: `{}` goes on at the server; status: {}",
                self.shown_id, self.shown_status
            ),
        };
        // A request may have been sent, so callers should check before they try again.
        self.error(kind, what).after(1)
    }

    /// Returns the error of a hook. A hook that cancels stops the waiting as the caller does.
    pub(super) fn of_hook(&mut self, error: Error) -> Error {
        if error.kind() != ErrorKind::Cancelled {
            return error;
        }
        self.is_stopped = true;
        error.at(self.job.operation().into()).after(1)
    }

    pub(super) fn error(&self, kind: ErrorKind, what: impl Into<String>) -> Error {
        Error::new(kind, what).at(self.job.operation().into())
    }

    /// Returns an error that names the work.
    pub(super) fn named(&self, error: Error) -> Error {
        let error = match self.id.is_empty() {
            true => error,
            false => error.in_run(&self.id),
        };
        match self.started {
            Some(_) => error.under_way(),
            None => error,
        }
    }
}
