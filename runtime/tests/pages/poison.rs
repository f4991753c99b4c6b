//! Items that do not fit their type, and positions of a list.

use neo_client_fixture::types::Parcel;
use neo_client_runtime::{Error, ErrorKind, Items};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::lists::{all, asked, movement, pages_in_turn, parcels, serving, values};
use crate::support::trace::Recorder;

/// Reads all items and errors, in order.
async fn read<P, T>(mut items: Items<P, T>) -> Vec<Result<T, Error>>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let mut read = Vec::new();
    while let Some(item) = items.next_item().await {
        read.push(item);
    }
    assert!(items.next_item().await.is_none());
    read
}

/// Returns the keys of the parcels, and `!` for each error.
fn keys(read: &[Result<Parcel, Error>]) -> String {
    let key = |item: &Result<Parcel, Error>| match item {
        Ok(parcel) => parcel.key.clone().unwrap(),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode);
            "!".to_owned()
        }
    };
    read.iter().map(key).collect()
}

#[tokio::test]
async fn item_that_does_not_fit_is_an_error_in_its_place() {
    for (second, expected) in [
        (json!([{"key": "a"}, 7, {"key": "c"}]), "1a!c9"),
        (json!([7, {"key": "b"}, null]), "1!b!9"),
        (json!([7, [], "x"]), "1!!!9"),
    ] {
        let server = pages_in_turn([
            json!({ "items": [{"key": "1"}], "next_cursor": "c2" }),
            json!({ "items": second, "next_cursor": "c3" }),
            json!({ "items": [{"key": "9"}] }),
        ]);
        let (recorder, guard) = Recorder::start();
        let read = read(server.client().parcels().list_parcels().items()).await;
        drop(guard);
        assert_eq!(keys(&read), expected);
        assert_eq!(asked(&server, "cursor"), values(&["", "c2", "c3"]));
        let told = recorder.records().messages();
        let lost = expected.matches('!').count();
        let is_told = |text: &&String| text.contains("`items[") && text.contains("is left out");
        assert_eq!(told.iter().filter(is_told).count(), lost, "{told:?}");
    }
}

#[tokio::test]
async fn optional_field_that_does_not_fit_is_lost_alone() {
    let item = json!({ "key": "a", "weight": 2.5, "zone": [], "stored_at": "someday" });
    let server = pages_in_turn([json!({ "items": [item], "total": "many" })]);
    let response = server
        .client()
        .parcels()
        .list_parcels()
        .send()
        .await
        .unwrap();
    let parcel = &response.items.as_ref().unwrap()[0];
    assert_eq!(
        (parcel.key.as_deref(), parcel.weight),
        (Some("a"), Some(2.5))
    );
    assert_eq!((&parcel.zone, parcel.stored_at), (&None, None));
    let mut lost: Vec<&str> = response.lost().iter().map(|part| part.path()).collect();
    lost.sort_unstable();
    assert_eq!(lost, ["items[0].stored_at", "items[0].zone", "total"]);
}

#[tokio::test]
async fn date_without_zone_is_utc_and_empty_date_is_none() {
    let items = json!([
        { "stored_at": "2026-10-01T12:30:00" },
        { "stored_at": "2026-10-01T12:30Z" },
        { "stored_at": "2026-10-01T14:30+02:00" },
        { "stored_at": "" },
    ]);
    let server = pages_in_turn([json!({ "items": items })]);
    let response = server
        .client()
        .parcels()
        .list_parcels()
        .send()
        .await
        .unwrap();
    let stored: Vec<_> = response
        .items
        .iter()
        .flatten()
        .map(|it| it.stored_at)
        .collect();
    let utc = "2026-10-01T12:30:00Z".parse().unwrap();
    assert_eq!(stored, [Some(utc), Some(utc), Some(utc), None]);
    assert!(response.lost().is_empty());
}

#[tokio::test]
async fn lost_item_counts_for_the_next_offset() {
    let server = pages_in_turn([
        json!({ "data": [movement("a"), {}], "has_more": true }),
        json!({ "data": [movement("c")], "has_more": false }),
    ]);
    let read = read(server.client().movements().list_arrivals().items()).await;
    assert_eq!(asked(&server, "offset"), values(&["", "2"]));
    let are_ok: Vec<bool> = read.iter().map(Result::is_ok).collect();
    assert_eq!(are_ok, [true, false, true]);
    let error = read[1].as_ref().unwrap_err().to_string();
    assert!(
        error.contains("`data[1]`") && error.contains("missing field"),
        "{error}"
    );
}

#[tokio::test]
async fn cursor_that_leads_to_itself_ends_an_empty_page() {
    let end = json!({ "items": [], "next_cursor": "z" });
    let server = pages_in_turn([
        json!({ "items": parcels(0..3), "next_cursor": "z" }),
        end.clone(),
        end,
    ]);
    assert_eq!(
        all(server.client().parcels().list_parcels().items())
            .await
            .len(),
        3
    );
    assert_eq!(server.received().len(), 2);
}

/// Starts a server of a list without end: page `n` leads to page `n + 1`.
fn endless() -> crate::support::server::Server {
    serving(|query| -> Value {
        let page: u32 = query
            .one("cursor")
            .map_or(0, |cursor| cursor.parse().unwrap());
        json!({ "items": parcels([1, 2]), "next_cursor": (page + 1).to_string() })
    })
}

#[tokio::test]
async fn position_is_known_at_any_time() {
    let server = endless();
    let mut items = server
        .client()
        .parcels()
        .list_parcels()
        .items()
        .max_pages(3);
    assert_eq!((items.position(), items.next_position()), (None, None));
    let mut seen = Vec::new();
    while let Some(item) = items.next_item().await {
        item.unwrap();
        let position = items.position().unwrap_or("-").to_owned();
        seen.push((position, items.next_position().unwrap().to_owned()));
    }
    let of = |position: &str, next: &str| (position.to_owned(), next.to_owned());
    let (one, two, three) = (of("-", "1"), of("1", "2"), of("2", "3"));
    assert_eq!(
        seen,
        [one.clone(), one, two.clone(), two, three.clone(), three]
    );
    assert_eq!(server.received().len(), 3);
    assert_eq!(items.next_position(), Some("3"));
}

#[tokio::test]
async fn list_ends_after_its_maximum_of_pages() {
    let server = endless();
    let mut pages = server
        .client()
        .parcels()
        .list_parcels()
        .pages()
        .max_pages(2);
    while let Some(page) = pages.next_page().await {
        page.unwrap();
    }
    assert_eq!(server.received().len(), 2);
    let mut none = server
        .client()
        .parcels()
        .list_parcels()
        .pages()
        .max_pages(0);
    assert!(none.next_page().await.is_none());
    assert_eq!(server.received().len(), 2);
}
