//! Which requests are sent again after which fault: what is harmless to repeat, always; what is not, never.

use neo_client::{ErrorKind, Method};

use crate::faults::fault::{Fault, later};
use crate::faults::scene::{SECOND, client, client_with, ends, in_turn, purchase, send};
use crate::server::json;

const HARMLESS: [Method; 5] = [
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::PUT,
    Method::DELETE,
];

/// After `fault` each method that is harmless to repeat is sent once more, and that succeeds.
async fn is_repeated(fault: Fault) {
    let calls = HARMLESS.map(|method| {
        tokio::spawn(async move {
            if method == Method::HEAD && fault.is_in_body() {
                return;
            }
            let server = fault.first(1, json(200, "{}"));
            let client = client_with(&server, |call| call.attempt_timeout(SECOND));
            send(&client, method.clone()).await.unwrap();
            assert_eq!(server.accepted(), 2, "{method}");
        })
    });
    for call in calls {
        call.await.unwrap();
    }
}

/// After `fault` neither a purchase nor a PATCH is sent again, although that would succeed.
async fn is_not_repeated(fault: Fault) {
    let server = fault.first(1, json(200, "{}"));
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 2));
    let error = purchase(&client).await.unwrap_err();
    assert_eq!((error.attempts(), server.accepted()), (1, 1), "{error}");
    assert!(error.is_retryable(), "{error}");

    let server = fault.first(1, json(200, "{}"));
    let client = client_with(&server, |call| call.attempt_timeout(SECOND / 2));
    let error = send(&client, Method::PATCH).await.unwrap_err();
    assert_eq!((error.attempts(), server.accepted()), (1, 1), "{error}");
    if error.kind() != ErrorKind::Api {
        assert!(
            error.to_string().contains("may have been carried out"),
            "{error}"
        );
    }
}

/// Two scenarios a fault.
macro_rules! after {
    ($($name:ident: $fault:expr,)*) => {
        mod what_is_harmless_is_repeated_after {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                is_repeated($fault).await;
            })*
        }

        mod what_is_not_harmless_is_not_repeated_after {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                is_not_repeated($fault).await;
            })*
        }
    };
}

after! {
    a_connection_closed_at_once: Fault::ClosedAtOnce,
    a_reset_before_the_request_was_read: Fault::ResetUnread,
    a_reset_after_the_request_was_read: Fault::ResetAfterRead,
    a_connection_closed_without_a_reply: Fault::ClosedAfterRead,
    a_head_that_ends_early: Fault::HeadEndsEarly,
    a_body_that_ends_early: Fault::BodyEndsEarly,
    chunks_that_end_early: Fault::ChunksEndEarly,
    a_malformed_chunk: Fault::BadChunk,
    something_else_than_http: Fault::NotHttp,
    silence: Fault::Silence,
    silence_in_the_body: Fault::SilenceInBody,
    status_408: Fault::Status(408),
    status_429: Fault::Status(429),
    status_502: Fault::Status(502),
    status_503: Fault::Status(503),
    status_504: Fault::Status(504),
}

#[tokio::test]
async fn no_other_status_is_repeated() {
    for status in [400, 401, 402, 403, 404, 409, 418, 422, 500, 501, 505, 599] {
        let server = in_turn([later(status, "0"), json(200, "{}")]);
        let error = send(&client(&server), Method::GET).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!((error.attempts(), server.received().len()), (1, 1));
    }
}

#[tokio::test]
async fn a_body_is_the_same_on_each_attempt() {
    let server = Fault::ResetAfterRead.first(2, json(200, "{}"));
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
async fn an_idempotency_key_makes_a_post_repeatable_and_stays_the_same() {
    let server = Fault::ResetAfterRead.first(2, json(200, "{}"));
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
async fn three_attempts_are_made_and_the_last_failure_is_the_error() {
    let server = in_turn([408, 503, 502].map(|status| json(status, "{}")));
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.status().unwrap().as_u16()),
        (3, 502)
    );
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn different_faults_in_a_row_are_one_call() {
    let server = in_turn([
        b"nonsense\r\n\r\n".to_vec(),
        json(503, "{}"),
        json(200, "{}"),
    ]);
    send(&client(&server), Method::GET).await.unwrap();
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn the_number_of_attempts_is_set_for_one_call() {
    let server = Fault::ResetAfterRead.always();
    let client = client(&server);
    for retries in [0, 1, 4] {
        let other = client.with(|call| call.retries(retries));
        let error = send(&other, Method::GET).await.unwrap_err();
        assert_eq!(error.attempts(), retries + 1);
    }
    let error = send(&client, Method::GET).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "the client is as it was");
    assert_eq!(server.accepted(), 1 + 2 + 5 + 3);
}

#[tokio::test]
async fn a_failure_that_would_be_the_same_is_not_repeated() {
    for answer in [json(200, "[1"), json(204, "")] {
        let server = in_turn([answer, json(200, "[]")]);
        let request = client(&server).request(Method::GET, "/x");
        let outcome = ends(request.send_as::<Vec<u8>>()).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(server.received().len(), 1);
    }
}
