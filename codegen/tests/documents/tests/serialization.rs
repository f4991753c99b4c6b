//! Parameters and parts as the styles of OpenAPI 3.2 write them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use neo_client_documents::serialization;
use neo_client_documents::serialization::types::{PartsForm, PartsFormAbout, SearchQ};
use neo_client_documents::{ErrorKind, Method, Part, reqwest};
use support::server::{Server, response};

fn no_content() -> (Server, serialization::Client) {
    let server = Server::always(response(204, &[], ""));
    let client = serialization::Client::from(server.client());
    (server, client)
}

fn targets(server: &Server) -> Vec<String> {
    server.received().into_iter().map(|it| it.target).collect()
}

#[tokio::test]
async fn reserved_characters_pass_where_allowed() {
    let (server, client) = no_content();
    let data = client.data();
    let call = data.get_data("some/doc path/x").ref_("a/b?c=d&e#f [x]%41");
    call.plain("a/b %41").await.unwrap();
    data.get_data("a:b;c%2Fd?e#f").await.unwrap();
    data.reserved_list(["a/b", "c;d"]).await.unwrap();
    data.get_doc("a/b:c;d=e@f").await.unwrap();
    assert_eq!(
        targets(&server),
        [
            "/v1/data/some/doc%20path/x?ref=a/b?c%3Dd%26e%23f%20[x]%41&plain=a%2Fb%20%2541",
            "/v1/data/a:b;c%2Fd%3Fe%23f",
            "/v1/matrix;path=a/b;path=c;d",
            "/v1/doc/a%2Fb%3Ac%3Bd%3De%40f",
        ]
    );
    for hostile in ["../x", "a/%2e%2e/x", "a/..%2Fx", "a/.%2E", ""] {
        let error = data.get_data(hostile).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{hostile}");
    }
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn whole_query_is_serialized_by_its_media_type() {
    let (server, client) = no_content();
    let q = SearchQ::builder()
        .text("a b")
        .tags(["c", "d&e"])
        .at([("x", 1)]);
    client.query().search().q(q).await.unwrap();
    client.query().search().await.unwrap();
    client.query().search_json([("a", "b c")]).await.unwrap();
    client.query().search_text("$.a[?(@.b)]").await.unwrap();
    let all = targets(&server);
    let mut fields: Vec<&str> = all[0]
        .strip_prefix("/search?")
        .unwrap()
        .split('&')
        .collect();
    fields.sort_unstable();
    assert_eq!(fields, ["at%5Bx%5D=1", "tags=c,d%26e", "text=a%20b"]);
    assert_eq!(
        all[1..],
        [
            "/search",
            "/search?%7B%22a%22%3A%22b%20c%22%7D",
            "/search?%24.a%5B%3F%28%40.b%29%5D",
        ]
    );
}

#[tokio::test]
async fn cookie_style_does_not_escape() {
    let (server, client) = no_content();
    let cookies = || client.query().cookies();
    cookies()
        .token("a=b%/c")
        .ids([1, 2])
        .form("d e")
        .await
        .unwrap();
    let error = cookies().token("a; admin=1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let received = server.received();
    assert_eq!(received.len(), 1);
    let mut all: Vec<&str> = received[0].header("cookie").unwrap().split("; ").collect();
    all.sort_unstable();
    assert_eq!(all, ["form=d%20e", "ids=1", "ids=2", "token=a=b%/c"]);
}

#[tokio::test]
async fn untyped_query_has_no_plus() {
    let (server, client) = no_content();
    let request = client.request(Method::GET, "/x").query(&[("q", "a b+c")]);
    request.query(&[("r", "d e")]).send().await.unwrap();
    assert_eq!(targets(&server), ["/x?q=a%20b%2Bc&r=d%20e"]);
}

/// The heads of the parts, in lower case, with their contents.
fn heads(body: &str) -> Vec<(String, String)> {
    let boundary = body.lines().next().unwrap();
    let parts = body
        .split(boundary)
        .filter_map(|part| part.split_once("\r\n\r\n"));
    parts
        .map(|(head, content)| (head.trim().to_owned(), content.trim_end().to_owned()))
        .collect()
}

#[tokio::test]
async fn parts_have_names_types_and_headers() {
    let (server, client) = no_content();
    let open = reqwest::header::HeaderName::from_static("x-open");
    let language = reqwest::header::HeaderName::from_static("x-language");
    let form = PartsForm::builder()
        .file([
            Part::from(vec![1, 2]).file_name("a\"b\r\nX: 1.png"),
            Part::from("gif")
                .content_type("image/gif")
                .header(open, "1".parse().unwrap()),
        ])
        .note(Part::from("hello").header(language, "en".parse().unwrap()))
        .line_break("x")
        .about(PartsFormAbout::builder().a(1));
    client.parts().parts(form).await.unwrap();
    let body = &server.received()[0].body;
    let mut heads = heads(body);
    heads.sort();
    let heads: Vec<&str> = heads.iter().map(|(head, _)| head.as_str()).collect();
    assert_eq!(heads.len(), 5);
    let has = |text: &str| heads.iter().any(|head| head.contains(text));
    assert!(has("name=\"line%22break\""), "{heads:?}");
    assert!(
        has("filename=\"a%22b%0D%0AX: 1.png\"\r\nContent-Type: image/png\r\nx-kind: picture"),
        "{heads:?}"
    );
    assert!(
        has("filename=\"file\"\r\nContent-Type: image/gif\r\nx-open: 1\r\nx-kind: picture"),
        "{heads:?}"
    );
    assert!(has("name=\"note\"\r\nx-language: en"), "{heads:?}");
    assert!(has("x-level: 3"), "{heads:?}");
}
