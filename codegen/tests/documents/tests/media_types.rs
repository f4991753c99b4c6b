//! Media types: what is asked for and sent, and how typed streams are read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use neo_client_documents::media_types::types::{
    CreateLetterBody, CreateLetterForm, CreateLetterFormBody, PatchLetterBody,
    PatchLetterJsonPatchBodyItem, Quote,
};
use neo_client_documents::media_types::{self, OPERATIONS};
use neo_client_documents::{ErrorKind, Part};
use serde_json::json;
use support::server::{Received, Server, response};

fn client(server: &Server) -> media_types::Client {
    media_types::Client::from(server.client())
}

/// The value of a header of each request.
fn headers(received: &[Received], name: &str) -> Vec<String> {
    let value = |one: &Received| one.header(name).unwrap_or("none").to_owned();
    received.iter().map(value).collect()
}

#[tokio::test]
async fn body_of_lines_is_sent_value_by_value() {
    let server = Server::start(|_| response(204, &[], ""));
    let client = client(&server);
    let bodies = client.bodies();
    let quote = |price| Quote::builder().symbol("A").price(price);
    bodies.send_lines([quote(1.5), quote(2.0)]).await.unwrap();
    bodies
        .send_records_lines()
        .body([quote(1.5)])
        .await
        .unwrap();
    bodies.send_records().await.unwrap();
    let received = server.received();
    let prices = |one: &Received, before: &str| -> Vec<serde_json::Value> {
        let price = |line: &str| {
            let json = line.strip_prefix(before).unwrap();
            let mut quote: serde_json::Value = serde_json::from_str(json).unwrap();
            quote["price"].take()
        };
        one.body.lines().map(price).collect()
    };
    assert_eq!(prices(&received[0], ""), [1.5, 2.0]);
    assert_eq!(prices(&received[1], "\u{1e}"), [1.5]);
    assert!(received[1].body.ends_with("}\n"));
    assert_eq!(received[2].body, "");
    assert_eq!(
        headers(&received, "content-type"),
        ["application/x-ndjson", "application/json-seq", "none"]
    );
}

#[tokio::test]
async fn accept_is_as_documented() {
    let server = Server::start(|request| match request.target.as_str() {
        "/greeting" => response(
            200,
            &["content-type: text/plain; charset=latin1"],
            b"caf\xE9",
        ),
        "/picture" => response(200, &["content-type: image/png"], "png"),
        _ => support::server::json(200, r#"{"count": 1}"#),
    });
    let client = client(&server);
    let accept = client.accept();
    assert_eq!(accept.vendor().await.unwrap().count, 1);
    accept.several().await.unwrap();
    let second = "application/vnd.users.v2+json";
    accept.several().accept(second).await.unwrap();
    accept.any_json().await.unwrap();
    let mut picture = accept.picture().await.unwrap();
    assert_eq!(picture.chunk().await.unwrap().unwrap(), "png");
    drop(accept.picture().accept("image/webp").await.unwrap());
    let greeting: String = accept.greeting().await.unwrap();
    assert_eq!(greeting, "café");
    drop(accept.greeting().send_stream().await.unwrap());
    let wrong = accept.several().accept("a\nb").await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        headers(&server.received(), "accept"),
        [
            "application/vnd.users+json;version=1.0",
            "application/vnd.users.v1+json, application/vnd.users.v2+json",
            "application/vnd.users.v2+json",
            "application/json, application/*;q=0.8",
            "image/*",
            "image/webp",
            "text/plain",
            "text/plain",
        ]
    );
}

