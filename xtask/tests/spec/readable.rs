//! Tests that long reports stay readable: nothing twice, Markdown that renders, lines for each
//! change, and witnesses.

use std::collections::BTreeMap;
use std::fs;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

use crate::comparison::Pair;
use crate::loopback::text;

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
            || line.contains("  ⇒  ");
        if is_item {
            *counts.entry(line).or_default() += 1;
        }
    }
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let lines = printed.lines().count();
    assert!(lines < changes * 6, "{lines} lines for {changes} changes");
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
        ("text", format!("stops compiling: {witness}")),
        ("markdown", format!("- stops compiling: `{witness}`")),
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

/// Prints the report of two texts in files with the names.
fn printed(files: [(&str, &str); 2], format: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(directory.path().join(name), content).unwrap();
    }
    let [base, revision] = files.map(|(name, _)| name);
    let arguments = ["spec", "diff", "--format", format, base, revision];
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

const YAML: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      tags: [Pets]
      summary: Save a pet
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Pet'
      responses:
        '204': {description: saved}
components:
  schemas:
    Pet:
      type: object
      properties:
        name:
          type: string
          maxLength: 9
        age:
          type: integer
";

#[test]
fn annotation_points_at_the_changed_line() {
    let gone = YAML.replace("        age:\n          type: integer\n", "");
    let other = YAML.replace("          type: integer\n", "          type: string\n");
    let tighter = YAML.replace("maxLength: 9", "maxLength: 8");
    let added = format!("{YAML}        kind:\n          type: string\n");
    for (name, revision, github, junit, item) in [
        // A property that is gone has its line in the old file.
        (
            "gone",
            gone.as_str(),
            "file=base.yaml,line=24,col=9,",
            "file=\"base.yaml\" line=\"24\"",
            "field types::Pet.age",
        ),
        (
            "type",
            &other,
            "file=new.yaml,line=24,col=9,",
            "file=\"new.yaml\" line=\"24\"",
            "field types::Pet.age",
        ),
        (
            "limit",
            &tighter,
            "file=new.yaml,line=23,col=11,",
            "file=\"new.yaml\" line=\"23\"",
            "",
        ),
        (
            "added",
            &added,
            "file=new.yaml,line=26,col=9,",
            "file=\"new.yaml\" line=\"26\"",
            "field types::Pet.kind",
        ),
    ] {
        for (format, place) in [("github", github), ("junit", junit)] {
            let files = [("base.yaml", YAML), ("new.yaml", revision)];
            let shown = printed(files, format);
            assert!(shown.contains(place), "{name}: {shown}");
            assert!(shown.contains("POST /pets"), "{name}: {shown}");
            assert!(shown.contains(item), "{name}: {shown}");
        }
    }
}

#[test]
fn junit_fails_where_only_rust_breaks() {
    let renamed = YAML.replace("summary: Save a pet", "summary: Store a pet");
    let files = [("base.yaml", YAML), ("new.yaml", renamed.as_str())];
    let shown = printed(files, "junit");
    assert!(shown.contains("failures=\"0\""), "{shown}");
    assert!(shown.contains("rust: major"), "{shown}");
    assert!(shown.contains("save_a_pet"), "{shown}");
    let shown = printed(files, "github");
    assert!(shown.contains("save_a_pet"), "{shown}");
}

#[test]
fn change_of_unused_component_is_annotated() {
    let with = |of: &str| {
        format!(
            "{YAML}    Spare:\n      type: object\n      properties:\n        s:\n          type: {of}\n"
        )
    };
    let (old, new) = (with("string"), with("integer"));
    let files = [("base.yaml", old.as_str()), ("new.yaml", new.as_str())];
    let shown = printed(files, "github");
    let expected = "::warning file=new.yaml,line=26,col=5,title=rust (major)::";
    assert!(
        shown.contains(expected) && shown.contains("field types::Spare.s"),
        "{shown}"
    );
    let shown = printed(files, "junit");
    assert!(shown.contains("classname=\"rust\""), "{shown}");
    assert!(shown.contains("file=\"new.yaml\" line=\"26\""), "{shown}");
}
