//! What is traced of a call: one span, one event an attempt, and nothing that the caller or the server wrote.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use neo_client::Method;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::faults::fault::{Fault, later};
use crate::faults::scene::{SECOND, balance, client, client_with, ends, in_turn};
use crate::server::{BALANCE, KEY, json, reply};

type Fields = BTreeMap<&'static str, String>;

/// Keeps all that is traced on this thread, the dependencies' part included.
#[derive(Clone, Default)]
struct Traced(Arc<Mutex<Records>>);

#[derive(Default)]
struct Records {
    spans: Vec<Fields>,
    events: Vec<Fields>,
    /// Which targets they came from, in the order of `events`.
    targets: Vec<&'static str>,
}

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}").trim_matches('"').to_owned();
        self.0.insert(field.name(), text);
    }
}

impl Subscriber for Traced {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() || metadata.target().starts_with("neo_client_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        span.record(&mut Reader(&mut fields));
        let spans = &mut self.0.lock().unwrap().spans;
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Reader(&mut self.0.lock().unwrap().spans[index]));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        let mut records = self.0.lock().unwrap();
        records.events.push(fields);
        records.targets.push(event.metadata().target());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

async fn traced(make: impl AsyncFnOnce()) -> Records {
    let traced = Traced::default();
    let guard = tracing::subscriber::set_default(traced.clone());
    make().await;
    drop(guard);
    std::mem::take(&mut *traced.0.lock().unwrap())
}

impl Records {
    /// The events of this crate.
    fn attempts(&self) -> Vec<&Fields> {
        let all = self.events.iter().zip(&self.targets);
        let own = all.filter(|(_, target)| target.starts_with("neo_client_runtime"));
        own.map(|(event, _)| event).collect()
    }
}

/// The texts of the events of the calls that `make` makes.
pub async fn events(make: impl AsyncFnOnce()) -> Vec<String> {
    let records = traced(make).await;
    let texts = records
        .attempts()
        .into_iter()
        .map(|event| event["message"].clone());
    texts.collect()
}

#[tokio::test]
async fn each_attempt_has_an_event_in_the_one_span_of_the_call() {
    let server = in_turn([json(503, "{}"), Vec::new(), json(200, BALANCE)]);
    let client = client(&server);
    let records = traced(async || drop(balance(&client).await.unwrap())).await;
    assert_eq!(records.spans.len(), 1);
    let span = &records.spans[0];
    assert_eq!(span["http.request.resend_count"], "2");
    assert_eq!(span["http.response.status_code"], "200");
    assert!(!span.contains_key("error.type"), "{span:?}");
    let attempts = records.attempts();
    assert_eq!(attempts.len(), 3);
    for (number, event) in attempts.iter().enumerate() {
        assert_eq!(event["http.request.resend_count"], number.to_string());
    }
    assert_eq!(attempts[0]["http.response.status_code"], "503");
    assert_eq!(attempts[0]["error.type"], "503");
    assert_eq!(attempts[1]["error.type"], "transport");
    assert!(!attempts[1].contains_key("http.response.status_code"));
    assert_eq!(attempts[2]["message"], "attempt 3: succeeded");
}

#[tokio::test]
async fn the_last_event_says_why_no_other_attempt_follows() {
    let policy = events(async || {
        let server = Fault::Status(503).always();
        drop(balance(&client(&server)).await);
    });
    assert_eq!(
        policy.await.last().unwrap(),
        "attempt 3: failed, the policy permits no more"
    );
    let deadline = events(async || {
        let server = in_turn([later(503, "30")]);
        drop(balance(&client_with(&server, |call| call.timeout(9 * SECOND))).await);
    });
    assert_eq!(
        deadline.await,
        ["attempt 1: failed, no time left for another"]
    );
    let not_repeatable = events(async || {
        let server = in_turn([json(404, "{}")]);
        drop(balance(&client(&server)).await);
    });
    assert_eq!(
        not_repeatable.await,
        ["attempt 1: failed, not to be repeated"]
    );
}

#[tokio::test]
async fn the_span_of_a_call_that_fails_says_how() {
    let server = Fault::Silence.always();
    let client = client_with(&server, |call| call.retries(0).timeout(SECOND / 4));
    let records = traced(async || drop(balance(&client).await)).await;
    assert_eq!(records.spans[0]["error.type"], "timeout");
    assert_eq!(records.attempts().len(), 1);
}

#[tokio::test]
async fn no_header_no_body_and_no_query_value_is_traced() {
    let answer = |status| reply(status, &["x-a: canary", "location: /canary"], "\"canary\"");
    let server = in_turn([503, 307, 429, 418].map(answer));
    let client = client(&server);
    let records = traced(async || {
        let request = client
            .request(Method::PUT, "/api/v1/canary")
            .json(&"canary");
        let request = request.query(&[("q", "canary")]).header("x-a", "canary");
        drop(ends(request.send()).await);
    })
    .await;
    assert_eq!(server.received().len(), 4);
    assert_eq!(
        records.attempts().len(),
        3,
        "a redirect is part of its attempt"
    );
    let own = format!("{:?} {:?}", records.spans, records.attempts());
    assert!(!own.contains("canary"), "{own}");
    let all = format!("{:?}", records.events);
    assert!(!all.contains(KEY), "{all}");
}

#[tokio::test]
async fn a_reply_that_does_not_fit_is_told_by_its_path_and_not_its_value() {
    let body = BALANCE.replace('}', r#", "payment_methods": [{"exp_year": 2031.0}]}"#);
    let server = in_turn([json(200, &body)]);
    let texts = events(async || drop(balance(&client(&server)).await.unwrap())).await;
    let warning = texts
        .iter()
        .find(|it| it.contains("payment_methods[0].exp_year"));
    assert!(warning.is_some_and(|it| !it.contains("2031")), "{texts:?}");
}