#[tokio::test]
async fn response_formats_are_methods() {
    let server = Server::start(|request| match request.header("accept") {
        Some("text/csv") => response(200, &["content-type: text/csv"], "a,b"),
        Some("application/pdf") => response(200, &["content-type: application/pdf"], "%PDF"),
        _ => support::server::json(200, r#"{"count": 2}"#),
    });
    let client = client(&server);
    let accept = client.accept();
    assert_eq!(accept.export().await.unwrap().count, 2);
    assert_eq!(accept.export_text().await.unwrap(), "a,b");
    let mut pdf = accept.export_bytes().await.unwrap();
    assert_eq!(pdf.chunk().await.unwrap().unwrap(), "%PDF");
    assert_eq!(
        headers(&server.received(), "accept"),
        ["application/json", "text/csv", "application/pdf"]
    );
}

#[tokio::test]
async fn body_formats_are_methods() {
    let server = Server::always(response(204, &[], ""));
    let client = client(&server);
    let bodies = client.bodies();
    let json = CreateLetterBody::builder()
        .to("a")
        .file("https://files.example/1");
    bodies.create_letter(json).await.unwrap();
    let form = CreateLetterForm::builder()
        .to("a")
        .file(Part::from("pdf").file_name("1.pdf"));
    bodies.create_letter_multipart(form).await.unwrap();
    let form = CreateLetterFormBody::builder().to("a b");
    bodies.create_letter_form(form).await.unwrap();
    let patch = || PatchLetterBody::builder().to("b");
    bodies.patch_letter(patch()).await.unwrap();
    let strategic = "application/strategic-merge-patch+json";
    bodies
        .patch_letter(patch())
        .content_type(strategic)
        .await
        .unwrap();
    bodies
        .patch_letter_json_patch([PatchLetterJsonPatchBodyItem::builder().op("remove")])
        .await
        .unwrap();
    bodies.greet("hello").await.unwrap();
    bodies.greet(String::from("owned")).await.unwrap();

    let received = server.received();
    let mut types = headers(&received, "content-type");
    assert!(types[1].starts_with("multipart/form-data; boundary="));
    types.remove(1);
    assert_eq!(
        types,
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/json-patch+json",
            "text/plain",
            "text/plain",
        ]
    );
    let body: Vec<&str> = received.iter().map(|it| it.body.as_str()).collect();
    assert_eq!(body[0], r#"{"file":"https://files.example/1","to":"a"}"#);
    assert!(body[1].contains("filename=\"1.pdf\"") && body[1].contains("pdf"));
    assert_eq!(body[2], "to=a%20b");
    assert_eq!(body[5..], [r#"[{"op":"remove"}]"#, "hello", "owned"]);
}

fn stream(body: &'static str) -> Server {
    Server::always(response(200, &["content-type: text/event-stream"], body))
}

#[tokio::test]
async fn events_have_the_described_type() {
    let server = stream(
        "id: 7\nevent: quote\ndata: {\"symbol\": \"A\", \"price\": 1.5}\n\n\
         data: {\"symbol\": \"B\"}\n\ndata: {\"symbol\": \"C\", \"price\": 2}\n\n",
    );
    let mut events = client(&server).streams().events().await.unwrap();
    let first: Quote = events.next_event().await.unwrap().unwrap();
    assert_eq!((first.symbol.as_str(), first.price), ("A", 1.5));
    assert_eq!(events.last_event_id(), Some("7"));
    let error = events.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().starts_with("streams.events: "), "{error}");
    assert_eq!(events.next_event().await.unwrap().unwrap().symbol, "C");
    assert!(events.next_event().await.is_none());

    let mut quotes = client(&server)
        .streams()
        .described_by_schema()
        .await
        .unwrap();
    assert_eq!(quotes.next_event().await.unwrap().unwrap().symbol, "A");
    let mut untyped = quotes.untyped();
    let event = untyped.next_event().await.unwrap().unwrap();
    assert_eq!(event.data, "{\"symbol\": \"B\"}");
    let mut plain = client(&server).streams().not_described().await.unwrap();
    assert_eq!(plain.next_event().await.unwrap().unwrap().event, "quote");
    assert_eq!(
        headers(&server.received(), "accept"),
        ["text/event-stream"; 3]
    );
}

#[tokio::test]
async fn named_events_are_variants() {
    let server = stream(
        "event: quote\ndata: {\"symbol\": \"A\", \"price\": 1.5}\n\nevent: note\ndata: 12\n\n",
    );
    let mut events = client(&server).streams().named_events().await.unwrap();
    let mut found = Vec::new();
    while let Some(event) = events.next_event().await {
        found.push(serde_json::to_value(event.unwrap()).unwrap());
    }
    assert_eq!(
        found,
        [
            json!({"event": "quote", "data": {"symbol": "A", "price": 1.5}}),
            json!({"event": "note", "data": "12"}),
        ]
    );
}

#[tokio::test]
async fn lines_have_the_described_type() {
    let lines = "{\"symbol\":\"A\",\"price\":1}\r\n\n[]\n{\"symbol\":\"B\",\"price\":2}";
    let server = Server::always(response(200, &["content-type: application/jsonl"], lines));
    let streams = client(&server);
    let mut lines = streams.streams().lines_lines().await.unwrap();
    let first: Quote = lines.next_line().await.unwrap().unwrap();
    assert_eq!(first.symbol, "A");
    let error = lines.next_line().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(lines.next_line().await.unwrap().unwrap().symbol, "B");
    assert!(lines.next_line().await.is_none());
    assert_eq!(
        headers(&server.received(), "accept"),
        ["application/jsonl, application/x-ndjson"]
    );

    let records =
        "\u{1e}{\n\"symbol\":\"A\",\n\"price\":1}\n\u{1e}{\"symbol\":\"B\",\"price\":2}\n";
    let server = Server::always(response(
        200,
        &["content-type: application/json-seq"],
        records,
    ));
    let mut records = client(&server).streams().records().await.unwrap();
    let mut symbols = Vec::new();
    while let Some(quote) = records.next_line().await {
        symbols.push(quote.unwrap().symbol);
    }
    assert_eq!(symbols, ["A", "B"]);
}

#[tokio::test]
async fn methods_of_openapi_3_2_are_sent() {
    let server = Server::start(|request| match request.method.as_str() {
        "QUERY" => support::server::json(200, r#"{"count": 3}"#),
        _ => response(204, &[], ""),
    });
    let client = client(&server);
    let methods = client.methods();
    let query = media_types::types::QueryBody::builder().q("x");
    assert_eq!(methods.query(query).await.unwrap().count, 3);
    methods.copy().await.unwrap();
    methods.link().await.unwrap();
    let received = server.received();
    let sent: Vec<&str> = received.iter().map(|it| it.method.as_str()).collect();
    assert_eq!(sent, ["QUERY", "COPY", "Link"]);
    assert_eq!(received[0].body, r#"{"q":"x"}"#);
    let query = OPERATIONS.iter().find(|it| it.method == "QUERY").unwrap();
    assert!(query.idempotent);
}

#[tokio::test]
async fn text_in_any_format_is_a_string() {
    for (content_type, body) in [
        ("application/json", r#""Slow and steady""#),
        ("text/plain;charset=UTF-8", "Slow and steady"),
    ] {
        let header = format!("content-type: {content_type}");
        let server = Server::always(response(200, &[&header], body));
        let client = media_types::Client::from(server.client());
        let motto = client.accept().motto().user_agent("reader/1").await;
        assert_eq!(motto.unwrap(), "Slow and steady");
        // A type that takes any JSON would take the text of a gateway too.
        let any = client.accept().motto().send_as::<serde_json::Value>().await;
        assert_eq!(any.is_ok(), content_type == "application/json");
        let received = server.received();
        assert_eq!(received[0].header("user-agent"), Some("reader/1"));
    }
    let failure = r#"{"error": "no motto", "id": 7}"#;
    let server = Server::always(response(200, &["content-type: text/plain"], failure));
    let client = media_types::Client::from(server.client());
    let error = client.accept().motto().await.unwrap_err();
    assert!(error.to_string().contains("no motto"), "{error}");

    let page = response(200, &["content-type: text/html"], "<p>Log in</p>");
    let server = Server::always(page);
    let client = media_types::Client::from(server.client());
    assert!(client.accept().motto().await.is_err());
}
