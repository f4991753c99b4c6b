//! Starts a scan or attaches to one, waits for its end, and lists the issues found.
//!
//! ```text
//! cargo run --example nightly_scan                                            # a mock server on this machine
//! NEO_API_KEY=neo_sk_… cargo run --example nightly_scan -- "scan example.com" # your account, your credits
//! NEO_API_KEY=neo_sk_… cargo run --example nightly_scan -- --attach TASK_ID   # after a restart
//! ```
//!
//! Questions of the task are approved. Ctrl-C aborts what runs and stops waiting. The exit code is 0
//! without issues, 1 with issues, 2 with issues of high or critical severity, and 3 if the scan
//! failed.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use neo_client::mock::MockServer;
use neo_client::serde_json::json;
use neo_client::types::{TaskApprovalRequest, TaskCreateRequest};
use neo_client::{Client, Outcome};

/// The maximum time of a scan.
const DEADLINE: Duration = Duration::from_secs(8 * 60 * 60);

/// The severities, the worst first.
const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

/// The scan to wait for.
pub enum Scan<'a> {
    /// A new one, with this task.
    Start(&'a str),
    /// An existing one, with this id.
    Attach(&'a str),
}

/// The result of a scan.
pub struct Found {
    /// How the scan ended.
    pub outcome: Outcome,
    /// The severity of each issue, in lower case.
    pub severities: Vec<String>,
}

impl Found {
    /// Returns the exit code.
    pub fn code(&self) -> u8 {
        let is_grave = |severity: &String| SEVERITIES[..2].contains(&severity.as_str());
        match &self.severities {
            _ if self.outcome != Outcome::Succeeded => 3,
            none if none.is_empty() => 0,
            some if some.iter().any(is_grave) => 2,
            _ => 1,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match start().await {
        Ok(found) => ExitCode::from(found.code()),
        Err(error) => {
            eprintln!("nightly_scan: {error:#}");
            ExitCode::from(3)
        }
    }
}

async fn start() -> Result<Found, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let scan = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--attach", id] => Scan::Attach(id),
        [task] => Scan::Start(task),
        _ => Scan::Start("scan example.com"),
    };
    let interrupt = tokio::signal::ctrl_c();
    let has_credentials = ["NEO_API_KEY", "NEO_BEARER_TOKEN"]
        .iter()
        .any(|name| env::var_os(name).is_some());
    if has_credentials {
        let neo = Client::from_env()?;
        return run(&neo, scan, DEADLINE, interrupt, io::stdout()).await;
    }
    let server = mock().await?;
    eprintln!(
        "NEO_API_KEY is not set: asking a mock server at {}\n",
        server.base_url()
    );
    run(&server.client(), scan, DEADLINE, interrupt, io::stdout()).await
}

/// Waits for the scan and lists the issues in `out`.
pub async fn run(
    neo: &Client,
    scan: Scan<'_>,
    deadline: Duration,
    interrupt: impl Future<Output = io::Result<()>> + Send,
    mut out: impl Write + Send,
) -> Result<Found, Box<dyn Error>> {
    let run = match scan {
        Scan::Start(task) => neo.tasks().run(TaskCreateRequest::builder().task(task)),
        Scan::Attach(id) => neo.tasks().attach(id),
    };
    // With the id, the scan can be taken up again if this process ends.
    let id = run.id().unwrap_or_default().to_owned();
    writeln!(out, "scan {id}")?;
    let mut last = String::new();
    let finished = run
        .deadline(deadline)
        .cancel_when(interrupt)
        .on_progress(|progress| {
            let status = progress.status.unwrap_or("no status");
            if status != last {
                let seconds = progress.elapsed.as_secs();
                drop(writeln!(out, "{seconds:>5} s  {}", printable(status)));
                status.clone_into(&mut last);
            }
        })
        .on_blocked(async |blocked| {
            let approval = TaskApprovalRequest::builder().decision("approve");
            let tasks = neo.tasks();
            tasks
                .approve_or_decline_a_suspended_tool_call(&*blocked.id, approval)
                .await?;
            Ok(())
        })
        .on_stop(async |id| neo.tasks().abort_running(id).await.map(drop))
        .send()
        .await?;
    let mut severities = Vec::new();
    let mut issues = neo.issues().list_issues().items().limit(1000);
    while let Some(issue) = issues.next_item().await {
        // An issue that cannot be read is an error in its place; the list goes on behind it.
        let issue = match issue {
            Ok(issue) => issue,
            Err(error) => {
                writeln!(out, "an issue is left out: {error}")?;
                continue;
            }
        };
        // The reference does not show the properties of an issue.
        let text = |name: &str| issue.get(name).and_then(|it| it.as_str()).unwrap_or("-");
        let (severity, title) = (text("severity").to_lowercase(), text("title"));
        writeln!(out, "{:<10} {}", printable(&severity), printable(title))?;
        severities.push(severity);
    }
    writeln!(
        out,
        "{:?} with {} issues",
        finished.outcome,
        severities.len()
    )?;
    Ok(Found {
        outcome: finished.outcome,
        severities,
    })
}

/// Returns text of the server on one line, without characters that could control a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|it| !it.is_control())
        .take(100)
        .collect()
}

/// Starts a server with a scan that asks one question and finds two issues.
pub async fn mock() -> Result<MockServer, Box<dyn Error>> {
    let server = MockServer::start().await?;
    let state = |status: &str| (200, json!({ "stream": { "streamStatus": status } }));
    let states = ["started", "blocked", "started", "completed"].map(state);
    server.respond_each("tasks.get_task_details", states)?;
    let issues = [
        json!({ "id": "i1", "severity": "High", "title": "SQL injection in /search" }),
        json!({ "id": "i2", "severity": "Low", "title": "Missing header" }),
    ];
    server.respond_pages("issues.list_issues", issues, 50)?;
    Ok(server)
}
