//! A chunk of a task's event stream, typed as far as the vendor's reference describes it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use neo_client_runtime::codegen::open_enum;

open_enum! {
    /// The kind of a chunk of a task's event stream: its `type`.
    ///
    /// The reference names the first three kinds and says that there are others, which are kept as
    /// `Unknown`. `Error` is the kind by which the AI SDK, whose names this API uses, reports
    /// errors.
    pub enum TaskEventKind {
        /// A subagent is working; the chunk carries the id of its run.
        DataSubagentStream = "data-subagent-stream",
        /// The input of a tool is known; the chunk carries the id of the tool call.
        ToolInputAvailable = "tool-input-available",
        /// A tool is called; the chunk carries the id of the call.
        ToolCall = "tool-call",
        /// The task reports an error; [`TaskEvent::error_text`] returns its text.
        Error = "error",
    }
}

/// The data of one event of a task: the kind of the chunk, the ids found in it, and its complete
/// JSON.
///
/// The reference does not say where an id is in a chunk. Ids are searched under the names that the
/// API uses elsewhere (`tool_call_id`, `subagent_run_id`) and in camel case, in the chunk itself
/// and in its properties `data` and `payload`.
///
/// ```
/// # fn show(event: neo_client::Event) -> Result<(), neo_client::Error> {
/// use neo_client::{TaskEvent, TaskEventKind};
///
/// let chunk: TaskEvent = event.data_as()?;
/// match chunk.kind() {
///     TaskEventKind::ToolCall => println!("tool call {:?}", chunk.tool_call_id()),
///     kind => println!("{}: {}", kind.as_str(), chunk.json()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEvent {
    kind: TaskEventKind,
    json: Value,
}

impl TaskEvent {
    /// Returns the `type` of the chunk; empty and unknown if there is none.
    pub fn kind(&self) -> &TaskEventKind {
        &self.kind
    }

    /// Returns the id of the tool call, as
    /// [`abort-tools`](https://docs.neo.projectdiscovery.io/api-reference/tasks/abort-a-single-subagent-run-or-tool-call)
    /// accepts it.
    pub fn tool_call_id(&self) -> Option<&str> {
        self.id(&["tool_call_id", "toolCallId"])
    }

    /// Returns the id of the subagent run, as
    /// [`abort-tools`](https://docs.neo.projectdiscovery.io/api-reference/tasks/abort-a-single-subagent-run-or-tool-call)
    /// accepts it.
    pub fn subagent_run_id(&self) -> Option<&str> {
        self.id(&["subagent_run_id", "subagentRunId"])
    }

    /// Returns the text of a chunk that reports an error: its `errorText`, `message` or `error`.
    pub fn error_text(&self) -> Option<&str> {
        if self.kind != TaskEventKind::Error {
            return None;
        }
        let nested = self.json.get("error");
        let texts = ["errorText", "message", "error"];
        let mut texts = texts
            .iter()
            .filter_map(|name| self.json.get(*name)?.as_str());
        texts.next().or_else(|| nested?.get("message")?.as_str())
    }

    /// Returns the complete chunk.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Returns the complete chunk.
    pub fn into_json(self) -> Value {
        self.json
    }

    fn id(&self, names: &[&str]) -> Option<&str> {
        let places = [
            Some(&self.json),
            self.json.get("data"),
            self.json.get("payload"),
        ];
        places
            .into_iter()
            .flatten()
            .flat_map(|place| names.iter().filter_map(|name| place.get(*name)))
            .find_map(Value::as_str)
    }
}

impl<'de> Deserialize<'de> for TaskEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let kind = json.get("type").and_then(Value::as_str).unwrap_or_default();
        Ok(Self {
            kind: TaskEventKind::from(kind),
            json,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chunk(json: Value) -> TaskEvent {
        TaskEvent::deserialize(json).unwrap()
    }

    #[test]
    fn known_chunk_is_typed_with_id() {
        let call = chunk(json!({"type": "tool-call", "payload": {"toolCallId": "c1"}}));
        assert_eq!(call.kind(), &TaskEventKind::ToolCall);
        assert_eq!(
            (call.tool_call_id(), call.subagent_run_id()),
            (Some("c1"), None)
        );
        let input = chunk(json!({"type": "tool-input-available", "toolCallId": "c2"}));
        assert_eq!(input.tool_call_id(), Some("c2"));
        let run = json!({"type": "data-subagent-stream", "data": {"subagent_run_id": "r1"}});
        let run = chunk(run);
        assert_eq!(run.kind(), &TaskEventKind::DataSubagentStream);
        assert_eq!(run.subagent_run_id(), Some("r1"));
    }

    #[test]
    fn error_chunk_has_a_text() {
        for json in [
            json!({"type": "error", "errorText": "too busy"}),
            json!({"type": "error", "error": {"message": "too busy"}}),
            json!({"type": "error", "error": "too busy"}),
        ] {
            assert_eq!(chunk(json).error_text(), Some("too busy"));
        }
        assert_eq!(chunk(json!({"type": "error"})).error_text(), None);
        assert_eq!(chunk(json!({"message": "too busy"})).error_text(), None);
    }

    #[test]
    fn unknown_chunk_is_kept_whole() {
        for json in [
            json!({"type": "text-delta", "delta": "a"}),
            json!({"type": 7, "tool_call_id": 8}),
            json!({}),
            json!([1]),
            json!(null),
            json!("done"),
        ] {
            let chunk = chunk(json.clone());
            assert!(!chunk.kind().is_known());
            assert_eq!(chunk.tool_call_id(), None);
            assert_eq!(chunk.into_json(), json);
        }
    }
}
