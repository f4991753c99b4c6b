//! Sequence keys that items share: every item is yielded once, wherever a page ends.

use neo_client_fixture::types;
use neo_client_runtime::ErrorKind;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::lists::{Query, all, asked, pages, pages_in_turn, read, serving, values};
use crate::support::server::Server;

/// How a server divides scans into pages.
#[derive(Clone, Copy)]
struct Manner {
    /// The default page size.
    usual: usize,
    /// The largest page size.
    most: usize,
    /// `true` if a page starts with the scan at `starting_after`, not after it.
    inclusive: bool,
}

const MANNER: Manner = Manner {
    usual: 2,
    most: 2000,
    inclusive: false,
};

/// Returns a page of scans with these keys. Each scan has its index in `place`.
fn page(keys: &[i64], query: &Query, manner: Manner) -> Value {
    let after: Option<i64> = query
        .one("starting_after")
        .map(|text| text.parse().unwrap());
    let size = query
        .number("limit")
        .unwrap_or(manner.usual)
        .min(manner.most);
    let follows =
        |key: i64| after.is_none_or(|after| key > after || (manner.inclusive && key == after));
    let mut events: Vec<Value> = (0..keys.len())
        .filter(|place| follows(keys[*place]))
        .map(|place| json!({ "sequence": keys[place], "place": place }))
        .collect();
    let has_more = events.len() > size;
    events.truncate(size);
    json!({ "parcel_id": "t", "events": events, "has_more": has_more })
}

fn logging(keys: &[i64], manner: Manner) -> Server {
    let keys = keys.to_vec();
    serving(move |query| page(&keys, query, manner))
}

fn places(events: &[types::ScanEvent]) -> Vec<u64> {
    let place = |event: &types::ScanEvent| event.extra["place"].as_u64().unwrap();
    events.iter().map(place).collect()
}

#[track_caller]
fn are_all(events: &[types::ScanEvent], keys: &[i64]) {
    let expected: Vec<u64> = (0..keys.len() as u64).collect();
    assert_eq!(places(events), expected, "of {keys:?}");
}

#[tokio::test]
async fn sequence_page_between_equal_keys_loses_none() {
    let keys = [1, 2, 2, 2, 3, 3, 4];
    for usual in 1..=8 {
        let server = logging(&keys, Manner { usual, ..MANNER });
        let depot = server.client();
        let log = depot.parcels().list_scans("t").status("failed");
        are_all(&all(log.items()).await, &keys);
        let status = asked(&server, "status");
        assert!(status.iter().all(|it| it.as_deref() == Some("failed")));
    }
}

#[tokio::test]
async fn sequence_last_key_is_left_for_next_page() {
    let server = logging(&[1, 2, 3, 4], Manner { usual: 3, ..MANNER });
    let (given, error) = pages(server.client().parcels().list_scans("t").pages()).await;
    assert!(error.is_none());
    let sizes: Vec<_> = given.iter().map(|page| page.events.len()).collect();
    assert_eq!(sizes, [2, 2]);
    assert_eq!(asked(&server, "starting_after"), values(&["", "2"]));
    assert_eq!(asked(&server, "limit"), values(&["", ""]));
}

#[tokio::test]
async fn sequence_server_without_overlap_loses_none() {
    let page = |keys: &[i64], has_more: bool| {
        let events: Vec<Value> = keys
            .iter()
            .map(|key| json!({ "sequence": key, "place": key - 1 }))
            .collect();
        json!({ "parcel_id": "t", "events": events, "has_more": has_more })
    };
    for responses in [
        vec![page(&[1, 2], true), page(&[3, 4], false)],
        vec![page(&[1, 2], true), page(&[3, 4], true), page(&[5], false)],
        vec![page(&[1, 2], true), page(&[], false)],
    ] {
        let last: i64 = responses
            .iter()
            .flat_map(|page| page["events"].as_array().unwrap())
            .map(|event| event["sequence"].as_i64().unwrap())
            .max()
            .unwrap();
        let keys: Vec<i64> = (1..=last).collect();
        let server = pages_in_turn(responses);
        are_all(
            &all(server.client().parcels().list_scans("t").items()).await,
            &keys,
        );
    }
}

#[tokio::test]
async fn sequence_limit_makes_no_extra_request() {
    for (limit, requests) in [(1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (9, 4)] {
        let server = logging(&[1, 2, 3, 4, 5], MANNER);
        let depot = server.client();
        let log = depot.parcels().list_scans("t").items();
        are_all(
            &all(log.limit(limit)).await,
            &[1, 2, 3, 4, 5][..limit.min(5)],
        );
        assert_eq!(server.received().len(), requests, "limit {limit}");
    }
}

#[tokio::test]
async fn sequence_page_of_one_key_is_requested_larger() {
    let server = logging(&[7; 5], MANNER);
    are_all(
        &all(server.client().parcels().list_scans("t").items()).await,
        &[7; 5],
    );
    assert_eq!(asked(&server, "limit"), values(&["", "4", "8"]));

    // The server allows no larger page.
    for most in [4, 2] {
        let server = logging(&[1, 1, 7, 7, 7, 7, 7], Manner { most, ..MANNER });
        let (given, error) = read(server.client().parcels().list_scans("t").items()).await;
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert!(
            error.to_string().contains("have the same `/sequence`"),
            "{error}"
        );
        assert!(given.is_empty() || error.resume_value() == Some("1"));
    }
    // The document limits the page size.
    let server = logging(
        &[7; 3000],
        Manner {
            usual: 1500,
            ..MANNER
        },
    );
    let (_, error) = read(server.client().parcels().list_scans("t").items()).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
    assert_eq!(asked(&server, "limit"), values(&["", "2000"]));
}

#[tokio::test]
async fn sequence_resumed_after_error_has_each_item_once() {
    let keys = [1, 2, 2, 3, 3, 3, 4, 5, 5];
    for number in 1..6 {
        let count = std::sync::atomic::AtomicUsize::new(0);
        let server = Server::start(move |request| {
            if count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == number {
                return crate::support::server::json(403, "{}");
            }
            let manner = Manner { usual: 4, ..MANNER };
            let page = page(&keys, &Query::of(request), manner);
            crate::support::server::json(200, &page.to_string())
        });
        let depot = server.client();
        let (mut given, error) = read(depot.parcels().list_scans("t").items()).await;
        if let Some(error) = error {
            let at: i64 = error.resume_value().unwrap().parse().unwrap();
            let rest = depot.parcels().list_scans("t").starting_after(at);
            given.extend(all(rest.items()).await);
        }
        are_all(&given, &keys);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sequence_any_list_is_read_unchanged(
        mut keys in proptest::collection::vec(0_i64..8, 0..24),
        usual in 1_usize..9,
        inclusive: bool,
    ) {
        keys.sort_unstable();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = logging(&keys, Manner { usual, inclusive, ..MANNER });
            let depot = server.client();
            are_all(&all(depot.parcels().list_scans("t").items()).await, &keys);
            let sized = depot.parcels().list_scans("t").limit(i64::try_from(usual).unwrap());
            are_all(&all(sized.items()).await, &keys);
        });
    }
}
