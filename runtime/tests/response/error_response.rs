//! Refusals: whatever the body is, the status comes through, with what the server said.

use std::io::Write;

use neo_client::{ErrorCode, ErrorKind};

use crate::faults::fault::until_closed;
use crate::faults::scene::{SECOND, balance_error, client, client_with, once, purchase};
use crate::server::{KEY, Server, json, reply};

#[tokio::test]
async fn what_the_server_said_is_in_the_text() {
    let said = r#"{"code": "user_spending_cap_reached", "message": "cap of 5 reached", "error_id": "e-7"}"#;
    let server = Server::always(json(402, said));
    let error = balance_error(&client(&server)).await;
    assert_eq!(
        error.to_string(),
        "billing.get_credit_balance: 402 Payment Required: user_spending_cap_reached: cap of 5 reached [error id e-7]"
    );
    assert_eq!(
        ErrorCode::of(&error),
        Some(ErrorCode::UserSpendingCapReached)
    );
}

#[tokio::test]
async fn the_page_of_a_proxy() {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<hr>nginx</html>\r\n";
    let server = Server::always(reply(502, &["content-type: text/html"], page));
    let error = balance_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 3));
    let text = error.to_string();
    assert!(
        text.contains("502 Bad Gateway: <html> <head><title>"),
        "{text}"
    );
    assert!(
        text.ends_with("(3 attempts; trying again may help)"),
        "{text}"
    );
    assert_eq!(error.code(), None);
    let order = purchase(&client(&server)).await.unwrap_err().to_string();
    assert!(
        order.ends_with("(it may have been carried out: check before trying again)"),
        "{order}"
    );
}

#[tokio::test]
async fn a_body_of_ten_megabytes() {
    let server = Server::always(json(
        500,
        &format!(r#"{{"error": "{}"}}"#, "x".repeat(10 << 20)),
    ));
    let error = balance_error(&client(&server)).await;
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.api().unwrap().excerpt().unwrap().chars().count(), 513);
}

#[tokio::test]
async fn a_body_that_stalls_does_not_hold_back_the_status() {
    let server = Server::serve(|_, socket| {
        let _ =
            socket.write_all(b"HTTP/1.1 400 -\r\ncontent-length: 99\r\n\r\n{\"error\": \"bad\", ");
        until_closed(socket);
    });
    let error = balance_error(&once(&server)).await;
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Api, 400)
    );
    assert!(error.to_string().contains("bad"), "{error}");
}

#[tokio::test]
async fn a_body_that_stalls_does_not_hold_back_the_next_attempt() {
    let server = Server::accept(|connection| {
        connection.request();
        if connection.number == 0 {
            connection.send("HTTP/1.1 503 -\r\ncontent-length: 99\r\n\r\n");
            until_closed(&mut connection.socket);
        }
        connection.send(json(404, "{}"));
    });
    let client = client_with(&server, |call| call.attempt_timeout(SECOND));
    let error = balance_error(&client).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (404, 2)
    );
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    for body in [
        "content-length: 99\r\n\r\n{\"error\"",
        "transfer-encoding: chunked\r\n\r\nxyz\r\n",
    ] {
        let server = Server::always(format!("HTTP/1.1 403 -\r\n{body}").into());
        let error = balance_error(&client(&server)).await;
        assert_eq!(
            (error.status().unwrap().as_u16(), error.attempts()),
            (403, 1)
        );
    }
}

#[tokio::test]
async fn bodies_of_every_odd_kind() {
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
        // What holds for every error is checked in there.
        let error = crate::faults::scene::balance(&client(&server)).await;
        assert_eq!(error.unwrap_err().status().unwrap(), 400, "{body}");
    }
}

#[tokio::test]
async fn an_echo_of_the_credential_is_not_told() {
    let said = format!(r#"{{"error": "bad key {KEY}", "code": "{KEY}", "error_id": "{KEY}"}}"#);
    for answer in [
        json(401, &said),
        reply(401, &["content-type: text/html"], format!("<p>{KEY}</p>")),
        json(200, &format!("\"{KEY}\"")),
        reply(200, &[&format!("content-type: {KEY}")], KEY),
        reply(
            302,
            &[&format!("location: https://{KEY}.example/{KEY}")],
            KEY,
        ),
        reply(200, &[&format!("content-encoding: {KEY}")], KEY),
    ] {
        balance_error(&client(&Server::always(answer))).await;
    }
}
