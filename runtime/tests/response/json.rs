//! JSON that is not quite what the document says: read where a reader would, else the field is named.

use neo_client::{Error, ErrorKind};
use serde_json::{Value, json as value};

use crate::faults::scene::{balance, balance_error, client};
use crate::server::{BALANCE, Server, json, reply};

/// The balance with `changes` to its members.
fn with(changes: Value) -> String {
    let mut body: Value = serde_json::from_str(BALANCE).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}

/// The error of one request for `body`: it is of a kind that is not repeated.
async fn error(body: impl AsRef<[u8]>) -> Error {
    let server = Server::always(reply(200, &["content-type: application/json"], body));
    let error = balance_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert_eq!(error.status().unwrap(), 200);
    assert!(error.to_string().contains("200 OK with"), "{error}");
    assert_eq!(server.received().len(), 1);
    error
}

#[tokio::test]
async fn a_whole_float_where_an_integer_is_documented() {
    let card = value!([{"exp_month": 3.0, "exp_year": 2031.0}]);
    let server = Server::always(json(200, &with(value!({"payment_methods": card}))));
    let balance = balance(&client(&server)).await.unwrap();
    assert_eq!(balance.payment_methods[0].exp_month, Some(3));
    assert_eq!(balance.payment_methods[0].exp_year, Some(2031));
}

#[tokio::test]
async fn a_fraction_where_an_integer_is_documented() {
    let card = value!([{"exp_month": 3}, {"exp_month": 3.5}]);
    let text = error(with(value!({"payment_methods": card})))
        .await
        .to_string();
    assert!(text.contains("at `payment_methods[1].exp_month`"), "{text}");
    assert!(text.contains("3.5"), "{text}");
}

#[tokio::test]
async fn null_for_a_list_and_for_what_is_optional() {
    let nulls = value!({"payment_methods": null, "expires_at": null, "has_purchased": null, "resource_type": null});
    let server = Server::always(json(200, &with(nulls)));
    let balance = balance(&client(&server)).await.unwrap();
    assert!(balance.payment_methods.is_empty());
    assert_eq!((balance.expires_at, balance.has_purchased), (None, None));
}

#[tokio::test]
async fn null_for_what_is_required() {
    let text = error(with(value!({"used_credits": null})))
        .await
        .to_string();
    assert!(
        text.contains("at `used_credits`") && text.contains("null"),
        "{text}"
    );
}

