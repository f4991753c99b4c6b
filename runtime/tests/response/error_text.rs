//! The errors of calls: kinds, texts, causes, and advice to retry.

use std::error::Error as _;
use std::io::Write;
use std::time::Duration;

use neo_client_runtime::{Error, ErrorKind, Method};

use crate::support::calls::refusing_socket;
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::until_closed;
use crate::support::server::{Server, json, response};

const HTML: &str = "content-type: text/html; charset=utf-8";

/// Returns the error of one attempt to get the stock level from a server that sends `answer`.
async fn stock_error(answer: Vec<u8>) -> Error {
    let server = Server::always(answer);
    let error = server
        .client()
        .with_options(|call| call.retries(0))
        .stock()
        .get_stock_level()
        .await
        .unwrap_err();
    let operation = error.operation().unwrap();
    assert_eq!(operation.id, "get-stock");
    let text = error.to_string();
    assert!(text.starts_with("stock.get_stock_level: "), "{text}");
    for shown in [&text, &format!("{error:#}"), &format!("{error:?}")] {
        assert!(!shown.contains('\n') && !shown.contains(KEY), "{shown}");
    }
    error
}

#[tokio::test]
async fn undocumented_status_is_an_api_error() {
    for (status, code) in [
        (402, "out_of_stock"),
        (402, "order_limit_reached"),
        (402, "dock_limit_reached"),
        (403, "forbidden"),
        (400, "invalid_request"),
        (404, "not_found"),
        (409, "already_exists"),
    ] {
        let body = format!(
            r#"{{"code": "{code}", "error": "short", "error_id": "e-42", "kind": "k", "message": "k: short"}}"#
        );
        let error = stock_error(json(status, &body)).await;
        assert_eq!(error.kind(), ErrorKind::Api);
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.error_id(), Some("e-42"));
        assert_eq!(error.attempts(), 1);
        assert!(!error.is_retryable() && !error.is_timeout());
        let api = error.api().unwrap();
        assert_eq!(api.message(), Some("k: short"));
        assert_eq!(api.property("error").as_deref(), Some("short"));
        assert_eq!(api.property("kind").as_deref(), Some("k"));
        let text = error.to_string();
        assert!(
            text.contains(&format!("{code}: k: short [error id e-42] (")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn error_code_unknown_is_kept() {
    let error = stock_error(json(418, r#"{"code": "out_of_tea", "error": "no tea"}"#)).await;
    assert_eq!(error.code(), Some("out_of_tea"));
}

#[tokio::test]
async fn error_page_text_or_nothing_keeps_status() {
    let page = "<html>\n<head><title>502 Bad Gateway</title></head>\r\n</html>";
    let error = stock_error(response(502, &[HTML], page)).await;
    assert_eq!(error.status().unwrap(), 502);
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "stock.get_stock_level: 502 Bad Gateway: 502 Bad Gateway (trying again may help)"
    );

    let error = stock_error(response(403, &["content-type: text/plain"], "go away")).await;
    assert_eq!(error.api().unwrap().excerpt(), Some("go away"));
    assert_eq!(error.code(), None);

    let error = stock_error(response(501, &[], "")).await;
    assert_eq!(error.api().unwrap().excerpt(), None);
    assert_eq!(
        error.to_string(),
        "stock.get_stock_level: 501 Not Implemented (check the base URL, or update the client)"
    );
}

#[tokio::test]
async fn error_excerpt_is_bounded_text() {
    let error = stock_error(response(503, &[], "x".repeat(5_000_000))).await;
    let excerpt = error.api().unwrap().excerpt().unwrap();
    assert_eq!(excerpt.chars().count(), 513);
    let error = stock_error(response(503, &[], b"\xff\x00\x1b[31m")).await;
    assert_eq!(error.api().unwrap().excerpt(), Some("\u{fffd} [31m"));
}

#[tokio::test]
async fn error_body_cut_off_keeps_status_and_excerpt() {
    let server = Server::start(|_| {
        b"HTTP/1.1 429 -\r\nretry-after: 7\r\ncontent-length: 1000\r\n\r\n{\"error\": \"slow"
            .to_vec()
    });
    let error = server.client().stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.api().unwrap().excerpt(), Some("{\"error\": \"slow"));

    let server = Server::serve(|_, socket| {
        socket
            .write_all(b"HTTP/1.1 503 -\r\ncontent-length: 9\r\n\r\nbus")
            .unwrap();
        until_closed(socket);
    });
    let builder = server
        .builder()
        .depot_key(KEY)
        .timeout(Duration::from_secs(3));
    let error = builder
        .build()
        .unwrap()
        .stock()
        .get_stock_level()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.api().unwrap().excerpt(), Some("bus"));
}

#[tokio::test]
async fn error_status_decides_whether_to_retry() {
    for (status, retryable) in [
        (400, false),
        (401, false),
        (408, true),
        (409, false),
        (425, true),
        (429, true),
        (500, true),
        (501, false),
        (502, true),
        (503, true),
        (504, true),
    ] {
        let error = stock_error(json(status, "{}")).await;
        assert_eq!(error.is_retryable(), retryable, "{status}");
        assert_eq!(error.retry_after(), None);
    }
    let error = stock_error(response(429, &["Retry-After: 1.5"], "")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_millis(1500)));
    assert!(error.to_string().ends_with("(try again in 2 s)"), "{error}");
    let date = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT";
    let error = stock_error(response(503, &[date], "")).await;
    assert_eq!(error.retry_after(), Some(Duration::ZERO));
}

#[tokio::test]
async fn error_of_wrong_shape_names_the_field() {
    let body = r#"{"available": 1, "stocked": "many", "shipped": 1}"#;
    let error = stock_error(json(200, body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    let text = error.to_string();
    assert!(
        text.contains("200 OK with JSON of another shape than expected at `stocked`"),
        "{text}"
    );
    assert!(
        text.contains(r#"invalid type: string "many", expected f64"#),
        "{text}"
    );
    assert!(error.source().is_none());

    let text = stock_error(json(200, "{}")).await.to_string();
    assert!(text.contains("missing field"), "{text}");

    let long = STOCK.replace("60", &format!("\"{}\"", "y ".repeat(100_000)));
    let text = stock_error(json(200, &long)).await.to_string();
    assert!(text.len() < 1000, "{}", text.len());
}

#[tokio::test]
async fn error_of_unreadable_json_says_what_came() {
    let error = stock_error(response(200, &[HTML], "<html>\nLog in</html>")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(
        error.to_string(),
        "stock.get_stock_level: 200 OK with a body that cannot be read as JSON \
         (content type `text/html; charset=utf-8`): <html> Log in</html> \
         (check the base URL, and what responds there)"
    );
    let error = stock_error(json(200, r#"{"available": 1, "#)).await;
    assert!(error.to_string().contains("`application/json`"), "{error}");
    let where_it_ends = error.source().unwrap().to_string();
    assert!(where_it_ends.contains("line 1 column"), "{where_it_ends}");
    let error = stock_error(response(200, &[], format!("{STOCK} and more"))).await;
    assert!(error.to_string().contains("no content type"), "{error}");
    let error = stock_error(response(200, &[], "")).await;
    assert!(error.to_string().contains("an empty body"), "{error}");
}

#[tokio::test]
async fn error_code_without_message_is_said_once() {
    let body = r#"{"code": "not_found", "extra": [7]}"#;
    let error = stock_error(json(404, body)).await;
    assert_eq!(error.code(), Some("not_found"));
    let text = error.to_string();
    assert_eq!(text.matches("not_found").count(), 1, "{text}");
    assert!(text.contains(r#""extra": [7]"#), "{text}");
}

#[tokio::test]
async fn error_text_has_no_invisible_characters() {
    let body = "{\"error\": \"\u{feff}a\u{202e}b\u{2066}c\u{200b}\\u202ed\"}";
    let error = stock_error(json(400, body)).await;
    assert!(error.to_string().contains(": a b c d ("), "{error:?}");
}

#[tokio::test]
async fn response_of_a_newer_server_is_read() {
    let body = STOCK.replace(
        '}',
        r#", "bays": null, "site": "orbit", "new": {"a": [1]}}"#,
    );
    let server = Server::always(json(200, &body));
    let response = server
        .client()
        .stock()
        .get_stock_level()
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.bays, None);
    let owner = response.site.as_ref().unwrap();
    assert_eq!(owner.as_str(), "orbit");
    assert!(!owner.is_known());
    assert_eq!(response.map(|level| level.shipped).into_inner(), 40.0);
}

#[tokio::test]
async fn response_limit_applies_with_and_without_length() {
    let ask = async |answer: Vec<u8>, limit| {
        let server = Server::always(answer);
        let client = server
            .builder()
            .depot_key(KEY)
            .response_limit(limit)
            .build()
            .unwrap();
        client.request(Method::GET, "/x").send().await
    };
    let counted = response(200, &[], "x".repeat(1000));
    // Without an announced length, bytes are counted while they are read.
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
async fn error_of_timeout_or_broken_connection_says_so() {
    let patience = Duration::from_secs(3);
    let silent = Server::serve(|_, socket| {
        until_closed(socket);
    });
    let stuck = Server::serve(|_, socket| {
        socket
            .write_all(b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n{")
            .unwrap();
        until_closed(socket);
    });
    for (server, part, status) in [
        (silent, "no response came within 3 s", None),
        (stuck, "the response was not complete within 3 s", Some(200)),
    ] {
        let client = server
            .builder()
            .depot_key(KEY)
            .timeout(patience)
            .build()
            .unwrap();
        let error = client.stock().get_stock_level().await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable());
        assert_eq!(error.status().map(|it| it.as_u16()), status);
        assert!(error.to_string().contains(part), "{error}");
        let post = client.request(Method::POST, "/api/v1/orders").send();
        let text = post.await.unwrap_err().to_string();
        assert!(text.contains("it may have been carried out"), "{text}");
    }

    let server = Server::always(json(200, STOCK));
    let patient = server.builder().depot_key(KEY).timeout(Duration::MAX);
    let client = patient.build().unwrap();
    client.stock().get_stock_level().await.unwrap();

    for answer in [
        &b""[..],
        b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n{",
        b"not http\r\n\r\n",
    ] {
        let error = stock_error(answer.to_vec()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert!(error.source().is_some());
        assert!(error.is_retryable() && !error.is_timeout());
    }
}

#[tokio::test]
async fn error_without_connection_names_host_and_port() {
    let (_socket, url) = refusing_socket();
    let builder = neo_client_fixture::Client::builder().depot_key(KEY);
    let client = builder.base_url(&url).build().unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.is_retryable() && error.status().is_none());
    let text = format!("{error:#}");
    assert!(
        text.contains(&format!(
            "no connection to `127.0.0.1` on port {}",
            url.rsplit_once(':').unwrap().1
        )),
        "{text}"
    );
    assert!(text.contains("refused"), "{text}");

    let builder = neo_client_fixture::Client::builder().depot_key(KEY);
    let client = builder.base_url("https://depot.invalid").build().unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("`depot.invalid`"), "{error}");
}
