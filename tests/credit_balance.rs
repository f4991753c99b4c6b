//! The credit balance, in full and as little as the document allows: every field of its schemas.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use neo_client::chrono::{DateTime, Utc};
use neo_client::mock::MockServer;
use neo_client::serde_json::{self, Value, json, to_value};
use neo_client::types::{
    BillingCreditsResponse, BillingCreditsResponseResourceType, ErrorResponse,
};

async fn read(response: &Value) -> BillingCreditsResponse {
    let server = MockServer::start().await.unwrap();
    server
        .respond("get-v1-billing-credits", 200, response)
        .unwrap();
    server
        .client()
        .billing()
        .get_credit_balance()
        .await
        .unwrap()
}

fn full() -> Value {
    json!({
        "available_credits": 75.5,
        "expires_at": "2027-01-02T03:04:05Z",
        "has_payment_method": true,
        "has_purchased": true,
        "is_expired": false,
        "issued_credits": 100.0,
        "last_purchase_at": "2026-01-02T03:04:05Z",
        "last_purchase_credits": 50.0,
        "payment_methods": [{
            "brand": "visa", "exp_month": 4, "exp_year": 2028, "id": "pm_1", "is_default": true, "last4": "4242",
        }],
        "resource_type": "team",
        "used_credits": 24.5,
    })
}

#[tokio::test]
async fn balance_in_full_round_trips() {
    let balance = read(&full()).await;
    let time = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
    assert_eq!(balance.available_credits, 75.5);
    assert_eq!(balance.issued_credits, 100.0);
    assert_eq!(balance.used_credits, 24.5);
    assert_eq!(balance.expires_at, time("2027-01-02T03:04:05Z"));
    assert_eq!(balance.last_purchase_at, time("2026-01-02T03:04:05Z"));
    assert_eq!(balance.last_purchase_credits, Some(50.0));
    assert_eq!(balance.has_payment_method, Some(true));
    assert_eq!(balance.has_purchased, Some(true));
    assert_eq!(balance.is_expired, Some(false));
    let team = BillingCreditsResponseResourceType::Team;
    assert_eq!(balance.resource_type, Some(team));
    let method = &balance.payment_methods.as_ref().unwrap()[0];
    assert_eq!(method.brand.as_deref(), Some("visa"));
    assert_eq!(method.exp_month, Some(4));
    assert_eq!(method.exp_year, Some(2028));
    assert_eq!(method.id.as_deref(), Some("pm_1"));
    assert_eq!(method.is_default, Some(true));
    assert_eq!(method.last4.as_deref(), Some("4242"));
    assert_eq!(to_value(&balance).unwrap(), full());
}

#[tokio::test]
async fn balance_with_required_fields_is_read() {
    let minimal = json!({ "available_credits": 0.0, "issued_credits": 0.0, "used_credits": 0.0 });
    let balance = read(&minimal).await;
    assert_eq!(balance.expires_at, None);
    assert_eq!(balance.payment_methods, None);
    assert_eq!(balance.resource_type, None);
    assert_eq!(to_value(&balance).unwrap(), minimal);
}

#[tokio::test]
async fn balance_of_a_newer_server_is_read() {
    let mut tomorrow = full();
    tomorrow["brand_new"] = json!({ "deep": [1] });
    tomorrow["resource_type"] = json!("project");
    tomorrow["payment_methods"] = Value::Null;
    tomorrow["expires_at"] = Value::Null;
    let balance = read(&tomorrow).await;
    assert_eq!(balance.resource_type.unwrap().as_str(), "project");
    assert_eq!(balance.payment_methods, None);
}

/// A property that the document has and the tests above do not would go unnoticed otherwise.
#[test]
fn balance_schemas_are_covered_in_full() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let properties = |schema: &str| -> Vec<String> {
        let schema = &document["components"]["schemas"][schema]["properties"];
        schema.as_object().unwrap().keys().cloned().collect()
    };
    let full = full();
    for name in properties("BillingCreditsResponse") {
        assert!(full.get(&name).is_some(), "{name}");
    }
    for name in properties("BillingPaymentMethod") {
        assert!(full["payment_methods"][0].get(&name).is_some(), "{name}");
    }
    let error = json!({ "code": "c", "error": "e", "error_id": "i", "kind": "k", "message": "m" });
    for name in properties("ErrorResponse") {
        assert!(error.get(&name).is_some(), "{name}");
    }
    let decoded: ErrorResponse = serde_json::from_value(error.clone()).unwrap();
    assert_eq!(to_value(&decoded).unwrap(), error);
}
