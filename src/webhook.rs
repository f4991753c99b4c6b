//! The webhook that Neo sends when a task is over.

use neo_client_runtime::chrono::{DateTime, Utc};
use neo_client_runtime::poll::{JobState, Outcome, StatesOutcome};
use neo_client_runtime::{HeaderMap, WebhookError, WebhookSecret};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::tasks::state_of;

/// The body of a `task.completed` webhook, or a stored completion artifact.
///
/// Neo sends the webhook for tasks that were created with `completion_delivery` `webhook`, to the
/// URL of the team's settings, with the team's webhook secret as the bearer token.
///
/// The reference says what the body holds (the final status, the time of completion, a summary, the
/// findings and their count, the ids of the task and its stream), but neither the names of the
/// properties nor the envelope around them. Each accessor therefore searches under the usual names,
/// in the body itself and in its properties `data`, `payload`, `artifact` and `task`.
/// [`json`](Self::json) returns everything.
///
/// ```
/// use neo_client::{HeaderMap, TaskCompleted, WebhookError, WebhookSecret};
///
/// fn receive(secret: &WebhookSecret, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
///     let completed = TaskCompleted::verified(secret, headers, body)?;
///     println!("{:?}: {:?}", completed.task_id(), completed.outcome());
///     Ok(())
/// }
/// # let secret = WebhookSecret::new("s3cret").unwrap();
/// # let headers = [("authorization".parse().unwrap(), "Bearer s3cret".parse().unwrap())];
/// # receive(&secret, &HeaderMap::from_iter(headers), b"{}").unwrap();
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TaskCompleted {
    json: Value,
}

/// The properties that may hold the body of the event.
const ENVELOPES: [&str; 4] = ["data", "payload", "artifact", "task"];

impl TaskCompleted {
    /// Checks the bearer token of a request in constant time, and then reads its body.
    ///
    /// # Errors
    ///
    /// Fails if the bearer token is missing or wrong, or if the body is not JSON.
    /// [`WebhookError::status`] is the status to respond with.
    #[inline]
    pub fn verified(
        secret: &WebhookSecret,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, WebhookError> {
        secret.open(headers, body)
    }

    /// Returns the type of the event, such as `task.completed`, if the body names one.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        let names = ["type", "event", "event_type"];
        names.iter().find_map(|name| self.json.get(*name)?.as_str())
    }

    /// Returns the id of the task.
    #[must_use]
    pub fn task_id(&self) -> Option<&str> {
        let own = || self.json.pointer("/task/id").and_then(Value::as_str);
        self.text(&["task_id", "taskId"]).or_else(own)
    }

    /// Returns the id of the stream of the task.
    #[must_use]
    pub fn stream_id(&self) -> Option<&str> {
        self.text(&[
            "stream_id",
            "streamId",
            "output_stream_id",
            "outputStreamId",
        ])
    }

