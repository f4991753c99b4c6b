//! The feature `schemars`: JSON Schemas of generated types.

use neo_client::mock::MockServer;
use neo_client::serde_json::{json, to_value};
use neo_client::types::BillingCreditsResponse;
use schemars::schema_for;

#[tokio::test]
async fn json_schema_accepts_values_of_its_type() {
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
fn json_schema_of_open_enum_is_string() {
    let schema = to_value(schema_for!(neo_client::types::TeamMemberRole)).unwrap();
    assert_eq!(schema["type"], "string");
    assert_eq!(schema["examples"], json!(["admin", "member", "viewer"]));
    assert_eq!(schema.get("enum"), None);
}
