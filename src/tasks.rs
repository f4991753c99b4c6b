//! Starts tasks and waits for them.
//!
//! A task continues after the response that acknowledged it. The reference shows neither the
//! properties of that response nor the status words of a task. The words used here are those of the
//! audit log, and common synonyms.

use std::collections::HashSet;
use std::fmt::Display;

use neo_client_runtime::poll::{Job, JobState, Outcome, Run, Start, StatesOutcome, StatusWords};
use neo_client_runtime::{Error, Event, codegen, serde_json, serde_json::Value, uuid::Uuid};

use crate::api::tasks::{CreateTask, CreateTaskStream, GetTaskDetails, Tasks};
use crate::types::{TaskAbortToolsRequest, TaskCreateRequest, TaskDetailsResponse};

/// The locations of the id of a task in a response, as JSON pointers.
const IDS: [&str; 4] = ["/id", "/task_id", "/taskId", "/task/id"];

const SUCCEEDED: JobState = JobState::Ended(Outcome::Succeeded);
const FAILED: JobState = JobState::Ended(Outcome::Failed);
const RUNNING: JobState = JobState::Running;
const BLOCKED: JobState = JobState::Blocked;

/// The status of a task in its details.
static WORDS: StatusWords = StatusWords {
    pointers: &[
        "/stream/streamStatus",
        "/stream/status",
        "/task/status",
        "/status",
    ],
    words: &[
        ("completed", SUCCEEDED),
        ("complete", SUCCEEDED),
        ("success", SUCCEEDED),
        ("succeeded", SUCCEEDED),
        ("finished", SUCCEEDED),
        ("done", SUCCEEDED),
        ("failed", FAILED),
        ("failure", FAILED),
        ("error", FAILED),
        ("errored", FAILED),
        ("crashed", FAILED),
        ("timeout", FAILED),
        ("timed_out", FAILED),
        ("expired", FAILED),
        ("aborted", FAILED),
        ("cancelled", FAILED),
        ("canceled", FAILED),
        ("stopped", FAILED),
        ("terminated", FAILED),
        ("killed", FAILED),
        ("rejected", FAILED),
        ("declined", FAILED),
        ("skipped", FAILED),
        ("incomplete", FAILED),
        ("budget_exceeded", FAILED),
        ("started", RUNNING),
        ("running", RUNNING),
        ("in_progress", RUNNING),
        ("streaming", RUNNING),
        ("active", RUNNING),
        ("pending", RUNNING),
        ("queued", RUNNING),
        ("created", RUNNING),
        ("resuming", RUNNING),
        ("blocked", BLOCKED),
        ("suspended", BLOCKED),
        ("paused", BLOCKED),
        ("waiting", BLOCKED),
    ],
    is_over,
};

