//! What a caller learns when a call fails, whatever the server, or what stands in its place, sends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::error::Error as _;
use std::io::Write;
use std::time::Duration;

use neo_client::{Error, ErrorCode, ErrorKind, Method};
use server::{BALANCE, KEY, Server, json, reply};

const HTML: &str = "content-type: text/html; charset=utf-8";

/// The error of asking for the balance, once, when the server replies with `answer`.
async fn balance_error(answer: Vec<u8>) -> Error {
    let server = Server::always(answer);
    let error = server
        .client()
        .with(|call| call.retries(0))
        .billing()
        .get_credit_balance()
        .await
        .unwrap_err();
    let operation = error.operation().unwrap();
    assert_eq!(operation.id, "get-v1-billing-credits");
    let text = error.to_string();
    assert!(text.starts_with("billing.get_credit_balance: "), "{text}");
    for shown in [&text, &format!("{error:#}"), &format!("{error:?}")] {
        assert!(!shown.contains('\n') && !shown.contains(KEY), "{shown}");
    }
    error
}

#[tokio::test]
async fn a_status_that_the_document_lacks_is_an_api_error() {
    for (status, code, expected) in [
        (
            402,
            "insufficient_neo_credits",
            ErrorCode::InsufficientNeoCredits,
        ),
        (
            402,
            "user_spending_cap_reached",
            ErrorCode::UserSpendingCapReached,
        ),
        (
            402,
            "project_spending_cap_reached",
            ErrorCode::ProjectSpendingCapReached,
        ),
        (403, "forbidden", ErrorCode::Forbidden),
        (400, "invalid_request", ErrorCode::InvalidRequest),
        (404, "not_exists", ErrorCode::NotExists),
        (409, "already_exists", ErrorCode::AlreadyExists),
    ] {
        let body = format!(
            r#"{{"code": "{code}", "error": "short", "error_id": "e-42", "kind": "k", "message": "k: short"}}"#
        );
        let error = balance_error(json(status, &body)).await;
        assert_eq!(error.kind(), ErrorKind::Api);
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(ErrorCode::of(&error), Some(expected));
        assert_eq!(error.error_id(), Some("e-42"));
        assert_eq!(error.attempts(), 1);
        assert!(!error.is_retryable() && !error.is_timeout());
        let api = error.api().unwrap();
        assert_eq!(
            (api.message(), api.property("error").as_deref()),
            (Some("k: short"), Some("short"))
        );
        assert_eq!(api.property("kind").as_deref(), Some("k"));
        let text = error.to_string();
        assert!(
            text.ends_with(&format!("{code}: k: short [error id e-42]")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_unknown_code_is_kept() {
    let error = balance_error(json(418, r#"{"code": "out_of_tea", "error": "no tea"}"#)).await;
    assert_eq!(error.code(), Some("out_of_tea"));
    assert!(!ErrorCode::of(&error).unwrap().is_known());
}

#[tokio::test]
async fn a_page_a_text_and_nothing_keep_their_status() {
    let page = "<html>\n<head><title>502 Bad Gateway</title></head>\r\n</html>";
    let error = balance_error(reply(502, &[HTML], page)).await;
    assert_eq!(error.status().unwrap(), 502);
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "billing.get_credit_balance: 502 Bad Gateway: \
         <html> <head><title>502 Bad Gateway</title></head> </html> (trying again may help)"
    );

    let error = balance_error(reply(403, &["content-type: text/plain"], "go away")).await;
    assert_eq!(error.api().unwrap().excerpt(), Some("go away"));
    assert_eq!(error.code(), None);

    let error = balance_error(reply(500, &[], "")).await;
    assert_eq!(error.api().unwrap().excerpt(), None);
    assert_eq!(
        error.to_string(),
        "billing.get_credit_balance: 500 Internal Server Error"
    );
}

#[tokio::test]
async fn an_excerpt_is_bounded_and_bytes_are_text() {
    let error = balance_error(reply(503, &[], "x".repeat(5_000_000))).await;
    let excerpt = error.api().unwrap().excerpt().unwrap();
    assert_eq!(excerpt.chars().count(), 513);
    let error = balance_error(reply(503, &[], b"\xff\x00\x1b[31m")).await;
    assert_eq!(error.api().unwrap().excerpt(), Some("\u{fffd} [31m"));
}

#[tokio::test]
async fn an_error_body_that_breaks_off_keeps_its_status() {
    let server = Server::start(|_| {
        b"HTTP/1.1 429 -\r\nretry-after: 7\r\ncontent-length: 1000\r\n\r\n{\"error\": \"slow"
            .to_vec()
    });
    let error = server
        .client()
        .billing()
        .get_credit_balance()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.api().unwrap().excerpt(), Some("{\"error\": \"slow"));

    let server = Server::serve(|_, socket| {
        socket
            .write_all(b"HTTP/1.1 503 -\r\ncontent-length: 9\r\n\r\nbus")
            .unwrap();
        std::thread::sleep(Duration::from_secs(9));
    });
    let builder = server
        .builder()
        .api_key(KEY)
        .timeout(Duration::from_secs(1));
    let error = builder
        .build()
        .unwrap()
        .billing()
        .get_credit_balance()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.api().unwrap().excerpt(), Some("bus"));
}

#[tokio::test]
async fn retry_after_and_whether_to_retry() {
    for (status, retryable) in [
        (400, false),
        (401, false),
        (408, true),
        (409, false),
        (429, true),
        (500, false),
        (501, false),
        (502, true),
        (503, true),
        (504, true),
    ] {
        let error = balance_error(json(status, "{}")).await;
        assert_eq!(error.is_retryable(), retryable, "{status}");
        assert_eq!(error.retry_after(), None);
    }
    let error = balance_error(reply(429, &["Retry-After: 1.5"], "")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_millis(1500)));
    assert!(error.to_string().ends_with("(try again in 2 s)"), "{error}");
    let date = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT";
    let error = balance_error(reply(503, &[date], "")).await;
    assert_eq!(error.retry_after(), Some(Duration::ZERO));
}

#[tokio::test]
async fn a_reply_of_another_shape_names_the_field() {
    let body = r#"{"available_credits": 1, "issued_credits": "many", "used_credits": 1}"#;
    let error = balance_error(json(200, body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    let text = error.to_string();
    assert!(
        text.contains("200 OK with JSON of another shape than expected at `issued_credits`"),
        "{text}"
    );
    assert!(
        text.contains(r#"invalid type: string "many", expected f64"#),
        "{text}"
    );
    assert!(error.source().is_none());

    let body = BALANCE.replace('}', r#", "payment_methods": [{}, {"last4": [1]}]}"#);
    let text = balance_error(json(200, &body)).await.to_string();
    assert!(text.contains("`payment_methods[1].last4`"), "{text}");

    let text = balance_error(json(200, "{}")).await.to_string();
    assert!(text.contains("missing field"), "{text}");

    let long = BALANCE.replace("60", &format!("\"{}\"", "y ".repeat(100_000)));
    let text = balance_error(json(200, &long)).await.to_string();
    assert!(text.len() < 1000, "{}", text.len());
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_as_json_says_what_it_is() {
    let error = balance_error(reply(200, &[HTML], "<html>\nLog in</html>")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(
        error.to_string(),
        "billing.get_credit_balance: 200 OK with a body that cannot be read as JSON \
         (content type `text/html; charset=utf-8`): <html> Log in</html>"
    );
    let error = balance_error(json(200, r#"{"available_credits": 1, "#)).await;
    assert!(error.to_string().contains("`application/json`"), "{error}");
    let where_it_ends = error.source().unwrap().to_string();
    assert!(where_it_ends.contains("line 1 column"), "{where_it_ends}");
    let error = balance_error(reply(200, &[], format!("{BALANCE} and more"))).await;
    assert!(error.to_string().contains("no content type"), "{error}");
    let error = balance_error(reply(200, &[], "")).await;
    assert!(error.to_string().contains("an empty body"), "{error}");
    // What looks like JSON.
    for (value, cause) in [("1e999", "out of range"), (r#""\ud800""#, "hex escape")] {
        let body = BALANCE.replace("60", value);
        let error = balance_error(json(200, &body)).await;
        let text = error.to_string();
        assert!(text.contains("cannot be read as JSON"), "{text}");
        let text = format!("{error:#}");
        assert!(text.contains(cause), "{text}");
    }
}

#[tokio::test]
async fn a_code_without_a_text_is_said_once() {
    let body = r#"{"code": "not_exists", "detail": [7]}"#;
    let error = balance_error(json(404, body)).await;
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::NotExists));
    let text = error.to_string();
    assert_eq!(text.matches("not_exists").count(), 1, "{text}");
    assert!(text.contains(r#""detail": [7]"#), "{text}");
}

#[tokio::test]
async fn invisible_characters_are_not_shown() {
    let body = "{\"error\": \"\u{feff}a\u{202e}b\u{2066}c\u{200b}\\u202ed\"}";
    let error = balance_error(json(400, body)).await;
    assert!(error.to_string().ends_with(": a b c d"), "{error:?}");
}

#[tokio::test]
async fn null_lists_unknown_values_and_new_fields_break_nothing() {
    let body = BALANCE.replace(
        '}',
        r#", "payment_methods": null, "resource_type": "galaxy", "new": {"a": [1]}}"#,
    );
    let server = Server::always(json(200, &body));
    let response = server
        .client()
        .billing()
        .get_credit_balance()
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.payment_methods.is_empty());
    let owner = response.resource_type.as_ref().unwrap();
    assert_eq!(owner.as_str(), "galaxy");
    assert!(!owner.is_known());
    assert_eq!(
        response.map(|balance| balance.used_credits).into_inner(),
        40.0
    );
}

#[tokio::test]
async fn a_reply_has_a_ceiling() {
    let ask = async |answer: Vec<u8>, limit| {
        let server = Server::always(answer);
        let client = server
            .builder()
            .api_key(KEY)
            .response_limit(limit)
            .build()
            .unwrap();
        client.request(Method::GET, "/x").send().await
    };
    let counted = reply(200, &[], "x".repeat(1000));
    // No length announced: it is counted while it is read.
    let endless = b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\n".to_vec();
    let endless = [endless, vec![b'x'; 1000]].concat();
    let lying = b"HTTP/1.1 200 -\r\ncontent-length: 99999999999999999999\r\n\r\n".to_vec();
    for answer in [&counted, &endless] {
        assert_eq!(ask(answer.clone(), 1000).await.unwrap().len(), 1000);
        let error = ask(answer.clone(), 999).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
        assert_eq!(error.status().unwrap(), 200);
        assert!(error.to_string().contains("more than 999 bytes"), "{error}");
    }
    assert!(ask(lying, 1000).await.is_err());
}

#[tokio::test]
async fn time_limits_and_broken_connections() {
    let patience = Duration::from_secs(1);
    let silent = Server::serve(|_, _| std::thread::sleep(Duration::from_secs(9)));
    let stuck = Server::serve(|_, socket| {
        socket
            .write_all(b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n{")
            .unwrap();
        std::thread::sleep(Duration::from_secs(9));
    });
    for (server, part, status) in [
        (silent, "no reply came within 1 s", None),
        (stuck, "the reply was not complete within 1 s", Some(200)),
    ] {
        let client = server
            .builder()
            .api_key(KEY)
            .timeout(patience)
            .build()
            .unwrap();
        let error = client.billing().get_credit_balance().await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable());
        assert_eq!(error.status().map(|it| it.as_u16()), status);
        assert!(error.to_string().contains(part), "{error}");
        let post = client.request(Method::POST, "/api/v1/purchase").send();
        let text = post.await.unwrap_err().to_string();
        assert!(text.contains("it may have been carried out"), "{text}");
    }

    let server = Server::always(json(200, BALANCE));
    let patient = server.builder().api_key(KEY).timeout(Duration::MAX);
    let client = patient.build().unwrap();
    client.billing().get_credit_balance().await.unwrap();

    for answer in [
        &b""[..],
        b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n{",
        b"not http\r\n\r\n",
    ] {
        let error = balance_error(answer.to_vec()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert!(error.source().is_some());
        assert!(error.is_retryable() && !error.is_timeout());
    }
}

#[tokio::test]
async fn no_connection() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let builder = neo_client::Client::builder().api_key(KEY);
    let client = builder
        .base_url(format!("http://{closed}"))
        .build()
        .unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.is_retryable() && error.status().is_none());
    let text = format!("{error:#}");
    assert!(
        text.contains(&format!(
            "no connection to `127.0.0.1` on port {}",
            closed.port()
        )),
        "{text}"
    );
    assert!(text.contains("refused"), "{text}");

    let builder = neo_client::Client::builder().api_key(KEY);
    let client = builder.base_url("https://neo.invalid").build().unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("`neo.invalid`"), "{error}");
}
