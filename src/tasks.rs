//! Starts tasks and waits for them.
//!
//! A task continues after the response that acknowledged it. The reference shows neither the
//! properties of that response nor the status words of a task. The words used here are those of the
//! audit log, and common synonyms.

use std::fmt::Display;

use neo_client_runtime::poll::{Job, Outcome, Run, Status};
use neo_client_runtime::{Error, serde_json::Value, uuid::Uuid};

use crate::api::tasks::{CreateTask, CreateTaskStream, GetTaskDetails, Tasks};
use crate::types::{TaskCreateRequest, TaskDetailsResponse};

/// The locations of the id of a task in a response, as JSON pointers.
const IDS: [&str; 4] = ["/id", "/task_id", "/taskId", "/task/id"];

/// The locations of the status in the details of a task.
const STATUSES: [&str; 4] = [
    "/stream/streamStatus",
    "/stream/status",
    "/task/status",
    "/status",
];

const SUCCEEDED: [&str; 6] = [
    "completed",
    "complete",
    "success",
    "succeeded",
    "finished",
    "done",
];

const FAILED: [&str; 10] = [
    "failed",
    "failure",
    "error",
    "errored",
    "timeout",
    "timed_out",
    "aborted",
    "cancelled",
    "canceled",
    "stopped",
];

const RUNNING: [&str; 12] = [
    "started",
    "running",
    "in_progress",
    "streaming",
    "active",
    "pending",
    "queued",
    "created",
    "blocked",
    "suspended",
    "paused",
    "waiting",
];

/// The maximum length of a status that is compared with these words.
const LONGEST_WORD: usize = 256;

impl<'c> Tasks<'c> {
    /// Starts a task and returns a [`Run`], which waits for the end of the task and returns its
    /// details.
    ///
    /// The run sends `POST /api/v1/tasks`, and then `GET /api/v1/tasks/{id}` until the task is
    /// over. The request has an id that this client made, unless it has one already;
    /// `response_format` is set as the run needs it.
    ///
    /// A run relies on these words and locations:
    /// - The id in the response, if there is one, replaces the id of the request: the first of
    ///   `/id`, `/task_id`, `/taskId` and `/task/id`.
    /// - The status is the first of `/stream/streamStatus`, `/stream/status`, `/task/status` and
    ///   `/status` that is a known word; case and punctuation do not matter.
    /// - Succeeded: `completed`, `complete`, `success`, `succeeded`, `finished`, `done`.
    /// - Failed: `failed`, `failure`, `error`, `errored`, `timeout`, `timed_out`, `aborted`,
    ///   `cancelled`, `canceled`, `stopped`.
    /// - Not over: `started`, `running`, `in_progress`, `streaming`, `active`, `pending`, `queued`,
    ///   `created`, `blocked`, `suspended`, `paused`, `waiting`.
    /// - With any other status, the task is over when every element of `/streams` has a
    ///   `completed_at`. The outcome is then [`Outcome::Unknown`].
    ///
    /// ```no_run
    /// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
    /// use std::time::Duration;
    /// use neo_client::{Outcome, types::TaskCreateRequest};
    ///
    /// let task = TaskCreateRequest::builder().task("scan example.com");
    /// let run = neo
    ///     .tasks()
    ///     .run(task)
    ///     .deadline(Duration::from_secs(3600))
    ///     .on_progress(|progress| println!("{}: {:?}", progress.id, progress.status))
    ///     .send()
    ///     .await?;
    /// if run.outcome == Outcome::Failed {
    ///     println!("{} failed: {:?}", run.id, run.details.stream);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(
        &self,
        body: impl TryInto<TaskCreateRequest, Error: Display>,
    ) -> Run<'c, TaskDetailsResponse> {
        let tasks = *self;
        let task = body.try_into().map(with_id);
        let task = task.map_err(|problem| format!("body: {problem}"));
        let task_in_form = |format: &str| {
            let mut task = task.clone()?;
            task.response_format = Some(format.into());
            Ok(task)
        };
        let invalid = |problem: String| Error::invalid_request(CreateTask::OPERATION, problem);
        let request = task_in_form("json").map_err(invalid);
        let events = task_in_form("sse").map_err(invalid);
        let job = Job {
            start: CreateTask::OPERATION,
            request: request.and_then(|task| tasks.create_task(task).build_request()),
            events: Some((
                CreateTaskStream::OPERATION,
                events.and_then(|task| tasks.create_task_stream(task).build_request()),
            )),
            id: task.ok().and_then(|task| Some(task.id?.to_string())),
            read_id,
            details: GetTaskDetails::OPERATION,
            ask: Box::new(move |id| tasks.get_task_details(id).build_request()),
            read_status,
        };
        Run::new(tasks.client, job)
    }
}