#[tokio::test]
async fn a_required_field_that_is_missing() {
    let text = error(r#"{"available_credits": 1, "issued_credits": 1}"#)
        .await
        .to_string();
    assert!(text.contains("missing field `used_credits`"), "{text}");
}

#[tokio::test]
async fn a_value_of_another_type() {
    for (change, path, came) in [
        (
            value!({"used_credits": "forty"}),
            "used_credits",
            "\"forty\"",
        ),
        (value!({"has_purchased": 1}), "has_purchased", "`1`"),
        (value!({"expires_at": "soon"}), "expires_at", "input"),
        (value!({"payment_methods": {}}), "payment_methods", "map"),
        (
            value!({"payment_methods": [7]}),
            "payment_methods[0]",
            "`7`",
        ),
        (value!({"resource_type": []}), "resource_type", "sequence"),
    ] {
        let text = error(with(change)).await.to_string();
        assert!(text.contains(&format!("at `{path}`")), "{path}: {text}");
        assert!(text.contains(came), "{came}: {text}");
    }
}

#[tokio::test]
async fn another_shape_at_the_top() {
    for body in ["[]", "7", "\"text\"", "true", &format!("[{BALANCE}]")] {
        let text = error(body).await.to_string();
        assert!(
            text.contains("of another shape than expected"),
            "{body}: {text}"
        );
    }
}

#[tokio::test]
async fn an_error_with_a_good_status_is_shown() {
    let said = r#"{"error": "quota exceeded", "code": "forbidden"}"#;
    let text = error(said).await.to_string();
    assert!(
        text.contains("missing field") && text.contains(said),
        "{text}"
    );
    let long = format!(r#"{{"error": "{}"}}"#, "x".repeat(1 << 20));
    let text = error(long).await.to_string();
    assert!(
        text.contains("missing field") && text.contains('…'),
        "{text}"
    );
}

#[tokio::test]
async fn deep_nesting_neither_overflows_nor_hangs() {
    for depth in [200, 200_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        error(&deep).await;
        // Where nobody looks at it, it is passed over or refused, and in both cases the call ends.
        let unread = BALANCE.replace('}', &format!(", \"new\": {deep}}}"));
        let server = Server::always(json(200, &unread));
        if let Err(error) = balance(&client(&server)).await {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(
                format!("{error:#}").contains("recursion limit"),
                "{error:#}"
            );
        }
        error("{\"a\":".repeat(depth)).await;
    }
}

#[tokio::test]
async fn json_that_is_cut_off_or_followed_by_more() {
    let doubled = format!("{BALANCE}\n{BALANCE}");
    for (body, why) in [
        (&BALANCE[..BALANCE.len() - 5], "EOF while parsing"),
        ("{\"available_credits\": 1,}", "trailing comma"),
        ("{'available_credits': 1}", "key must be a string"),
        (&doubled, "trailing characters"),
        ("{\"available_credits\": NaN}", "expected value"),
        (")]}'\n{}", "expected value"),
    ] {
        let error = error(body).await;
        let text = error.to_string();
        assert!(
            text.contains("cannot be read as JSON (content type `application/json`)"),
            "{text}"
        );
        let whole = format!("{error:#}");
        assert!(whole.contains(why), "{why}: {whole}");
    }
}

#[tokio::test]
async fn numbers_at_the_edge() {
    for number in ["1e400", "-1e400"] {
        let whole = format!("{:#}", error(BALANCE.replace("60", number)).await);
        assert!(whole.contains("number out of range"), "{whole}");
    }
    let card = r#", "payment_methods": [{"exp_month": 99999999999999999999999}]}"#;
    let text = error(BALANCE.replace('}', card)).await.to_string();
    assert!(text.contains("payment_methods[0].exp_month"), "{text}");
    for number in [
        "60.0",
        "6e1",
        "-0.0",
        "1e-400",
        "60.00000000000000000000000000000001",
    ] {
        let server = Server::always(json(200, &BALANCE.replace("60", number)));
        balance(&client(&server)).await.unwrap();
    }
}

#[tokio::test]
async fn text_that_is_not_utf_8() {
    let mut body = BALANCE
        .replace('}', ", \"resource_type\": \"#\"}")
        .into_bytes();
    let place = body.iter().position(|byte| *byte == b'#').unwrap();
    body[place] = 0xFF;
    let whole = format!("{:#}", error(&body).await);
    assert!(whole.contains("unicode"), "{whole}");
}

#[tokio::test]
async fn a_long_value_is_shown_in_part() {
    let long = with(value!({"used_credits": "y".repeat(1 << 20)}));
    let text = error(long).await.to_string();
    assert!(text.contains("at `used_credits`"), "{text}");
    let garbage = error("z".repeat(1 << 20)).await.to_string();
    assert!(
        garbage.contains("zzz") && garbage.contains('…'),
        "{garbage}"
    );
}

#[tokio::test]
async fn what_is_new_or_comes_twice() {
    let new = with(value!({"brand_new": {"a": [1, null]}, "resource_type": "galaxy"}));
    let server = Server::always(json(200, &new));
    let balance = balance(&client(&server)).await.unwrap();
    assert_eq!(balance.resource_type.as_ref().unwrap().as_str(), "galaxy");
    let twice = BALANCE.replace('}', ", \"used_credits\": 41}");
    let server = Server::always(json(200, &twice));
    match crate::faults::scene::balance(&client(&server)).await {
        Ok(balance) => assert_eq!(balance.used_credits, 41.0),
        Err(error) => assert!(error.to_string().contains("duplicate field"), "{error}"),
    }
}
