//! Secrets of Neo's document: nothing shows them.

use std::collections::HashMap;

use neo_client::mock::MockServer;
use neo_client::serde_json::json;
use neo_client::{Method, types};

const API_KEY: &str = "get-v1-user-apikey";

#[tokio::test]
async fn api_key_response_is_hidden_in_debug() {
    let server = MockServer::start().await.unwrap();
    let key = json!({ "key": "hidden-value", "created_at": "2026-01-31T08:00:00Z" });
    server.respond(API_KEY, 200, key).unwrap();
    let response = server.client().api_keys().get_api_key().send().await;
    let shown = format!("{:?}", response.unwrap());
    assert!(!shown.contains("hidden"), "{shown}");
    assert!(shown.contains("redacted"), "{shown}");
}

#[tokio::test]
async fn api_key_response_is_hidden_in_raw_errors() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let secret = r#"{"apikey": "hidden-value", "n": [{"m": "hidden-value"}]}"#;
    let cut = secret.get(..30).unwrap();
    for (media_type, body) in [
        ("application/json", secret),
        ("application/json", cut),
        ("text/plain", "hidden-value"),
    ] {
        server.respond_bytes(API_KEY, media_type, body).unwrap();
        let request = neo.request(Method::GET, "/api/v1/user/apikey");
        let error = request.send_as::<HashMap<String, i32>>().await.unwrap_err();
        let shown = format!("{error} {error:#} {error:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(shown.contains("not shown"), "{shown}");
    }
}

#[test]
fn request_secrets_are_hidden_in_debug() {
    let key = types::ByokProviderKeyRequest::builder().api_key("hidden-value");
    let secret = types::SecretCreateRequest::builder();
    let secret = secret.name("TOKEN").value("hidden-value");
    for shown in [
        format!("{:?}", key.build().unwrap()),
        format!("{:?}", secret.build().unwrap()),
    ] {
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(shown.contains("redacted"), "{shown}");
    }
}
