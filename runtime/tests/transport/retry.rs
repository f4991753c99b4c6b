//! Retries after each fault: idempotent requests are retried, other requests are not.

use neo_client_fixture::Client;
use neo_client_runtime::{ErrorKind, Method, StatusCode};

use crate::support::calls::{SECOND, client, client_with, ends, in_turn, place_order, quick, send};
use crate::support::connection_fault::{ConnectionFault, later};
use crate::support::server::{Server, json, response};

const IDEMPOTENT: [Method; 5] = [
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::PUT,
    Method::DELETE,
];

/// Returns a client that gives up on an attempt after a while if `fault` is a silent one.
fn impatient(server: &Server, fault: ConnectionFault) -> Client {
    match fault.is_silent() {
        true => client_with(server, |call| call.attempt_timeout(3 * SECOND)),
        false => client(server),
    }
}

/// Asserts that each idempotent method is sent once more after `fault`.
async fn is_retried(fault: ConnectionFault) {
    let calls = IDEMPOTENT.map(|method| {
        tokio::spawn(async move {
            if method == Method::HEAD && fault.is_in_body() {
                return;
            }
            let server = fault.first(1, json(200, "{}"));
            let client = impatient(&server, fault);
            send(&client, method.clone()).await.unwrap();
            assert_eq!(server.accepted(), 2, "{method}");
        })
    });
    for call in calls {
        call.await.unwrap();
    }
}

/// Asserts that neither an order nor a PATCH is sent again after `fault`.
async fn is_not_retried(fault: ConnectionFault) {
    let server = fault.first(1, json(200, "{}"));
    let client = impatient(&server, fault);
    let error = place_order(&client).await.unwrap_err();
    if fault.may_precede_the_request() && error.attempts() == 2 {
        // The client saw the end of the connection before it sent the order.
        assert_eq!(server.received().len(), 1);
        return;
    }
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(server.accepted_at_least(1).await, 1, "{error}");
    assert!(error.is_retryable(), "{error}");

    let server = fault.first(1, json(200, "{}"));
    let client = impatient(&server, fault);
    let Err(error) = send(&client, Method::PATCH).await else {
        assert!(fault.may_precede_the_request());
        return;
    };
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(server.accepted_at_least(1).await, 1, "{error}");
    if error.kind() != ErrorKind::Api {
        assert!(
            error.to_string().contains("may have been carried out"),
            "{error}"
        );
    }
}

/// Defines two tests for each fault.
macro_rules! after {
    ($($name:ident: $fault:expr,)*) => {
        mod idempotent_is_retried_after {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                is_retried($fault).await;
            })*
        }

        mod non_idempotent_is_not_retried_after {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                is_not_retried($fault).await;
            })*
        }
    };
}

after! {
    connection_closed_at_once: ConnectionFault::ClosedAtOnce,
    reset_before_request_is_read: ConnectionFault::ResetUnread,
    reset_after_request_is_read: ConnectionFault::ResetAfterRead,
    connection_closed_without_response: ConnectionFault::ClosedAfterRead,
    head_cut_off: ConnectionFault::HeadEndsEarly,
    body_cut_off: ConnectionFault::BodyEndsEarly,
    chunks_cut_off: ConnectionFault::ChunksEndEarly,
    malformed_chunk: ConnectionFault::BadChunk,
    other_protocol: ConnectionFault::NotHttp,
    silence: ConnectionFault::Silence,
    silence_in_body: ConnectionFault::SilenceInBody,
    status_500: ConnectionFault::Status(500),
    status_502: ConnectionFault::Status(502),
    status_503: ConnectionFault::Status(503),
    status_504: ConnectionFault::Status(504),
    status_520: ConnectionFault::Status(520),
    status_524: ConnectionFault::Status(524),
    status_529: ConnectionFault::Status(529),
    status_530: ConnectionFault::Status(530),
}

#[tokio::test]
async fn retry_of_other_statuses_is_not_made() {
    for status in [400, 401, 402, 403, 404, 409, 418, 422, 501, 505, 511, 526] {
        let server = in_turn([json(status, "{}"), json(200, "{}")]);
        let error = send(&client(&server), Method::GET).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!((error.attempts(), server.received().len()), (1, 1));
    }
}

