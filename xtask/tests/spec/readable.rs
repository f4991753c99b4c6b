//! Tests that long reports stay readable: nothing twice, Markdown that renders, and witnesses.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

use crate::comparison::Pair;

/// A document with forty operations, each with types of its own.
fn document() -> Value {
    let mut paths = json!({});
    let mut schemas = json!({});
    for index in 0..40 {
        let name = format!("Thing{index}");
        let content = json!({"application/json": {"schema": {
            "$ref": format!("#/components/schemas/{name}")
        }}});
        paths[format!("/things/{index}")] = json!({"post": {
            "tags": ["Things"], "summary": format!("Make thing {index}"),
            "parameters": [
                {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                {"name": "a_*b*_<i>", "in": "query", "schema": {"type": "string"}},
            ],
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "ok", "content": content}},
        }});
        schemas[name] = json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "description": "The id."},
            "size": {"type": "integer", "maximum": 100},
            "mood": {"type": "string", "enum": ["a", "b|c", "`d`"]},
        }});
    }
    json!({"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas}})
}

/// The document after several edits of each operation and type.
fn edited() -> Value {
    let mut document = document();
    for index in 0..40 {
        let schema = &mut document["components"]["schemas"][format!("Thing{index}")];
        let properties = &mut schema["properties"];
        properties["id"]["description"] = json!("The *key* <b>of</b> it. @all");
        properties["size"] = match index % 3 {
            0 => json!({"type": "string"}),
            _ => json!({"type": "integer", "maximum": 50}),
        };
        properties["mood"]["enum"] = json!(["a", "`d`", "e"]);
        let path = format!("/things/{index}");
        document["paths"][&path]["post"]["parameters"][0]["required"] = json!(true);
        if index % 8 == 0 {
            document["paths"].as_object_mut().unwrap().remove(&path);
        }
    }
    document
}

/// The texts of list items and headings, as a reader sees them.
fn rendered(markdown: &str) -> (Vec<String>, Vec<(HeadingLevel, String)>) {
    let (mut items, mut headings) = (Vec::new(), Vec::new());
    let mut open: Vec<String> = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Item | Tag::Heading { .. }) => open.push(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(last) = open.last_mut() {
                    last.push_str(&text);
                }
            }
            Event::End(TagEnd::Item) => items.extend(open.pop()),
            Event::End(TagEnd::Heading(level)) => {
                headings.extend(open.pop().map(|text| (level, text)));
            }
            Event::Html(html) => {
                let html = html.trim();
                let is_ours = ["<details>", "</details>", "<summary>"]
                    .iter()
                    .any(|tag| html.starts_with(tag));
                assert!(is_ours, "the document's text became HTML: {html}");
            }
            Event::InlineHtml(html) => panic!("the document's text became HTML: {html}"),
            _ => {}
        }
    }
    (items, headings)
}

#[test]
fn markdown_renders_each_change_as_one_list_item() {
    let pair = Pair::of(&document(), &edited());
    let report = pair.report(&[]);
    let printed = pair.printed(&["--format", "markdown"]);
    let (items, headings) = rendered(&printed);
    let fingerprints = report["changes"].as_array().unwrap().iter();
    let fingerprints: Vec<&str> = fingerprints
        .map(|change| change["fingerprint"].as_str().unwrap())
        .collect();
    assert!(fingerprints.len() > 150, "{}", fingerprints.len());
    for fingerprint in fingerprints {
        let holders = items.iter().filter(|item| item.contains(fingerprint));
        assert_eq!(holders.count(), 1, "{fingerprint} in {printed}");
    }
    for item in report["rust"]["items"].as_array().unwrap() {
        let name = item["item"].as_str().unwrap();
        let Some((owner, field)) = name
            .strip_prefix("field types::")
            .and_then(|it| it.split_once('.'))
        else {
            continue;
        };
        let holders = printed.lines().filter(|line| {
            let is_other = line.contains("also of") && line.contains(&format!("`{owner}`"));
            line.contains(&format!("{name}: ")) || is_other && line.contains(&format!(".{field}: "))
        });
        assert_eq!(holders.count(), 1, "{name}: {printed}");
    }
    let titles: Vec<&str> = headings
        .iter()
        .filter(|(level, _)| *level == HeadingLevel::H3)
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(titles[0].starts_with("Breaking ("), "{titles:?}");
    assert!(
        headings
            .iter()
            .any(|(_, text)| text.starts_with("operation-removed (5)")),
        "{headings:?}"
    );
}

#[test]
fn text_report_prints_nothing_twice_and_stays_short() {
    let pair = Pair::of(&document(), &edited());
    let printed = pair.printed(&[]);
    let changes = pair.report(&[])["changes"].as_array().unwrap().len();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in printed.lines().map(str::trim) {
        let is_item = line.contains("fingerprint ")
            || ["- ", "+ ", "fn witness"]
                .iter()
                .any(|start| line.starts_with(start))
            || line.contains(" ⇒ ");
        if is_item {
            *counts.entry(line).or_default() += 1;
        }
    }
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let lines = printed.lines().count();
    assert!(lines < changes * 3, "{lines} lines for {changes} changes");
    let breaking = printed.find("\nBreaking (").unwrap();
    let rest = printed.find("\nDocumentation (").unwrap();
    assert!(breaking < rest);
}

