//! The mock server's pages, through the client.

use neo_client::mock::{Fault, MockError, MockServer};
use neo_client::serde_json::{Value, json};
use neo_client::{Client, ErrorKind, RetryPolicy};

use super::list::{all, files, pages, read, usage};

/// A client that does not repeat requests.
fn once(server: &MockServer) -> Client {
    let policy = RetryPolicy::none();
    server.client().with(|call| call.retry_policy(policy))
}

fn ids(ids: impl IntoIterator<Item = usize>) -> Vec<Value> {
    let item = |id: usize| json!({ "id": id.to_string(), "sequence": id });
    ids.into_iter().map(item).collect()
}

#[tokio::test]
async fn a_list_is_served_in_every_style() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let asked = || {
        let all = server.requests();
        all.last().and_then(|it| it.query().map(str::to_owned))
    };

    server
        .respond_pages("files.list_user_files", files(0..7), 3)
        .unwrap();
    let (given, error) = pages(neo.files().list_user_files().pages()).await;
    let sizes: Vec<_> = given.iter().map(|page| page.items.len()).collect();
    assert_eq!((sizes, error.is_none()), (vec![3, 3, 1], true));
    assert_eq!(given[2].total, Some(7));
    // A request may ask for less than the size, not for more.
    assert_eq!(
        pages(neo.files().list_user_files().page_size(2).pages())
            .await
            .0
            .len(),
        4
    );
    assert_eq!(
        pages(neo.files().list_user_files().page_size(9).pages())
            .await
            .0
            .len(),
        3
    );

    server
        .respond_pages("get-v1-usage-tasks", (0..7).map(usage), 3)
        .unwrap();
    assert_eq!(
        all(neo.usage().list_all_task_usages().items()).await.len(),
        7
    );
    assert_eq!(asked().as_deref(), Some("offset=6"));
    assert_eq!(
        all(neo.usage().list_all_task_usages().offset(5).items())
            .await
            .len(),
        2
    );

    server
        .respond_pages("issues.list_issues", ids(0..7), 3)
        .unwrap();
    assert_eq!(all(neo.issues().list_issues().items()).await.len(), 7);
    assert_eq!(asked().as_deref(), Some("page=3"));

    server
        .respond_pages("tasks.list_tasks", ids(0..7), 3)
        .unwrap();
    assert_eq!(all(neo.tasks().list_tasks().items()).await.len(), 7);

    server
        .respond_pages("billing.list_billing_invoices", ids(0..7), 3)
        .unwrap();
    assert_eq!(
        all(neo.billing().list_billing_invoices().items())
            .await
            .len(),
        7
    );
    assert_eq!(asked().as_deref(), Some("starting_after=5"));

    let log = "tasks.get_agent_audit_log";
    server
        .respond_pages(log, ids([1, 2, 2, 3, 3, 4, 10]), 3)
        .unwrap();
    let events = all(neo.tasks().get_agent_audit_log("t").items()).await;
    let sequences: Vec<_> = events.iter().map(|it| it.sequence.unwrap()).collect();
    assert_eq!(sequences, [1, 2, 2, 3, 3, 4, 10]);

    server
        .respond_pages("projects.list_projects", ids(0..7), 3)
        .unwrap();
    assert_eq!(all(neo.projects().list_projects().items()).await.len(), 7);
    server
        .respond_pages("projects.list_projects", ids([]), 3)
        .unwrap();
    assert_eq!(all(neo.projects().list_projects().items()).await.len(), 0);
}

