//! Parameters and bodies of every kind, as they come over the wire.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::BTreeMap;

use neo_client_documents::{Body, Form, Part};
use neo_client_documents::{bodies, parameters};
use serde_json::{Value, json};
use support::server::{Received, Server, response};

fn no_content() -> Server {
    Server::always(response(204, &[], ""))
}

/// The one request that a server received.
fn only(server: &Server) -> Received {
    let all = server.received();
    assert_eq!(all.len(), 1);
    all[0].clone()
}

fn range() -> parameters::types::RangeBuilder {
    parameters::types::Range::builder().from(1).to(2)
}

#[tokio::test]
async fn path_parameter_is_serialized_in_its_style() {
    let at = "2026-01-31T08:00:00Z";
    let server = no_content();
    let client = parameters::Client::from(server.client());
    let at: neo_client_documents::chrono::DateTime<neo_client_documents::chrono::Utc> =
        at.parse().unwrap();
    client
        .path()
        .simple(at, ["a,b", "c"], range())
        .await
        .unwrap();
    client
        .path()
        .label_and_matrix([3, 4], range())
        .await
        .unwrap();
    client
        .path()
        .several_in_a_segment("a/b", "tar.gz")
        .await
        .unwrap();
    client.path().differs_in_names_only("a", "b").await.unwrap();
    client
        .path()
        .with_a_query_of_its_own()
        .page(2)
        .at([1, 2])
        .await
        .unwrap();
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    assert_eq!(
        targets,
        [
            "/simple/2026-01-31T08%3A00%3A00Z/a%2Cb,c/from=1,to=2",
            "/labels.3.4/matrices;matrix=from,1,to,2",
            "/files/a%2Fb.tar.gz",
            "/files/a.b",
            "/fixed?kind=all&page=2&at=1,2",
        ]
    );
}

