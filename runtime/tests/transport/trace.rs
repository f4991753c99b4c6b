//! Tracing: a span for each call, a span and an event for each attempt, and no value of the caller
//! or the server.

use neo_client_runtime::Method;

use crate::support::calls::{SECOND, client, client_with, ends, in_turn, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::{ConnectionFault, later};
use crate::support::server::{json, response};
use crate::support::trace::{messages, traced};

#[tokio::test]
async fn trace_has_a_span_and_an_event_per_attempt() {
    let server = in_turn([json(503, "{}"), Vec::new(), json(200, STOCK)]);
    let client = client(&server);
    let records = traced(async || drop(stock_level(&client).await.unwrap())).await;
    let [call, spans @ ..] = &records.spans[..] else {
        panic!("no span");
    };
    assert!(!call.contains_key("error.type"), "{call:?}");
    let of_spans = |name: &str| -> Vec<Option<&str>> {
        let values = spans.iter().map(|span| span.get(name));
        values.map(|value| value.map(String::as_str)).collect()
    };
    let resends = of_spans("http.request.resend_count");
    assert_eq!(resends, [None, Some("1"), Some("2")]);
    let statuses = of_spans("http.response.status_code");
    assert_eq!(statuses, [Some("503"), None, Some("200")]);
    let types = of_spans("error.type");
    assert_eq!(types, [Some("503"), Some("transport"), None]);
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
async fn trace_last_event_says_why_it_ends() {
    let policy = messages(async || {
        let server = ConnectionFault::Status(503).always();
        drop(stock_level(&client(&server)).await);
    });
    assert_eq!(
        policy.await.last().unwrap(),
        "attempt 3: failed, the policy permits no more"
    );
    let deadline = messages(async || {
        let server = in_turn([later(503, "30")]);
        drop(stock_level(&client_with(&server, |call| call.timeout(9 * SECOND))).await);
    });
    assert_eq!(
        deadline.await,
        ["attempt 1: failed, no time left for another"]
    );
    let not_repeatable = messages(async || {
        let server = in_turn([json(404, "{}")]);
        drop(stock_level(&client(&server)).await);
    });
    assert_eq!(
        not_repeatable.await,
        ["attempt 1: failed, not to be repeated"]
    );
}

#[tokio::test]
async fn trace_span_of_timeout_has_error_type() {
    let server = ConnectionFault::Silence.always();
    let client = client_with(&server, |call| call.retries(0).timeout(SECOND / 4));
    let records = traced(async || drop(stock_level(&client).await)).await;
    for span in &records.spans {
        assert_eq!(span["error.type"], "timeout");
    }
    assert_eq!(records.attempts().len(), 1);
}

#[tokio::test]
async fn trace_holds_no_header_body_or_query_value() {
    let answer = |status| response(status, &["x-a: canary", "location: /canary"], "\"canary\"");
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
async fn trace_of_lenient_value_has_path_not_value() {
    let body = STOCK.replace('}', r#", "bays": [{"shelf": 2031.0}]}"#);
    let server = in_turn([json(200, &body)]);
    let texts = messages(async || drop(stock_level(&client(&server)).await.unwrap())).await;
    let warning = texts.iter().find(|it| it.contains("bays[0].shelf"));
    assert!(warning.is_some_and(|it| !it.contains("2031")), "{texts:?}");
}

#[tokio::test]
async fn trace_of_missing_credential_counts_no_attempt() {
    let server = in_turn([json(200, STOCK)]);
    let client = server.builder().build().unwrap();
    let texts = messages(async || drop(stock_level(&client).await)).await;
    assert_eq!(texts, ["no credential: failed, not to be repeated"]);
}
