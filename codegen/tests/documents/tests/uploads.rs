//! Files of forms whose fields also take other values.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use neo_client_documents::{Part, inheritance};
use support::server::{Server, response};

#[tokio::test]
async fn field_for_files_and_texts_takes_both() {
    let server = Server::always(response(204, &[], ""));
    let client = inheritance::Client::from(server.client());
    let form = inheritance::types::UploadForm::builder()
        .picture(b"png")
        .layers([Part::from(b"1").file_name("1.png"), Part::from(b"2")])
        .mask("all");
    client.uploads().upload(form).await.unwrap();
    let form = inheritance::types::UploadForm::builder()
        .picture("https://files.example/a.png")
        .layers([b"1"]);
    client.uploads().upload(form).await.unwrap();

    let received = server.received();
    let has = |index: usize, disposition: &str, content: &str| {
        let body: &str = &received[index].body;
        let mut parts = body.split("\r\n--");
        parts.any(|part| {
            part.contains(&format!("form-data; {disposition}\r\n"))
                && part.ends_with(&format!("\r\n\r\n{content}"))
        })
    };
    assert!(has(0, r#"name="picture"; filename="picture""#, "png"));
    assert!(has(0, r#"name="layers"; filename="1.png""#, "1"));
    assert!(has(0, r#"name="layers"; filename="layers""#, "2"));
    assert!(has(0, r#"name="mask"; filename="mask""#, "all"));
    assert!(has(1, r#"name="picture""#, "https://files.example/a.png"));
}
