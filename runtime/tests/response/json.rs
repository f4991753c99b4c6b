//! JSON that differs from the document: read where that is safe, otherwise the field is named.

use std::collections::BTreeMap;

use neo_client_runtime::{Error, ErrorKind, LostPart, Method};
use serde_json::{Value, json as value};

use crate::support::calls::{client, stock_error, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json, response};
use crate::support::trace::Recorder;

/// Returns the stock level with changed properties.
fn with(changes: Value) -> String {
    let mut body: Value = serde_json::from_str(STOCK).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}

/// Returns the decoding error of `body`, and asserts that the request was not retried.
async fn error(body: impl AsRef<[u8]>) -> Error {
    let server = Server::always(response(200, &["content-type: application/json"], body));
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert_eq!(error.status().unwrap(), 200);
    assert!(error.to_string().contains("200 OK with"), "{error}");
    assert_eq!(server.received().len(), 1);
    error
}

/// Returns the parts that `body` loses.
async fn lost(body: impl AsRef<[u8]>) -> Vec<LostPart> {
    let server = Server::always(response(200, &["content-type: application/json"], body));
    let level = stock_level(&client(&server)).await.unwrap();
    assert_eq!(level.available, 60.0);
    level.lost().to_vec()
}

#[tokio::test]
async fn whole_float_for_integer_is_read() {
    let card = value!([{"row": 3.0, "shelf": 2031.0}]);
    let server = Server::always(json(200, &with(value!({"bays": card}))));
    let level = stock_level(&client(&server)).await.unwrap();
    let bays = level.bays.as_ref().unwrap();
    assert_eq!(bays[0].row, Some(3));
    assert_eq!(bays[0].shelf, Some(2031));
}

#[tokio::test]
async fn fraction_for_integer_is_lost_with_path() {
    let card = value!([{"row": 3}, {"row": 3.5}]);
    let lost = lost(with(value!({"bays": card}))).await;
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].path(), "bays[1].row");
    assert!(lost[0].reason().contains("3.5"), "{lost:?}");
}

#[tokio::test]
async fn null_for_list_or_optional_is_absent() {
    let nulls = value!({"bays": null, "counted_at": null, "is_audited": null, "site": null});
    let server = Server::always(json(200, &with(nulls)));
    let level = stock_level(&client(&server)).await.unwrap();
    assert_eq!(level.bays, None);
    assert_eq!((level.counted_at, level.is_audited), (None, None));
}

#[tokio::test]
async fn null_for_required_field_is_an_error() {
    let text = error(with(value!({"shipped": null}))).await.to_string();
    assert!(
        text.contains("at `shipped`") && text.contains("null"),
        "{text}"
    );
}

