//! The states of a job: words, unknown words, and waiting for a person.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use neo_client_runtime::poll::{JobState, Outcome};
use neo_client_runtime::{Error, ErrorKind, Method};
use serde_json::json;

use super::jobs::{BRIEF, ack, job_server, polled, run, state};
use crate::support::trace::Recorder;

#[tokio::test]
async fn unknown_status_is_reported_once() {
    let server = job_server(ack(&json!({})), |number| match number {
        0..5 => state("polishing"),
        5..9 => state("varnishing"),
        _ => state("done"),
    });
    let (recorder, guard) = Recorder::start();
    run(&server.client()).await.unwrap();
    drop(guard);
    let told = recorder.records().messages();
    for word in ["`polishing`", "`varnishing`"] {
        let count = told.iter().filter(|text| text.contains(word)).count();
        assert_eq!(count, 1, "{told:?}");
    }
}

#[tokio::test]
async fn status_word_of_the_caller_ends_the_run() {
    for (word, outcome) in [
        ("lapsed", Outcome::Failed),
        ("Done", Outcome::Failed),
        ("started", Outcome::Succeeded),
    ] {
        let server = job_server(ack(&json!({})), move |_| state(word));
        let ended = JobState::Ended(outcome);
        let client = server.client();
        let run = run(&client)
            .status_word("x", JobState::Running)
            .status_word(word, ended);
        let finished = run.send().await.unwrap();
        assert_eq!(finished.outcome, outcome, "{word}");
        assert_eq!(finished.status.as_deref(), Some(word));
    }
}

#[tokio::test]
async fn blocked_job_calls_the_hook_once_each_time() {
    let server = job_server(ack(&json!({"id": "j"})), |number| match number {
        0 | 4 => state("started"),
        1..4 | 5..8 => state("blocked"),
        _ => state("done"),
    });
    let client = server.client();
    let calls = Mutex::new(Vec::new());
    let run = run(&client).on_blocked(|blocked| {
        assert_eq!(blocked.details["status"], "blocked");
        calls.lock().unwrap().push((blocked.id, blocked.status));
        async { Ok(()) }
    });
    run.await.unwrap();
    let blocked = ("j".to_owned(), "blocked".to_owned());
    assert_eq!(*calls.lock().unwrap(), [blocked.clone(), blocked]);
}

#[tokio::test]
async fn blocked_job_is_polled_while_the_hook_runs() {
    let is_approved = Arc::new(AtomicBool::new(false));
    let approved = Arc::clone(&is_approved);
    let server = job_server(ack(&json!({})), move |_| {
        state(if approved.load(Ordering::SeqCst) {
            "done"
        } else {
            "blocked"
        })
    });
    let client = server.client();
    let watched = server.clone();
    let run = run(&client).on_blocked(move |_| {
        let (watched, is_approved) = (watched.clone(), Arc::clone(&is_approved));
        async move {
            while polled(&watched.received()).len() < 5 {
                tokio::time::sleep(BRIEF).await;
            }
            is_approved.store(true, Ordering::SeqCst);
            Ok(())
        }
    });
    run.await.unwrap();
}

#[tokio::test]
async fn hook_that_fails_ends_the_run() {
    let server = job_server(ack(&json!({"id": "j"})), |_| state("blocked"));
    let client = server.client();
    let run = run(&client).on_blocked(|_| {
        let request = client.request(Method::GET, "no slash");
        async move { request.send().await.map(drop) }
    });
    let error = run.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.run_id(), Some("j"));
}

#[tokio::test]
async fn hook_that_cancels_stops_the_job() {
    let server = job_server(ack(&json!({"id": "j"})), |_| state("blocked"));
    let client = server.client();
    let stopped = Mutex::new(Vec::new());
    let run = run(&client)
        .on_blocked(async |_| Err(Error::cancelled("no\nshell")))
        .on_stop(async |id| {
            stopped.lock().unwrap().push(id);
            Ok(())
        });
    let error = run.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!((error.run_id(), error.is_retryable()), (Some("j"), false));
    assert_eq!(
        error.to_string(),
        "jobs.start_job: no shell (do not start it again: ask for it by `run_id`)"
    );
    assert_eq!(*stopped.lock().unwrap(), ["j"]);
}
