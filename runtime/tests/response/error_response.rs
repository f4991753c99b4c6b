//! Error responses: whatever the body is, the error has the status and what the server said.

use std::io::Write;

use neo_client_runtime::ErrorKind;

use crate::support::calls::{SECOND, client, client_with, once, place_order, stock_error};
use crate::support::clients::KEY;
use crate::support::connection_fault::until_closed;
use crate::support::server::{Server, json, response};
use crate::support::trace::Recorder;

#[tokio::test]
async fn error_text_holds_what_the_server_said() {
    let said =
        r#"{"code": "order_limit_reached", "message": "cap of 5 reached", "error_id": "e-7"}"#;
    let server = Server::always(json(402, said));
    let error = stock_error(&client(&server)).await;
    assert_eq!(
        error.to_string(),
        "stock.get_stock_level: 402 Payment Required: order_limit_reached: cap of 5 reached [error id e-7] \
         (check the plan and the credit of the account)"
    );
    assert_eq!(error.code(), Some("order_limit_reached"));
}

#[tokio::test]
async fn error_in_an_unknown_charset_keeps_its_code() {
    let header = "content-type: application/json; charset=x-klingon";
    for (message, expected) in [
        // windows-1251, GBK and Shift_JIS, whose characters may end with a backslash.
        (&b"\xEF\xEB\xEE\xF5\xEE!"[..], "!"),
        (b"\xB4\xED\xCE\xF3", "\u{FFFD}"),
        (b"\x8B@\x94\\", "\u{FFFD}@\u{FFFD}"),
    ] {
        let body = [
            br#"{"code": "invalid_request", "message": ""#,
            message,
            br#"", "error_id": "e-7"}"#,
        ]
        .concat();
        let server = Server::always(response(422, &[header], body));
        let (recorder, guard) = Recorder::start();
        let error = stock_error(&client(&server)).await;
        drop(guard);
        assert_eq!(error.code(), Some("invalid_request"));
        assert_eq!(error.error_id(), Some("e-7"));
        let api = error.api().unwrap();
        assert!(api.message().unwrap().contains(expected), "{error}");
        assert_eq!(api.property("code").as_deref(), Some("invalid_request"));
        let told = recorder.records().messages();
        let is_told = |text: &String| text.contains("the charset `x-klingon` of the response");
        assert!(told.iter().any(is_told), "{told:?}");
    }
}

#[tokio::test]
async fn error_page_of_a_proxy_is_shown() {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<hr>nginx</html>\r\n";
    let server = Server::always(response(502, &["content-type: text/html"], page));
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 3));
    let text = error.to_string();
    assert!(
        text.contains(": 502 Bad Gateway: 502 Bad Gateway nginx ("),
        "{text}"
    );
    assert!(
        text.ends_with("(3 attempts; trying again may help)"),
        "{text}"
    );
    assert_eq!(error.code(), None);
    let order = place_order(&client(&server)).await.unwrap_err().to_string();
    assert!(
        order.ends_with("(it may have been carried out: check before trying again)"),
        "{order}"
    );
}

#[tokio::test]
async fn error_body_of_ten_megabytes_is_cut() {
    let server = Server::always(json(
        500,
        &format!(r#"{{"error": "{}"}}"#, "x".repeat(10 << 20)),
    ));
    let error = stock_error(&client(&server)).await;
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.api().unwrap().excerpt().unwrap().chars().count(), 513);
}

#[tokio::test]
async fn error_body_that_stalls_keeps_status() {
    let server = Server::serve(|_, socket| {
        let _ =
            socket.write_all(b"HTTP/1.1 400 -\r\ncontent-length: 99\r\n\r\n{\"error\": \"bad\", ");
        until_closed(socket);
    });
    let error = stock_error(&once(&server)).await;
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Api, 400)
    );
    assert!(error.to_string().contains("bad"), "{error}");
}

#[tokio::test]
async fn error_body_that_stalls_does_not_block_retry() {
    let server = Server::accept(|connection| {
        connection.request();
        if connection.number == 0 {
            connection.send("HTTP/1.1 503 -\r\ncontent-length: 99\r\n\r\n");
            until_closed(&mut connection.socket);
        }
        connection.send(json(404, "{}"));
    });
    let client = client_with(&server, |call| call.attempt_timeout(3 * SECOND));
    let error = stock_error(&client).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (404, 2)
    );
}

#[tokio::test]
async fn error_body_that_breaks_off_keeps_status() {
    for body in [
        "content-length: 99\r\n\r\n{\"error\"",
        "transfer-encoding: chunked\r\n\r\nxyz\r\n",
    ] {
        let server = Server::always(format!("HTTP/1.1 403 -\r\n{body}").into());
        let error = stock_error(&client(&server)).await;
        assert_eq!(
            (error.status().unwrap().as_u16(), error.attempts()),
            (403, 1)
        );
    }
}

#[tokio::test]
async fn error_body_of_any_odd_kind_keeps_status() {
    let deep = "[".repeat(50_000);
    for body in [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "\"no\"",
        "7",
        "{",
        &deep,
        "{\"error\": {}}",
        "{\"error\": [1]}",
        "{\"code\": null, \"message\": 7}",
        "\u{feff}{\"error\": \"no\"}",
        "\0\u{1b}[31m\u{202e}x",
        "{\"message\": \"a\\nb\\u0000c\\u202ed\"}",
    ] {
        let server = Server::always(json(400, body));
        // The helper checks what holds for every error.
        let error = crate::support::calls::stock_level(&client(&server)).await;
        assert_eq!(error.unwrap_err().status().unwrap(), 400, "{body}");
    }
}

#[tokio::test]
async fn error_with_echoed_credential_is_redacted() {
    let said = format!(r#"{{"error": "bad key {KEY}", "code": "{KEY}", "error_id": "{KEY}"}}"#);
    for answer in [
        json(401, &said),
        response(401, &["content-type: text/html"], format!("<p>{KEY}</p>")),
        json(200, &format!("\"{KEY}\"")),
        response(200, &[&format!("content-type: {KEY}")], KEY),
        response(
            302,
            &[&format!("location: https://{KEY}.example/{KEY}")],
            KEY,
        ),
        response(200, &[&format!("content-encoding: {KEY}")], KEY),
    ] {
        stock_error(&client(&Server::always(answer))).await;
    }
}