impl<'c> Tasks<'c> {
    /// Starts a task and returns a [`Run`], which waits for the end of the task and returns its
    /// details.
    ///
    /// The run sends `POST /api/v1/tasks` (`tasks.create_task`, or `tasks.create_task_stream` with
    /// [`Run::follow`]), and then `GET /api/v1/tasks/{id}` (`tasks.get_task_details`) until the
    /// task is over. The mock server takes these names. The request has an id that this client
    /// made, unless it has one already; `response_format` is set as the run needs it.
    ///
    /// The task does not depend on this client: when a run or a stream of events is dropped, this
    /// client aborts nothing. The reference does not say whether Neo itself ends a task whose
    /// stream is closed. [`attach`](Tasks::attach) waits for the task again, and
    /// [`abort_running`](Tasks::abort_running) aborts it.
    ///
    /// A run relies on these words and locations:
    /// - The id in the response, if there is one, replaces the id of the request: the first of
    ///   `/id`, `/task_id`, `/taskId` and `/task/id`.
    /// - The status is the first of `/stream/streamStatus`, `/stream/status`, `/task/status` and
    ///   `/status` that is a known word; case and punctuation do not matter.
    /// - Succeeded: `completed`, `complete`, `success`, `succeeded`, `finished`, `done`.
    /// - Failed: `failed`, `failure`, `error`, `errored`, `crashed`, `timeout`, `timed_out`,
    ///   `expired`, `aborted`, `cancelled`, `canceled`, `stopped`, `terminated`, `killed`,
    ///   `rejected`, `declined`, `skipped`, `incomplete`, `budget_exceeded`.
    /// - Not over: `started`, `running`, `in_progress`, `streaming`, `active`, `pending`, `queued`,
    ///   `created`, `resuming`.
    /// - Waiting for a person: `blocked`, `suspended`, `paused`, `waiting`.
    /// - With any other status, the task is over when every element of `/streams` has a
    ///   `completed_at`. The outcome is then [`Outcome::Unknown`]. Until then, a `tracing` warning
    ///   reports the status once, and [`Run::status_word`] can declare its meaning.
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
    ///     println!("{} failed: {:?}", run.id, run.details?.stream);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`Run::on_blocked`] decides for a task that waits for an approval:
    ///
    /// ```no_run
    /// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
    /// use neo_client::types::{TaskApprovalRequest, TaskCreateRequest};
    ///
    /// let task = TaskCreateRequest::builder().task("scan example.com");
    /// let run = neo.tasks().run(task).on_blocked(async |blocked| {
    ///     let answer = TaskApprovalRequest::builder().decision("approve");
    ///     let tasks = neo.tasks();
    ///     tasks.approve_or_decline_a_suspended_tool_call(&blocked.id, answer).await?;
    ///     Ok(())
    /// });
    /// let details = run.await?; // an error if the task failed
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(
        &self,
        body: impl TryInto<TaskCreateRequest, Error: Display>,
    ) -> Run<'c, TaskDetailsResponse> {
        let tasks = *self;
        let task = body
            .try_into()
            .map_err(|problem| Problem::Body(problem.to_string()))
            .and_then(|task| with_id(task, codegen::random_uuid));
        let task_in_form = |format: &str| {
            let mut task = task.clone()?;
            task.response_format = Some(format.into());
            Ok(task)
        };
        let request = task_in_form("json").map_err(Problem::into_error);
        let events = task_in_form("sse").map_err(Problem::into_error);
        let start = Start {
            operation: CreateTask::OPERATION,
            request: request.and_then(|task| tasks.create_task(task).build_request()),
            events: Some((
                CreateTaskStream::OPERATION,
                events.and_then(|task| tasks.create_task_stream(task).build_request()),
            )),
            read_id,
        };
        let id = task.ok().and_then(|task| Some(task.id?.to_string()));
        Run::new(tasks.client, tasks.job(Some(start), id))
    }

    /// Returns a [`Run`] that waits for the end of a task that exists already, such as one that
    /// another process started.
    ///
    /// The ids of tasks are UUIDs. Each method of a task takes its id as text; some take a `Uuid`
    /// as well ([`Scalar`](crate::Scalar)), and reject other text before anything is sent.
    ///
    /// The run relies on the same words and locations as [`Tasks::run`]. With [`Run::follow`], it
    /// passes on the audit log of the task: each event has the sequence number as its id, and the
    /// entry as JSON. The log is read after each response with the details, and once more at the
    /// end. [`Run::from_sequence`] continues after an event that was seen before.
    ///
    /// ```no_run
    /// # async fn show(neo: neo_client::Client, id: &str) -> Result<(), neo_client::Error> {
    /// use std::time::Duration;
    ///
    /// let run = neo.tasks().attach(id).deadline(Duration::from_secs(3600)).send().await?;
    /// println!("{}: {:?}", run.id, run.outcome);
    /// # Ok(())
    /// # }
    /// ```
    pub fn attach(&self, id: impl Display) -> Run<'c, TaskDetailsResponse> {
        Run::new(self.client, self.job(None, Some(id.to_string())))
    }

    /// Aborts what the agents of a task do now: the tool calls and subagent runs that the audit log
    /// states as started and not as completed. Returns how many of them the server aborted.
    ///
    /// The API has no operation that aborts a whole task, so the task goes on with its next step.
    /// Call this method in [`Run::on_stop`] to stop the work when the waiting ends.
    ///
    /// ```no_run
    /// # async fn show(neo: neo_client::Client, id: &str) -> Result<(), neo_client::Error> {
    /// use std::time::Duration;
    ///
    /// let run = neo.tasks().attach(id).deadline(Duration::from_secs(3600));
    /// let run = run.on_stop(async |id| neo.tasks().abort_running(id).await.map(drop));
    /// println!("{:?}", run.send().await?.outcome);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the audit log cannot be read, or if a request to abort fails.
    pub async fn abort_running(&self, id: impl Display) -> Result<usize, Error> {
        let id = id.to_string();
        let mut entries = self.get_agent_audit_log(&*id).items();
        let (mut running, mut completed) = (Vec::new(), HashSet::new());
        while let Some(entry) = entries.next_item().await {
            // The document may describe these properties, or leave them to the rest.
            let entry = serde_json::to_value(entry?).unwrap_or_default();
            let text = |name: &str| Some(entry.get(name)?.as_str()?.to_owned());
            let targets = [
                text("tool_call_id").map(AbortTarget::ToolCall),
                text("subagent_run_id").map(AbortTarget::SubagentRun),
            ];
            let is_over = entry.get("completed_at").is_some_and(|at| !at.is_null());
            for target in targets.into_iter().flatten() {
                if is_over {
                    completed.insert(target);
                } else if !running.contains(&target) {
                    running.push(target);
                }
            }
        }
        running.retain(|target| !completed.contains(target));
        let mut aborted = 0;
        for target in running {
            let body = TaskAbortToolsRequest::builder();
            let body = match target {
                AbortTarget::ToolCall(id) => body.tool_call_id(id),
                AbortTarget::SubagentRun(id) => body.subagent_run_id(id),
            };
            let response = self
                .abort_a_single_subagent_run_or_tool_call(&*id, body)
                .await?;
            aborted += usize::from(response.found.unwrap_or(response.success));
        }
        Ok(aborted)
    }

    #[inline]
    fn job(&self, start: Option<Start>, id: Option<String>) -> Job<'c> {
        let tasks = *self;
        Job {
            start,
            id,
            details: GetTaskDetails::OPERATION,
            ask: Box::new(move |id| tasks.get_task_details(id).build_request()),
            log: Some(Box::new(move |id, position| {
                let id = id.to_owned();
                Box::pin(async move { tasks.audit_events(&id, position).await })
            })),
            words: &WORDS,
        }
    }

    /// Returns the entries of the audit log after a sequence number.
    async fn audit_events(self, id: &str, position: Option<u64>) -> Result<Vec<Event>, Error> {
        let mut request = self.get_agent_audit_log(id);
        if let Some(position) = position {
            request = request.starting_after(i64::try_from(position).unwrap_or(i64::MAX));
        }
        let mut entries = request.items();
        let mut events = Vec::new();
        while let Some(entry) = entries.next_item().await {
            let entry = entry?;
            let sequence = entry.sequence.map(|it| it.to_string()).unwrap_or_default();
            let data = serde_json::to_string(&entry).unwrap_or_default();
            events.push(Event::new(data).with_id(sequence).with_name("audit"));
        }
        Ok(events)
    }
}

