//! Tests of reading reasons.

use serde_json::json;

use super::*;

fn message(json: Value) -> String {
    read(&ErrorBody::new(), &json).message.unwrap_or_default()
}

#[test]
fn reason_is_found_in_any_usual_shape() {
    for (json, expected) in [
        (
            json!({"statusCode": 400, "error": "Bad Request", "message": ["a must be b", "c"]}),
            "a must be b; c",
        ),
        (json!({"detail": "no"}), "no"),
        (
            json!({"detail": [
                {"type": "missing", "loc": ["body", "name"], "msg": "Field required", "input": {"value": "canary"}},
                {"loc": ["query", 0], "msg": "too small"},
            ]}),
            "body.name: Field required; query.0: too small",
        ),
        (json!({"detail": {"message": "no", "code": 7}}), "no"),
        (json!({"detail": {"error": "no"}}), "no"),
        (json!({"errors": ["a", "b"]}), "a; b"),
        (
            json!({"errors": [{"field": "name", "message": "is empty"}, {"message": "m"}]}),
            "name: is empty; m",
        ),
        (
            json!({"errors": {"age": "is low", "name": ["is empty", "is odd"]}}),
            "age: is low; name: is empty; name: is odd",
        ),
        (
            json!({"message": "The name is empty.", "errors": {"message": ["The name is empty."]}}),
            "The name is empty.; message: The name is empty.",
        ),
        (
            json!({"errors": [{"status": "422", "source": {"pointer": "/data/name"}, "title": "Invalid", "detail": "too short"}]}),
            "/data/name: too short",
        ),
        (
            json!({"errors": [{"message": "no", "path": ["a", 0]}], "data": null}),
            "a.0: no",
        ),
        (
            json!({"error": {"message": "no", "type": "t", "code": null}}),
            "no",
        ),
        (
            json!({"error": {"code": 400, "message": "Invalid", "details": [
                {"@type": "t", "fieldViolations": [{"field": "name", "description": "is odd"}]}
            ]}}),
            "Invalid; name: is odd",
        ),
        (
            json!({"error": "invalid_grant", "error_description": "It expired"}),
            "It expired",
        ),
        (
            json!({"type": "about:blank", "title": "Invalid", "status": 422, "detail": "See errors",
                "errors": [{"detail": "is odd", "pointer": "#/name"}]}),
            "Invalid; See errors; #/name: is odd",
        ),
        (json!({"title": "Conflict", "status": 409}), "Conflict"),
        (
            json!({"Message": "No access", "ExceptionMessage": "x"}),
            "No access",
        ),
        (
            json!({"errorMessages": ["no such issue"], "errors": {}}),
            "no such issue",
        ),
        (
            json!({"fault": {"faultstring": "Invalid key", "detail": {"errorcode": "e"}}}),
            "Invalid key; errorcode: e",
        ),
        (
            json!({"error": {"issues": [{"path": ["name"], "message": "Required"}], "name": "ZodError"}}),
            "name: Required",
        ),
        (
            json!({"name": ["This field is required."]}),
            "name: This field is required.",
        ),
        (
            json!({"error": "storage unavailable", "items": null}),
            "storage unavailable",
        ),
        (
            json!({"errorSummary": "Not valid", "errorCauses": [{"errorSummary": "login: taken"}]}),
            "Not valid; login: taken",
        ),
        (
            json!({"error_summary": "path/not_found/..", "error": {".tag": "path"}}),
            "path/not_found/..",
        ),
        (json!({"error": {"errors": [{"message": "x"}]}}), "x"),
        (json!({"error": {"message": ["a"], "code": ["b"]}}), "a"),
        (
            json!({"message": {"title": ["is too short"]}}),
            "title: is too short",
        ),
        (
            json!({"message": {"password": ["is too short"]}}),
            "password: is too short",
        ),
        (
            json!({"object": "error", "message": {"detail": [{"loc": ["body", "x"], "msg": "not permitted"}]}}),
            "body.x: not permitted",
        ),
        (
            json!({"error": {"code": "SY/530", "message": {"lang": "en", "value": "Invalid filter"}}}),
            "Invalid filter",
        ),
        (
            json!({"message": "Bad Request", "_embedded": {"errors": [{"message": "name: must not be blank"}]}}),
            "Bad Request; name: must not be blank",
        ),
        (
            json!({"hydra:title": "An error occurred", "hydra:description": "name: is blank"}),
            "name: is blank",
        ),
        (
            json!({"invalid-params": [{"name": "age", "reason": "is low"}]}),
            "age: is low",
        ),
    ] {
        assert_eq!(message(json.clone()), expected, "{json}");
    }
}