#[tokio::test]
async fn what_is_not_scripted_is_one_page() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    assert_eq!(
        pages(neo.files().list_user_files().pages()).await.0.len(),
        1
    );
    assert_eq!(
        pages(neo.usage().list_all_task_usages().pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(
        pages(neo.usage().list_all_stream_usages().pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(pages(neo.issues().list_issues().pages()).await.0.len(), 1);
    assert_eq!(pages(neo.tasks().list_tasks().pages()).await.0.len(), 1);
    assert_eq!(
        pages(neo.billing().list_billing_invoices().pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(
        pages(neo.tasks().get_agent_audit_log("t").pages())
            .await
            .0
            .len(),
        1
    );
    assert_eq!(
        pages(neo.projects().list_projects().pages()).await.0.len(),
        1
    );
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn a_repeated_cursor_waits_for_a_page_that_has_one() {
    let server = MockServer::start().await.unwrap();
    let neo = once(&server);
    let files_name = "files.list_user_files";
    server.respond_pages(files_name, files(0..7), 2).unwrap();
    server.fail_once(files_name, Fault::RepeatedCursor).unwrap();
    let (given, error) = read(neo.files().list_user_files().items()).await;
    assert_eq!(given.len(), 4);
    assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
    // Only once.
    assert_eq!(all(neo.files().list_user_files().items()).await.len(), 7);

    let usages = "usage.list_all_task_usages";
    server.respond_pages(usages, (0..7).map(usage), 2).unwrap();
    server.fail_once(usages, Fault::RepeatedCursor).unwrap();
    let (given, error) = read(neo.usage().list_all_task_usages().items()).await;
    assert_eq!(given.len(), 2);
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.resume_at()),
        (ErrorKind::Pagination, Some("2"))
    );

    // The faults of any call befall pages too.
    server.fail_once(files_name, Fault::Status(500)).unwrap();
    let (given, error) = read(neo.files().list_user_files().items()).await;
    assert_eq!((given.len(), error.unwrap().kind()), (0, ErrorKind::Api));
}

#[tokio::test]
async fn what_cannot_be_served_is_said() {
    let server = MockServer::start().await.unwrap();
    let error = server.respond_pages("billing.get_credit_balance", ids([1]), 3);
    assert!(
        matches!(error, Err(MockError::NotPaged { .. })),
        "{error:?}"
    );
    let error = server.fail_once("billing.get_credit_balance", Fault::RepeatedCursor);
    assert!(
        matches!(error, Err(MockError::NotPaged { .. })),
        "{error:?}"
    );
    let error = server.respond_pages("files.list_all", ids([1]), 3);
    assert!(
        matches!(error, Err(MockError::UnknownOperation { .. })),
        "{error:?}"
    );
    let lost = [json!({ "id": "a" }), json!({ "name": "b" })];
    let error = server.respond_pages("billing.list_billing_invoices", lost, 3);
    let text = error.unwrap_err().to_string();
    assert_eq!(text, "item 1 has no `/id`, by which pages are chosen");

    // A size of 0 is one of 1.
    server
        .respond_pages("files.list_user_files", files(0..2), 0)
        .unwrap();
    assert_eq!(
        all(server.client().files().list_user_files().items())
            .await
            .len(),
        2
    );
    for cursor in ["x", "1", "-1", "ffffffffffffffffffff"] {
        let neo = server.client();
        let (given, error) = read(neo.files().list_user_files().cursor(cursor).items()).await;
        assert_eq!(given.len(), 0);
        assert_eq!(error.unwrap().status().unwrap().as_u16(), 400, "{cursor}");
    }
}

#[tokio::test]
async fn any_number_of_items_comes_in_pages_of_any_size_with_no_request_too_many() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    for number in 0..6 {
        for size in 1..4 {
            let files_name = "files.list_user_files";
            server
                .respond_pages(files_name, files(0..number), size)
                .unwrap();
            let usages = "usage.list_all_task_usages";
            server
                .respond_pages(usages, (0..number).map(usage), size)
                .unwrap();
            server
                .respond_pages("issues.list_issues", ids(0..number), size)
                .unwrap();
            let invoices = "billing.list_billing_invoices";
            server
                .respond_pages(invoices, ids(0..number), size)
                .unwrap();
            for limit in [0, 1, 2, 3, 5, 9] {
                let before = server.requests().len();
                let given = [
                    all(neo.files().list_user_files().items().limit(limit))
                        .await
                        .len(),
                    all(neo.usage().list_all_task_usages().items().limit(limit))
                        .await
                        .len(),
                    all(neo.issues().list_issues().items().limit(limit))
                        .await
                        .len(),
                    all(neo.billing().list_billing_invoices().items().limit(limit))
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
