//! Requests, lists and streams with the combinators of `futures` and tokio.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt, TryStreamExt};
use neo_client::mock::{Fault, MockServer};
use neo_client::serde_json::json;
use neo_client::types::TaskCreateRequest;

#[tokio::test]
async fn requests_are_joined() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let (_, user) = tokio::try_join!(
        neo.billing().get_credit_balance().into_future(),
        neo.user().get_current_user().into_future(),
    )
    .unwrap();
    assert!(!user.email.is_empty());

    let ids = ["a", "b", "c"];
    server
        .fail_once("tasks.get_task_details", Fault::Status(400))
        .unwrap();
    let tasks = ids.map(|id| neo.tasks().get_task_details(id).into_future());
    let results = join_all(tasks).await;
    assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 2);
}

#[tokio::test]
async fn list_is_collected_and_keeps_its_position() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let files = (0..5).map(|number| json!({ "key": format!("{number}.pdf") }));
    let list = "files.list_user_files";
    server.respond_pages(list, files, 2).unwrap();
    let items = neo.files().list_user_files().items();
    let keys: Vec<_> = items.map_ok(|file| file.key).try_collect().await.unwrap();
    assert_eq!(keys.len(), 5);

    let mut pages = neo.files().list_user_files().pages().max_pages(1);
    let first: Vec<_> = pages.by_ref().try_collect().await.unwrap();
    assert_eq!(first.len(), 1);
    let next = pages.next_position().unwrap();
    let rest = neo.files().list_user_files().cursor(next).items();
    assert_eq!(rest.count().await, 3);
}

#[tokio::test]
async fn events_are_a_stream() {
    let server = MockServer::start().await.unwrap();
    let stream = "tasks.create_task_stream";
    let brief = Duration::from_millis(1);
    server.respond_events(stream, ["a", "b"], brief).unwrap();
    let task = TaskCreateRequest::builder().task("scan example.com");
    let events = server.client().tasks().create_task_stream(task).await;
    let data = events.unwrap().map_ok(|event| event.data);
    let data: Vec<String> = data.try_collect().await.unwrap();
    assert_eq!(data, ["a", "b"]);
}
