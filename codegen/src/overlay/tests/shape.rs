//! The shape of an overlay document, which is checked before any action runs.

use serde_json::{Value, json};

use super::{applied, overlay, unreadable};
use crate::overlay::{OverlayError, apply};

#[test]
fn overlay_shape_is_checked() {
    let info = json!({"title": "t", "version": "1"});
    let action = json!([{"target": "$"}]);
    for (overlay, message) in [
        (json!([]), ": expected an object, found an array"),
        (
            json!({"info": info, "actions": action}),
            "/overlay: required by the overlay specification, but missing",
        ),
        (
            json!({"overlay": 2}),
            "/overlay: expected a string, found a number",
        ),
        (
            json!({"overlay": "1.1"}),
            "/overlay: version \"1.1\" is not supported; write \"1.1.0\" (or \"1.0.0\")",
        ),
        (
            json!({"overlay": "1.2.0"}),
            "/overlay: version \"1.2.0\" is not supported; write \"1.1.0\" (or \"1.0.0\")",
        ),
        (
            json!({"overlay": "1.1.x"}),
            "/overlay: version \"1.1.x\" is not supported; write \"1.1.0\" (or \"1.0.0\")",
        ),
        (
            json!({"overlay": "1.1.0", "info": info, "actions": action, "invalid/Property": true}),
            "/invalid~1Property: not a field of overlay 1.1.0; correct its name, or begin it with `x-`",
        ),
        (
            json!({"overlay": "1.1.0", "info": info, "actions": action, "extends": {}}),
            "/extends: expected a string, found an object",
        ),
        (
            json!({"overlay": "1.1.0", "actions": action}),
            "/info: required by the overlay specification, but missing",
        ),
        (
            json!({"overlay": "1.1.0", "info": "x"}),
            "/info: expected an object, found a string",
        ),
        (
            json!({"overlay": "1.1.0", "info": {"version": "1"}}),
            "/info/title: required by the overlay specification, but missing",
        ),
        (
            json!({"overlay": "1.1.0", "info": {"title": "t", "version": false}}),
            "/info/version: expected a string, found a boolean",
        ),
        (
            json!({"overlay": "1.1.0", "info": {"title": "t", "version": "1", "description": 100}}),
            "/info/description: expected a string, found a number",
        ),
        (
            json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1", "description": ""}}),
            "/info/description: not a field of overlay 1.0.0; correct its name, or begin it with `x-`",
        ),
        (
            json!({"overlay": "1.1.0", "info": info}),
            "/actions: required by the overlay specification, but missing",
        ),
        (
            json!({"overlay": "1.1.0", "info": info, "actions": {}}),
            "/actions: expected an array, found an object",
        ),
        (
            json!({"overlay": "1.1.0", "info": info, "actions": []}),
            "/actions: empty; an overlay needs at least one action",
        ),
    ] {
        assert_eq!(unreadable(&overlay), message);
    }
}

#[test]
fn actions_are_checked_before_the_first_runs() {
    for (action, message) in [
        (json!(123), "/actions/1: expected an object, found a number"),
        (
            json!({"update": "text"}),
            "/actions/1/target: required by the overlay specification, but missing",
        ),
        (
            json!({"target": 100}),
            "/actions/1/target: expected a string, found a number",
        ),
        (
            json!({"target": "$", "description": 10}),
            "/actions/1/description: expected a string, found a number",
        ),
        (
            json!({"target": "$", "remove": "maybe"}),
            "/actions/1/remove: expected a boolean, found a string",
        ),
        (
            json!({"target": "$", "copy": 100}),
            "/actions/1/copy: expected a string, found a number",
        ),
        (
            json!({"target": "$", "udpate": {}}),
            "/actions/1/udpate: not a field of overlay 1.1.0; correct its name, or begin it with `x-`",
        ),
        (
            json!({"target": "$", "update": {"x": 1}}),
            "/actions/1: the same action as /actions/0; remove one of them",
        ),
    ] {
        let mut document = json!({});
        let actions = overlay(&json!([{"target": "$", "update": {"x": 1}}, action]));
        assert_eq!(
            apply(&mut document, &actions).unwrap_err().to_string(),
            message
        );
        assert_eq!(document, json!({}));
    }
}

