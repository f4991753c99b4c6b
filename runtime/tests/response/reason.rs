//! The reason of an error response, in whatever shape the server gives it, is part of the text.

use neo_client_runtime::Method;
use serde_json::{Value, json};

use crate::support::calls::{once, stock_error};
use crate::support::clients::KEY;
use crate::support::server::{Server, json, response};

/// Returns the text of the error for a response of this status with this body.
async fn text(status: u16, body: Value) -> String {
    let server = Server::always(json(status, &body.to_string()));
    stock_error(&once(&server)).await.to_string()
}

#[tokio::test]
async fn reason_in_any_usual_shape_is_shown() {
    for (status, body, expected) in [
        (
            400,
            json!({"statusCode": 400, "error": "Bad Request", "message": ["task must be a string", "id is no UUID"]}),
            "400 Bad Request: task must be a string; id is no UUID",
        ),
        (
            422,
            json!({"detail": [{"type": "missing", "loc": ["body", "task"], "msg": "Field required", "input": {"key": "canary"}}]}),
            "422 Unprocessable Entity: body.task: Field required",
        ),
        (
            400,
            json!("too many parcels"),
            "400 Bad Request: too many parcels",
        ),
        (
            400,
            json!([{"errorCode": "TOO_MANY", "message": "too many parcels"}, "and more"]),
            "400 Bad Request: too many parcels; and more",
        ),
        (
            403,
            json!({"detail": "Not enough permissions"}),
            "403 Forbidden: Not enough permissions",
        ),
        (
            422,
            json!({"message": "Invalid", "errors": {"name": ["is empty", "is odd"]}}),
            "422 Unprocessable Entity: Invalid; name: is empty; name: is odd",
        ),
        (
            400,
            json!({"errors": [{"field": "name", "message": "is empty"}, "and more"]}),
            "400 Bad Request: name: is empty; and more",
        ),
        (
            401,
            json!({"error": {"message": "Incorrect key", "type": "invalid_request_error", "code": "invalid_key"}}),
            "401 Unauthorized: invalid_key: Incorrect key",
        ),
        (
            400,
            json!({"error": "invalid_grant", "error_description": "The code expired"}),
            "400 Bad Request: invalid_grant: The code expired",
        ),
        (
            422,
            json!({"type": "https://example.com/invalid", "title": "Invalid request", "status": 422,
                "detail": "Two problems", "errors": [{"detail": "is too low", "pointer": "#/age"}]}),
            "422 Unprocessable Entity: Invalid request; Two problems; #/age: is too low",
        ),
    ] {
        let text = text(status, body).await;
        let expected = format!("stock.get_stock_level: {expected} (");
        assert!(text.starts_with(&expected), "{text}");
    }
}

#[tokio::test]
async fn reason_in_markup_or_text_is_shown() {
    for (media_type, body, expected) in [
        (
            "text/html",
            format!("<html><head><style>{}</style><title>Blocked</title></head><p>Your address is &quot;blocked&quot;</html>", "a{} ".repeat(500)),
            "403 Forbidden: Blocked Your address is \"blocked\"",
        ),
        (
            "application/xml",
            "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Not yours</Message></Error>".to_owned(),
            "403 Forbidden: AccessDenied Not yours",
        ),
        ("text/plain", "name: only A-Z\n".to_owned(), "403 Forbidden: name: only A-Z"),
    ] {
        let answer = response(403, &[&format!("content-type: {media_type}")], body);
        let error = stock_error(&once(&Server::always(answer))).await;
        let (text, expected) = (error.to_string(), format!("stock.get_stock_level: {expected} ("));
        assert!(text.starts_with(&expected), "{text}");
    }
}

#[tokio::test]
async fn challenge_explains_a_rejection_without_body() {
    for (challenge, expected) in [
        (
            r#"Bearer realm="depot", error="invalid_token", error_description="The token expired""#,
            "invalid_token: The token expired",
        ),
        (
            "Basic realm=\"depot\"",
            "the server asks for credentials of `Basic`",
        ),
    ] {
        let answer = response(401, &[&format!("www-authenticate: {challenge}")], "");
        let text = stock_error(&once(&Server::always(answer)))
            .await
            .to_string();
        assert_eq!(
            text,
            format!("stock.get_stock_level: 401 Unauthorized: {expected} (check the credential)")
        );
    }
}

/// Returns the text of the error of a request to an operation whose response holds a secret.
async fn sensitive(answer: Vec<u8>) -> String {
    let client = Server::always(answer).client();
    let request = client.request(Method::GET, "/api/v1/account/key");
    let request = request.query(&[("note", "sent-value")]);
    request.send().await.unwrap_err().to_string()
}

#[tokio::test]
async fn reason_of_sensitive_operation_is_shown() {
    let expected = "GET /api/v1/account/key: 422 Unprocessable Entity: name: only A-Z \
                    (correct the request)";
    let detail = sensitive(json(422, r#"{"detail": "name: only A-Z"}"#));
    assert_eq!(detail.await, expected);
    let plain = sensitive(response(
        422,
        &["content-type: text/plain"],
        "name: only A-Z",
    ));
    assert_eq!(plain.await, expected);
    // Neither the page of a server that failed, nor what was sent.
    let page = sensitive(response(502, &[], "hidden-value")).await;
    assert!(!page.contains("hidden"), "{page}");
    let echo = sensitive(json(422, r#"{"detail": "sent-value is too long"}"#)).await;
    assert!(echo.contains(": [redacted] is too long ("), "{echo}");
}

#[tokio::test]
async fn error_tells_headers_and_request_id() {
    let headers = [
        "x-request-id: req-7",
        "x-ratelimit-reset: 60",
        &format!("x-echo: {KEY}"),
    ];
    let server = Server::always(response(403, &headers, r#"{"error": "rate limit"}"#));
    let error = stock_error(&once(&server)).await;
    let reset = error.headers().unwrap().get("x-ratelimit-reset").unwrap();
    assert_eq!(reset, "60");
    assert_eq!(error.headers().unwrap()["x-echo"], "[redacted]");
    assert_eq!(error.request_id(), Some("req-7"));
    assert!(error.elapsed().is_some());
    assert_eq!(
        error.to_string(),
        "stock.get_stock_level: 403 Forbidden: rate limit [request id req-7] \
         (use a credential that may do this)"
    );
    let shown = format!("{error:?}");
    assert!(
        shown.contains("req-7") && !shown.contains("x-ratelimit-reset"),
        "{shown}"
    );

    let server = Server::always(response(200, &["x-request-id: req-8"], "{}"));
    let error = stock_error(&once(&server)).await;
    assert_eq!(error.request_id(), Some("req-8"));
    assert!(
        error.to_string().contains(" [request id req-8] ("),
        "{error}"
    );
}

#[tokio::test]
async fn response_tells_request_id_and_time() {
    let server = Server::always(response(200, &["request-id: req-9"], "ok"));
    let request = server.client().request(Method::GET, "/x");
    let response = request.send().await.unwrap();
    assert_eq!(response.request_id(), Some("req-9"));
    let changed = response.clone().map(|_| ());
    assert_eq!(changed.elapsed(), response.elapsed());
}
