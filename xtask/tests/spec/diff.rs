//! Tests `cargo xtask spec diff` with committed pairs of documents, at least one for each check.

use std::{collections::BTreeSet, fs, thread};

use serde_json::{Value, json};

use crate::comparison::{Pair, diff, here, ids, pairs, wire_diff};
use crate::loopback::{text, xtask};

/// The ids of all checks.
fn checks() -> BTreeSet<String> {
    let output = xtask(here(), &["spec", "checks"]);
    let table = text(&output.stdout);
    let rows = table.lines().skip(1);
    rows.map(|row| row.split('\t').next().unwrap().to_owned())
        .collect()
}

/// Runs on two threads; each pair runs the generator twice.
fn each_pair(test: impl Fn(&str, &Value, &Value) + Sync) {
    let pairs = pairs();
    let (first, second) = pairs.split_at(pairs.len() / 2);
    thread::scope(|scope| {
        for part in [first, second] {
            let test = &test;
            scope.spawn(move || {
                for (name, pair) in part {
                    test(name, pair, &diff(&pair["base"], &pair["revision"]));
                }
            });
        }
    });
}

#[test]
fn every_check_has_a_pair_with_its_verdict() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(here().join("diff.schema.json")).unwrap())
            .unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    each_pair(|name, pair, report| {
        let expected: BTreeSet<&str> = pair["ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap())
            .collect();
        assert_eq!(ids(report), expected, "{name}: {report:#}");
        assert_eq!(
            report["verdict"]["wire"], pair["wire"],
            "{name}: {report:#}"
        );
        match pair.get("rust") {
            Some(rust) => assert_eq!(report["verdict"]["rust"], *rust, "{name}: {report:#}"),
            None => assert_ne!(report["verdict"]["rust"], "unknown", "{name}: {report:#}"),
        }
        let faults: Vec<String> = schema
            .iter_errors(report)
            .map(|fault| fault.to_string())
            .collect();
        assert_eq!(
            faults,
            Vec::<String>::new(),
            "{name}: the schema does not describe the report"
        );
    });
    let mut without = checks();
    for (_, pair) in pairs() {
        for id in pair["ids"].as_array().unwrap() {
            without.remove(id.as_str().unwrap());
        }
    }
    assert_eq!(without, BTreeSet::new(), "these checks have no pair");
}

#[test]
fn swapped_pair_swaps_added_and_removed() {
    let opposite = |id: &str| match id {
        "operation-added" => Some("operation-removed"),
        "webhook-added" => Some("webhook-removed"),
        "media-type-added" => Some("media-type-removed"),
        "enum-value-added" => Some("enum-value-removed"),
        "union-branch-added" => Some("union-branch-removed"),
        "optional-property-added" => Some("optional-property-removed"),
        "response-header-added" => Some("response-header-removed"),
        "schema-became-nullable" => Some("schema-became-not-nullable"),
        "limit-tightened" => Some("limit-relaxed"),
        "property-became-required" => Some("property-became-optional"),
        "constraint-added" => Some("constraint-removed"),
        "schema-type-widened" => Some("schema-type-narrowed"),
        _ => None,
    };
    let mut count = 0;
    for (name, pair) in pairs() {
        let first = pair["ids"][0].as_str().and_then(opposite);
        let Some(expected) = first.filter(|_| pair["ids"].as_array().unwrap().len() == 1) else {
            continue;
        };
        let report = wire_diff(&pair["revision"], &pair["base"]);
        assert_eq!(ids(&report), BTreeSet::from([expected]), "{name}");
        count += 1;
    }
    assert!(count >= 12);
}