#[test]
fn extensions_and_descriptions_are_accepted() {
    let overlay = json!({
        "overlay": "1.1.7", "extends": "./openapi.json", "x-root": {},
        "info": {"title": "t", "version": "1", "description": "d", "x-info": 1},
        "actions": [{"target": "$", "description": "nothing", "x-action": null}],
    });
    let mut document = json!({"a": 1});
    apply(&mut document, &overlay).unwrap();
    assert_eq!(document, json!({"a": 1}));
}

#[test]
fn version_1_0_is_accepted_without_copy() {
    let info = json!({"title": "t", "version": "1"});
    let overlay = |action: Value| json!({"overlay": "1.0.1", "info": info, "actions": [action]});
    let mut document = json!({"servers": [{"d": "Dev"}, {"d": "Live"}]});
    apply(
        &mut document,
        &overlay(json!({"target": "$.servers[?@.d=='Dev']", "remove": true})),
    )
    .unwrap();
    assert_eq!(document, json!({"servers": [{"d": "Live"}]}));
    assert_eq!(
        apply(&mut document, &overlay(json!({"target": "$", "copy": "$"})))
            .unwrap_err()
            .to_string(),
        "/actions/0/copy: not a field of overlay 1.0.1; correct its name, or begin it with `x-`"
    );
}

#[test]
fn invalid_json_paths_are_rejected_without_panic() {
    let deep = format!("$[?{}@.a{}]", "(".repeat(100_000), ")".repeat(100_000));
    let slow = format!("$[?{}@.a{}]", "@[']',?".repeat(60), "]".repeat(60));
    for path in [
        "",
        "info.title",
        "$.",
        "$[",
        "$['a",
        "$ ",
        "@.a",
        "$.paths.*.get[?@.x-oai-traits.paged]",
        "$.a[1.5]",
        // The library's parser panics on these four.
        r"$['\u",
        r"$['\uD",
        r"$['\uD800\u",
        r"$['\uD800\ud",
        r"$['\",
        r"$['\uD8",
        r"$['\uD80",
        r"$['\uD800",
        r"$['\uD800\",
        r"$['\uD800\uDC",
        r"$['\u00",
        // And overflows the stack on the first, and takes time without end on the second.
        &deep,
        &slow,
    ] {
        let actions = json!([{"target": path, "remove": true}]);
        let mut document = json!({"a": 1});
        match apply(&mut document, &overlay(&actions)) {
            Err(OverlayError::Path { at, path: text, .. }) => {
                assert_eq!((at.as_str(), text.as_str()), ("/actions/0/target", path));
            }
            other => panic!("{path:?}: {other:?}"),
        }
    }
    let nested = format!(
        "$[?@['[([([([([([('] || {}@.a{}]",
        "(".repeat(9),
        ")".repeat(9)
    );
    let actions = json!([{"target": nested, "update": {"b": 1}}]);
    assert_eq!(
        applied(json!({"x": {"a": 1}}), &actions),
        json!({"x": {"a": 1, "b": 1}})
    );
}

#[test]
fn names_of_any_kind_are_found() {
    let document = json!({"a/b": {"~": {"it's": {"\"": {"é": {"": {"0": []}}}}}}});
    let actions =
        json!([{"target": r#"$['a/b']['~']['it\'s']["\""]['\u00e9']['']['0']"#, "update": 1}]);
    let result = json!({"a/b": {"~": {"it's": {"\"": {"é": {"": {"0": [1]}}}}}}});
    assert_eq!(applied(document, &actions), result);
}
