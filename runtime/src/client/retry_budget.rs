//! The retry budget that all clones of a client share.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// How many retries all calls of a client may make together, so that the client does not multiply
/// an outage.
///
/// The budget is a bucket of retries. It is full at first, every retry takes one, and calls and
/// time put back a part of one. As long as a server recovers soon, no call lacks a retry, even if a
/// thousand calls fail at once. In a long outage, the client adds a fifth to the load.
///
/// An error says so if the budget was the reason for giving up.
///
/// ```
/// # use neo_client_runtime::RetryBudget;
/// let frugal = RetryBudget::new().burst(100).per_call(0.1);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct RetryBudget {
    burst: u32,
    per_call: f64,
    per_second: f64,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryBudget {
    /// Returns the default budget: a burst of 1,000 retries, one for every five calls, and three a
    /// second.
    pub fn new() -> Self {
        Self {
            burst: 1000,
            per_call: 0.2,
            per_second: 3.0,
        }
    }

    /// Returns a budget that refuses no retry.
    pub fn unlimited() -> Self {
        Self::new().per_second(f64::INFINITY)
    }

    /// Sets how many retries the budget holds at most, and at first.
    pub fn burst(mut self, retries: u32) -> Self {
        self.burst = retries;
        self
    }

    /// Sets how many retries each call adds. A negative number counts as zero.
    pub fn per_call(mut self, retries: f64) -> Self {
        self.per_call = retries.max(0.0);
        self
    }

    /// Sets how many retries each second adds. A negative number counts as zero.
    pub fn per_second(mut self, retries: f64) -> Self {
        self.per_second = retries.max(0.0);
        self
    }
}

/// The retries that are left.
pub(crate) struct RetryBucket {
    budget: RetryBudget,
    state: Mutex<State>,
}

struct State {
    left: f64,
    filled_at: Instant,
}

impl RetryBucket {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        let state = State {
            left: budget.burst.into(),
            filled_at: Instant::now(),
        };
        Self {
            budget,
            state: Mutex::new(state),
        }
    }

    /// Counts a call.
    pub(crate) fn deposit(&self) {
        self.with_state(|state| state.left += self.budget.per_call);
    }

    /// Takes a retry. Returns `false` if none is left.
    pub(crate) fn withdraw(&self) -> bool {
        if self.budget.per_second == f64::INFINITY {
            return true;
        }
        self.with_state(|state| {
            let now = Instant::now();
            let passed = now.saturating_duration_since(state.filled_at);
            state.filled_at = now;
            state.left += passed.as_secs_f64() * self.budget.per_second;
            state.left = state.left.min(self.budget.burst.into());
            let is_left = state.left >= 1.0;
            if is_left {
                state.left -= 1.0;
            }
            is_left
        })
    }

    fn with_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        // No code that holds the lock panics halfway through a change.
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(bucket: &RetryBucket, calls: u32) -> usize {
        (0..calls).for_each(|_| bucket.deposit());
        (0..5000).take_while(|_| bucket.withdraw()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn budget_is_exhausted_by_failures_and_refilled() {
        let bucket = RetryBucket::new(RetryBudget::new());
        assert_eq!(taken(&bucket, 200), 1000);
        assert_eq!(taken(&bucket, 0), 0);
        assert_eq!(taken(&bucket, 200), 40);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(taken(&bucket, 0), 6);
        tokio::time::advance(Duration::from_secs(1_000_000)).await;
        assert_eq!(taken(&bucket, 0), 1000);
    }

    #[tokio::test(start_paused = true)]
    async fn budget_of_caller_is_obeyed() {
        let none = RetryBudget::new().burst(0).per_call(-1.0);
        assert_eq!(taken(&RetryBucket::new(none), 100), 0);
        let few = RetryBudget::new().burst(3).per_call(0.0).per_second(0.0);
        assert_eq!(taken(&RetryBucket::new(few), 100), 3);
        assert_eq!(
            taken(&RetryBucket::new(RetryBudget::unlimited().burst(0)), 0),
            5000
        );
    }
}
