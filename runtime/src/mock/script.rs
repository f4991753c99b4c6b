//! The responses and faults that a test has set, by operation.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::events::MockEvent;
use super::fault::Fault;
use super::pages::ServedPages;
use super::response::MockResponse;

/// The responses and faults that a test has set. Operations are named by method and path template.
#[derive(Default)]
pub(super) struct Script {
    responses: Mutex<HashMap<String, ScriptedResponse>>,
    /// The first fault is for the next request.
    faults: Mutex<HashMap<String, VecDeque<Fault>>>,
}

/// A response that a test has set.
#[derive(Clone)]
pub(super) enum ScriptedResponse {
    One(MockResponse),
    /// The first response is for the next request. The last one stays.
    Sequence(VecDeque<MockResponse>),
    /// The events of a stream, and the pause before each.
    Events(Vec<MockEvent>, Duration),
    Pages(Arc<ServedPages>),
}

impl Script {
    /// Sets the response of an operation.
    pub(super) fn set_response(&self, key: &str, response: ScriptedResponse) {
        locked(&self.responses).insert(key.to_owned(), response);
    }

    /// Adds a fault for a request after those that have faults already.
    pub(super) fn add_fault(&self, key: &str, fault: Fault) {
        let mut faults = locked(&self.faults);
        faults.entry(key.to_owned()).or_default().push_back(fault);
    }

    /// Takes the response for a request.
    pub(super) fn take_response(&self, key: &str) -> Option<ScriptedResponse> {
        match locked(&self.responses).get_mut(key)? {
            ScriptedResponse::Sequence(all) if all.len() > 1 => {
                all.pop_front().map(ScriptedResponse::One)
            }
            other => Some(other.clone()),
        }
    }

    /// Takes the fault for a request with this query.
    ///
    /// [`Fault::RepeatedCursor`] waits for a request that asks for another page than the first.
    pub(super) fn take_fault(&self, key: &str, query: Option<&str>) -> Option<Fault> {
        let can_repeat = match locked(&self.responses).get(key) {
            Some(ScriptedResponse::Pages(pages)) => pages.is_later_page(query),
            _ => false,
        };
        let mut faults = locked(&self.faults);
        let queue = faults.get_mut(key)?;
        let waits = queue.front() == Some(&Fault::RepeatedCursor) && !can_repeat;
        if waits { None } else { queue.pop_front() }
    }
}

/// Returns the value behind a lock. Each value is complete even if a thread panicked with the lock.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
