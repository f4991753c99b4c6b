//! How often and after which waits a failed request is repeated, as a value.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use retry_policies::policies::ExponentialBackoff;
use retry_policies::{Jitter, RetryDecision, RetryPolicy as _};

use crate::error::kind::RETRYABLE;

/// How often and after which waits a request that failed is sent again.
///
/// A policy decides how, not whether: a request is repeated only where that is harmless. Methods that are idempotent
/// (`GET`, `HEAD`, `OPTIONS`, `TRACE`, `PUT`, `DELETE`: RFC 9110 section 9.2.2), and requests with an idempotency key,
/// are repeated after a connection that was not made or broke, a reply that ended early, the time limit of an attempt,
/// and the [statuses](RetryPolicy::statuses) of the policy. Every other request, a purchase for instance, is repeated
/// only when it cannot have reached the server, and after a 429 or 503 that carries `Retry-After`.
///
/// The wait before the n-th repetition is a random time between zero and `base * 2^(n-1)`, at most the ceiling ("full
/// jitter"), and no less than the server's `Retry-After`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    ceiling: Duration,
    max_retry_after: Duration,
    statuses: Vec<StatusCode>,
}

impl Default for RetryPolicy {
    /// 3 attempts; waits that begin with 0.25 seconds and end with 8; `Retry-After` up to 60 seconds; the statuses 408,
    /// 429, 502, 503 and 504.
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(250),
            ceiling: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            statuses: RETRYABLE.to_vec(),
        }
    }
}

impl RetryPolicy {
    /// One attempt: no request is repeated.
    ///
    /// A request that is refused with 401 is sent once more all the same if a provider has another credential.
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included. Zero counts as one.
    pub fn attempts(mut self, most: u32) -> Self {
        self.attempts = most.max(1);
        self
    }

    /// The longest wait before the first repetition, which doubles with each, and the longest before any.
    pub fn backoff(mut self, base: Duration, ceiling: Duration) -> Self {
        (self.base, self.ceiling) = (base.min(ceiling), ceiling);
        self
    }

    /// The longest `Retry-After` that is waited for. A server that asks for more ends the call at once; the error tells
    /// [how long it asked for](crate::Error::retry_after).
    pub fn max_retry_after(mut self, longest: Duration) -> Self {
        self.max_retry_after = longest;
        self
    }

    /// The statuses after which a request is repeated, instead of 408, 429, 502, 503 and 504.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses = statuses.into_iter().collect();
        self
    }

    pub(crate) fn repeats(&self, status: StatusCode) -> bool {
        self.statuses.contains(&status)
    }

    /// The wait after `attempts` attempts; `None` when there have been enough, or the server asks for too long a wait.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if attempts >= self.attempts || retry_after > Some(self.max_retry_after) {
            return None;
        }
        let drawn = self.draw(attempts.saturating_sub(1));
        Some(drawn.max(retry_after.unwrap_or_default()))
    }

    /// The wait before an event stream is asked for again after so many connections in a row that gave no event, where
    /// the server wants this time to pass at least.
    pub(crate) fn wait_to_reconnect(&self, fruitless: u32, asked: Option<Duration>) -> Duration {
        let drawn = match fruitless.checked_sub(1) {
            Some(repetitions) => self.draw(repetitions),
            None => Duration::ZERO,
        };
        drawn.max(asked.unwrap_or_default().min(self.max_retry_after))
    }

    /// The longest wait that a server can ask for.
    pub(crate) fn longest_wait(&self) -> Duration {
        self.max_retry_after
    }

    fn draw(&self, repetitions: u32) -> Duration {
        backoff(self.base, self.ceiling, Jitter::Full, repetitions)
    }
}

/// A random wait up to a bound that is `base` at first and doubles with each repetition, up to `ceiling`.
pub(crate) fn backoff(
    base: Duration,
    ceiling: Duration,
    jitter: Jitter,
    repetitions: u32,
) -> Duration {
    // The crate multiplies before it cuts off, which overflows for waits of centuries.
    let most = ceiling.min(Duration::from_secs(u32::MAX.into()));
    let policy = ExponentialBackoff::builder()
        .retry_bounds(base.min(most), most)
        .jitter(jitter)
        .base(2)
        .build_with_max_retries(u32::MAX);
    let now = SystemTime::now();
    match policy.should_retry(now, repetitions) {
        RetryDecision::Retry { execute_after } => {
            execute_after.duration_since(now).unwrap_or_default()
        }
        RetryDecision::DoNotRetry => ceiling,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_the_ceiling() {
        let policy = RetryPolicy::default()
            .attempts(100)
            .backoff(SECOND, 10 * SECOND);
        for (attempts, longest) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (60, 10)] {
            let drawn: Vec<_> = (0..300)
                .map(|_| policy.wait(attempts, None).unwrap())
                .collect();
            let longest = longest * SECOND;
            // What passes between the two readings of the clock is in it.
            let slack = SECOND;
            assert!(drawn.iter().all(|wait| *wait <= longest + slack));
            assert!(drawn.iter().any(|wait| *wait > longest / 2));
            assert!(drawn.iter().any(|wait| *wait < longest / 2));
        }
    }

    #[test]
    fn attempts_end() {
        let policy = RetryPolicy::default();
        assert!(policy.wait(2, None).is_some());
        assert_eq!(policy.wait(3, None), None);
        assert_eq!(RetryPolicy::none().wait(1, None), None);
        assert_eq!(RetryPolicy::default().attempts(0), RetryPolicy::none());
    }

    #[test]
    fn the_server_is_given_its_time_up_to_the_ceiling() {
        let policy = RetryPolicy::default().max_retry_after(20 * SECOND);
        assert_eq!(policy.wait(1, Some(20 * SECOND)), Some(20 * SECOND));
        assert_eq!(policy.wait(1, Some(21 * SECOND)), None);
        assert!(policy.wait(1, Some(Duration::ZERO)).unwrap() <= SECOND);
    }

    #[test]
    fn a_stream_is_asked_for_again_when_the_server_wants_up_to_the_ceiling() {
        let policy = RetryPolicy::default().max_retry_after(20 * SECOND);
        assert_eq!(policy.wait_to_reconnect(0, None), Duration::ZERO);
        assert_eq!(policy.wait_to_reconnect(0, Some(3 * SECOND)), 3 * SECOND);
        let longest = policy.wait_to_reconnect(9, Some(Duration::MAX));
        assert_eq!(longest, 20 * SECOND);
        assert!((0..100).any(|_| policy.wait_to_reconnect(1, None) > Duration::ZERO));
    }

    #[test]
    fn no_wait_is_too_long_or_too_short_to_compute() {
        for (base, ceiling) in [
            (Duration::MAX, Duration::MAX),
            (Duration::ZERO, Duration::ZERO),
            (SECOND, Duration::ZERO),
            (Duration::ZERO, Duration::MAX),
        ] {
            let policy = RetryPolicy::default()
                .attempts(u32::MAX)
                .backoff(base, ceiling);
            for attempts in [0, 1, 2, 40, u32::MAX - 1] {
                policy.wait(attempts, None).unwrap();
                backoff(base.min(ceiling), ceiling, Jitter::Bounded, attempts);
            }
        }
    }
}