#[tokio::test]
async fn required_field_missing_is_named() {
    let text = error(r#"{"available": 1, "stocked": 1}"#).await.to_string();
    assert!(text.contains("missing field `shipped`"), "{text}");
}

#[tokio::test]
async fn wrong_type_of_required_is_an_error_with_path() {
    let text = error(with(value!({"shipped": "forty"}))).await.to_string();
    assert!(text.contains("at `shipped`"), "{text}");
    assert!(text.contains("\"forty\""), "{text}");
}

#[tokio::test]
async fn wrong_type_of_optional_is_lost_with_path() {
    for (change, path, came) in [
        (value!({"is_audited": 1}), "is_audited", "`1`"),
        (value!({"counted_at": "soon"}), "counted_at", "input"),
        (value!({"bays": {}}), "bays", "map"),
        (value!({"bays": [7]}), "bays[0]", "`7`"),
        (value!({"site": []}), "site", "sequence"),
    ] {
        let lost = lost(with(change)).await;
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert_eq!(lost[0].path(), path);
        assert!(lost[0].reason().contains(came), "{came}: {lost:?}");
    }
    let secret = format!("soon {KEY}");
    let lost = lost(with(value!({"is_audited": secret}))).await;
    assert!(!format!("{lost:?}").contains(KEY), "{lost:?}");
}

#[tokio::test]
async fn too_many_lost_parts_lose_the_whole() {
    let bays = |count: usize| with(value!({ "bays": vec![7; count] }));
    assert_eq!(lost(bays(1000)).await.len(), 1000);
    let all = lost(bays(1001)).await;
    assert_eq!((all.len(), all[0].path()), (1, "bays"));
}

#[tokio::test]
async fn wrong_type_at_the_top_is_an_error() {
    for body in ["[]", "7", "\"text\"", "true", &format!("[{STOCK}]")] {
        let text = error(body).await.to_string();
        assert!(
            text.contains("of another shape than expected"),
            "{body}: {text}"
        );
    }
}

#[tokio::test]
async fn large_body_of_wrong_shape_is_cut() {
    let long = format!(r#"{{"error": "{}"}}"#, "x".repeat(1 << 20));
    let text = error(long).await.to_string();
    assert!(
        text.contains("missing field") && text.contains('…'),
        "{text}"
    );
}

#[tokio::test]
async fn deep_nesting_is_bounded() {
    for depth in [200, 200_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        error(&deep).await;
        // In an unknown property it is skipped or rejected. The call ends in both cases.
        let unread = STOCK.replace('}', &format!(", \"new\": {deep}}}"));
        let server = Server::always(json(200, &unread));
        if let Err(error) = stock_level(&client(&server)).await {
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
async fn malformed_json_is_an_error_with_cause() {
    let doubled = format!("{STOCK}\n{STOCK}");
    for (body, why) in [
        (&STOCK[..STOCK.len() - 5], "EOF while parsing"),
        ("{\"available\": 1,}", "trailing comma"),
        ("{'available': 1}", "key must be a string"),
        (&doubled, "trailing characters"),
        ("{\"available\": None}", "expected value"),
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
async fn numbers_at_the_edge_are_read_or_rejected() {
    let card = r#", "bays": [{"row": 99999999999999999999999}]}"#;
    let lost = lost(STOCK.replace('}', card)).await;
    assert_eq!(lost[0].path(), "bays[0].row");
    for number in [
        "60.0",
        "6e1",
        "-0.0",
        "1e-400",
        "60.00000000000000000000000000000001",
    ] {
        let server = Server::always(json(200, &STOCK.replace("60", number)));
        stock_level(&client(&server)).await.unwrap();
    }
}

#[tokio::test]
async fn text_that_is_not_json_is_mended_and_reported() {
    for (site, expected) in [
        (&b"\"a\xFFb\""[..], Some("a\u{FFFD}b")),
        (br#""a\ud83d""#, Some("a\u{FFFD}")),
        (b"\"a\tb\"", Some("a\tb")),
        (b"NaN", None),
        (b"-Infinity", None),
        (b"1e999", None),
    ] {
        let start = STOCK.replace('}', ", \"site\": ");
        let body = [start.as_bytes(), site, b"}"].concat();
        let server = Server::always(response(200, &["content-type: application/json"], body));
        let (recorder, guard) = Recorder::start();
        let stock = stock_level(&client(&server)).await.unwrap();
        drop(guard);
        let site = stock.site.as_ref().map(|site| site.as_str());
        assert_eq!((stock.available, site), (60.0, expected));
        let told = recorder.records().messages();
        let is_told = |text: &String| text.contains("`site` of the response is not JSON");
        assert!(told.iter().any(is_told), "{told:?}");
    }
    for number in ["NaN", "1e400", "-1e400"] {
        let text = error(STOCK.replace("60", number)).await.to_string();
        assert!(text.contains("at `available`"), "{text}");
    }
}

#[tokio::test]
async fn misfit_before_a_flaw_has_its_location() {
    let start = STOCK.replace("60", "\"x\"").replace('}', ", \"site\": ");
    for rest in [&b"\"caf\xE9\"}"[..], br#""\ud83d"}"#, b"NaN}", b"1} junk"] {
        let text = error([start.as_bytes(), rest].concat()).await.to_string();
        assert!(text.contains("than expected at `available`: "), "{text}");
        assert!(
            text.contains(r#"string "x", expected f64 at line 1"#),
            "{text}"
        );
    }
    for rest in ["", "\"a", "[{\"b\": tr"] {
        let broken = error(start.clone() + rest).await.to_string();
        assert!(
            broken.contains("than expected at `available`: "),
            "{broken}"
        );
    }
    // The break is told if all parts before it fit.
    let broken = error(STOCK.replace('}', ", \"site\": ")).await;
    assert!(
        broken.to_string().contains("cannot be read as JSON"),
        "{broken}"
    );
    // An optional value that does not fit is left out before a flaw too.
    let start = STOCK.replace('}', ", \"bays\": 7, \"site\": ");
    let lost = lost([start.as_bytes(), b"\"caf\xE9\"}"].concat()).await;
    assert_eq!((lost.len(), lost[0].path()), (1, "bays"));
}

#[tokio::test]
async fn shape_that_serde_json_calls_syntax_is_a_misfit() {
    type Own = BTreeMap<String, BTreeMap<u8, (u8, u8)>>;
    for (body, expected) in [
        (r#"{"a": {"1": [1, 2, 3], "2": 7}}"#, "at `a.1`: "),
        (r#"{"a": {"x": [1, 2]}}"#, "at `a`: "),
    ] {
        let server = Server::always(json(200, body));
        let request = client(&server).request(Method::GET, "/api/v1/x");
        let error = request.send_as::<Own>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let text = error.to_string();
        assert!(text.contains("of another shape than expected"), "{text}");
        assert!(
            text.contains(expected) && !text.contains("base URL"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn long_value_is_shown_shortened() {
    let long = with(value!({"shipped": "y".repeat(1 << 20)}));
    let text = error(long).await.to_string();
    assert!(text.contains("at `shipped`"), "{text}");
    let garbage = error("z".repeat(1 << 20)).await.to_string();
    assert!(
        garbage.contains("zzz") && garbage.contains('…'),
        "{garbage}"
    );
}

#[tokio::test]
async fn unknown_or_repeated_property_is_tolerated() {
    let new = with(value!({"brand_new": {"a": [1, null]}, "site": "orbit"}));
    let server = Server::always(json(200, &new));
    let level = stock_level(&client(&server)).await.unwrap();
    assert_eq!(level.site.as_ref().unwrap().as_str(), "orbit");
    let twice = STOCK.replace('}', ", \"shipped\": 41}");
    let server = Server::always(json(200, &twice));
    match crate::support::calls::stock_level(&client(&server)).await {
        Ok(level) => assert_eq!(level.shipped, 41.0),
        Err(error) => assert!(error.to_string().contains("duplicate field"), "{error}"),
    }
}
