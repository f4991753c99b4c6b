//! Errors inside of 2xx responses.

use neo_client_fixture::Client;
use neo_client_runtime::{ByteStream, Error, ErrorKind, Method};

use crate::support::calls::{ends, once, stock_error};
use crate::support::connection_fault::chunked;
use crate::support::server::{Server, json, response};

/// Asserts that an error tells what the server said in a 200.
#[track_caller]
fn tells(error: &Error, text: &str) {
    assert_eq!(error.kind(), ErrorKind::Api, "{error}");
    assert_eq!(error.status().unwrap(), 200);
    assert!(!error.is_retryable());
    assert!(error.to_string().contains(text), "{error}");
}

async fn first_parcel(client: &Client) -> Option<Result<(), Error>> {
    let mut items = client.parcels().list_parcels().items();
    items.next_item().await.map(|item| item.map(drop))
}

#[tokio::test]
async fn error_beside_an_empty_list_is_an_error() {
    for body in [
        r#"{"error": "storage unavailable", "items": null}"#,
        r#"{"error": "storage unavailable", "items": [], "total": 0}"#,
        r#"{"error": {"message": "storage unavailable"}, "next_cursor": null}"#,
        r#"{"errors": [{"message": "storage unavailable"}], "items": []}"#,
        r#"{"Error": "storage unavailable", "items": []}"#,
        r#"{"ERRORS": [{"Message": "storage unavailable"}]}"#,
    ] {
        let server = Server::always(json(200, body));
        let client = once(&server);
        let text = "200 OK: storage unavailable";
        tells(&first_parcel(&client).await.unwrap().unwrap_err(), text);
        let page = client.parcels().list_parcels();
        tells(&ends(page.into_future()).await.unwrap_err(), text);
    }
}

#[tokio::test]
async fn error_in_another_charset_or_mended_is_an_error() {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let told = r#"{"error": "café is closed", "items": []}"#;
    for (charset, body) in [
        ("iso-8859-1", told.chars().map(|it| it as u8).collect()),
        ("utf-16le", wide(told)),
        (
            "utf-8",
            told.replace("[]}", "[], \"total\": NaN}").into_bytes(),
        ),
    ] {
        let header = format!("content-type: application/json; charset={charset}");
        let server = Server::always(response(200, &[&header], &body));
        let error = first_parcel(&once(&server)).await.unwrap().unwrap_err();
        tells(&error, "café is closed");
    }
}

