//! The responses and faults that a test has set, by operation.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::audience::Audience;
use super::events::MockEvent;
use super::fault::Fault;
use super::mock_response::MockResponse;
use super::pages::ServedPages;
use super::recorded::RecordedRequest;
use super::response::WholeResponse;

/// The responses and faults that a test has set. Operations are named by method and path template.
#[derive(Default)]
pub(super) struct Script {
    responses: Mutex<HashMap<String, Vec<(Audience, ScriptedResponse)>>>,
    /// The first fault is for the next request.
    faults: Mutex<HashMap<String, VecDeque<Fault>>>,
}

/// Makes the response for a request.
pub(super) type Responder = Arc<dyn Fn(&RecordedRequest) -> MockResponse + Send + Sync>;

/// A response that a test has set.
#[derive(Clone)]
pub(super) enum ScriptedResponse {
    One(WholeResponse),
    /// The first response is for the next request. The last one stays.
    Sequence(VecDeque<WholeResponse>),
    /// The events of a stream, and the pause before each.
    Events(Vec<MockEvent>, Duration),
    Pages(Arc<ServedPages>),
    With(Responder),
}

impl Script {
    /// Sets the response of an operation, in place of the earlier one for the same requests.
    pub(super) fn set_response(&self, key: &str, audience: Audience, response: ScriptedResponse) {
        let mut responses = locked(&self.responses);
        let of_operation = responses.entry(key.to_owned()).or_default();
        let stays = |earlier: Audience| {
            audience != Audience::All && earlier != Audience::All && earlier != audience
        };
        of_operation.retain(|(earlier, _)| stays(*earlier));
        of_operation.push((audience, response));
    }

    /// Adds a fault for a request after those that have faults already.
    pub(super) fn add_fault(&self, key: &str, fault: Fault) {
        let mut faults = locked(&self.faults);
        faults.entry(key.to_owned()).or_default().push_back(fault);
    }

    /// Takes the response for a request of this audience.
    pub(super) fn take_response(
        &self,
        key: &str,
        of_request: Audience,
    ) -> Option<ScriptedResponse> {
        let mut responses = locked(&self.responses);
        match for_audience(responses.get_mut(key)?, of_request)? {
            ScriptedResponse::Sequence(all) if all.len() > 1 => {
                all.pop_front().map(ScriptedResponse::One)
            }
            other => Some(other.clone()),
        }
    }

    /// Takes the fault for a request with this query.
    ///
    /// [`Fault::RepeatedCursor`] waits for a request that asks for another page than the first.
    pub(super) fn take_fault(
        &self,
        key: &str,
        of_request: Audience,
        query: Option<&str>,
    ) -> Option<Fault> {
        let mut responses = locked(&self.responses);
        let response = responses.get_mut(key);
        let can_repeat = match response.and_then(|all| for_audience(all, of_request)) {
            Some(ScriptedResponse::Pages(pages)) => pages.is_later_page(query),
            _ => false,
        };
        drop(responses);
        let mut faults = locked(&self.faults);
        let queue = faults.get_mut(key)?;
        let waits = queue.front() == Some(&Fault::RepeatedCursor) && !can_repeat;
        if waits { None } else { queue.pop_front() }
    }
}

/// Returns the response for requests of this audience.
fn for_audience(
    responses: &mut [(Audience, ScriptedResponse)],
    of_request: Audience,
) -> Option<&mut ScriptedResponse> {
    let is_for = |audience: Audience| audience == Audience::All || audience == of_request;
    let mut fitting = responses
        .iter_mut()
        .filter(|(audience, _)| is_for(*audience));
    fitting.next().map(|(_, response)| response)
}

/// Returns the value behind a lock. Each value is complete even if a thread panicked with the lock.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
