//! The rules of the Overlay Specification, with the examples that it and its repository give, and
//! ours on top.

mod shape;

use serde_json::{Value, json};

use super::apply;

/// An overlay of version 1.1.0 with these actions.
fn overlay(actions: &Value) -> Value {
    json!({"overlay": "1.1.0", "info": {"title": "test", "version": "1"}, "actions": actions})
}

fn applied(mut document: Value, actions: &Value) -> Value {
    apply(&mut document, &overlay(actions)).unwrap();
    document
}

fn refused(mut document: Value, actions: &Value) -> String {
    apply(&mut document, &overlay(actions))
        .unwrap_err()
        .to_string()
}

/// Returns the error for an overlay document of any shape.
fn unreadable(overlay: &Value) -> String {
    apply(&mut json!({}), overlay).unwrap_err().to_string()
}

#[test]
fn update_merges_objects_and_appends_arrays() {
    let document =
        json!({"info": {"title": "a", "contact": {"name": "n"}, "tags": [1], "keep": true}});
    let actions = json!([{"target": "$.info", "update": {
        "title": "b", "contact": {"url": "u"}, "tags": [2, 3], "new": {"deep": []}
    }}]);
    assert_eq!(
        applied(document, &actions),
        json!({"info": {"title": "b", "contact": {"name": "n", "url": "u"}, "tags": [1, 2, 3], "keep": true,
            "new": {"deep": []}}})
    );
}

#[test]
fn update_of_array_concatenates_or_appends() {
    for (update, result) in [
        (json!([2, 3]), json!([1, 2, 3])),
        (json!([[2]]), json!([1, [2]])),
        (json!({"in": "query"}), json!([1, {"in": "query"}])),
        (json!("text"), json!([1, "text"])),
        (json!(null), json!([1, null])),
    ] {
        let actions = json!([{"target": "$.list", "update": update}]);
        assert_eq!(
            applied(json!({"list": [1]}), &actions),
            json!({"list": result})
        );
    }
}

#[test]
fn update_replaces_primitives_of_any_type() {
    for update in [json!("new"), json!(1), json!(false), json!(null)] {
        for old in [json!("old"), json!(2.5), json!(null)] {
            let actions = json!([{"target": "$.a.b", "update": update}]);
            assert_eq!(
                applied(json!({"a": {"b": old}}), &actions),
                json!({"a": {"b": update}})
            );
        }
    }
}

#[test]
fn update_reaches_every_selected_node_once() {
    let document = json!({"paths": {"/a": {"get": {}}, "/b": {"get": {"x": 1}, "post": {}}}});
    assert_eq!(
        applied(
            document,
            &json!([{"target": "$.paths.*.get", "update": {"x-safe": true}}])
        ),
        json!({"paths": {"/a": {"get": {"x-safe": true}}, "/b": {"get": {"x": 1, "x-safe": true}, "post": {}}}})
    );
    // The path selects the array three times.
    let actions = json!([{"target": "$['a', 'a', 'a']", "update": 2}]);
    assert_eq!(applied(json!({"a": [1]}), &actions), json!({"a": [1, 2]}));
}

#[test]
fn incompatible_values_are_rejected_with_locations() {
    for (document, update, message) in [
        (
            json!({"a": {"b": {"c/d": []}}}),
            json!({"b": {"c/d": {}}}),
            "an object into the array at \"/a/b/c~1d\"",
        ),
        (
            json!({"a": {"b": {}}}),
            json!({"b": null}),
            "null into the object at \"/a/b\"",
        ),
        (
            json!({"a": {"b": 1}}),
            json!({"b": [1]}),
            "an array into the number at \"/a/b\"",
        ),
        (
            json!({"a": {}}),
            json!("text"),
            "a string into the object at \"/a\"",
        ),
        (
            json!({"a": true}),
            json!({}),
            "an object into the boolean at \"/a\"",
        ),
    ] {
        assert_eq!(
            refused(document, &json!([{"target": "$.a", "update": update}])),
            format!(
                "/actions/0/update: cannot merge {message} of the document; correct it, or remove that first"
            )
        );
    }
}

