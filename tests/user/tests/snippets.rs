//! Calls as a user writes them, run against the mock server from outside the crate.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use neo_client::mock::MockServer;
use neo_client::serde_json::{Value, json};
use neo_client::types::{BillingPurchaseRequest, BillingPurchaseRequestAction};
use neo_client::{
    ApiError, Client, ErrorKind, Method, OPERATIONS, Operation, Response, StatusCode,
};
use neo_client_user::{Purchase, balance, details, models, purchase};

fn order() -> BillingPurchaseRequest {
    BillingPurchaseRequest::builder()
        .action(BillingPurchaseRequestAction::Estimate)
        .credits(500)
        .build()
        .unwrap()
}

#[tokio::test]
async fn readme_calls_work() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let sample = json!({ "available_credits": 75.5, "issued_credits": 100, "used_credits": 24.5 });
    server
        .respond("billing.get_credit_balance", 200, sample)
        .unwrap();

    assert_eq!(balance(&neo).await.unwrap(), (75.5, 100.0));
    assert!(!models(&neo).await.unwrap().is_empty());
    assert!(details(&neo, "an-id").await.unwrap().task.is_some());
    assert!(matches!(purchase(&neo, order()).await, Purchase::Priced(_)));

    let requests = server.requests();
    let queries: Vec<_> = requests
        .iter()
        .filter_map(|request| request.query())
        .collect();
    assert_eq!(queries, ["limit=50"]);
}

#[tokio::test]
async fn readme_errors_are_matched() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    for (status, body, expected) in [
        (
            403,
            json!({ "error": "Forbidden", "code": "user_spending_cap_reached" }),
            Purchase::Capped,
        ),
        (503, json!({ "error": "down" }), Purchase::Later),
        (422, json!({ "error": "no" }), Purchase::Refused),
    ] {
        server
            .respond("post-v1-billing-purchase", status, body)
            .unwrap();
        assert_eq!(purchase(&neo, order()).await, expected);
    }
}

#[tokio::test]
async fn public_api_types_can_be_named() {
    let server = MockServer::start().await.unwrap();
    let neo: Client = Client::builder()
        .api_key("neo_sk_0123456789abcdef0123456789abcdef")
        .base_url(server.base_url())
        .user_agent_suffix("snippets/1")
        .build()
        .unwrap();

    let response: Response<_> = neo.billing().get_credit_balance().send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let value: Value = neo
        .billing()
        .get_credit_balance()
        .send_as::<Value>()
        .await
        .unwrap();
    assert!(value["available_credits"].is_number());

    let path = "/api/v1/knowledge/search";
    let error = neo
        .request(Method::POST, path)
        .json(&json!({ "query": "ssrf" }))
        .send_as::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    let api: &ApiError = error.api().unwrap();
    assert_eq!(api.status(), StatusCode::NOT_FOUND);

    let operation: &Operation = &OPERATIONS[0];
    assert!(operation.path.starts_with('/'));
}