#[tokio::test]
async fn retry_sends_the_same_request() {
    let server = ConnectionFault::ResetAfterRead.first(2, json(200, "{}"));
    let client = client(&server);
    let request = client.request(Method::PUT, "/x").query(&[("q", "1")]);
    ends(request.json(&["body"]).header("x-a", "b").send())
        .await
        .unwrap();
    let received = server.received();
    assert_eq!(received.len(), 3);
    for request in &received {
        assert_eq!(
            (&*request.target, &*request.body),
            ("/x?q=1", r#"["body"]"#)
        );
        assert_eq!(request.header("x-a"), Some("b"));
    }
}

#[tokio::test]
async fn retry_of_post_with_idempotency_key_keeps_the_key() {
    let server = ConnectionFault::ResetAfterRead.first(2, json(200, "{}"));
    let client = client(&server);
    let request = client
        .request(Method::POST, "/x")
        .header("Idempotency-Key", "k-1");
    ends(request.json(&["body"]).send()).await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 3);
    assert!(
        received
            .iter()
            .all(|it| it.header("idempotency-key") == Some("k-1"))
    );
}

#[tokio::test]
async fn retry_stops_after_three_attempts_with_last_error() {
    let server = in_turn([408, 503, 502].map(|status| json(status, "{}")));
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.status().unwrap().as_u16()),
        (3, 502)
    );
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn retry_of_different_faults_is_one_call() {
    let server = in_turn([
        b"nonsense\r\n\r\n".to_vec(),
        json(503, "{}"),
        json(200, "{}"),
    ]);
    send(&client(&server), Method::GET).await.unwrap();
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn retry_count_is_set_for_one_call() {
    let server = ConnectionFault::ResetAfterRead.always();
    let client = client(&server);
    for retries in [0, 1, 4] {
        let other = client.with_options(|call| call.retries(retries));
        let error = send(&other, Method::GET).await.unwrap_err();
        assert_eq!(error.attempts(), retries + 1);
    }
    let error = send(&client, Method::GET).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "the client is as it was");
    assert_eq!(server.accepted(), 1 + 2 + 5 + 3);
}

#[tokio::test]
async fn retry_of_undecodable_response_is_not_made() {
    for answer in [json(200, "[1"), json(204, "")] {
        let server = in_turn([answer, json(200, "[]")]);
        let request = client(&server).request(Method::GET, "/x");
        let outcome = ends(request.send_as::<Vec<u8>>()).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn retry_statuses_of_caller_decide_is_retryable() {
    let teapot = StatusCode::IM_A_TEAPOT;
    for (status, attempts) in [(418, 3), (503, 1)] {
        let server = in_turn([json(status, "{}")]);
        let policy = quick().statuses([teapot]);
        let client = client_with(&server, |call| call.retry_policy(policy));
        let error = send(&client, Method::GET).await.unwrap_err();
        assert_eq!(
            (error.attempts(), error.is_retryable()),
            (attempts, attempts == 3)
        );
    }
}

#[tokio::test]
async fn retry_is_decided_by_x_should_retry() {
    let said = |status, value: &str| response(status, &[&format!("x-should-retry: {value}")], "{}");
    for (status, value, attempts) in [
        (503, "false", 1),
        (404, "true", 3),
        (429, "false", 1),
        (429, "perhaps", 3),
    ] {
        let server = in_turn([said(status, value)]);
        for method in [Method::GET, Method::POST] {
            let error = send(&client(&server), method).await.unwrap_err();
            assert_eq!(error.attempts(), attempts, "{status} {value}");
            assert_eq!(error.is_retryable(), attempts == 3, "{status} {value}");
        }
    }
}

#[tokio::test]
async fn retry_after_conflict_needs_a_key_or_a_wait() {
    let conflict = || json(409, "{}");
    let key = |client: &Client| {
        let request = client.request(Method::POST, "/x");
        ends(request.header("Idempotency-Key", "k-1").send())
    };
    let server = in_turn([conflict(), json(200, "{}")]);
    key(&client(&server)).await.unwrap();
    let server = in_turn([conflict(), json(200, "{}")]);
    let error = send(&client(&server), Method::POST).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    let server = in_turn([later(409, "0"), json(200, "{}")]);
    send(&client(&server), Method::POST).await.unwrap();
}

#[tokio::test]
async fn rate_limit_told_by_403_is_waited_for() {
    let server = in_turn([later(403, "0"), json(200, "{}")]);
    send(&client(&server), Method::POST).await.unwrap();
    let server = in_turn([json(403, "{}"), json(200, "{}")]);
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
}