#[test]
fn targets_of_several_kinds_are_rejected() {
    let document = json!({"a": {"b": {}, "c": [], "d": 1, "e": null}});
    let actions = json!([{"target": "$.a.*", "update": {}}]);
    assert_eq!(
        refused(document.clone(), &actions),
        "/actions/0/target: \"$.a.*\" selects 1 objects, 1 arrays and 2 primitives; \
         `update` and `copy` need nodes of one kind"
    );
    let actions = json!([{"target": "$.a.*", "remove": true}]);
    assert_eq!(
        applied(document, &actions),
        json!({"a": {}}),
        "`remove` takes any"
    );
}

#[test]
fn remove_of_elements_does_not_shift_others() {
    let document = json!({"list": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "a": 1, "b": 2, "c": 3});
    let actions = json!([
        {"target": "$.list[1, 10, 2, -1, 2]", "remove": true},
        {"target": "$['a']", "remove": true},
    ]);
    let result = applied(document, &actions);
    assert_eq!(
        result,
        json!({"list": [0, 3, 4, 5, 6, 7, 8, 9], "b": 2, "c": 3})
    );
    assert_eq!(
        result.to_string(),
        r#"{"list":[0,3,4,5,6,7,8,9],"b":2,"c":3}"#,
        "the order of the others is kept"
    );

    let parameters =
        json!({"p": [{"name": "a"}, {"name": "dummy"}, {"name": "b"}, {"name": "dummy"}]});
    let actions = json!([{"target": "$.p[?@.name == 'dummy']", "remove": true}]);
    assert_eq!(
        applied(parameters, &actions),
        json!({"p": [{"name": "a"}, {"name": "b"}]})
    );
}

#[test]
fn remove_takes_nested_nodes() {
    let actions = json!([{"target": "$.a..*", "remove": true}]);
    assert_eq!(
        applied(json!({"a": {"b": [[1, 2], {"c": 3}]}, "d": 4}), &actions),
        json!({"a": {}, "d": 4})
    );
}

#[test]
fn root_cannot_be_removed() {
    assert_eq!(
        refused(json!({}), &json!([{"target": "$", "remove": true}])),
        "/actions/0/target: \"$\" selects the root of the document, which cannot be removed"
    );
}

#[test]
fn copy_merges_the_one_selected_node() {
    let paths =
        json!({"paths": {"/items": {"get": {"id": 1}}, "/some-items": {"delete": {"id": 2}}}});
    let actions = json!([{"target": "$.paths[\"/some-items\"]", "copy": "$.paths[\"/items\"]"}]);
    assert_eq!(
        applied(paths.clone(), &actions),
        json!({"paths": {"/items": {"get": {"id": 1}}, "/some-items": {"get": {"id": 1}, "delete": {"id": 2}}}})
    );
    let renamed = json!([
        {"target": "$.paths", "update": {"/new-items": {}}},
        {"target": "$.paths['/new-items']", "copy": "$.paths['/items']"},
        {"target": "$.paths['/items']", "remove": true},
    ]);
    assert_eq!(
        applied(paths, &renamed),
        json!({"paths": {"/new-items": {"get": {"id": 1}}, "/some-items": {"delete": {"id": 2}}}})
    );
    let actions = json!([{"target": "$.to", "copy": "$.from"}]);
    assert_eq!(
        applied(json!({"from": [1], "to": [0]}), &actions),
        json!({"from": [1], "to": [0, 1]})
    );
    assert_eq!(
        applied(json!({"from": 1, "to": "0"}), &actions),
        json!({"from": 1, "to": 1})
    );
    assert_eq!(
        applied(json!({"from": 1, "to": []}), &actions),
        json!({"from": 1, "to": [1]})
    );
    let actions = json!([{"target": "$.a", "copy": "$"}]);
    assert_eq!(
        applied(json!({"a": {}}), &actions),
        json!({"a": {"a": {}}}),
        "the source is read before the change"
    );
}

