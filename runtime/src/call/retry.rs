//! Decides whether a failed attempt is followed by another, and when.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::client::retry_budget::RetryBucket;
use crate::client::retry_policy::{RetryPolicy, backoff};
use crate::error::{Error, ErrorKind, Unprocessed};

/// How often a call is sent again because the server did not process it while it dealt with other
/// requests. A server that permits few requests at once, or for each connection, refuses many of
/// those that wait.
const MAX_UNPROCESSED: u32 = 100;

/// The longest wait before such a request is sent again, times the number of such requests.
const UNPROCESSED_WAIT: Duration = Duration::from_millis(10);

/// Everything that the decision about a failed attempt depends on, except the failure.
pub(crate) struct RetryContext<'a> {
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a RetryBucket,
    /// The attempts that count towards the maximum of the policy.
    pub(crate) attempts: u32,
    /// The attempts that the server did not process while it dealt with other requests.
    pub(crate) unprocessed: u32,
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

impl GiveUpReason {
    /// Returns the note about a failure that another attempt might have avoided.
    pub(crate) fn note(&self) -> Option<&'static str> {
        match self {
            GiveUpReason::NotRepeatable | GiveUpReason::Policy => None,
            GiveUpReason::SpentBody => Some("not sent again, its body is a stream"),
            GiveUpReason::Deadline => {
                Some("not sent again, the `timeout` of the call would have passed before")
            }
            GiveUpReason::Budget => Some(
                "not sent again, the client's retry budget is used up: see `ClientBuilder::retry_budget`",
            ),
        }
    }
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
        let is_free = failure.unprocessed() == Some(Unprocessed::AmongOthers);
        let wait = match is_free {
            true => self.wait_unprocessed(),
            false => self.policy.wait(self.attempts, failure.retry_after()),
        };
        let Some(wait) = wait else {
            return RetryDecision::GiveUp(GiveUpReason::Policy);
        };
        let now = Instant::now();
        if now.checked_add(wait).is_none_or(|end| end >= self.deadline) {
            return RetryDecision::GiveUp(GiveUpReason::Deadline);
        }
        // Otherwise the server responds, and the budget has nothing to protect.
        if !is_free && !self.budget.withdraw() {
            return RetryDecision::GiveUp(GiveUpReason::Budget);
        }
        RetryDecision::Retry(wait)
    }

    /// Returns the wait before a request is sent again that the server did not process.
    fn wait_unprocessed(&self) -> Option<Duration> {
        let is_permitted = self.policy.repeats() && self.unprocessed <= MAX_UNPROCESSED;
        let longest = UNPROCESSED_WAIT * self.unprocessed;
        is_permitted.then(|| backoff(longest, longest, 0))
    }

    fn may_be_repeated(&self, failure: &Error) -> bool {
        match failure.kind() {
            // Nothing was sent.
            ErrorKind::Connect => true,
            ErrorKind::Credentials => failure.is_retryable(),
            ErrorKind::Transport | ErrorKind::Timeout => {
                self.is_repeatable || failure.unprocessed().is_some()
            }
            ErrorKind::Api => failure.is_retryable() && (self.is_repeatable || failure.is_undone()),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::*;
    use crate::client::retry_budget::RetryBudget;
    use crate::error::ErrorBody;
    use crate::error::api_error::{ApiError, Hidden};
    use crate::error::echo::Echo;

    /// Returns the error of a response, as an attempt makes it.
    fn status(status: u16, retry_after: Option<&'static str>) -> Error {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        }
        let status = StatusCode::from_u16(status).unwrap();
        let hidden = Hidden {
            secrets: &[],
            words: &[],
            echo: &Echo::Public,
        };
        let shape = ErrorBody::new();
        let api = ApiError::new(&shape, status, &headers, b"", hidden);
        let is_listed = RetryPolicy::default().is_temporary(status);
        let is_temporary = api.is_temporary(is_listed, false);
        Error::api_error(api).temporary_if(is_temporary)
    }

    fn next(is_repeatable: bool, failure: &Error) -> RetryDecision {
        RetryContext {
            policy: &RetryPolicy::default(),
            budget: &RetryBucket::new(RetryBudget::new()),
            attempts: 1,
            unprocessed: 0,
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
        for code in [
            408, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530, 599,
        ] {
            assert!(repeats(true, &status(code, None)), "{code}");
        }
        for code in [400, 401, 403, 404, 409, 418, 422, 501, 505, 511, 526] {
            assert!(!repeats(true, &status(code, None)), "{code}");
        }
        assert!(repeats(true, &status(403, Some("0"))));
        assert!(repeats(true, &status(409, Some("0"))));
    }

    #[test]
    fn non_idempotent_request_is_retried_only_if_undone() {
        assert!(repeats(false, &Error::new(ErrorKind::Connect, "")));
        assert!(!repeats(false, &Error::new(ErrorKind::Transport, "")));
        assert!(!repeats(false, &Error::new(ErrorKind::Timeout, "")));
        for code in [408, 421, 425, 429] {
            assert!(repeats(false, &status(code, None)), "{code}");
        }
        for code in [403, 409, 503] {
            assert!(!repeats(false, &status(code, None)), "{code}");
            assert!(repeats(false, &status(code, Some("1"))), "{code}");
        }
        for code in [500, 502, 504, 520, 524, 529, 530] {
            assert!(!repeats(false, &status(code, Some("1"))), "{code}");
        }
    }

    #[test]
    fn unprocessed_request_is_retried_beyond_attempts() {
        let failure = |company| Error::new(ErrorKind::Transport, "").was_unprocessed(company);
        let decide = |policy: &RetryPolicy, unprocessed, failure: &Error| {
            let context = RetryContext {
                policy,
                budget: &RetryBucket::new(RetryBudget::new().burst(0)),
                attempts: 0,
                unprocessed,
                deadline: Instant::now() + Duration::from_secs(30),
                is_repeatable: false,
            };
            context.decide(failure)
        };
        let among = failure(Unprocessed::AmongOthers);
        for unprocessed in [1, 4, MAX_UNPROCESSED] {
            let decision = decide(&RetryPolicy::default(), unprocessed, &among);
            assert!(matches!(decision, RetryDecision::Retry(_)), "{decision:?}");
        }
        let end = RetryDecision::GiveUp(GiveUpReason::Policy);
        assert_eq!(
            decide(&RetryPolicy::default(), MAX_UNPROCESSED + 1, &among),
            end
        );
        assert_eq!(decide(&RetryPolicy::none(), 1, &among), end);
        // The server may be unable to respond at all: the budget and the attempts count.
        let alone = failure(Unprocessed::Alone);
        assert_eq!(
            decide(&RetryPolicy::default(), 0, &alone),
            RetryDecision::GiveUp(GiveUpReason::Budget)
        );
        assert!(repeats(false, &alone));
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