#[test]
fn major_change_is_shown_with_its_witness() {
    let mut revision = document();
    let size = "/components/schemas/Thing0/properties/size";
    *revision.pointer_mut(size).unwrap() = json!({"type": "string"});
    let pair = Pair::of(&document(), &revision);
    let witness = "fn witness(it: types::Thing0) -> Option<i64> { it.size }";
    for (format, expected) in [
        ("text", format!("      {witness}\n")),
        ("markdown", format!("\n  - `{witness}`\n")),
        ("json", format!("\"code\": \"{witness}\"")),
    ] {
        let printed = pair.printed(&["--format", format]);
        assert!(printed.contains(&expected), "{printed}");
    }
}

#[test]
fn item_of_unused_component_is_marked() {
    let with = |of: &str| {
        let mut document = document();
        document["components"]["schemas"]["Spare"] =
            json!({"type": "object", "properties": {"s": {"type": of}}});
        document
    };
    let pair = Pair::of(&with("string"), &with("integer"));
    let report = pair.report(&[]);
    assert_eq!(report["verdict"], json!({"wire": "none", "rust": "major"}));
    let printed = pair.printed(&[]);
    let remark = "a public type of a component that no operation uses";
    assert!(printed.contains(remark), "{printed}");
}

#[test]
fn inherited_change_is_one_entry_with_one_witness() {
    let with = |of: &str| {
        let mut document = document();
        let schemas = &mut document["components"]["schemas"];
        schemas["Base"] = json!({"type": "object", "properties": {"shared": {"type": of}}});
        for index in 0..6 {
            let own = schemas[format!("Thing{index}")].take();
            let base = json!({"$ref": "#/components/schemas/Base"});
            schemas[format!("Thing{index}")] = json!({"allOf": [base, own], "description": of});
        }
        document
    };
    let pair = Pair::of(&with("string"), &with("integer"));
    let printed = pair.printed(&["--format", "markdown"]);
    let entry = "`field types::Base.shared: Option<String> ⇒ Option<i64>`, also of `Thing0`, \
                 `Thing1`, `Thing2`, `Thing3`, `Thing4`, `Thing5`\n";
    assert!(printed.contains(entry), "{printed}");
    assert_eq!(printed.matches("fn witness(").count(), 1, "{printed}");
    // Other words of a subtype did not cause what its base did.
    assert!(!printed.contains("Breaking in Rust"), "{printed}");
}

#[test]
fn changes_with_one_message_are_one_finding() {
    let mut revision = document();
    let properties = "/components/schemas/Thing0/properties";
    let properties = revision.pointer_mut(properties).unwrap();
    properties["size"] = json!({"type": "integer", "maximum": 100, "description": "a"});
    properties["mood"]["description"] = json!("b");
    for name in ["id", "size"] {
        properties[name]["maxLength"] = json!(9);
        properties[name]["maximum"] = json!(9);
    }
    let pair = Pair::of(&document(), &revision);
    let printed = pair.printed(&["--no-rust", "--format", "markdown"]);
    let finding = "- the description changed in `POST /things/0`: `Thing0.mood` (`";
    assert!(printed.contains(finding), "{printed}");
    assert_eq!(
        printed.matches("the description changed").count(),
        1,
        "{printed}"
    );
}

#[test]
fn names_are_shown_as_they_are_in_markdown() {
    let mut revision = document();
    let name = "/paths/~1things~10/post/parameters/1/schema";
    *revision.pointer_mut(name).unwrap() = json!({"type": "integer"});
    let pair = Pair::of(&document(), &revision);
    let (items, _) = rendered(&pair.printed(&["--no-rust", "--format", "markdown"]));
    let start = "query parameter a_*b*_<i> admits fewer types (string → integer) in POST /things/0";
    assert!(
        items.iter().any(|item| item.starts_with(start)),
        "{items:?}"
    );
}

#[test]
fn items_without_a_change_that_break_stand_before_the_rest() {
    let with = |of: &str, words: &str| {
        let mut document = document();
        document["components"]["schemas"]["Spare"] =
            json!({"type": "object", "properties": {"s": {"type": of}}});
        document["paths"]["/things/0"]["post"]["description"] = json!(words);
        document
    };
    let pair = Pair::of(&with("string", "a"), &with("integer", "b"));
    for (format, breaking, rest) in [
        (
            "text",
            "\nBreaking in Rust, beside these changes (1)\n",
            "\nDocumentation (1)\n",
        ),
        (
            "markdown",
            "\n### Breaking in Rust, beside these changes (1)\n",
            "<summary>Documentation (1)</summary>",
        ),
    ] {
        let printed = pair.printed(&["--format", format]);
        let at = |part: &str| {
            printed
                .find(part)
                .unwrap_or_else(|| panic!("{part}: {printed}"))
        };
        assert!(at(breaking) < at(rest), "{printed}");
    }
}

#[test]
fn property_that_breaks_on_the_wire_is_told_there() {
    let with = |of: Value, format: &str| {
        let mut document = document();
        let post = &mut document["paths"]["/things/0"]["post"];
        post.as_object_mut().unwrap().remove("requestBody");
        document["components"]["schemas"]["Thing0"]["properties"]["at"] =
            json!({"type": of, "format": format});
        document
    };
    let old = with(json!(["string", "null"]), "date-time");
    let pair = Pair::of(&old, &with(json!("string"), "date"));
    let printed = pair.printed(&["--format", "markdown"]);
    assert!(
        printed.contains("has another format (\"date-time\" → \"date\")"),
        "{printed}"
    );
    assert_eq!(
        printed.matches("field types::Thing0.at: ").count(),
        1,
        "{printed}"
    );
    assert!(!printed.contains("Breaking in Rust"), "{printed}");
    let folded = printed
        .split("<summary>Compatible (1)</summary>")
        .nth(1)
        .unwrap();
    assert!(folded.contains("can no longer be null"), "{printed}");
}
