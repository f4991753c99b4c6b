//! Credentials: where they are sent.

use neo_client_runtime::{ErrorKind, Method};

use crate::support::clients::{KEY, STOCK, STOCK_PATH};
use crate::support::server::{Server, json};

#[tokio::test]
async fn api_key_is_sent_in_its_header() {
    let server = Server::always(json(200, STOCK));
    let level = server.client().stock().get_stock_level().await;
    assert_eq!(level.unwrap().available, 60.0);
    let request = &server.received()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("GET", STOCK_PATH)
    );
    assert_eq!(request.header("x-depot-key"), Some(KEY));
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("accept"), Some("application/json"));
    let agent = neo_client_fixture::API.user_agent;
    assert!(agent.starts_with("neo-client-fixture/"), "{agent}");
    assert_eq!(request.header("user-agent"), Some(agent));
}

#[tokio::test]
async fn bearer_token_is_sent_in_its_header() {
    let server = Server::always(json(200, STOCK));
    let client = server
        .builder()
        .staff_token("a.b.c")
        .user_agent_suffix("scan/2 (ci)");
    client
        .build()
        .unwrap()
        .stock()
        .get_stock_level()
        .await
        .unwrap();
    let request = &server.received()[0];
    assert_eq!(request.header("authorization"), Some("Bearer a.b.c"));
    assert_eq!(request.header("x-depot-key"), None);
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .ends_with(" scan/2 (ci)")
    );
}

#[tokio::test]
async fn missing_credential_is_explained() {
    let server = Server::always(json(200, STOCK));
    let client = server.builder().build().unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.attempts(), 0);
    let text = error.to_string();
    assert!(
        text.contains("stock.get_stock_level") && text.contains("depot_key"),
        "{text}"
    );
    let error = client
        .request(Method::GET, STOCK_PATH)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn operation_without_security_gets_no_credential() {
    let server = Server::always(json(200, "{}"));
    for client in [server.client(), server.builder().build().unwrap()] {
        let _ = client
            .parcels()
            .track_parcel("7")
            .send_as::<serde_json::Value>()
            .await
            .unwrap();
    }
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|request| !request.holds(KEY)));
}

#[tokio::test]
async fn rejected_key_is_sent_once() {
    let server = Server::always(json(401, r#"{"error": "no such key"}"#));
    let error = server.client().stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.received().len(), 1);
}