/// Returns the task with an id.
// The id stays a UUID if the document gives it another string type.
#[allow(clippy::useless_conversion)]
fn with_id(mut task: TaskCreateRequest) -> TaskCreateRequest {
    task.id.get_or_insert_with(|| Uuid::new_v4().into());
    task
}

/// Returns the id in the response that acknowledges a task.
fn read_id(response: &Value) -> Option<String> {
    let mut found = IDS.iter().filter_map(|pointer| response.pointer(pointer));
    found.find_map(|id| match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Returns the status in the details of a task. A known word decides, at any of the locations. With
/// an unknown word, or none, the task continues, unless the details state when it ended.
fn read_status(details: &Value) -> Status<'_> {
    let statuses = || {
        let found = STATUSES
            .iter()
            .filter_map(|pointer| details.pointer(pointer)?.as_str());
        found.filter(|status| !status.trim().is_empty())
    };
    for status in statuses() {
        let text = Some(status);
        let is_one_of = |words: &[&str]| words.iter().any(|word| is_same_word(word, status));
        if is_one_of(&SUCCEEDED) {
            return Status {
                text,
                outcome: Some(Outcome::Succeeded),
            };
        }
        if is_one_of(&FAILED) {
            return Status {
                text,
                outcome: Some(Outcome::Failed),
            };
        }
        if is_one_of(&RUNNING) {
            return Status {
                text,
                outcome: None,
            };
        }
    }
    Status {
        text: statuses().next(),
        outcome: is_completed(details).then_some(Outcome::Unknown),
    }
}

/// Returns whether two words are equal except for case and punctuation.
fn is_same_word(word: &str, status: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase)
    }
    status.len() <= LONGEST_WORD && letters(word).eq(letters(status))
}

/// Returns whether all streams of a task have ended.
fn is_completed(details: &Value) -> bool {
    let has_ended = |stream: &Value| stream.get("completed_at").is_some_and(|it| !it.is_null());
    let streams = details.get("streams").and_then(Value::as_array);
    streams.is_some_and(|streams| !streams.is_empty() && streams.iter().all(has_ended))
}

#[cfg(test)]
mod tests {
    use neo_client_runtime::serde_json::json;

    use super::*;

    #[test]
    fn status_known_word_wins_over_unknown() {
        let status = json!({"stream": {"streamStatus": "polishing"}, "status": "Timed-Out"});
        let found = read_status(&status);
        assert_eq!(
            (found.text, found.outcome),
            (Some("Timed-Out"), Some(Outcome::Failed))
        );
        let found =
            json!({"stream": {"streamStatus": "polishing"}, "streams": [{"completed_at": null}]});
        assert_eq!(read_status(&found).outcome, None);
        assert_eq!(read_status(&found).text, Some("polishing"));
    }

    #[test]
    fn id_is_a_text_or_a_number() {
        assert_eq!(
            read_id(&json!({"id": {}, "task": {"id": 7}})).as_deref(),
            Some("7")
        );
        assert_eq!(read_id(&json!({"id": ""})), None);
    }
}
