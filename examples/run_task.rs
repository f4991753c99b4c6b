//! Starts a task, prints its events as they arrive, and then the result.
//!
//! ```text
//! cargo run --example run_task                                            # a mock server on this machine
//! NEO_API_KEY=neo_sk_… cargo run --example run_task -- "scan example.com" # your account, your credits
//! ```
//!
//! On a terminal a spinner shows the current step and the elapsed time; in a pipe, the output is
//! plain lines.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use neo_client::mock::{MockEvent, MockServer};
use neo_client::serde_json::json;
use neo_client::types::{TaskCreateRequest, TaskDetailsResponse};
use neo_client::{Client, Event, Finished, Outcome, TaskEvent, TaskEventKind};

/// The deadline of a task.
const DEADLINE: Duration = Duration::from_secs(60 * 60);

/// The maximum width of a line, so that the input of a tool does not fill the screen.
const WIDTH: usize = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match start().await {
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // The alternate form includes the causes, on one line.
            eprintln!("run_task: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start() -> Result<Outcome, Box<dyn Error>> {
    let task = env::args().nth(1);
    let task = task.as_deref().unwrap_or("Is example.com up to date?");
    let has_credentials = ["NEO_API_KEY", "NEO_BEARER_TOKEN"]
        .iter()
        .any(|name| env::var_os(name).is_some());
    if has_credentials {
        return run(&Client::from_env()?, task, io::stdout()).await;
    }
    let server = mock(Duration::from_millis(180)).await?;
    eprintln!(
        "NEO_API_KEY is not set: asking a mock server at {}\n",
        server.base_url()
    );
    run(&server.client(), task, io::stdout()).await
}

/// Runs a task; everything except the spinner goes to `out`.
pub async fn run(
    neo: &Client,
    task: &str,
    out: impl Write + Send,
) -> Result<Outcome, Box<dyn Error>> {
    let mut screen = Screen::new(out)?;
    let task = TaskCreateRequest::builder().task(task);
    let finished = neo
        .tasks()
        .run(task)
        .deadline(DEADLINE)
        .follow(|event| screen.show(event))
        .send()
        .await;
    screen.end_text();
    let seconds = screen.spinner.elapsed().as_secs();
    screen.spinner.finish_and_clear();
    match finished {
        Ok(finished) => {
            screen.line(&result(&finished, seconds));
            Ok(finished.outcome)
        }
        Err(error) => {
            if let Some(id) = error.run_id().filter(|_| error.is_retryable()) {
                screen.line(&format!("task {} may go on at the server", printable(id)));
            }
            Err(error.into())
        }
    }
}

/// The display of events, one line each, with a spinner below.
struct Screen<W> {
    out: W,
    /// Visible on a terminal only.
    spinner: ProgressBar,
    /// Text arrives in pieces and is shown line by line.
    text: String,
}

impl<W: Write> Screen<W> {
    fn new(out: W) -> Result<Self, Box<dyn Error>> {
        let spinner = ProgressBar::new_spinner();
        spinner.set_style(ProgressStyle::with_template("{spinner} {elapsed} {msg}")?);
        spinner.set_message("starting");
        spinner.enable_steady_tick(Duration::from_millis(100));
        Ok(Self {
            out,
            spinner,
            text: String::new(),
        })
    }

    fn show(&mut self, event: &Event) {
        let Ok(chunk) = event.data_as::<TaskEvent>() else {
            return self.line(&format!("?      {}", printable(&event.data)));
        };
        let text = |name: &str| printable(chunk.json()[name].as_str().unwrap_or_default());
        let id = |id: Option<&str>| printable(id.unwrap_or("without an id"));
        let kind = chunk.kind().as_str();
        if kind == "text-delta" {
            let delta = chunk.json()["delta"].as_str().unwrap_or_default();
            return self.add_text(delta);
        }
        self.end_text();
        match chunk.kind() {
            TaskEventKind::ToolInputAvailable => {
                let (tool, input) = (text("toolName"), chunk.json()["input"].to_string());
                self.spinner.set_message(tool.clone());
                self.line(&format!("tool   {tool} {}", printable(&input)));
            }
            TaskEventKind::ToolCall => {
                self.line(&format!("call   {}", id(chunk.tool_call_id())));
            }
            TaskEventKind::DataSubagentStream => {
                let run = id(chunk.subagent_run_id());
                self.spinner.set_message(format!("subagent {run}"));
                self.line(&format!("agent  {run}"));
            }
            TaskEventKind::Error => {
                let why = chunk.error_text().unwrap_or("without a reason");
                self.line(&format!("error  {}", printable(why)));
            }
            // Other kinds exist, and more will be added.
            _ => self.spinner.set_message(printable(kind)),
        }
    }

    fn add_text(&mut self, delta: &str) {
        self.spinner.set_message("writing");
        for (index, part) in delta.split('\n').enumerate() {
            if index > 0 {
                self.end_text();
            }
            self.text.push_str(part);
        }
    }

    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            self.line(&format!("text   {}", printable(&text)));
        }
    }

    /// Prints a line above the spinner. Errors are ignored: a closed pipe has seen enough.
    fn line(&mut self, line: &str) {
        let out = &mut self.out;
        self.spinner
            .suspend(|| drop(writeln!(out, "{line}").and_then(|()| out.flush())));
    }
}

