//! Items as a type of the caller.

use neo_client_fixture::mock::MockServer;
use neo_client_runtime::ErrorKind;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Own {
    key: String,
    #[serde(rename = "weight")]
    _weight: Option<String>,
}

#[tokio::test]
async fn items_are_decoded_as_a_type_of_the_caller() {
    let server = MockServer::start().await.unwrap();
    let parcels = [
        json!({ "key": "a", "weight": 7.5 }),
        json!({ "key": "b" }),
        json!({ "key": "c" }),
    ];
    server.respond_pages("get-parcels", parcels, 2).unwrap();
    let client = server.client();
    let mut items = client.parcels().list_parcels().items_as::<Own>();
    let mut keys = Vec::new();
    let mut errors = Vec::new();
    while let Some(item) = items.next_item().await {
        match item {
            Ok(item) => keys.push(item.key),
            Err(error) => errors.push(error),
        }
    }
    assert_eq!((keys.join(""), errors.len()), ("bc".to_owned(), 1));
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.operation().unwrap().id, "get-parcels");
        let text = error.to_string();
        assert!(text.contains("`weight`") && !text.contains('7'), "{text}");
    }
    assert_eq!((items.total(), items.next_position()), (Some(3), None));
}