#[test]
fn message_of_removal_names_the_removed_part() {
    for (name, pair) in pairs() {
        let expected = match name.as_str() {
            "optional-property-removed.request" => "`b` of the request body was removed",
            "response-header-removed" => "header `x-next` of the 200 response was removed",
            "silent-default-removed" => "the default response was removed",
            _ => continue,
        };
        let report = wire_diff(&pair["base"], &pair["revision"]);
        let message = report["changes"][0]["message"].as_str().unwrap();
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn every_format_is_deterministic() {
    let pairs = pairs();
    let pair = pairs
        .iter()
        .find(|(name, _)| name == "union-branch-added.response")
        .unwrap();
    let pair = Pair::of(&pair.1["base"], &pair.1["revision"]);
    for (format, expected) in [
        ("text", "\nBreaking (1)\n\n  "),
        ("markdown", "| **breaking** | **"),
        ("json", "\"id\": \"union-branch-added\""),
        ("github", ",line=1,col="),
        ("github", ",title=union-branch-added (breaking)::"),
        ("junit", "<failure type=\"breaking\" message=\""),
    ] {
        let printed = pair.printed(&["--format", format]);
        assert_eq!(printed, pair.printed(&["--format", format]));
        assert!(!printed.contains('\u{1b}'), "colour is for terminals");
        assert!(printed.contains(expected), "{printed}");
    }
}

#[test]
fn changed_component_is_one_change() {
    let reference = json!({"$ref": "#/components/schemas/Pet"});
    let operation = |name: &str| {
        json!({"tags": ["Pets"], "summary": name, "responses": {"200": {
            "description": "ok", "content": {"application/json": {"schema": {
                "type": "array", "items": reference,
            }}},
        }}, "requestBody": {"content": {"application/json": {"schema": reference}}}})
    };
    let document = |name: Value| {
        json!({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"},
        "paths": {"/a": {"post": operation("A")}, "/b": {"put": operation("B")}},
        "components": {"schemas": {"Pet": {
            "type": "object", "properties": {"name": name, "parent": reference},
        }}}})
    };
    let report = diff(
        &document(json!({"type": "string"})),
        &document(json!({"type": ["string", "null"]})),
    );
    let changes = report["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{report:#}");
    assert_eq!(
        changes[0]["base"],
        "/components/schemas/Pet/properties/name"
    );
    assert_eq!(
        changes[0]["directions"],
        json!({"request": "compatible", "response": "breaking"})
    );
    assert_eq!(
        changes[0]["operations"],
        json!([
            {"operation": "POST /a", "directions": ["request", "response"]},
            {"operation": "PUT /b", "directions": ["request", "response"]},
        ])
    );
}

#[test]
fn large_report_limits_listed_operations() {
    const OPERATIONS: usize = 700;
    const SCHEMAS: usize = 600;
    let reference = |index: usize| json!({"$ref": format!("#/components/schemas/A{index}")});
    let document = |last: &str| {
        let schemas: serde_json::Map<String, Value> = (0..SCHEMAS)
            .map(|index| {
                let properties =
                    json!({"a": {"type": last}, "b": reference((index + 1) % SCHEMAS)});
                let schema = json!({"type": "object", "properties": properties});
                (format!("A{index}"), schema)
            })
            .collect();
        let paths: serde_json::Map<String, Value> = (0..OPERATIONS)
            .map(|index| {
                let content = json!({"application/json": {"schema": reference(index % SCHEMAS)}});
                let response = json!({"200": {"description": "ok", "content": content}});
                (
                    format!("/a{index:03}"),
                    json!({"get": {"responses": response}}),
                )
            })
            .collect();
        json!({"openapi": "3.1.0", "info": {"title": "Knot", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas}})
    };
    let report = wire_diff(&document("string"), &document("array"));
    let changes = report["changes"].as_array().unwrap();
    assert_eq!(changes.len(), SCHEMAS);
    for change in changes {
        let listed = change["operations"].as_array().unwrap();
        assert_eq!(listed.len(), 666);
        assert_eq!(change["moreOperations"], OPERATIONS - 666);
        assert_eq!(listed[665]["operation"], "GET /a665");
        assert_eq!(change["directions"], json!({"response": "breaking"}));
    }
}

#[test]
fn change_behind_long_chain_is_found() {
    const LENGTH: usize = 200;
    let reference = |index: usize| json!({"$ref": format!("#/components/schemas/A{index}")});
    let steps: [(&str, &dyn Fn(usize) -> Value); 4] = [
        ("references", &|next| reference(next)),
        (
            "parts",
            &|next| json!({"allOf": [reference(next), {"minLength": 1}]}),
        ),
        (
            "parts twice",
            &|next| json!({"allOf": [reference(next), reference(next)]}),
        ),
        ("properties", &|next| {
            json!({"type": "object", "properties": {
                "a": reference(next), "b": reference(next), "back": reference(0),
            }})
        }),
    ];
    for (name, step) in steps {
        let document = |last: &str| {
            let mut schemas: serde_json::Map<String, Value> = (0..LENGTH)
                .map(|index| (format!("A{index}"), step(index + 1)))
                .collect();
            schemas.insert(format!("A{LENGTH}"), json!({"type": last}));
            json!({"openapi": "3.1.0", "info": {"title": "Long", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {
                "description": "ok",
                "content": {"application/json": {"schema": reference(0)}},
            }}}}},
            "components": {"schemas": schemas}})
        };
        let report = wire_diff(&document("string"), &document("array"));
        assert_eq!(
            ids(&report),
            BTreeSet::from(["schema-type-changed"]),
            "{name}"
        );
        assert_eq!(report["changes"].as_array().unwrap().len(), 1, "{name}");
    }
}