fn result(finished: &Finished<TaskDetailsResponse>, seconds: u64) -> String {
    let how = match finished.outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Failed => "failed",
        _ => "is over",
    };
    let status = finished.status.as_deref().unwrap_or("no status");
    let (id, status) = (printable(&finished.id), printable(status));
    let mut text = format!("\ntask {id} {how} ({status}) after {seconds} s");
    if finished.are_events_lost {
        text += "\nthe connection to its events was lost on the way";
    }
    if let Some(answer) = finished.details.as_ref().ok().and_then(answer) {
        text += &format!("\n\n{answer}");
    }
    text
}

/// Returns the text of the last message. The reference does not show the form of a message; this is
/// the form in which messages are sent.
fn answer(details: &TaskDetailsResponse) -> Option<String> {
    let parts = details
        .messages
        .as_ref()?
        .last()?
        .get("parts")?
        .as_array()?;
    let texts = parts.iter().filter_map(|part| part["text"].as_str());
    let lines = texts.flat_map(str::lines).map(printable);
    Some(lines.collect::<Vec<_>>().join("\n")).filter(|answer| !answer.is_empty())
}

/// Returns text of the server on one line, without characters that could control a terminal.
fn printable(text: &str) -> String {
    let mut line: String = text
        .chars()
        .filter(|it| !it.is_control())
        .take(WIDTH)
        .collect();
    if text.chars().nth(WIDTH).is_some() {
        line.push('…');
    }
    line
}

/// Starts a server that streams a run slowly enough to read along.
pub async fn mock(pace: Duration) -> Result<MockServer, Box<dyn Error>> {
    let server = MockServer::start().await?;
    let text = |delta: &str| json!({ "type": "text-delta", "id": "txt_1", "delta": delta });
    let chunks = [
        json!({ "type": "start", "messageId": "msg_1" }),
        json!({ "type": "text-start", "id": "txt_1" }),
        text("I will look at what "),
        text("example.com runs,\nand compare "),
        text("it with known issues."),
        json!({ "type": "text-end", "id": "txt_1" }),
        json!({ "type": "tool-input-available", "toolCallId": "call_1", "toolName": "httpx",
            "input": { "target": "example.com", "tech_detect": true } }),
        json!({ "type": "tool-call", "payload": { "toolCallId": "call_1" } }),
        json!({ "type": "data-subagent-stream", "data": { "subagent_run_id": "run_7" } }),
        json!({ "type": "tool-input-available", "toolCallId": "call_2", "toolName": "nuclei",
            "input": { "severity": ["high", "critical"], "target": "https://example.com" } }),
        json!({ "type": "tool-call", "payload": { "toolCallId": "call_2" } }),
        json!({ "type": "verdict-of-tomorrow", "verdict": "informational" }),
        text("Nothing of high or "),
        text("critical severity."),
        json!({ "type": "finish" }),
    ];
    let events = chunks
        .iter()
        .zip(1..)
        .map(|(chunk, number)| MockEvent::new(chunk.to_string()).id(number.to_string()));
    server.respond_events("tasks.create_task_stream", events, pace)?;
    let started = json!({ "stream": { "streamStatus": "started" } });
    let answer = "example.com is up to date.\nNothing of high or critical severity.";
    let ended = json!({
        "stream": { "streamStatus": "completed" },
        "messages": [{ "role": "assistant", "parts": [{ "type": "text", "text": answer }] }],
    });
    server.respond_each("tasks.get_task_details", [(200, started), (200, ended)])?;
    Ok(server)
}
