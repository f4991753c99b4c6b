//! Operations of the documents over HTTP: what goes out, and what is made of what comes in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

extern crate neo_client_documents as neo_client;

#[path = "../../../../tests/server/mod.rs"]
mod server;

use neo_client_documents::types::scalars;
use server::{Server, json};

#[tokio::test]
async fn an_operation_of_a_document_is_called() {
    let server = Server::always(json(200, r#"{"text": "a", "whole": 1}"#));
    let client = scalars::Client::from(server.client());
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let got = client.scalars().get_scalars(id).limit(3).await.unwrap();
    assert_eq!((got.text.as_str(), got.whole), ("a", 1));
    assert_eq!(
        server.received()[0].target,
        format!("/scalars/{id}?limit=3")
    );
}
