//! The feature `schemars`: the schema of a generated type accepts what the type reads and writes.
#![cfg(feature = "schemars")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use neo_client::mock::MockServer;
use neo_client::serde_json::{json, to_value};
use neo_client::types::BillingCreditsResponse;
use schemars::schema_for;

#[tokio::test]
async fn a_schema_accepts_the_values_of_its_type() {
    let schema = to_value(schema_for!(BillingCreditsResponse)).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();

    let server = MockServer::start().await.unwrap();
    let balance = server
        .client()
        .billing()
        .get_credit_balance()
        .await
        .unwrap();
    let value = to_value(&balance).unwrap();
    assert!(validator.is_valid(&value), "{value}");

    let tomorrow = json!({
        "available_credits": 1, "issued_credits": 2, "used_credits": 1, "resource_type": "project",
    });
    assert!(validator.is_valid(&tomorrow));
    assert!(!validator.is_valid(&json!({ "available_credits": 1 })));
}

#[test]
fn an_open_enumeration_is_a_string_with_examples() {
    let schema = to_value(schema_for!(neo_client::types::TeamMemberRole)).unwrap();
    assert_eq!(schema["type"], "string");
    assert_eq!(schema["examples"], json!(["admin", "member", "viewer"]));
    assert_eq!(schema.get("enum"), None);
}
