//! Warnings of what a response has and this version does not know.

use neo_client_fixture::{mock::MockServer, types};
use neo_client_runtime::Event;
use serde_json::{Value, json};

use super::support::trace::Recorder;

fn stock(extra: &Value) -> Value {
    let mut stock = json!({ "stocked": 3.0, "shipped": 1.0, "available": 2.0 });
    let stock_fields = stock.as_object_mut().unwrap();
    stock_fields.extend(extra.as_object().unwrap().clone());
    stock
}

/// Returns the warnings of calls whose responses have these properties in addition.
async fn warnings(extra: &[Value]) -> Vec<String> {
    let server = MockServer::start().await.unwrap();
    let (recorder, guard) = Recorder::start();
    for extra in extra {
        server.respond("get-stock", 200, stock(extra)).unwrap();
        server.client().stock().get_stock_level().await.unwrap();
    }
    drop(guard);
    let messages = recorder.records().messages();
    messages
        .into_iter()
        .filter(|it| it.contains("does not know"))
        .collect()
}

#[tokio::test]
async fn drift_is_told_once_for_each_place() {
    let first = json!({ "colour": 1, "site": "orbit", "bays": [{ "roof": 1 }, { "roof": 2 }] });
    let warnings = warnings(&[json!({}), first.clone(), first, json!({ "site": "moon" })]).await;
    let expected = [
        "stock.get_stock_level: `StockLevel` has a property `colour` that this version does not \
         know; it is ignored",
        "stock.get_stock_level: `StockLevelSite` has the value `orbit` that this version does not \
         know; it is kept as `Unknown`",
        "stock.get_stock_level: `Bay` has a property `roof` that this version does not know; it is \
         ignored",
    ];
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
    for line in expected {
        assert!(
            warnings.iter().any(|it| it == line),
            "{line}: {warnings:#?}"
        );
    }
}

#[tokio::test]
async fn drift_in_event_quotes_no_value() {
    let (recorder, guard) = Recorder::start();
    let account = json!({ "id": "a", "role": "canary", "canary\n": 1 });
    let event = Event::new(account.to_string());
    event.data_as::<types::Account>().unwrap();
    drop(guard);
    let messages = recorder.records().messages().join("\n");
    assert!(
        messages.contains("an event: `AccountRole` has a value"),
        "{messages}"
    );
    assert!(
        messages.contains("property with an unusual name"),
        "{messages}"
    );
    assert!(!messages.contains("canary"), "{messages}");
}

#[test]
fn value_decoded_by_the_caller_is_not_reported() {
    let (recorder, guard) = Recorder::start();
    let account = json!({ "id": "a", "role": "own", "own": 1 });
    serde_json::from_value::<types::Account>(account).unwrap();
    drop(guard);
    assert!(recorder.records().messages().is_empty());
}
