//! Pages of the mock server.

use neo_client_fixture::Client;
use neo_client_fixture::mock::MockServer;
use neo_client_runtime::mock::{Fault, MockError};
use neo_client_runtime::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};

use crate::support::lists::{all, movement, pages, parcels, read};

/// Returns a client that does not retry.
fn once(server: &MockServer) -> Client {
    let policy = RetryPolicy::none();
    server
        .client()
        .with_options(|call| call.retry_policy(policy))
}

fn ids(ids: impl IntoIterator<Item = usize>) -> Vec<Value> {
    let item = |id: usize| json!({ "id": id.to_string(), "sequence": id });
    ids.into_iter().map(item).collect()
}

#[tokio::test]
async fn pages_are_served_in_every_style() {
    let server = MockServer::start().await.unwrap();
    let depot = server.client();
    let asked = || {
        let all = server.requests();
        all.last().and_then(|it| it.query().map(str::to_owned))
    };

    server
        .respond_pages("parcels.list_parcels", parcels(0..7), 3)
        .unwrap();
    let (given, error) = pages(depot.parcels().list_parcels().pages()).await;
    let sizes: Vec<_> = given
        .iter()
        .map(|page| page.items.iter().flatten().count())
        .collect();
    assert_eq!((sizes, error.is_none()), (vec![3, 3, 1], true));
    assert_eq!(given[2].total, Some(7));
    // A request may ask for smaller pages, not for larger ones.
    assert_eq!(
        pages(depot.parcels().list_parcels().page_size(2).pages())
            .await
            .0
            .len(),
        4
    );
    assert_eq!(
        pages(depot.parcels().list_parcels().page_size(9).pages())
            .await
            .0
            .len(),
        3
    );

    server
        .respond_pages("get-movements-arrivals", (0..7).map(movement), 3)
        .unwrap();
    assert_eq!(
        all(depot.movements().list_arrivals().items()).await.len(),
        7
    );
    assert_eq!(asked().as_deref(), Some("offset=6"));
    assert_eq!(
        all(depot.movements().list_arrivals().offset(5).items())
            .await
            .len(),
        2
    );

    server
        .respond_pages("notices.list_notices", ids(0..7), 3)
        .unwrap();
    assert_eq!(all(depot.notices().list_notices().items()).await.len(), 7);
    assert_eq!(asked().as_deref(), Some("page=3"));

    server
        .respond_pages("jobs.list_jobs", ids(0..7), 3)
        .unwrap();
    assert_eq!(all(depot.jobs().list_jobs().items()).await.len(), 7);

    server
        .respond_pages("invoices.list_invoices", ids(0..7), 3)
        .unwrap();
    assert_eq!(all(depot.invoices().list_invoices().items()).await.len(), 7);
    assert_eq!(asked().as_deref(), Some("starting_after=5"));

    let log = "parcels.list_scans";
    server
        .respond_pages(log, ids([1, 2, 2, 3, 3, 4, 10]), 3)
        .unwrap();
    let events = all(depot.parcels().list_scans("t").items()).await;
    let sequences: Vec<_> = events.iter().map(|it| it.sequence.unwrap()).collect();
    assert_eq!(sequences, [1, 2, 2, 3, 3, 4, 10]);

    server.respond_pages("jobs.list_jobs", ids([]), 3).unwrap();
    assert_eq!(all(depot.jobs().list_jobs().items()).await.len(), 0);
}

