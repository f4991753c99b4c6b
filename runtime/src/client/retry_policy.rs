//! The retry policy: how often and after which waits a failed request is retried.

#[cfg(feature = "event-streams")]
mod reconnect;

use std::time::Duration;

use reqwest::StatusCode;

/// How often and after which waits a failed request is retried.
///
/// A policy decides how often a request is retried, not whether a retry is safe.
///
/// Idempotent methods (`GET`, `HEAD`, `OPTIONS`, `TRACE`, `PUT`, `DELETE`: RFC 9110 section 9.2.2)
/// and requests with an idempotency key are retried after connection errors, incomplete responses,
/// attempt timeouts, and the [statuses](RetryPolicy::statuses) of the policy.
///
/// Every other request, such as a purchase, is retried only if the server did not carry it out:
///
/// - No connection was made, the server ended an HTTP/2 connection before it processed the request
///   (GOAWAY, RFC 9113 section 6.8), or it refused the stream (`REFUSED_STREAM`, section 8.7).
/// - Status 408: the request did not arrive in whole (RFC 9110 section 15.5.9).
/// - Status 421: the request reached a server that does not serve the host (RFC 9110 section
///   15.5.20). It is sent again over another HTTP/2 connection.
/// - Status 425: the request arrived too early (RFC 8470 section 5.2).
/// - Status 429: a rate limit refused the request (RFC 6585 section 4).
/// - Status 503 with `Retry-After`.
/// - Status 403 with `Retry-After`, by which some servers report a rate limit.
///
/// A wait that the JSON of a 429 or 503 states counts like `Retry-After`.
///
/// Status 409 is a conflict that a retry seldom solves. Any request is retried after a 409 if the
/// response has `Retry-After`, and a request with an idempotency key always: a 409 then means that
/// the first request with this key is still being processed.
///
/// `X-Should-Retry: true` or `false` in a response decides for any status and request.
///
/// A server that permits few requests at once, or for each HTTP/2 connection, refuses those that
/// wait, often several times. If the server deals with other requests of the client in the
/// meantime, such attempts do not count towards the maximum, up to 100 times a call. With a maximum
/// of one attempt, no request is sent again.
///
/// The wait before the n-th retry is a random time between zero and `base * 2^(n-1)`, at most the
/// maximum wait ("full jitter"), and at least the server's `Retry-After`.
///
/// ```
/// # use neo_client_runtime::{RetryPolicy, StatusCode};
/// use std::time::Duration;
///
/// let patient = RetryPolicy::default()
///     .attempts(5)
///     .backoff(Duration::from_millis(500), Duration::from_secs(20))
///     .statuses([StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    /// `None` stands for the default.
    statuses: Option<Vec<StatusCode>>,
}

impl Default for RetryPolicy {
    /// Returns a policy of 3 attempts, with random waits of at most 0.25 seconds before the first
    /// retry, doubling up to 8 seconds, with `Retry-After` up to 60 seconds, and with the default
    /// [statuses](RetryPolicy::statuses).
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(250),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            statuses: None,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy of one attempt: no request is retried.
    ///
    /// After a 401, a request is still sent once more if a provider has another credential.
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. Zero counts as one.
    pub fn attempts(mut self, max: u32) -> Self {
        self.attempts = max.max(1);
        self
    }

    /// Sets the maximum wait before the first retry, which doubles with each retry, and the maximum
    /// wait before any retry.
    pub fn backoff(mut self, base: Duration, max: Duration) -> Self {
        (self.base, self.max_backoff) = (base.min(max), max);
        self
    }

    /// Sets the longest `Retry-After` that is obeyed. If a server asks for more, the call fails at
    /// once, and the error returns [how long the server asked for](crate::Error::retry_after).
    pub fn max_retry_after(mut self, max: Duration) -> Self {
        self.max_retry_after = max;
        self
    }

    /// Sets the statuses after which a request is retried.
    ///
    /// The default is 408, 421, 425, 429, and all statuses from 500 to 599 except 501 (not
    /// implemented), 505 (HTTP version not supported), 511 (network authentication required) and
    /// 526 (invalid certificate behind a gateway), which a retry does not change.
    ///
    /// [`Error::is_retryable`](crate::Error::is_retryable) follows the same statuses.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses = Some(statuses.into_iter().collect());
        self
    }

    /// Returns whether a request may succeed later that failed with `status`.
    pub(crate) fn is_temporary(&self, status: StatusCode) -> bool {
        match &self.statuses {
            Some(statuses) => statuses.contains(&status),
            None => match status.as_u16() {
                408 | 421 | 425 | 429 => true,
                501 | 505 | 511 | 526 => false,
                code => (500..=599).contains(&code),
            },
        }
    }

    /// Returns whether the policy permits any retry.
    pub(crate) fn repeats(&self) -> bool {
        self.attempts > 1
    }

    /// Returns the wait after `attempts` attempts; `None` if the attempts are used up or the server
    /// asks for too long a wait.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if attempts >= self.attempts || retry_after > Some(self.max_retry_after) {
            return None;
        }
        let drawn = self.draw(attempts.saturating_sub(1));
        Some(drawn.max(retry_after.unwrap_or_default()))
    }

    /// Returns the longest wait that a server can ask for.
    #[cfg(feature = "poll")]
    pub(crate) fn longest_wait(&self) -> Duration {
        self.max_retry_after
    }

    fn draw(&self, repetitions: u32) -> Duration {
        backoff(self.base, self.max_backoff, repetitions)
    }
}

/// Returns a random wait up to a bound that is `base` at first and doubles with each retry, up to
/// the maximum.
pub(crate) fn backoff(base: Duration, ceiling: Duration, repetitions: u32) -> Duration {
    let doubled = base.saturating_mul(2_u32.saturating_pow(repetitions));
    let bound = doubled.min(ceiling);
    // The whole wait if the system has no random bits.
    let share = getrandom::u32().map_or(1.0, |bits| f64::from(bits) / f64::from(u32::MAX));
    let drawn = Duration::try_from_secs_f64(bound.as_secs_f64() * share);
    drawn.unwrap_or(bound).min(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_the_limit() {
        let policy = RetryPolicy::default()
            .attempts(100)
            .backoff(SECOND, 10 * SECOND);
        for (attempts, longest) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (60, 10)] {
            let drawn: Vec<_> = (0..300)
                .map(|_| policy.wait(attempts, None).unwrap())
                .collect();
            let longest = longest * SECOND;
            assert!(drawn.iter().all(|wait| *wait <= longest));
            assert!(drawn.iter().any(|wait| *wait > longest / 2));
            assert!(drawn.iter().any(|wait| *wait < longest / 2));
        }
    }

    #[test]
    fn attempts_stop_at_the_limit() {
        let policy = RetryPolicy::default();
        assert!(policy.wait(2, None).is_some());
        assert_eq!(policy.wait(3, None), None);
        assert_eq!(RetryPolicy::none().wait(1, None), None);
        assert_eq!(RetryPolicy::default().attempts(0), RetryPolicy::none());
    }

    #[test]
    fn retry_after_is_obeyed_up_to_the_limit() {
        let policy = RetryPolicy::default().max_retry_after(20 * SECOND);
        assert_eq!(policy.wait(1, Some(20 * SECOND)), Some(20 * SECOND));
        assert_eq!(policy.wait(1, Some(21 * SECOND)), None);
        assert!(policy.wait(1, Some(Duration::ZERO)).unwrap() <= SECOND);
    }

    #[test]
    fn wait_of_any_length_is_computed() {
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
                assert!(policy.wait(attempts, None).unwrap() <= ceiling);
            }
        }
    }
}