#[tokio::test]
async fn path_parameter_never_changes_the_path() {
    let server = no_content();
    let client = parameters::Client::from(server.client());
    let at: neo_client_documents::chrono::DateTime<neo_client_documents::chrono::Utc> =
        Default::default();
    for (name, extension) in [
        ("..", "x"),
        ("", "x"),
        ("x", "."),
        ("a\\", "b"),
        ("../a", "b"),
    ] {
        let call = client.path().several_in_a_segment(name, extension);
        assert!(call.await.is_err(), "{name} {extension}");
    }
    for list in [vec![], vec![".."], vec!["a", ""]] {
        assert!(client.path().simple(at, list, range()).await.is_err());
    }
    let nothing = parameters::types::Range::builder();
    assert!(client.path().simple(at, ["a"], nothing).await.is_err());
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn query_parameter_is_serialized_in_its_style() {
    let server = no_content();
    let client = parameters::Client::from(server.client());
    let filter = parameters::types::Filter::builder()
        .name("x y")
        .range(range())
        .tags(["t", "u"]);
    let free = BTreeMap::from([("k&", json!("v")), ("n", json!([1, 2]))]);
    client
        .query()
        .query()
        .plain(["good", "so-so"])
        .joined(["a,b", "c"])
        .spaced(["a", "b"])
        .piped(["a", "b"])
        .filter(filter)
        .range(range())
        .free(free)
        .json(range())
        .reserved("/a?b&c")
        .either(7)
        .await
        .unwrap();
    let target = only(&server).target;
    let (path, query) = target.split_once('?').unwrap();
    assert_eq!(path, "/query");
    assert_eq!(
        query.split('&').collect::<Vec<_>>(),
        [
            "plain=good",
            "plain=so-so",
            "joined=a%2Cb,c",
            "spaced=a%20b",
            "piped=a%7Cb",
            "filter%5Bname%5D=x%20y",
            "filter%5Brange%5D%5Bfrom%5D=1",
            "filter%5Brange%5D%5Bto%5D=2",
            "filter%5Btags%5D=t",
            "filter%5Btags%5D=u",
            "from=1",
            "to=2",
            "k%26=v",
            "n=1",
            "n=2",
            "json=%7B%22from%22%3A1%2C%22to%22%3A2%7D",
            "reserved=/a?b%26c",
            "either=7",
        ]
    );
}

#[tokio::test]
async fn header_and_cookie_parameters_are_sent_once() {
    let server = no_content();
    let client = parameters::Client::from(server.client());
    client
        .query()
        .headers_and_cookies([1, 2])
        .x_range(range())
        .x_json([("a", 1)])
        .session("s;1")
        .ids([3, 4])
        .await
        .unwrap();
    let request = only(&server);
    assert_eq!(request.header("x-list"), Some("1,2"));
    assert_eq!(request.header("x-range"), Some("from=1,to=2"));
    assert_eq!(request.header("x-json"), Some(r#"{"a":1}"#));
    assert_eq!(request.header("cookie"), Some("session=s%3B1; ids=3,4"));
    assert_eq!(request.header("accept"), Some("*/*"));
}

#[tokio::test]
async fn http_method_is_sent_as_documented() {
    let server = no_content();
    let client = parameters::Client::from(server.client());
    client.methods().options().await.unwrap();
    client.methods().trace().await.unwrap();
    client.methods().post().await.unwrap();
    client.methods().head().await.unwrap();
    let methods: Vec<_> = server.received().into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["OPTIONS", "TRACE", "POST", "HEAD"]);
}

/// The parts of a form: name, file name, content type and content.
fn parts(request: &Received) -> Vec<(String, String, String, String)> {
    let content_type = request.header("content-type").unwrap();
    let (_, boundary) = content_type
        .split_once("multipart/form-data; boundary=")
        .unwrap();
    let body = request
        .body
        .strip_suffix(&format!("--{boundary}--\r\n"))
        .unwrap();
    let quoted = |line: &str, key: &str| {
        let (_, rest) = line.split_once(&format!("{key}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    body.split(&format!("--{boundary}\r\n"))
        .skip(1)
        .map(|part| {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            let line = |name: &str| {
                let line = head
                    .lines()
                    .find(|line| line.to_lowercase().starts_with(name));
                line.unwrap_or_default().to_owned()
            };
            let disposition = line("content-disposition");
            (
                quoted(&disposition, "; name").unwrap(),
                quoted(&disposition, "; filename").unwrap_or_default(),
                line("content-type")
                    .split_off("content-type: ".len().min(line("content-type").len())),
                content.strip_suffix("\r\n").unwrap().to_owned(),
            )
        })
        .collect()
}

fn expected(parts: &[(&str, &str, &str, &str)]) -> Vec<(String, String, String, String)> {
    let own = |text: &str| text.to_owned();
    let part = |(name, file, kind, content): &(&str, &str, &str, &str)| {
        (own(name), own(file), own(kind), own(content))
    };
    parts.iter().map(part).collect()
}

#[tokio::test]
async fn multipart_form_sends_every_kind_of_field() {
    let server = no_content();
    let client = bodies::Client::from(server.client());
    let form = bodies::types::UploadForm::builder()
        .picture(Part::from("png").file_name("cat.png"))
        .note("hello")
        .tags(["a", "b"])
        .more([
            Part::from("1"),
            Part::from(vec![b'2']).content_type("text/plain"),
        ])
        .filter([("x", 1)])
        .extra([("own", "field")]);
    client.forms().send_form("7", form).await.unwrap();
    let request = only(&server);
    assert_eq!(request.target, "/forms/7");
    assert!(request.header("content-length").is_some());
    let mut found = parts(&request);
    found.sort();
    assert_eq!(
        found,
        expected(&[
            ("filter[x]", "", "", "1"),
            ("more", "more", "application/octet-stream", "1"),
            ("more", "more", "text/plain", "2"),
            ("note", "", "text/markdown", "hello"),
            ("own", "", "", "field"),
            ("picture", "cat.png", "image/png", "png"),
            ("tags", "", "", "a"),
            ("tags", "", "", "b"),
        ])
    );
}

#[tokio::test]
async fn multipart_form_streams_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cat.png");
    std::fs::write(&path, "from the disk").unwrap();
    let server = no_content();
    let client = bodies::Client::from(server.client());

    let of_file = Part::file(&path).await.unwrap();
    client
        .forms()
        .only_files(bodies::types::OnlyFilesForm::builder().files([of_file]))
        .await
        .unwrap();
    let of_reader = Part::reader(std::io::Cursor::new(b"from a reader")).file_name("r");
    client
        .forms()
        .only_files(bodies::types::OnlyFilesForm::builder().files([of_reader]))
        .await
        .unwrap();

    let all = server.received();
    // The size of a file is known, that of a stream is not.
    assert!(all[0].header("content-length").is_some());
    assert_eq!(all[1].header("transfer-encoding"), Some("chunked"));
    assert_eq!(
        [parts(&all[0]), parts(&all[1])].concat(),
        expected(&[
            ("files", "cat.png", "image/png", "from the disk"),
            ("files", "r", "application/pdf", "from a reader"),
        ])
    );
    assert!(Part::file(directory.path().join("gone")).await.is_err());
}

#[tokio::test]
async fn multipart_form_invalid_is_not_sent() {
    let server = no_content();
    let client = bodies::Client::from(server.client());
    let form = bodies::types::UploadForm::builder().note("n");
    let error = client.forms().send_form("7", form).await.unwrap_err();
    assert!(
        error.to_string().contains("UploadForm.picture is required"),
        "{error}"
    );
    let form = Form::new().part("a", Part::from("b").content_type("no media type"));
    let error = client.forms().open_form().body(form).await.unwrap_err();
    assert!(error.to_string().contains("a: `no media type`"), "{error}");
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn multipart_form_without_fields_takes_any_part() {
    let server = no_content();
    let client = bodies::Client::from(server.client());
    client.forms().open_form().await.unwrap();
    let form = Form::new().part("a", "1").part("a", "2");
    client.forms().open_form().body(form).await.unwrap();
    let all = server.received();
    assert_eq!(all[0].header("content-type"), None);
    assert_eq!(
        parts(&all[1]),
        expected(&[("a", "", "", "1"), ("a", "", "", "2")])
    );
}

#[tokio::test]
async fn raw_request_takes_forms_and_bytes() {
    let server = Server::always(response(200, &[], "{}"));
    let client = server.client();
    let request = || client.request(reqwest::Method::POST, "/own");
    let form = Form::new().part("a", "1");
    request().multipart(form).send().await.unwrap();
    request()
        .header("content-type", "text/csv")
        .body("a,b")
        .send()
        .await
        .unwrap();
    let form = Form::new().part("a", Part::from("b").content_type("no media type"));
    assert!(request().multipart(form).send().await.is_err());
    let all = server.received();
    assert_eq!(parts(&all[0]), expected(&[("a", "", "", "1")]));
    assert_eq!(all[1].header("content-type"), Some("text/csv"));
    assert_eq!((all[1].body.as_str(), all.len()), ("a,b", 2));
}

#[tokio::test]
async fn urlencoded_form_follows_its_encoding() {
    let server = no_content();
    let client = bodies::Client::from(server.client());
    let charge = bodies::types::Charge::builder()
        .amount(1)
        .ids([1, 2])
        .joined([3, 4])
        .metadata([("a b", "c&d")]);
    client.forms().urlencoded().body(charge).await.unwrap();
    client.forms().urlencoded().await.unwrap();
    let all = server.received();
    assert_eq!(
        all[0].header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let mut fields: Vec<_> = all[0].body.split('&').collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "amount=1",
            "ids=1",
            "ids=2",
            "joined=3,4",
            "metadata%5Ba%20b%5D=c%26d"
        ]
    );
    assert_eq!(
        (all[1].header("content-type"), all[1].body.as_str()),
        (None, "")
    );
}

#[tokio::test]
async fn raw_body_is_sent_unchanged() {
    let server = no_content();
    let client = bodies::Client::from(server.client());
    client.bytes().bytes("%PDF").await.unwrap();
    let stream = tokio_util::io::ReaderStream::new(std::io::Cursor::new("streamed"));
    client
        .bytes()
        .bytes(Body::wrap_stream(stream))
        .await
        .unwrap();
    client
        .bytes()
        .any_picture()
        .body("gif")
        .content_type("image/gif")
        .await
        .unwrap();
    client.bytes().any_picture().await.unwrap();
    client
        .bytes()
        .text("a,b")
        .content_type("text/csv")
        .await
        .unwrap();
    let got: Vec<_> = server
        .received()
        .iter()
        .map(|it| {
            (
                it.header("content-type").unwrap_or("none").to_owned(),
                it.body.clone(),
            )
        })
        .collect();
    let own = |kind: &str, body: &str| (kind.to_owned(), body.to_owned());
    assert_eq!(
        got,
        [
            own("application/pdf", "%PDF"),
            own("application/pdf", "streamed"),
            own("image/gif", "gif"),
            own("none", ""),
            own("text/csv", "a,b"),
        ]
    );
}

#[tokio::test]
async fn json_body_has_documented_media_type() {
    let server = no_content();
    let client = bodies::Client::from(server.client());
    let charge = bodies::types::Charge::builder().amount(1);
    client.json().merge_patch(charge).await.unwrap();
    let request = only(&server);
    assert_eq!(
        request.header("content-type"),
        Some("application/merge-patch+json; charset=utf-8")
    );
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body, json!({"amount": 1}));
}

#[tokio::test]
async fn responses_of_several_shapes_are_decoded() {
    let server = Server::start(|request| match request.body.is_empty() {
        true => support::server::json(200, r#"{"gone": true}"#),
        false => support::server::json(202, r#"{"soon": "today"}"#),
    });
    let client = bodies::Client::from(server.client());
    let gone = client.json().delete_with_a_body().await.unwrap();
    assert_eq!(serde_json::to_value(&gone).unwrap(), json!({"gone": true}));
    let soon = client
        .json()
        .delete_with_a_body()
        .body(json!({"now": false}));
    let soon = soon.send().await.unwrap();
    assert_eq!(soon.status(), 202);
    assert_eq!(
        serde_json::to_value(&*soon).unwrap(),
        json!({"soon": "today"})
    );
}