#[tokio::test]
async fn pages_unscripted_are_one_page() {
    let server = MockServer::start().await.unwrap();
    let depot = server.client();
    assert_eq!(
        pages(depot.parcels().list_parcels().pages()).await.0.len(),
        1
    );
    assert_eq!(
        pages(depot.movements().list_arrivals().pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(
        pages(depot.movements().list_departures().pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(
        pages(depot.notices().list_notices().pages()).await.0.len(),
        1
    );
    assert_eq!(pages(depot.jobs().list_jobs().pages()).await.0.len(), 1);
    assert_eq!(
        pages(depot.invoices().list_invoices().pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(
        pages(depot.parcels().list_scans("t").pages()).await.0.len(),
        1
    );
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn fault_repeated_cursor_waits_for_a_cursor() {
    let server = MockServer::start().await.unwrap();
    let depot = once(&server);
    let parcels_name = "parcels.list_parcels";
    server
        .respond_pages(parcels_name, parcels(0..7), 2)
        .unwrap();
    server
        .fail_once(parcels_name, Fault::RepeatedCursor)
        .unwrap();
    let (given, error) = read(depot.parcels().list_parcels().items()).await;
    assert_eq!(given.len(), 4);
    assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
    // Only once.
    assert_eq!(all(depot.parcels().list_parcels().items()).await.len(), 7);

    let arrivals = "movements.list_arrivals";
    server
        .respond_pages(arrivals, (0..7).map(movement), 2)
        .unwrap();
    server.fail_once(arrivals, Fault::RepeatedCursor).unwrap();
    let (given, error) = read(depot.movements().list_arrivals().items()).await;
    assert_eq!(given.len(), 2);
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.resume_value()),
        (ErrorKind::Pagination, Some("2"))
    );

    // Faults of calls apply to pages too.
    server.fail_once(parcels_name, Fault::Status(500)).unwrap();
    let (given, error) = read(depot.parcels().list_parcels().items()).await;
    assert_eq!((given.len(), error.unwrap().kind()), (0, ErrorKind::Api));
}

#[tokio::test]
async fn pages_unservable_are_an_error() {
    let server = MockServer::start().await.unwrap();
    let error = server.respond_pages("stock.get_stock_level", ids([1]), 3);
    assert!(
        matches!(error, Err(MockError::NotPaged { .. })),
        "{error:?}"
    );
    let error = server.fail_once("stock.get_stock_level", Fault::RepeatedCursor);
    assert!(
        matches!(error, Err(MockError::NotPaged { .. })),
        "{error:?}"
    );
    let error = server.respond_pages("parcels.list_all", ids([1]), 3);
    assert!(
        matches!(error, Err(MockError::UnknownOperation { .. })),
        "{error:?}"
    );
    let lost = [json!({ "id": "a" }), json!({ "name": "b" })];
    let error = server.respond_pages("invoices.list_invoices", lost, 3);
    let text = error.unwrap_err().to_string();
    assert_eq!(text, "item 1 has no `/id`, by which pages are chosen");

    // A size of 0 is one of 1.
    server
        .respond_pages("parcels.list_parcels", parcels(0..2), 0)
        .unwrap();
    assert_eq!(
        all(server.client().parcels().list_parcels().items())
            .await
            .len(),
        2
    );
    for cursor in ["x", "1", "-1", "ffffffffffffffffffff"] {
        let depot = server.client();
        let (given, error) = read(depot.parcels().list_parcels().cursor(cursor).items()).await;
        assert_eq!(given.len(), 0);
        assert_eq!(error.unwrap().status().unwrap().as_u16(), 400, "{cursor}");
    }
}

#[tokio::test]
async fn pages_of_any_size_need_no_extra_request() {
    let server = MockServer::start().await.unwrap();
    let depot = server.client();
    for number in 0..6 {
        for size in 1..4 {
            let parcels_name = "parcels.list_parcels";
            server
                .respond_pages(parcels_name, parcels(0..number), size)
                .unwrap();
            let arrivals = "movements.list_arrivals";
            server
                .respond_pages(arrivals, (0..number).map(movement), size)
                .unwrap();
            server
                .respond_pages("notices.list_notices", ids(0..number), size)
                .unwrap();
            let invoices = "invoices.list_invoices";
            server
                .respond_pages(invoices, ids(0..number), size)
                .unwrap();
            for limit in [0, 1, 2, 3, 5, 9] {
                let before = server.requests().len();
                let given = [
                    all(depot.parcels().list_parcels().items().limit(limit))
                        .await
                        .len(),
                    all(depot.movements().list_arrivals().items().limit(limit))
                        .await
                        .len(),
                    all(depot.notices().list_notices().items().limit(limit))
                        .await
                        .len(),
                    all(depot.invoices().list_invoices().items().limit(limit))
                        .await
                        .len(),
                ];
                assert_eq!(given, [number.min(limit); 4]);
                let pages = number.min(limit).div_ceil(size).max(limit.min(1));
                let case = format!("{number} items, {size} a page, limit {limit}");
                assert_eq!(server.requests().len() - before, 4 * pages, "{case}");
            }
        }
    }
}