    /// Returns the final status in the words of the server.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.text(&[
            "status",
            "final_status",
            "finalStatus",
            "task_status",
            "taskStatus",
        ])
    }

    /// Returns the outcome that the status names; `None` without a known status.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match state_of(self.status()?)? {
            JobState::Ended(outcome) => Some(outcome),
            JobState::Running | JobState::Blocked => None,
        }
    }

    /// Returns the time of completion.
    #[must_use]
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        let names = [
            "completed_at",
            "completedAt",
            "completion_time",
            "completionTime",
        ];
        let time = DateTime::parse_from_rfc3339(self.text(&names)?);
        time.ok().map(|time| time.to_utc())
    }

    /// Returns the readable summary.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.text(&["summary"])
    }

    /// Returns the validated findings; empty if there is no such list.
    #[must_use]
    pub fn findings(&self) -> &[Value] {
        let names = ["findings", "validated_findings", "validatedFindings"];
        let found = self.found(&names, |value| value.as_array());
        found.map_or(&[], Vec::as_slice)
    }

    /// Returns the number of findings: the count of the body, or else the length of the list.
    #[must_use]
    pub fn finding_count(&self) -> usize {
        let names = [
            "findings_count",
            "findingsCount",
            "finding_count",
            "findingCount",
        ];
        let count = self.found(&names, Value::as_u64);
        let count = count.and_then(|count| usize::try_from(count).ok());
        count.unwrap_or_else(|| self.findings().len())
    }

    /// Returns the complete body.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Returns the complete body.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.json
    }

    fn text(&self, names: &[&str]) -> Option<&str> {
        let found = self.found(names, Value::as_str);
        found.filter(|text| !text.is_empty())
    }

    /// Returns the first of these properties that has the type, the innermost envelope last.
    fn found<'v, T>(&'v self, names: &[&str], of: impl Fn(&'v Value) -> Option<T>) -> Option<T> {
        let mut places = self.places().into_iter();
        places.find_map(|place| names.iter().find_map(|name| of(place.get(*name)?)))
    }

    /// Returns the payload, its envelopes and their envelopes.
    fn places(&self) -> Vec<&Value> {
        let mut outer = Vec::new();
        add_envelopes(&self.json, &mut outer);
        let mut inner = Vec::new();
        for envelope in &outer {
            add_envelopes(envelope, &mut inner);
        }
        let mut places = vec![&self.json];
        places.append(&mut outer);
        places.append(&mut inner);
        places
    }
}

fn add_envelopes<'v>(value: &'v Value, envelopes: &mut Vec<&'v Value>) {
    for name in ENVELOPES {
        if let Some(envelope) = value.get(name) {
            envelopes.push(envelope);
        }
    }
}

impl StatesOutcome for TaskCompleted {
    #[inline]
    fn outcome(&self) -> Option<Outcome> {
        self.outcome()
    }
}

impl<'de> Deserialize<'de> for TaskCompleted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Ok(Self { json })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn completed(json: Value) -> TaskCompleted {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn accessors_search_the_usual_envelopes() {
        let artifact = json!({
            "task_id": "t-1",
            "stream_id": "s-1",
            "status": "Completed",
            "completed_at": "2026-03-01T12:00:00+02:00",
            "summary": "Two issues.",
            "findings": [{ "severity": "high" }, {}],
            "findings_count": 3,
        });
        for body in [
            artifact.clone(),
            json!({ "type": "task.completed", "data": artifact }),
            json!({ "event": "task.completed", "payload": { "artifact": artifact } }),
        ] {
            let completed = completed(body.clone());
            assert_eq!(completed.task_id(), Some("t-1"), "{body}");
            assert_eq!(completed.stream_id(), Some("s-1"));
            assert_eq!(completed.status(), Some("Completed"));
            assert_eq!(completed.outcome(), Some(Outcome::Succeeded));
            let time = completed.completed_at().unwrap();
            assert_eq!(time.to_rfc3339(), "2026-03-01T10:00:00+00:00");
            assert_eq!(completed.summary(), Some("Two issues."));
            assert_eq!(
                (completed.findings().len(), completed.finding_count()),
                (2, 3)
            );
            assert_eq!(completed.into_json(), body);
        }
    }

    #[test]
    fn unknown_body_is_kept() {
        let completed = completed(json!([1]));
        assert_eq!((completed.event(), completed.task_id()), (None, None));
        assert_eq!((completed.outcome(), completed.finding_count()), (None, 0));
        assert_eq!(completed.json(), &json!([1]));
    }

    #[test]
    fn task_may_hold_its_id_and_status() {
        let body =
            json!({ "event": "task.completed", "task": { "id": "t-2", "status": "failed" } });
        let completed = completed(body);
        assert_eq!(completed.event(), Some("task.completed"));
        assert_eq!(completed.task_id(), Some("t-2"));
        assert_eq!(Outcome::of(&completed), Some(Outcome::Failed));
    }
}
