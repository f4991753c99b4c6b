//! Decides whether a failed attempt is followed by another, and when.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::client::retry_budget::RetryBudget;
use crate::client::retry_policy::RetryPolicy;
use crate::error::{Error, ErrorKind};

/// Everything that the decision about a failed attempt depends on, except the failure.
pub(crate) struct RetryContext<'a> {
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a RetryBudget,
    pub(crate) attempts: u32,
    pub(crate) deadline: Instant,
    /// `true` if sending the request twice has the same effect as sending it once.
    pub(crate) is_repeatable: bool,
}

/// The step after a failed attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Another attempt, after this wait.
    Retry(Duration),
    /// Another attempt, with a credential other than the rejected one.
    SwitchCredential,
    /// The end: the failure of the attempt is the failure of the call.
    GiveUp(GiveUpReason),
}

/// The reason why an attempt is the last one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum GiveUpReason {
    /// A retry would not help, or would not be safe.
    NotRepeatable,
    /// The body is a stream and was sent.
    SpentBody,
    /// The attempts of the policy are used up, or the server asks for a longer wait than the policy
    /// allows.
    Policy,
    /// The wait would end after the deadline of the call.
    Deadline,
    Budget,
}

impl fmt::Display for RetryDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RetryDecision::Retry(wait) => {
                return write!(f, "failed, again in {} s", wait.as_secs_f64());
            }
            RetryDecision::SwitchCredential => "refused, again with another credential",
            RetryDecision::GiveUp(GiveUpReason::NotRepeatable) => "failed, not to be repeated",
            RetryDecision::GiveUp(GiveUpReason::SpentBody) => {
                "failed, the body cannot be sent again"
            }
            RetryDecision::GiveUp(GiveUpReason::Policy) => "failed, the policy permits no more",
            RetryDecision::GiveUp(GiveUpReason::Deadline) => "failed, no time left for another",
            RetryDecision::GiveUp(GiveUpReason::Budget) => "failed, the retry budget is used up",
        })
    }
}

impl RetryContext<'_> {
    /// Decides about `failure`. A retry is taken from the budget.
    pub(crate) fn decide(&self, failure: &Error) -> RetryDecision {
        if !self.may_be_repeated(failure) {
            return RetryDecision::GiveUp(GiveUpReason::NotRepeatable);
        }
        let Some(wait) = self.policy.wait(self.attempts, failure.retry_after()) else {
            return RetryDecision::GiveUp(GiveUpReason::Policy);
        };
        let now = Instant::now();
        if now.checked_add(wait).is_none_or(|end| end >= self.deadline) {
            return RetryDecision::GiveUp(GiveUpReason::Deadline);
        }
        if !self.budget.withdraw() {
            return RetryDecision::GiveUp(GiveUpReason::Budget);
        }
        RetryDecision::Retry(wait)
    }

    fn may_be_repeated(&self, failure: &Error) -> bool {
        match failure.kind() {
            // Nothing was sent.
            ErrorKind::Connect => true,
            ErrorKind::Transport | ErrorKind::Timeout => self.is_repeatable,
            ErrorKind::Api => failure.status().is_some_and(|status| {
                // Both statuses mean that nothing was done yet, and a server that also sends
                // `Retry-After` means it.
                let is_put_off = matches!(
                    status,
                    StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
                ) && failure.retry_after().is_some();
                self.policy.repeats(status) && (self.is_repeatable || is_put_off)
            }),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::*;
    use crate::error::{ApiError, ErrorBody};

    fn status(status: u16, retry_after: Option<&'static str>) -> Error {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        }
        let status = StatusCode::from_u16(status).unwrap();
        let body = Bytes::new();
        Error::api_error(ApiError::new(
            &ErrorBody::new(),
            status,
            &headers,
            &body,
            &[],
            true,
        ))
    }

    fn next(is_repeatable: bool, failure: &Error) -> RetryDecision {
        RetryContext {
            policy: &RetryPolicy::default(),
            budget: &RetryBudget::new(),
            attempts: 1,
            deadline: Instant::now() + Duration::from_secs(30),
            is_repeatable,
        }
        .decide(failure)
    }

    fn repeats(is_repeatable: bool, failure: &Error) -> bool {
        matches!(next(is_repeatable, failure), RetryDecision::Retry(_))
    }

    #[test]
    fn idempotent_request_is_retried() {
        for kind in [ErrorKind::Connect, ErrorKind::Transport, ErrorKind::Timeout] {
            assert!(repeats(true, &Error::new(kind, "")), "{kind:?}");
        }
        for kind in [
            ErrorKind::Credentials,
            ErrorKind::InvalidRequest,
            ErrorKind::Tls,
            ErrorKind::Redirect,
            ErrorKind::ResponseTooLarge,
            ErrorKind::Decode,
        ] {
            assert!(!repeats(true, &Error::new(kind, "")), "{kind:?}");
        }
        for code in [408, 429, 502, 503, 504] {
            assert!(repeats(true, &status(code, None)), "{code}");
        }
        for code in [400, 401, 403, 404, 409, 418, 500, 501, 505] {
            assert!(!repeats(true, &status(code, Some("0"))), "{code}");
        }
    }

    #[test]
    fn non_idempotent_request_is_retried_only_if_undone() {
        assert!(repeats(false, &Error::new(ErrorKind::Connect, "")));
        assert!(!repeats(false, &Error::new(ErrorKind::Transport, "")));
        assert!(!repeats(false, &Error::new(ErrorKind::Timeout, "")));
        for code in [408, 429, 502, 503, 504] {
            assert!(!repeats(false, &status(code, None)), "{code}");
            let put_off = repeats(false, &status(code, Some("1")));
            assert_eq!(put_off, matches!(code, 429 | 503), "{code}");
        }
    }

    #[test]
    fn retry_wait_never_exceeds_the_deadline() {
        assert_eq!(
            next(true, &status(503, Some("40"))),
            RetryDecision::GiveUp(GiveUpReason::Deadline)
        );
        assert_eq!(
            next(true, &status(503, Some("1e15"))),
            RetryDecision::GiveUp(GiveUpReason::Policy)
        );
    }
}
