//! Waiting that ends before the job does: by a deadline, a cancellation, a drop or a panic.

use std::future::{pending, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use neo_client_fixture::types::StockLevel;
use neo_client_fixture::{Client, WORDS};
use neo_client_runtime::poll::{Job, Outcome, Run};
use neo_client_runtime::{ErrorKind, Method};
use serde_json::json;

use super::jobs::{DETAILS, ack, job_server, polled, run, sent_id, state};
use crate::support::clients::KEY;
use crate::support::connection_fault::ConnectionFault;

#[tokio::test]
async fn run_deadline_reports_last_status() {
    let server = job_server(ack(&json!({"id": "t-1"})), |_| state("polishing"));
    let limit = Duration::from_secs(3);
    let error = run(&server.client()).deadline(limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.run_id(), Some("t-1"));
    assert_eq!(
        error.to_string(),
        "jobs.start_job: not over within 3 s, the deadline: `t-1` goes on at the server; \
         status: `polishing` (do not start it again: ask for it by `run_id`)"
    );
    assert!(error.is_timeout() && !error.is_retryable());
}

#[tokio::test]
async fn run_deadline_before_acknowledgement_has_the_id() {
    let silent = ConnectionFault::Silence.always();
    let client = silent.client();
    let limit = Duration::from_secs(3);
    let error = run(&client).deadline(limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let text = error.to_string();
    assert!(text.contains("before the server acknowledged"), "{text}");
    assert_eq!(error.run_id(), Some(&*sent_id(&silent.received())));
}

#[tokio::test]
async fn run_hostile_status_is_sanitized() {
    let long = format!("a\r\n\u{1b}[31m{KEY}{}", "b".repeat(10_000_000));
    let server = job_server(ack(&json!({"id": "t"})), move |_| state(&long));
    let (give_up, signal) = tokio::sync::oneshot::channel::<()>();
    let mut give_up = Some(give_up);
    let client = server.client();
    let error = run(&client)
        .on_progress(move |progress| {
            if progress.polls > 0
                && let Some(give_up) = give_up.take()
            {
                give_up.send(()).unwrap();
            }
        })
        .cancel_when(signal)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`a [31m[redacted]bbb"), "{text}");
    assert!(text.len() < 1000 && !text.contains(KEY));
}

#[tokio::test]
async fn run_cancelled_reports_id_and_status() {
    let server = job_server(ack(&json!({"id": "t-1"})), |_| state("started"));
    let (give_up, signal) = tokio::sync::oneshot::channel::<()>();
    let mut give_up = Some(give_up);
    let client = server.client();
    let error = run(&client)
        .on_progress(move |progress| {
            if progress.polls == 3 {
                give_up.take().unwrap().send(()).unwrap();
            }
        })
        .cancel_when(signal)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(!error.is_retryable());
    assert_eq!(error.run_id(), Some("t-1"));
    assert_eq!(
        error.to_string(),
        "jobs.start_job: given up by the caller: `t-1` goes on at the server; status: `started` \
         (do not start it again: ask for it by `run_id`)"
    );
    assert_eq!(polled(&server.received()).len(), 3);

    let error = run(&client).cancel_when(ready(())).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("before the server acknowledged"), "{text}");
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn run_signal_that_cannot_come_cancels_nothing() {
    let server = job_server(ack(&json!({})), |number| match number {
        0..3 => state("started"),
        _ => state("done"),
    });
    let client = server.client();
    let (give_up, signal) = tokio::sync::oneshot::channel::<()>();
    drop(give_up);
    run(&client).cancel_when(signal).await.unwrap();
    run(&client).cancel_when(ready(None::<()>)).await.unwrap();
    let error = run(&client).cancel_when(ready(Some(7))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[tokio::test]
async fn run_stopped_calls_the_hook_with_the_id() {
    let server = job_server(ack(&json!({"id": "t-1"})), |_| state("started"));
    let client = server.client();
    let stopped = Mutex::new(Vec::new());
    let stop = |id: String| {
        stopped.lock().unwrap().push(id);
        async { Ok(()) }
    };
    let begun = run(&client)
        .deadline(Duration::from_millis(100))
        .on_stop(stop);
    assert!(begun.await.unwrap_err().is_timeout());
    assert_eq!(*stopped.lock().unwrap(), ["t-1"]);

    // The hook is for stops only.
    let failing = job_server(ack(&json!({"id": "t-1"})), |_| (403, json!({})));
    let client = failing.client();
    run(&client).on_stop(stop).await.unwrap_err();
    assert_eq!(stopped.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn run_knows_its_id_before_the_start() {
    let server = job_server(ack(&json!({})), |_| state("done"));
    let client = server.client();
    let run = run(&client);
    let id = run.id().unwrap().to_owned();
    assert!(server.received().is_empty());
    assert_eq!(run.send().await.unwrap().id, id);
}

#[tokio::test]
async fn run_dropped_stops_polling() {
    let server = job_server(ack(&json!({})), |_| state("started"));
    let client = server.client();
    {
        let polled = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&polled);
        let mut waiting = Box::pin(
            run(&client)
                .on_progress(move |progress| seen.store(progress.polls > 0, Ordering::SeqCst))
                .into_future(),
        );
        while !polled.load(Ordering::SeqCst) {
            let moment = tokio::time::timeout(Duration::from_millis(5), &mut waiting);
            assert!(moment.await.is_err());
        }
    }
    let until_now = server.received().len();
    tokio::time::sleep(Duration::from_millis(100)).await;
    // One request may have been on its way.
    assert!(server.received().len() <= until_now + 1);
}

#[tokio::test]
async fn run_callback_panic_reaches_the_caller() {
    let server = job_server(ack(&json!({})), |_| state("done"));
    let client = server.client();
    let waiting = {
        let client = client.clone();
        async move { run(&client).on_progress(|_| panic!("mine")).await.map(drop) }
    };
    let outcome = tokio::spawn(waiting).await;
    assert!(outcome.unwrap_err().is_panic());
    run(&client).await.unwrap();
}

#[tokio::test]
async fn run_future_is_send_and_hides_its_content() {
    let server = job_server(ack(&json!({})), |_| state("done"));
    let client = server.client();
    let waiting = tokio::spawn(async move {
        let run = run(&client)
            .follow(|_| ())
            .on_progress(|_| ())
            .cancel_when(pending::<()>());
        assert_eq!(format!("{run:?}"), "Run { .. }");
        run.send().await.map(drop)
    });
    // The server sends no events.
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

/// Returns a run of an existing job, whose details have another type than the server sends.
fn run_of_another_type(client: &Client) -> Run<'_, StockLevel> {
    let operations = client.as_ref().api().operations;
    let job = Job {
        start: None,
        id: Some("t-1".to_owned()),
        details: operations.iter().find(|it| it.name == DETAILS).unwrap(),
        ask: Box::new(|id| {
            let request = client.request(Method::GET, format!("/api/v1/jobs/{id}"));
            Ok(request.to_request()?.into_inner())
        }),
        log: None,
        words: &WORDS,
    };
    Run::new(client.as_ref(), job)
}

#[tokio::test]
async fn run_whose_details_do_not_fit_tells_its_outcome() {
    for (status, outcome, note) in [
        ("done", Outcome::Succeeded, "the work succeeded"),
        ("failed", Outcome::Failed, "the work failed"),
        ("lost", Outcome::Unknown, "the work is over"),
    ] {
        let server = job_server(ack(&json!({})), move |_| state(status));
        let client = server.client();
        let finished = run_of_another_type(&client).send().await.unwrap();
        assert_eq!((finished.outcome, &*finished.id), (outcome, "t-1"));
        let kept = finished.details.unwrap_err();
        let text = kept.to_string();
        assert!(
            text.contains(note) && text.contains("`Run::send`"),
            "{text}"
        );
        let error = run_of_another_type(&client).await.unwrap_err();
        let kind = match outcome {
            Outcome::Failed => ErrorKind::WorkFailed,
            _ => ErrorKind::Decode,
        };
        assert_eq!((kept.kind(), error.kind()), (ErrorKind::Decode, kind));
        for error in [kept, error] {
            assert_eq!(error.outcome(), Some(outcome));
            assert_eq!(error.run_id(), Some("t-1"));
        }
    }
}
