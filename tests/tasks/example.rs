//! The example `run_task`, with its output in a pipe.

#[allow(dead_code)]
#[path = "../../examples/run_task.rs"]
mod run_task;

use std::time::Duration;

use neo_client::Outcome;
use neo_client::mock::Fault;

const STREAM: &str = "tasks.create_task_stream";

/// Returns what the example prints with a mock server, and its result.
async fn printed(fault: Option<Fault>) -> (String, Result<Outcome, String>) {
    let server = run_task::mock(Duration::from_millis(1)).await.unwrap();
    if let Some(fault) = fault {
        server.fail_once(STREAM, fault).unwrap();
    }
    let mut out = Vec::new();
    let outcome = run_task::run(&server.client(), "scan", &mut out).await;
    let outcome = outcome.map_err(|error| error.to_string());
    (String::from_utf8(out).unwrap(), outcome)
}

#[tokio::test]
async fn example_run_is_printed_line_by_line() {
    let (text, outcome) = printed(None).await;
    assert_eq!(outcome, Ok(Outcome::Succeeded));
    let (events, result) = text.split_once("\n\n").unwrap();
    assert_eq!(
        events.lines().collect::<Vec<_>>(),
        [
            "text   I will look at what example.com runs,",
            "text   and compare it with known issues.",
            r#"tool   httpx {"target":"example.com","tech_detect":true}"#,
            "call   call_1",
            "agent  run_7",
            r#"tool   nuclei {"severity":["high","critical"],"target":"https://example.com"}"#,
            "call   call_2",
            "text   Nothing of high or critical severity.",
        ]
    );
    let (result, answer) = result.split_once("\n\n").unwrap();
    assert!(result.contains(" succeeded (completed) after "), "{result}");
    assert!(answer.starts_with("example.com is up to date.\n"));
}

#[tokio::test]
async fn example_run_with_lost_events_has_result() {
    let (text, outcome) = printed(Some(Fault::CutAfterEvents(4))).await;
    assert_eq!(outcome, Ok(Outcome::Succeeded));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "text   I will look at what example.com runs,",
            "text   and compare "
        ]
    );
    assert!(text.contains(" succeeded (completed)"), "{text}");
}

#[tokio::test]
async fn example_run_that_does_not_start_is_an_error() {
    let (text, outcome) = printed(Some(Fault::Status(402))).await;
    assert!(outcome.unwrap_err().contains("402"));
    assert_eq!(text, "");
    let (text, outcome) = printed(Some(Fault::Reset)).await;
    outcome.unwrap_err();
    assert!(text.ends_with(" may go on at the server\n"), "{text}");
}
