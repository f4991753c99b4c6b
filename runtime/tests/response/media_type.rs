//! Media types, charsets, and empty bodies.

use neo_client_runtime::{Error, ErrorKind, Method};
use serde_json::Value;

use crate::support::calls::{client, ends, stock_error, stock_level};
use crate::support::clients::STOCK;
use crate::support::server::{Server, response};
use crate::support::trace::Recorder;

const SITE: &str = r#"{"available": 1, "stocked": 1, "shipped": 1, "site": "caf\u00e9"}"#;

/// Encodes [`SITE`].
fn site(encode: impl Fn(char) -> Vec<u8>) -> Vec<u8> {
    SITE.replace("\\u00e9", "é")
        .chars()
        .flat_map(encode)
        .collect()
}

/// Asserts that the stock level is read.
async fn is_read(headers: &[&str], body: impl AsRef<[u8]>) {
    let server = Server::always(response(200, headers, body));
    let level = stock_level(&client(&server)).await.unwrap();
    if let Some(site) = &level.site {
        assert_eq!(site.as_str(), "café");
    }
}

/// Returns the decoding error of a response.
async fn error(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Error {
    let server = Server::always(response(status, headers, body));
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert_eq!(error.status().unwrap(), status);
    error
}

#[tokio::test]
async fn json_under_other_media_types_is_read() {
    for media_type in [
        "application/vnd.depot.stock+json",
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
        is_read(&[&format!("content-type: {media_type}")], STOCK).await;
    }
}

#[tokio::test]
async fn json_without_media_type_is_read() {
    is_read(&[], STOCK).await;
}

#[tokio::test]
async fn json_labelled_html_is_read() {
    is_read(&["content-type: text/html"], STOCK).await;
}

#[tokio::test]
async fn html_page_for_json_is_shown_in_error() {
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
async fn html_page_long_and_wild_becomes_one_line() {
    let page = format!("<html>\r\n\u{1b}[31m\u{202e}{}", "<p>\n".repeat(1 << 18));
    error(200, &["content-type: text/html"], page).await;
}

#[tokio::test]
async fn xml_for_json_is_shown_in_error() {
    let text = error(200, &["content-type: application/xml"], "<balance/>")
        .await
        .to_string();
    assert!(
        text.contains("`application/xml`") && text.contains("<balance/>"),
        "{text}"
    );
}

#[tokio::test]
async fn empty_body_for_json_is_an_error() {
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
async fn empty_body_for_unit_or_null_is_enough() {
    for status in [200, 202, 204, 205] {
        let server = Server::always(response(status, &[], ""));
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
async fn byte_order_mark_is_skipped() {
    is_read(
        &["content-type: application/json"],
        format!("\u{feff}{STOCK}"),
    )
    .await;
    is_read(&[], format!("\u{feff}{STOCK}")).await;
}

#[tokio::test]
async fn latin_1_declared_is_read() {
    let body = site(|it| vec![u8::try_from(u32::from(it)).unwrap()]);
    for charset in ["iso-8859-1", "ISO-8859-1", "\"latin1\"", "windows-1252"] {
        let header = format!("content-type: application/json; charset={charset}");
        is_read(&[&header], &body).await;
    }
}

#[tokio::test]
async fn utf_16_declared_or_marked_is_read() {
    let units = |text: char| text.encode_utf16(&mut [0; 2]).to_vec();
    let little = |it| units(it).into_iter().flat_map(u16::to_le_bytes).collect();
    let big = |it| units(it).into_iter().flat_map(u16::to_be_bytes).collect();
    is_read(
        &["content-type: application/json; charset=utf-16le"],
        site(little),
    )
    .await;
    is_read(
        &["content-type: application/json; charset=utf-16be"],
        site(big),
    )
    .await;
    is_read(&[], [b"\xFF\xFE".to_vec(), site(little)].concat()).await;
    is_read(&[], [b"\xFE\xFF".to_vec(), site(big)].concat()).await;
}

#[tokio::test]
async fn charset_unknown_or_wrong_falls_back_to_utf_8() {
    for charset in ["x-klingon", "", "utf8", "iso-8859-1", "us-ascii"] {
        let header = format!("content-type: application/json; charset={charset}");
        is_read(&[&header], STOCK).await;
    }
    // Valid UTF-8 is read as UTF-8, whatever the label says.
    let header = "content-type: application/json; charset=iso-8859-1";
    is_read(&[header], site(|it| it.to_string().into_bytes())).await;
}

#[tokio::test]
async fn charset_unknown_that_is_needed_is_reported() {
    let header = "content-type: application/json; charset=x-klingon";
    let body = site(|it| vec![u8::try_from(u32::from(it)).unwrap()]);
    let server = Server::always(response(200, &[header], body));
    let (recorder, guard) = Recorder::start();
    let level = stock_level(&client(&server)).await.unwrap();
    drop(guard);
    assert_eq!(level.site.as_ref().unwrap().as_str(), "caf\u{FFFD}");
    let told = recorder.records().messages();
    let is_told =
        |text: &String| text.contains("the charset `x-klingon` of the response is unknown");
    assert!(told.iter().any(is_told), "{told:?}");
}

#[tokio::test]
async fn charset_unknown_is_reported_with_a_misfit() {
    let header = "content-type: application/json; charset=x-klingon";
    let server = Server::always(response(200, &[header], b"[\"caf\xE9\"]"));
    let (recorder, guard) = Recorder::start();
    let error = stock_error(&client(&server)).await;
    drop(guard);
    let text = error.to_string();
    assert!(text.contains("JSON of another shape"), "{text}");
    let has_remedy = text.contains("enable the Cargo feature `charset`");
    assert_eq!(has_remedy, !cfg!(feature = "charset"), "{text}");
    let told = recorder.records().messages();
    let is_told = |text: &String| text.contains("the charset `x-klingon` of the response");
    assert!(told.iter().any(is_told), "{told:?}");
}

#[tokio::test]
async fn part_that_was_not_requested_is_an_error() {
    let part = |range: &str| {
        let range = format!("content-range: {range}");
        Server::always(response(206, &[&range], STOCK))
    };
    let server = part("bytes 0-9/99");
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
    let text = error.to_string();
    assert!(
        text.contains("206 Partial Content with a part of the response, `bytes 0-9/99`"),
        "{text}"
    );
    // Saved to a file, the part would pass for the whole.
    let request = || client(&server).request(Method::GET, "/api/v1/x");
    ends(request().stream()).await.unwrap_err();
    let asked = request().header("range", "bytes=0-9");
    ends(asked.stream()).await.unwrap();
    let whole = format!("bytes 0-{}/{}", STOCK.len() - 1, STOCK.len());
    for range in ["items 0-9/99", &whole] {
        stock_level(&client(&part(range))).await.unwrap();
    }
}
