//! Neo's error codes.

use neo_client::mock::MockServer;
use neo_client::serde_json::json;
use neo_client::{Error, ErrorCode};

/// Returns the error of a call that the server rejects with this body.
async fn error_of(status: u16, body: serde_json::Value) -> Error {
    let server = MockServer::start().await.unwrap();
    let credits = "billing.get_credit_balance";
    server.respond(credits, status, body).unwrap();
    let neo = server.client();
    neo.billing().get_credit_balance().await.unwrap_err()
}

#[tokio::test]
async fn error_code_known_is_typed() {
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
        let body = json!({
            "code": code, "error": "short", "error_id": "e-42", "kind": "k", "message": "k: short",
        });
        let error = error_of(status, body).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(ErrorCode::of(&error), Some(expected));
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.error_id(), Some("e-42"));
        let text = error.to_string();
        let expected = format!("{code}: k: short [error id e-42]");
        assert!(text.contains(&expected), "{text}");
    }
}

#[tokio::test]
async fn error_code_unknown_is_kept() {
    let body = json!({ "code": "out_of_tea", "error": "no tea" });
    let code = ErrorCode::of(&error_of(418, body).await).unwrap();
    assert!(!code.is_known());
    assert_eq!(code.as_str(), "out_of_tea");
}

#[tokio::test]
async fn error_without_code_has_none() {
    let error = error_of(500, json!({ "error": "no" })).await;
    assert_eq!(ErrorCode::of(&error), None);
}
