//! Tests the reports of `spec diff`, `spec checks explain` and `spec changelog`.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::comparison::{Pair, pairs};
use crate::loopback::{project, text, xtask};

/// A document with an operation that returns a limited number and accepts a text.
fn document(maximum: u32, words: &str) -> Value {
    let body = json!({"application/json": {"schema": {"type": "object", "properties": {
        "size": {"type": "integer", "maximum": maximum, "description": words},
    }}}});
    json!({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {
        "post": {"tags": ["Pets"], "summary": "Save a pet", "requestBody": {"content": body},
            "responses": {"204": {"description": "saved"}}},
        "get": {"tags": ["Pets"], "summary": "Get a pet",
            "responses": {"200": {"description": "ok", "content": body}}},
    }}})
}

fn pair() -> Pair {
    Pair::of(&document(100, "old"), &document(50, "new"))
}

#[test]
fn text_report_says_who_is_hurt_and_what_to_do() {
    let printed = pair().printed(&["--no-rust"]);
    for expected in [
        "2 of 2 operations touched",
        "(maximum 100 → 50)",
        "clients that send it: values that were valid are rejected",
        "limit-tightened (1)",
        "To do: regenerate",
        "in POST /pets",
        "fingerprint ",
        "Documentation (2)",
    ] {
        assert!(printed.contains(expected), "{expected}: {printed}");
    }
    assert!(
        printed.find("\nBreaking (1)\n") < printed.find("\nCompatible (1)\n"),
        "{printed}"
    );
}

#[test]
fn breaking_only_leaves_out_the_rest() {
    let printed = pair().printed(&["--no-rust", "--breaking-only"]);
    assert!(printed.contains("Breaking (1)"), "{printed}");
    assert!(!printed.contains("Documentation"), "{printed}");
    assert!(!printed.contains("Compatible"), "{printed}");
}

#[test]
fn markdown_report_folds_what_does_not_break() {
    let printed = pair().printed(&["--no-rust", "--format", "markdown"]);
    assert!(
        printed.contains("\n\n### Breaking (1)\n\n#### limit"),
        "{printed}"
    );
    let folded = "\n<details>\n<summary>Documentation (2)</summary>\n\n";
    assert!(printed.contains(folded), "{printed}");
    assert_eq!(
        printed.matches("<details>").count(),
        printed.matches("\n</details>\n").count()
    );
}

#[test]
fn annotations_name_operation_and_line() {
    let directory = tempfile::tempdir().unwrap();
    let yaml = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    post:\n      \
                tags: [A]\n      summary: Do\n      requestBody:\n        content:\n          \
                application/json:\n            schema:\n              type: integer\n              \
                maximum: 9\n      responses: {'204': {description: ok}}\n";
    let (base, revision) = (
        directory.path().join("a.yaml"),
        directory.path().join("b.yaml"),
    );
    fs::write(&base, yaml).unwrap();
    fs::write(&revision, yaml.replace("maximum: 9", "maximum: 8")).unwrap();
    let file = |path: &Path| path.to_str().unwrap().to_owned();
    let (base, revision) = (file(&base), file(&revision));
    for (format, place) in [
        ("github", format!("file={revision},line=13,col=15,")),
        ("junit", format!("file=\"{revision}\" line=\"13\"")),
    ] {
        let arguments = [
            "spec",
            "diff",
            "--no-rust",
            "--format",
            format,
            &base,
            &revision,
        ];
        let printed = text(&xtask(directory.path(), &arguments).stdout);
        assert!(printed.contains(&place), "{printed}");
        assert!(printed.contains("POST /a"), "{printed}");
    }
}

#[test]
fn every_check_is_explained_with_an_example() {
    let table = text(&xtask(Path::new("."), &["spec", "checks"]).stdout);
    let id = "limit-tightened";
    assert!(
        table.contains(&format!("{id}\tschema\tnarrows\tbreaking\tcompatible\t")),
        "{table}"
    );
    let printed = text(&xtask(Path::new("."), &["spec", "checks", "explain", id]).stdout);
    for expected in [
        "sends the subject: breaking, because",
        "receives the subject: compatible",
        "An example",
    ] {
        assert!(printed.contains(expected), "{printed}");
    }
    let unknown = xtask(Path::new("."), &["spec", "checks", "explain", "nothing"]);
    assert!(text(&unknown.stderr).contains("is not a check"));
}

fn git(root: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn changelog_lists_changes_from_tag_to_tag() {
    let root = project();
    let pairs = pairs();
    let (_, pair) = pairs
        .iter()
        .find(|(name, _)| name == "operation-removed")
        .unwrap();
    let write = |document: &Value| {
        fs::write(root.path().join("openapi.json"), document.to_string()).unwrap();
        fs::write(
            root.path().join("overlay.json"),
            r#"{"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": []}"#,
        )
        .unwrap();
    };
    git(root.path(), &["init", "-q"]);
    write(&pair["base"]);
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-q", "-m", "first"]);
    git(root.path(), &["tag", "v0.1.0"]);
    write(&pair["revision"]);
    let output = xtask(root.path(), &["spec", "changelog", "v0.1.0.."]);
    let notes = text(&output.stdout);
    assert!(
        notes.starts_with("## Unreleased\n\nSince v0.1.0: "),
        "{notes}{}",
        text(&output.stderr)
    );
    assert!(notes.contains("\n### Breaking\n\n- "), "{notes}");
    let wrong = xtask(root.path(), &["spec", "changelog", "v9.0.0.."]);
    assert!(text(&wrong.stderr).contains("there is no such tag"));
}

#[test]
fn file_of_a_git_revision_is_compared() {
    let root = project();
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-q", "-m", "first"]);
    fs::write(
        root.path().join("openapi.json"),
        document(1, "a").to_string(),
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(root.path())
        .args([
            "spec",
            "diff",
            "--no-rust",
            "HEAD:openapi.json",
            "openapi.json",
        ])
        .output()
        .unwrap();
    let printed = text(&output.stdout);
    assert!(
        printed.starts_with("HEAD:openapi.json → openapi.json\n"),
        "{printed}{}",
        text(&output.stderr)
    );
    assert!(printed.contains("operation-removed"), "{printed}");
}
