//! Tests of error responses.

use serde_json::Value;

use super::*;

const SHAPE: ErrorBody = ErrorBody::new()
    .message(&["message", "error"])
    .known_codes(&["not_exists"]);

fn parse(status: u16, body: &str) -> ApiError {
    let status = StatusCode::from_u16(status).unwrap();
    let hidden = Hidden {
        secrets: &["key_sk_canary"],
        words: &[],
        echo: &Echo::Public,
    };
    ApiError::new(&SHAPE, status, &HeaderMap::new(), body.as_bytes(), hidden)
}

#[test]
fn every_property_is_read() {
    let error = parse(
        402,
        r#"{"code": "user_spending_cap_reached", "error": "cap", "error_id": "e-1",
            "kind": "payment", "message": "payment: cap"}"#,
    );
    assert_eq!(error.code(), Some("user_spending_cap_reached"));
    assert_eq!(error.property("error").as_deref(), Some("cap"));
    assert_eq!(error.error_id(), Some("e-1"));
    assert_eq!(error.property("kind").as_deref(), Some("payment"));
    assert_eq!(error.message(), Some("payment: cap"));
    assert_eq!(error.excerpt(), None);
    assert_eq!(
        error.to_string(),
        "402 Payment Required: user_spending_cap_reached: payment: cap [error id e-1]"
    );
}

#[test]
fn odd_error_body_keeps_its_text() {
    let nested = parse(400, r#"{"error": {"code": 7, "message": "no"}}"#);
    assert_eq!(nested.code().unwrap(), "7");
    assert_eq!(nested.message(), Some("no"));

    let other = parse(422, r#"{"detail": [{"loc": ["body"]}], "message": null}"#);
    assert_eq!(
        other.excerpt(),
        Some(r#"{"detail": [{"loc": ["body"]}], "message": null}"#)
    );
    assert!(other.decode::<Value>().unwrap().get("detail").is_some());

    let coded = parse(404, r#"{"code": "not_exists", "extra": 7}"#);
    assert_eq!(
        coded.to_string(),
        r#"404 Not Found: {"code": "not_exists", "extra": 7}"#
    );
    let late = format!(r#"{{"extra": "{}", "code": "late"}}"#, "x".repeat(600));
    assert!(
        parse(404, &late)
            .to_string()
            .starts_with("404 Not Found: late: {")
    );

    assert_eq!(parse(599, "").to_string(), "599");
    assert_eq!(parse(500, "[]").excerpt(), Some("[]"));
    assert_eq!(parse(500, "\"no\"").message(), Some("no"));
    assert_eq!(
        parse(400, "\u{feff}{\"error\": \"bad\"}").message(),
        Some("bad")
    );
    assert_eq!(
        parse(400, r#"{"error": "a", "message": " "}"#).message(),
        Some("a")
    );
}

#[test]
fn echo_of_credential_is_redacted_in_any_spelling() {
    let error = parse(
        400,
        r#"{"error": "bad key_sk_canary", "message": "key_sk_c\u0061nary", "code": "key_sk_canary",
            "k\u0065y_sk_canary": [["\u006bey_sk_canary"]]}"#,
    );
    let whole = error.decode::<Value>().unwrap().to_string();
    assert!(!whole.contains("canary"), "{whole}");
    assert_eq!(error.property("error").as_deref(), Some("bad [redacted]"));
    assert_eq!(error.message(), Some("[redacted]"));
    assert_eq!(error.code().unwrap(), "[redacted]");
    assert_eq!(
        parse(502, "<p>key_sk_canary</p>").excerpt(),
        Some("[redacted]")
    );
}

#[test]
fn known_code_survives_any_credential() {
    let body =
        br#"{"code": "not_exists", "error": "no 12345678", "error_id": "e-1", "n": 12345678}"#;
    for secret in ["x", "code", "exists", "not_exists", "error_id", "12345678"] {
        let status = StatusCode::NOT_FOUND;
        let hidden = Hidden {
            secrets: &[secret],
            words: &[],
            echo: &Echo::Public,
        };
        let error = ApiError::new(&SHAPE, status, &HeaderMap::new(), body, hidden);
        assert_eq!(error.code(), Some("not_exists"), "{secret}");
        assert_eq!(error.error_id(), Some("e-1"), "{secret}");
        let whole = error.decode::<Value>().unwrap();
        assert_eq!(whole["code"], "not_exists", "{secret}");
        if secret == "12345678" {
            assert_eq!(error.message(), Some("no [redacted]"));
            assert_eq!(whole["n"], "[redacted]");
        }
    }
}

#[test]
fn repeated_property_hides_no_credential() {
    let error = parse(400, r#"{"a": "key_sk_canary", "a": 1}"#);
    assert_eq!(error.excerpt(), Some(r#"{"a":1}"#));
}

#[test]
fn body_that_may_hold_a_secret_is_not_quoted() {
    let parse = |status, body: &str, echo: &Echo| {
        let status = StatusCode::from_u16(status).unwrap();
        let hidden = Hidden {
            secrets: &[],
            words: &[],
            echo,
        };
        ApiError::new(&SHAPE, status, &HeaderMap::new(), body.as_bytes(), hidden)
    };
    let values = Echo::Values(vec!["hunter2".to_owned().into()]);
    let error = parse(502, "a canary", &values);
    assert_eq!(error.excerpt(), None);
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    let error = parse(400, "hunter2 is short", &values);
    assert_eq!(error.excerpt(), Some("[redacted] is short"));
    let error = parse(422, r#"{"detail": "name: only A-Z, not hunter2"}"#, &values);
    assert_eq!(error.message(), Some("name: only A-Z, not [redacted]"));
    let error = parse(422, r#"{"code": "c", "detail": "hunter2"}"#, &Echo::Unknown);
    assert_eq!(
        error.to_string(),
        "422 Unprocessable Entity: c: the text may hold a secret, read it with `ApiError::decode`"
    );
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[test]
fn challenge_is_the_reason_without_a_body() {
    let mut headers = HeaderMap::new();
    let challenge = r#"Bearer error="invalid_token", error_description="It expired""#;
    headers.insert("www-authenticate", HeaderValue::from_static(challenge));
    let hidden = Hidden {
        secrets: &[],
        words: &[],
        echo: &Echo::Public,
    };
    let error =
        |body| ApiError::new(&SHAPE, StatusCode::UNAUTHORIZED, &headers, body, hidden).to_string();
    assert_eq!(error(b""), "401 Unauthorized: invalid_token: It expired");
    let body = br#"{"code": "revoked", "error": "no more"}"#;
    assert_eq!(error(body), "401 Unauthorized: revoked: no more");
}
