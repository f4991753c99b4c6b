//! The loop that sends a request until an attempt succeeds. It knows no HTTP and no clock.

use std::time::Duration;

use super::retry::{GiveUpReason, RetryDecision};

/// A call that may take several attempts.
pub(crate) trait Retried {
    type Response: Send;
    type Failure: Send;

    /// Returns whether the request can be sent more than once.
    fn can_repeat(&self) -> bool;

    /// Sends the request once.
    fn attempt(&mut self) -> impl Future<Output = Result<Self::Response, Self::Failure>> + Send;

    /// Discards the credential that a failure rejects, and returns whether another may be
    /// available. `has_switched`: the credential was switched before.
    fn discard_rejected(&mut self, failure: &Self::Failure, has_switched: bool) -> bool;

    /// Decides what follows a failure for which no other credential is available.
    fn decide(&mut self, failure: &Self::Failure) -> RetryDecision;

    /// Records how an attempt ended: in success, or in a failure and what follows it.
    fn report(&mut self, failure: Option<(&Self::Failure, &RetryDecision)>);

    /// Waits before the next attempt.
    fn wait(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// Returns the failure of the call: the last one, or the rejection of the first credential.
    fn give_up(
        last: Self::Failure,
        rejection: Option<Self::Failure>,
        why: &GiveUpReason,
    ) -> Self::Failure;
}

/// Sends the request until an attempt succeeds, or until the call gives up.
pub(crate) async fn run<C: Retried>(call: &mut C) -> Result<C::Response, C::Failure> {
    let mut rejection = None;
    loop {
        let failure = match call.attempt().await {
            Ok(response) => {
                call.report(None);
                return Ok(response);
            }
            Err(failure) => failure,
        };
        // Precedes the check of the body: later calls must not use the rejected credential either.
        let can_switch = call.discard_rejected(&failure, rejection.is_some());
        let decision = match call.can_repeat() {
            true if can_switch => RetryDecision::SwitchCredential,
            true => call.decide(&failure),
            false => RetryDecision::GiveUp(GiveUpReason::SpentBody),
        };
        call.report(Some((&failure, &decision)));
        match decision {
            RetryDecision::Retry(time) => call.wait(time).await,
            RetryDecision::SwitchCredential => rejection = Some(failure),
            RetryDecision::GiveUp(why) => return Err(C::give_up(failure, rejection, &why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Mutex;

    use super::*;

    /// A call whose attempts end as a script says.
    struct Script {
        attempts: u32,
        /// The outcome of each attempt.
        outcomes: Vec<Result<&'static str, &'static str>>,
        is_spent: bool,
        events: Mutex<RefCell<Vec<String>>>,
    }

    impl Script {
        fn new(outcomes: &[Result<&'static str, &'static str>]) -> Self {
            let outcomes = outcomes.iter().rev().copied().collect();
            Self {
                attempts: 0,
                outcomes,
                is_spent: false,
                events: Mutex::default(),
            }
        }

        fn note(&self, event: impl Into<String>) {
            self.events.lock().unwrap().get_mut().push(event.into());
        }

        fn events(self) -> Vec<String> {
            self.events.into_inner().unwrap().into_inner()
        }
    }

    impl Retried for Script {
        type Response = &'static str;
        type Failure = String;

        fn can_repeat(&self) -> bool {
            !self.is_spent
        }

        async fn attempt(&mut self) -> Result<&'static str, String> {
            self.attempts += 1;
            self.note(format!("attempt {}", self.attempts));
            self.outcomes.pop().unwrap().map_err(str::to_owned)
        }

        fn discard_rejected(&mut self, failure: &String, has_switched: bool) -> bool {
            let is_discarded = failure == "rejected" && !has_switched;
            if is_discarded {
                self.note("discard");
            }
            is_discarded
        }

        fn decide(&mut self, failure: &String) -> RetryDecision {
            match failure.as_str() {
                "busy" => RetryDecision::Retry(Duration::from_secs(3)),
                _ => RetryDecision::GiveUp(GiveUpReason::NotRepeatable),
            }
        }

        fn report(&mut self, failure: Option<(&String, &RetryDecision)>) {
            self.note(match failure {
                Some((failure, decision)) => format!("{failure}: {decision}"),
                None => "succeeded".to_owned(),
            });
        }

        async fn wait(&self, time: Duration) {
            self.note(format!("wait {time:?}"));
        }

        fn give_up(last: String, rejection: Option<String>, _: &GiveUpReason) -> String {
            match rejection {
                Some(rejection) if last == "no other" => format!("{rejection} because {last}"),
                _ => last,
            }
        }
    }

    async fn run(mut script: Script) -> (Result<&'static str, String>, Vec<String>) {
        let outcome = super::run(&mut script).await;
        (outcome, script.events())
    }

    #[tokio::test]
    async fn failure_is_retried_after_its_wait() {
        let (outcome, events) = run(Script::new(&[Err("busy"), Err("busy"), Ok("done")])).await;
        assert_eq!(outcome, Ok("done"));
        let busy = "busy: failed, again in 3 s";
        let expected = [
            "attempt 1",
            busy,
            "wait 3s",
            "attempt 2",
            busy,
            "wait 3s",
            "attempt 3",
            "succeeded",
        ];
        assert_eq!(events, expected);
    }

    #[tokio::test]
    async fn credential_is_switched_once() {
        let (outcome, events) = run(Script::new(&[Err("rejected"), Err("rejected")])).await;
        assert_eq!(outcome, Err("rejected".to_owned()));
        assert_eq!(events.len(), 5);
        let (outcome, _) = run(Script::new(&[Err("rejected"), Ok("done")])).await;
        assert_eq!(outcome, Ok("done"));
    }

    #[tokio::test]
    async fn rejection_is_reported_without_another_credential() {
        let (outcome, _) = run(Script::new(&[Err("rejected"), Err("no other")])).await;
        assert_eq!(outcome, Err("rejected because no other".to_owned()));
    }

    #[tokio::test]
    async fn request_that_cannot_be_copied_is_sent_once() {
        let mut script = Script::new(&[Err("busy")]);
        script.is_spent = true;
        let (outcome, events) = run(script).await;
        assert_eq!(outcome, Err("busy".to_owned()));
        let expected = ["attempt 1", "busy: failed, the body cannot be sent again"];
        assert_eq!(events, expected);

        let mut script = Script::new(&[Err("rejected")]);
        script.is_spent = true;
        let (outcome, events) = run(script).await;
        assert_eq!(outcome, Err("rejected".to_owned()));
        let end = "rejected: failed, the body cannot be sent again";
        assert_eq!(events, ["attempt 1", "discard", end]);
    }
}
