//! Servers of documents, paths and operations: where requests go.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use neo_client_documents::runtime;
use neo_client_documents::several_servers::{self, servers as constants};
use neo_client_documents::{Client, DOCUMENTS, relative_server};
use support::server::{Server, response};

fn no_content() -> Server {
    Server::always(response(204, &[], ""))
}

fn targets(server: &Server) -> Vec<String> {
    server.received().into_iter().map(|it| it.target).collect()
}

fn builder() -> several_servers::ClientBuilder {
    several_servers::Client::builder()
}

#[tokio::test]
async fn relative_server_needs_a_host_and_follows_it() {
    let api = &relative_server::API;
    assert_eq!(api.version, "1.5");
    let error = runtime::Client::builder(api).build().unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("`/api/v3`") && text.contains("`base_url`"),
        "{text}"
    );
    let server = no_content();
    for base in [
        server.url(),
        format!("{}/", server.url()),
        format!("{}/gate", server.url()),
    ] {
        let client = relative_server::Client::builder()
            .base_url(base)
            .build()
            .unwrap();
        client.things().list_things().await.unwrap();
    }
    assert_eq!(
        targets(&server),
        ["/api/v3/things", "/api/v3/things", "/gate/things"]
    );
}

#[test]
fn server_and_variables_are_chosen_by_the_caller() {
    let base = |builder: several_servers::ClientBuilder| match builder.build() {
        Ok(client) => format!("{client:?}"),
        Err(error) => error.to_string(),
    };
    assert_eq!(constants::PRODUCTION.variables.len(), 2);
    assert_eq!(constants::Region::UsWest.as_ref(), "us-west");
    for (builder, expected) in [
        (builder(), "https://eu.cloud.example/v1"),
        (
            builder().region(constants::Region::UsWest),
            "https://us-west.cloud.example/v1",
        ),
        (builder().port("8443"), "https://eu.cloud.example:8443/v1"),
        (
            builder().server(&constants::STAGING),
            "https://staging.cloud.example",
        ),
        (builder().region("asia"), "`eu`, `us-west`"),
        (builder().port("1@evil.example"), "`port`"),
    ] {
        let text = base(builder);
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("evil"), "{text}");
    }
}

#[tokio::test]
async fn servers_of_paths_and_operations_are_called() {
    let (main, files) = (no_content(), no_content());
    let builder = builder().base_url(format!("{}/v9", main.url())).server_url(
        &constants::FILES_CLOUD_EXAMPLE,
        format!("{}/v3", files.url()),
    );
    let client = builder.build().unwrap();
    client.things().list_things().await.unwrap();
    client.things().list_files().await.unwrap();
    client.things().put_file().await.unwrap();
    assert_eq!(targets(&main), ["/v9/things", "/upload/files"]);
    assert_eq!(targets(&files), ["/v3/files"]);
    // A test server receives every call.
    let client =
        several_servers::Client::from(Client::builder().base_url(main.url()).build().unwrap());
    client.things().list_files().await.unwrap();
    assert_eq!(targets(&main)[2], "/files");
}

#[tokio::test]
async fn replaced_base_url_never_leads_to_another_server() {
    let builder = builder().base_url("https://staging.invalid");
    let client = builder.build().unwrap();
    let error = client.things().list_files().await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("https://files.cloud.example/v2"), "{text}");
    assert!(text.contains("`server_url`"), "{text}");
}

#[test]
fn ledger_tells_what_becomes_of_servers() {
    let ledger = |name: &str| {
        let document = DOCUMENTS.iter().find(|it| it.name == name).unwrap();
        let lines = document
            .ledger
            .lines()
            .filter(|line| line.contains(" servers "));
        lines
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ledger("relative_server"), ["rewritten"]);
    assert_eq!(
        ledger("several_servers"),
        ["rewritten", "rewritten", "dropped"]
    );
}