#[test]
fn copy_needs_exactly_one_source() {
    for (path, found) in [("$.none", 0), ("$.a.*", 2)] {
        assert_eq!(
            refused(
                json!({"a": [1, 2]}),
                &json!([{"target": "$.a", "copy": path}])
            ),
            format!("/actions/0/copy: {path:?} selects {found} nodes; `copy` needs exactly one")
        );
    }
}

#[test]
fn repeated_copies_are_limited_in_depth() {
    let actions: Vec<Value> = (0..40)
        .map(|step| json!({"target": "$..a", "copy": "$", "x-step": step}))
        .collect();
    let message = refused(json!({"a": {}}), &Value::Array(actions));
    assert!(
        message.contains("/copy: would nest the document deeper than 127 levels at \"/a/a"),
        "{message}"
    );
}

#[test]
fn remove_wins_over_update_and_copy() {
    let actions = json!([{"target": "$.a", "update": {"b": 1}, "copy": "$.c", "remove": true}]);
    assert_eq!(
        applied(json!({"a": {}, "c": {}}), &actions),
        json!({"c": {}})
    );
    let actions = json!([{"target": "$.a", "update": {"b": 1}, "remove": false}]);
    assert_eq!(applied(json!({"a": {}}), &actions), json!({"a": {"b": 1}}));
    assert_eq!(
        refused(
            json!({"a": {}}),
            &json!([{"target": "$.a", "update": null, "copy": "$"}])
        ),
        "/actions/0: has both `update` and `copy`, which switch each other off; make two actions of it"
    );
}

#[test]
fn actions_apply_in_sequence() {
    let actions = json!([
        {"target": "$.a", "remove": true},
        {"target": "$", "update": {"a": {"fresh": 1}}},
        {"target": "$.a.fresh", "update": 2},
    ]);
    assert_eq!(
        applied(json!({"a": {"old": 0}}), &actions),
        json!({"a": {"fresh": 2}})
    );
}

#[test]
fn target_without_match_is_reported() {
    for action in [
        json!({"target": "$.paths['/gone'].get", "update": {}}),
        json!({"target": "$.paths['/gone'].get", "copy": "$"}),
        json!({"target": "$.paths['/gone'].get", "remove": true}),
        json!({"target": "$.paths['/gone'].get"}),
    ] {
        let actions = overlay(&json!([{"target": "$"}, action]));
        let mut document = json!({"paths": {}});
        let [idle] = &apply(&mut document, &actions).unwrap()[..] else {
            panic!("one action is idle")
        };
        assert_eq!((idle.at.as_str(), idle.is_optional), ("/actions/1", false));
        assert_eq!(
            idle.to_string(),
            "`$.paths['/gone'].get` selects nothing: the action at /actions/1 of the overlay has no \
             effect; correct the target or remove the action"
        );
        assert_eq!(document, json!({"paths": {}}));
    }
}

#[test]
fn optional_action_may_match_nothing() {
    let actions = overlay(&json!([
        {"target": "$"},
        {"target": "$[?!@.page]", "x-optional": true, "update": {"page": 1}},
    ]));
    let mut document = json!({"list": {}});
    assert!(apply(&mut document, &actions).unwrap().is_empty());
    assert_eq!(document, json!({"list": {"page": 1}}));
    let idle = apply(&mut document, &actions).unwrap();
    assert!(idle[0].is_optional && idle[0].redacted.is_none());
    assert_eq!(
        refused(json!({}), &json!([{"target": "$", "x-optional": 1}])),
        "/actions/0/x-optional: expected a boolean, found a number"
    );
}

#[test]
fn secret_action_without_match_redacts_by_name() {
    let actions = json!([{
        "target": "$..[?@.properties.key && @.properties.gone].properties.key",
        "update": {"x-secret": true},
    }]);
    let text = json!({"type": "string"});
    let mut document = json!({"properties": {"key": text, "api_key": text, "id": text}});
    let idle = apply(&mut document, &overlay(&actions)).unwrap();
    let redacted = idle[0].redacted.as_deref().unwrap();
    assert_eq!(redacted, ["/properties/key", "/properties/api_key"]);
    let secret = json!({"type": "string", "x-secret": true});
    assert_eq!(
        document,
        json!({"properties": {"key": secret, "api_key": secret, "id": text}})
    );
}
