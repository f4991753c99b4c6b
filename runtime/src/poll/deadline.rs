//! Ends a wait early: at its deadline, or when the caller cancels it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::time::{Sleep, sleep_until};

use crate::call::context::after;

/// The reason why the waiting ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    Cancelled,
    /// After this duration.
    Deadline(Duration),
}

#[derive(Default)]
pub(super) struct Limits<'c> {
    pub(super) deadline: Option<Duration>,
    pub(super) cancel: Option<BoxFuture<'c, ()>>,
    /// Fires at the deadline, once the waiting has begun.
    end: Option<(Duration, Pin<Box<Sleep>>)>,
}

impl Limits<'_> {
    /// Starts the deadline.
    pub(super) fn begin(&mut self) {
        let end = |limit| (limit, Box::pin(sleep_until(after(limit))));
        self.end = self.deadline.map(end);
    }

    /// Returns the output of a future, unless the waiting ends before.
    pub(super) async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Stop> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Some(cancel) = &mut self.cancel
                && cancel.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(Err(Stop::Cancelled));
            }
            // Polled before the future: events that never stop must not delay the deadline.
            if let Some((limit, end)) = &mut self.end
                && end.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(Err(Stop::Deadline(*limit)));
            }
            future.as_mut().poll(context).map(Ok)
        })
        .await
    }
}