#[test]
fn error_without_text_has_no_reason() {
    for json in [
        json!({}),
        json!([]),
        json!(""),
        json!(null),
        json!({"message": "", "detail": null, "errors": []}),
        json!({"detail": [{"loc": ["body"]}], "message": null}),
        json!({"count": 7, "ok": false}),
    ] {
        assert_eq!(read(&ErrorBody::new(), &json).message, None, "{json}");
    }
}

#[test]
fn names_of_the_api_come_first() {
    let shape = ErrorBody::new()
        .message(&["why", "error"])
        .code(&["number"]);
    let json = json!({"message": "m", "why": "w", "error": "e", "number": 7, "request_id": "r"});
    let expected = Reason {
        code: Some("7".to_owned()),
        message: Some("w".to_owned()),
        error_id: Some("r".to_owned()),
    };
    assert_eq!(read(&shape, &json), expected);
    let oauth = json!({"error": "invalid_grant", "error_description": "It expired"});
    let said = read(&ErrorBody::new(), &oauth);
    assert_eq!(said.code.as_deref(), Some("invalid_grant"));
}

#[test]
fn many_errors_are_counted() {
    let errors: Vec<String> = (0..25).map(|number| format!("e{number}.")).collect();
    let text = message(json!({"errors": errors}));
    assert!(
        text.starts_with("e0.; e1.") && text.ends_with("e9.; and 15 more"),
        "{text}"
    );
}

#[test]
fn nested_errors_have_a_bound() {
    let mut json = json!({"message": "deep"});
    for _ in 0..100 {
        json = json!({"errors": [json]});
    }
    assert_eq!(read(&ErrorBody::new(), &json).message, None);
}

#[test]
fn failure_in_a_success_is_told_apart() {
    for json in [
        json!({"error": "no"}),
        json!({"error": {"message": "no"}, "items": []}),
        json!({"errors": [{"message": "no"}], "data": null}),
        json!({"success": false, "error": "no", "code": 7}),
    ] {
        assert!(tells_failure(&json), "{json}");
    }
    for json in [
        json!({}),
        json!([]),
        json!({"error": null}),
        json!({"error": ""}),
        json!({"error": {}}),
        json!({"errors": []}),
        json!({"ok": true, "error": "old"}),
        json!({"Success": true, "Error": "none"}),
        json!({"Error": 0, "Message": "OK"}),
        json!({"message": "done"}),
    ] {
        assert!(!tells_failure(&json), "{json}");
    }
    assert!(is_nothing_else(
        &json!({"error": "no", "code": "c", "request-id": "r"})
    ));
    assert!(is_nothing_else(&json!({"error": "no", "items": null})));
    assert!(!is_nothing_else(&json!({"error": "no", "items": []})));
    for json in [
        json!({"success": false, "message": "no"}),
        json!({"ok": false, "details": ["no"]}),
        json!({"error": true, "reason": "no"}),
        json!({"Success": false, "Message": "no"}),
    ] {
        assert!(tells_failure(&json), "{json}");
    }
    for json in [
        json!({"success": false}),
        json!({"error": true}),
        json!({"error": false, "message": "done"}),
    ] {
        assert!(!tells_failure(&json), "{json}");
    }
}

#[test]
fn first_property_shows_a_value() {
    for value in [
        r#"{"credits":1}"#,
        r#" { "_items" : [] , "error": "no" }"#,
        r#"{"Messages":{}}"#,
    ] {
        assert!(begins_with_value(value.as_bytes()), "{value}");
    }
    for open in [
        "",
        "[]",
        "{}",
        "null",
        r#"{"credits""#,
        r#"{"credits":null,"error":"no"}"#,
        r#"{"error":"no"}"#,
        r#"{"Error_Message":"no"}"#,
        r#"{"request-id":"7","error":"no"}"#,
        r#"{"err\u006fr":"no"}"#,
    ] {
        assert!(!begins_with_value(open.as_bytes()), "{open}");
    }
}