#[tokio::test]
async fn list_that_tells_no_error_is_read() {
    for (body, is_empty) in [
        (r#"{"error": null, "items": []}"#, true),
        (r#"{"error": "", "items": null}"#, true),
        (r#"{"errors": [], "items": []}"#, true),
        (r#"{"message": "nothing found", "items": []}"#, true),
        (
            r#"{"error": "a part is missing", "items": [{"key": "p1"}]}"#,
            false,
        ),
    ] {
        let server = Server::always(json(200, body));
        let item = first_parcel(&once(&server)).await.transpose().unwrap();
        assert_eq!(item.is_none(), is_empty, "{body}");
    }
}

#[tokio::test]
async fn error_in_success_can_be_ignored() {
    let server = Server::always(json(200, r#"{"error": "old", "items": []}"#));
    let client = once(&server).with_options(|call| call.errors_in_success(false));
    assert!(first_parcel(&client).await.is_none());
}

#[tokio::test]
async fn error_in_place_of_a_value_is_an_error() {
    let body = r#"{"error": "no credits left", "code": "out_of_stock"}"#;
    let server = Server::always(json(200, body));
    let error = stock_error(&once(&server)).await;
    tells(&error, "200 OK: out_of_stock: no credits left");
    assert_eq!(error.code(), Some("out_of_stock"));
    // All properties of this type are optional.
    let client = once(&server);
    let account = client.account().get_account().into_future();
    tells(&ends(account).await.unwrap_err(), "no credits left");
    // The caller asked for any JSON.
    let any = once(&server).request(Method::GET, "/x");
    any.send_as::<serde_json::Value>().await.unwrap();
}

#[tokio::test]
async fn value_with_an_error_property_is_a_value() {
    let body = r#"{"id": "j1", "status": "failed", "error": "disk full"}"#;
    let server = Server::always(json(200, body));
    let client = once(&server);
    let job = client.jobs().get_job("j1").into_future();
    assert_eq!(ends(job).await.unwrap().status.as_deref(), Some("failed"));
}

#[tokio::test]
async fn json_error_in_place_of_events_is_told() {
    let body = r#"{"error": "no credits left", "code": "out_of_stock"}"#;
    let server = Server::always(json(200, body));
    let events = once(&server).request(Method::GET, "/x").events();
    let error = ends(events).await.unwrap_err();
    tells(&error, "200 OK: out_of_stock: no credits left");
    assert_eq!(error.code(), Some("out_of_stock"));
}

#[tokio::test]
async fn other_body_in_place_of_events_is_quoted() {
    let server = Server::always(response(200, &["content-type: text/html"], "<p>Log in</p>"));
    let stock = once(&server).request(Method::GET, "/api/v1/stock").events();
    let error = ends(stock).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let expected =
        "with content type `text/html` where an event stream was expected: <p>Log in</p>";
    assert!(error.to_string().contains(expected), "{error}");
    let other = once(&server).request(Method::GET, "/x").events();
    let text = ends(other).await.unwrap_err().to_string();
    assert!(
        text.contains("where an event stream was expected ("),
        "{text}"
    );
}

#[tokio::test]
async fn failure_told_by_a_flag_is_an_error() {
    let problem = "content-type: application/problem+json; charset=utf-8";
    let json_type = "content-type: application/json";
    for (media_type, body) in [
        (
            json_type,
            r#"{"success": false, "message": "storage unavailable"}"#,
        ),
        (
            json_type,
            r#"{"ok": false, "reason": "storage unavailable", "items": []}"#,
        ),
        (
            json_type,
            r#"{"error": true, "msg": "storage unavailable", "data": null}"#,
        ),
        (
            json_type,
            r#"{"data": null, "errors": [{"message": "storage unavailable"}]}"#,
        ),
        (problem, r#"{"title": "storage unavailable", "items": []}"#),
    ] {
        let server = Server::always(response(200, &[media_type], body));
        let client = once(&server);
        let text = "200 OK: storage unavailable";
        tells(&first_parcel(&client).await.unwrap().unwrap_err(), text);
        tells(&stock_error(&client).await, text);
    }
    for body in [
        r#"{"success": false, "items": []}"#,
        r#"{"success": true, "message": "fine", "items": []}"#,
        r#"{"error": false, "message": "fine", "items": []}"#,
    ] {
        let server = Server::always(json(200, body));
        assert!(first_parcel(&once(&server)).await.is_none(), "{body}");
    }
}

#[tokio::test]
async fn json_error_in_place_of_a_file_is_told() {
    let body = r#"{"error": "storage unavailable"}"#;
    let whole = json(200, body);
    let chunks = chunked(&format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()));
    let chunks = String::from_utf8(chunks).unwrap();
    let chunks = chunks
        .replacen("\r\n", "\r\ncontent-type: text/json\r\n", 1)
        .into_bytes();
    for answer in [whole, chunks] {
        let server = Server::always(answer);
        let client = once(&server);
        let request = client.invoices().download_invoice("i");
        let error = ends(request.into_future()).await.unwrap_err();
        tells(&error, "200 OK: storage unavailable");
    }
    // Any other JSON may be the file, and a path that the document lacks may respond with anything.
    let large = format!("[{}1]", "1,".repeat(60_000));
    for file in [r#"{"pages": 1}"#, &large, "[]"] {
        let server = Server::always(json(200, file));
        let bytes = once(&server)
            .invoices()
            .download_invoice("i")
            .await
            .unwrap();
        assert_eq!(read(bytes).await, file.as_bytes());
    }
    let server = Server::always(json(200, body));
    let request = once(&server).request(Method::GET, "/api/v1/x");
    let bytes = request.stream().await.unwrap().into_inner();
    assert_eq!(read(bytes).await, body.as_bytes());
}

async fn read(mut bytes: ByteStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(chunk) = bytes.chunk().await {
        all.extend_from_slice(&chunk.unwrap());
    }
    all
}