#[test]
fn rust_verdict_compares_whole_crates() {
    for (name, verdict) in [
        // The component is a type, whether or not anything refers to it.
        ("composition-removed.inlined", "none"),
        ("discriminator-value-added.inherited", "patch"),
        ("discriminator-value-removed.inherited", "patch"),
        // With a field for all other members, it has no default.
        ("additional-properties-allowed.request", "major"),
    ] {
        let pairs = pairs();
        let (_, pair) = pairs.iter().find(|(known, _)| known == name).unwrap();
        let report = diff(&pair["base"], &pair["revision"]);
        assert_eq!(report["verdict"]["rust"], verdict, "{name}: {report:#}");
    }
}

#[test]
fn renamed_type_is_none_on_wire_and_major_in_rust() {
    let pairs = pairs();
    let (_, pair) = pairs
        .iter()
        .find(|(name, _)| name == "component-renamed")
        .unwrap();
    let report = diff(&pair["base"], &pair["revision"]);
    assert_eq!(report["verdict"], json!({"wire": "none", "rust": "major"}));
    let items: Vec<&str> = report["changes"][0]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap())
        .collect();
    assert!(items.contains(&"struct types::Pet"), "{items:?}");
    assert!(items.contains(&"struct types::Animal"), "{items:?}");
}

#[test]
fn unreadable_document_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.json");
    let path = file.to_str().unwrap();
    for (content, reason) in [("{", "not JSON"), ("{}", "is not an OpenAPI 3.x document")] {
        fs::write(&file, content).unwrap();
        let output = xtask(directory.path(), &["spec", "diff", path, path]);
        let error = text(&output.stderr);
        assert!(
            error.starts_with(&format!("error: {path}: ")) && error.contains(reason),
            "{error}"
        );
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn policy_overrides_effects_and_exit_codes() {
    let pairs = pairs();
    let (_, pair) = pairs
        .iter()
        .find(|(name, _)| name == "enum-value-added.response")
        .unwrap();
    let documents = Pair::of(&pair["base"], &pair["revision"]);
    let policy = documents.0.path().join("policy.json");
    let decision = json!({"effects": {"enum-value-added": {"response": "compatible"}}});
    fs::write(&policy, decision.to_string()).unwrap();
    let file = |name: &str| documents.0.path().join(name).to_str().unwrap().to_owned();
    let (base, revision, policy) = (
        file("base.json"),
        file("revision.json"),
        file("policy.json"),
    );
    for (more, code) in [
        (&[][..], 0),
        (&["--fail-on", "breaking"], 5),
        (&["--fail-on", "breaking", "--policy", &policy], 0),
        (&["--fail-on", "any", "--policy", &policy], 4),
    ] {
        let arguments = [&["spec", "diff", &base, &revision], more].concat();
        let output = xtask(documents.0.path(), &arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{more:?}: {}",
            text(&output.stderr)
        );
    }
}
