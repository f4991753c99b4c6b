//! What a reply is said to be, and is not: media types, charsets, and bodies that are missing.

use neo_client::{Error, ErrorKind, Method};
use serde_json::Value;

use crate::faults::scene::{balance, balance_error, client, ends};
use crate::server::{BALANCE, Server, reply};

const OWNER: &str = r#"{"available_credits": 1, "issued_credits": 1, "used_credits": 1, "resource_type": "caf\u00e9"}"#;

/// The reply [`OWNER`] in another encoding, as it is named.
fn owner(encode: impl Fn(char) -> Vec<u8>) -> Vec<u8> {
    OWNER
        .replace("\\u00e9", "é")
        .chars()
        .flat_map(encode)
        .collect()
}

async fn is_read(headers: &[&str], body: impl AsRef<[u8]>) {
    let server = Server::always(reply(200, headers, body));
    let balance = balance(&client(&server)).await.unwrap();
    if let Some(owner) = &balance.resource_type {
        assert_eq!(owner.as_str(), "café");
    }
}

async fn error(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Error {
    let server = Server::always(reply(status, headers, body));
    let error = balance_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert_eq!(error.status().unwrap(), status);
    error
}

#[tokio::test]
async fn json_under_other_names() {
    for media_type in [
        "application/vnd.neo.balance+json",
        "application/problem+json; charset=utf-8",
        "APPLICATION/JSON",
        "text/json",
        "text/plain",
        "application/octet-stream",
        "application/json; charset=\"UTF-8\"",
        "json",
        ";;;",
        "",
    ] {
        is_read(&[&format!("content-type: {media_type}")], BALANCE).await;
    }
}

#[tokio::test]
async fn json_without_a_name() {
    is_read(&[], BALANCE).await;
}

#[tokio::test]
async fn json_that_is_said_to_be_html() {
    is_read(&["content-type: text/html"], BALANCE).await;
}

#[tokio::test]
async fn a_page_in_place_of_json() {
    let page = "<!DOCTYPE html>\n<title>Log in</title>";
    for headers in [
        &["content-type: text/html"][..],
        &["content-type: application/json"],
        &[],
    ] {
        let text = error(200, headers, page).await.to_string();
        assert!(
            text.contains("200 OK with a body that cannot be read as JSON"),
            "{text}"
        );
        assert!(
            text.contains("<!DOCTYPE html> <title>Log in</title>"),
            "{text}"
        );
        let said = headers
            .first()
            .map_or("no content type", |it| &it["content-type: ".len()..]);
        assert!(text.contains(said), "{text}");
    }
}

#[tokio::test]
async fn a_page_that_is_long_and_wild_is_one_line() {
    let page = format!("<html>\r\n\u{1b}[31m\u{202e}{}", "<p>\n".repeat(1 << 18));
    error(200, &["content-type: text/html"], page).await;
}

#[tokio::test]
async fn xml_in_place_of_json() {
    let text = error(200, &["content-type: application/xml"], "<balance/>")
        .await
        .to_string();
    assert!(
        text.contains("`application/xml`") && text.contains("<balance/>"),
        "{text}"
    );
}

#[tokio::test]
async fn nothing_in_place_of_json() {
    for body in ["", " \r\n\t", "\u{feff}"] {
        let text = error(200, &["content-type: application/json"], body)
            .await
            .to_string();
        assert!(
            text.contains("200 OK with an empty body where JSON was expected"),
            "{text}"
        );
    }
    let text = error(204, &[], "").await.to_string();
    assert!(text.contains("204 No Content with an empty body"), "{text}");
}

#[tokio::test]
async fn nothing_where_nothing_is_enough() {
    for status in [200, 202, 204, 205] {
        let server = Server::always(reply(status, &[], ""));
        let delete = || client(&server).request(Method::DELETE, "/x");
        ends(delete().send_as::<()>()).await.unwrap();
        assert_eq!(
            ends(delete().send_as::<Value>()).await.unwrap(),
            Value::Null
        );
        assert!(ends(delete().send()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_byte_order_mark() {
    is_read(
        &["content-type: application/json"],
        format!("\u{feff}{BALANCE}"),
    )
    .await;
    is_read(&[], format!("\u{feff}{BALANCE}")).await;
}

#[tokio::test]
async fn latin_1_as_declared() {
    let body = owner(|it| vec![u8::try_from(u32::from(it)).unwrap()]);
    for charset in ["iso-8859-1", "ISO-8859-1", "\"latin1\"", "windows-1252"] {
        let header = format!("content-type: application/json; charset={charset}");
        is_read(&[&header], &body).await;
    }
}

#[tokio::test]
async fn latin_1_that_is_not_declared() {
    let body = owner(|it| vec![u8::try_from(u32::from(it)).unwrap()]);
    let whole = format!(
        "{:#}",
        error(200, &["content-type: application/json"], body).await
    );
    assert!(whole.contains("unicode"), "{whole}");
}

#[tokio::test]
async fn utf_16_as_declared_or_marked() {
    let units = |text: char| text.encode_utf16(&mut [0; 2]).to_vec();
    let little = |it| units(it).into_iter().flat_map(u16::to_le_bytes).collect();
    let big = |it| units(it).into_iter().flat_map(u16::to_be_bytes).collect();
    is_read(
        &["content-type: application/json; charset=utf-16le"],
        owner(little),
    )
    .await;
    is_read(
        &["content-type: application/json; charset=utf-16be"],
        owner(big),
    )
    .await;
    is_read(&[], [b"\xFF\xFE".to_vec(), owner(little)].concat()).await;
    is_read(&[], [b"\xFE\xFF".to_vec(), owner(big)].concat()).await;
}

#[tokio::test]
async fn a_charset_that_nobody_knows_or_that_is_wrong() {
    for charset in ["x-klingon", "", "utf8", "iso-8859-1", "us-ascii"] {
        let header = format!("content-type: application/json; charset={charset}");
        is_read(&[&header], BALANCE).await;
    }
    // What is UTF-8 is read as such, whatever the label says.
    let header = "content-type: application/json; charset=iso-8859-1";
    is_read(&[header], owner(|it| it.to_string().into_bytes())).await;
}

#[tokio::test]
async fn a_reply_that_is_only_a_part() {
    let headers = ["content-range: bytes 0-9/99"];
    let text = error(206, &headers, &BALANCE[..10]).await.to_string();
    assert!(
        text.contains("206 Partial Content with a body that cannot be read"),
        "{text}"
    );
}