/// Returns the state that a status word names, if the word is known.
pub(crate) fn state_of(word: &str) -> Option<JobState> {
    WORDS.read(&serde_json::json!({ "status": word })).state
}

impl StatesOutcome for TaskDetailsResponse {
    #[inline]
    fn outcome(&self) -> Option<Outcome> {
        let details = serde_json::to_value(self).ok()?;
        match WORDS.read(&details).state? {
            JobState::Ended(outcome) => Some(outcome),
            JobState::Running | JobState::Blocked => None,
        }
    }
}

/// Something that an agent does and that can be aborted.
#[derive(PartialEq, Eq, Hash)]
enum AbortTarget {
    ToolCall(String),
    SubagentRun(String),
}

/// The reason why a task cannot be started.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    /// The argument is invalid.
    Body(String),
    /// The task has no id, and none can be made.
    NoId(String),
}

impl Problem {
    fn into_error(self) -> Error {
        match self {
            Self::Body(why) => {
                Error::invalid_request(CreateTask::OPERATION, format!("body: {why}"))
            }
            Self::NoId(why) => {
                let why = format!("the task needs an id: {why}");
                Error::configuration_of(CreateTask::OPERATION, why)
            }
        }
    }
}

/// Returns the task with an id. `random` makes the id that is missing.
// The id stays a UUID if the document gives it another string type.
#[allow(clippy::useless_conversion)]
fn with_id(
    mut task: TaskCreateRequest,
    random: impl FnOnce() -> Result<Uuid, String>,
) -> Result<TaskCreateRequest, Problem> {
    if task.id.is_none() {
        task.id = Some(random().map_err(Problem::NoId)?.into());
    }
    Ok(task)
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

/// Returns whether all streams of a task have ended; `None` without streams.
fn is_over(details: &Value) -> Option<bool> {
    let has_ended = |stream: &Value| stream.get("completed_at").is_some_and(|it| !it.is_null());
    let streams = details.get("streams").and_then(Value::as_array);
    let streams = streams.filter(|streams| !streams.is_empty())?;
    Some(streams.iter().all(has_ended))
}

#[cfg(test)]
mod tests {
    use neo_client_runtime::{ErrorKind, serde_json::json};

    use super::*;

    #[test]
    fn id_is_a_text_or_a_number() {
        assert_eq!(
            read_id(&json!({"id": {}, "task": {"id": 7}})).as_deref(),
            Some("7")
        );
        assert_eq!(read_id(&json!({"id": ""})), None);
    }

    #[test]
    fn task_without_random_bits_is_an_error() {
        let task = |id: Option<Uuid>| {
            let task = json!({"task": "scan", "id": id});
            with_id(serde_json::from_value(task).unwrap(), || {
                Err("no bits".to_owned())
            })
        };
        let problem = task(None).unwrap_err();
        assert_eq!(problem, Problem::NoId("no bits".to_owned()));
        assert_eq!(problem.into_error().kind(), ErrorKind::Configuration);
        assert!(task(Some(Uuid::nil())).is_ok());
    }

    #[test]
    fn outcome_of_details_is_public() {
        let of = |details: Value| {
            let details: TaskDetailsResponse = serde_json::from_value(details).unwrap();
            Outcome::of(&details)
        };
        let status = |status: &str| of(json!({"stream": {"streamStatus": status}}));
        assert_eq!(status("Completed"), Some(Outcome::Succeeded));
        assert_eq!(status("expired"), Some(Outcome::Failed));
        assert_eq!(status("blocked"), None);
        assert_eq!(status("polishing"), None);
        let streams = json!([{"completed_at": "2026-01-01T00:00:00Z"}]);
        assert_eq!(of(json!({ "streams": streams })), Some(Outcome::Unknown));
        assert_eq!(of(json!({})), None);
    }
}
