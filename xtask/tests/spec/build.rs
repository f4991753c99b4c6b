//! Tests `cargo xtask spec build` as a program.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

const CATS: &str = r##"
openapi: 3.1.0
info: {title: Cat House, version: 1.0}
servers: [{url: "https://cats.example/v1"}]
paths:
  /cats:
    get:
      tags: [Cats]
      summary: Count cats
      responses:
        200:
          description: A number.
          content: {application/json: {schema: {$ref: "#/components/schemas/Count"}}}
components:
  schemas:
    Count: {type: object, properties: {number: {type: integer, minimum: 0}}}
    Name: {type: string}
"##;

fn xtask(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["spec", "build"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap()
}

/// A directory with `cats.yaml`.
fn cats() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("cats.yaml"), CATS).unwrap();
    directory
}

#[track_caller]
fn fails(arguments: &[&str], directory: &Path, expected: &str) {
    let output = xtask(arguments, directory);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        error.starts_with("error: ") && error.contains(expected),
        "{error}"
    );
}

#[test]
fn yaml_document_becomes_crate() {
    let cats = cats();
    let output = xtask(&["cats.yaml", "--out", "new/cats"], cats.path());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    for line in [
        "cats.yaml: cat-house-client 1.0.0 in ",
        "operations: 1 in, 1 generated, 0 left out",
        "schemas: 2 in, 2 exact, 0 widened",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let out = cats.path().join("new/cats");
    let read = |file: &str| fs::read_to_string(out.join(file)).unwrap();
    assert!(read("src/generated/api/cats.rs").contains("fn count_cats"));
    assert!(read("src/generated/mod.rs").contains("https://cats.example/v1"));
    assert!(read("ledger.txt").contains("/components/schemas/Count"));
    assert!(read("openapi.json").contains("Cat House"));
    let readme = read("README.md");
    for expected in [
        "A Rust client for Cat House 1.0",
        "use cat_house_client::{Client, Error};",
        "client.cats().count_cats().await?",
        "`https://cats.example/v1`",
    ] {
        assert!(readme.contains(expected), "{readme}");
    }
}

#[test]
fn source_completes_relative_server() {
    let cats = cats();
    let relative = CATS.replace("https://cats.example/v1", "/v2");
    fs::write(cats.path().join("cats.yaml"), relative).unwrap();
    let source = ["--source", "https://docs.example/cats.yaml"];
    let arguments = ["cats.yaml", "--out", "cats", source[0], source[1]];
    let output = xtask(&arguments, cats.path());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
    let generated = fs::read_to_string(cats.path().join("cats/src/generated/mod.rs")).unwrap();
    assert!(generated.contains("https://docs.example/v2"), "{generated}");
}

#[test]
fn url_is_refused_where_file_is_expected() {
    let cats = cats();
    let url = "https://docs.example/cats.yaml";
    let expected =
        format!("spec build fetches nothing; save the document as a file, and pass --source {url}");
    fails(&[url, "--out", "cats"], cats.path(), &expected);
    let arguments = ["cats.yaml", "--out", "cats", "--source", "cats.yaml"];
    fails(&arguments, cats.path(), "expected a URL");
    assert!(!cats.path().join("cats").exists());
}

#[test]
fn new_crate_names_nothing_of_neo() {
    let cats = cats();
    let output = xtask(
        &["cats.yaml", "--out", "cats", "--runtime-version", "0.1"],
        cats.path(),
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut pending = vec![cats.path().join("cats")];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            pending.extend(entries.map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text
            .replace("neo_client_runtime", "")
            .replace("neo-client-runtime", "");
        let text = text.replace("neo-client-codegen", "").to_lowercase();
        for word in ["neo", "taskevent", "projectdiscovery"] {
            assert!(!text.contains(word), "{word} in {}", path.display());
        }
    }
}

#[test]
fn runtime_version_makes_registry_dependency() {
    let cats = cats();
    let dependency = |more: &[&str]| {
        let arguments = [&["cats.yaml", "--out", "cats"], more].concat();
        assert!(xtask(&arguments, cats.path()).status.success());
        let manifest = fs::read_to_string(cats.path().join("cats/Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        manifest["dependencies"]["neo-client-runtime"].clone()
    };
    assert!(
        dependency(&[])["path"]
            .as_str()
            .unwrap()
            .ends_with("runtime")
    );
    assert_eq!(
        dependency(&["--runtime-version", "0.1"])["version"].as_str(),
        Some("0.1")
    );
}

#[test]
fn manifest_has_what_the_code_needs() {
    let cats = cats();
    let manifest = |document: &str| -> toml::Table {
        fs::write(cats.path().join("cats.yaml"), document).unwrap();
        let output = xtask(&["cats.yaml", "--out", "cats"], cats.path());
        assert!(output.status.success());
        let read = Command::new(env!("CARGO"))
            .args(["metadata", "--offline", "--no-deps", "--format-version=1"])
            .current_dir(cats.path().join("cats"))
            .output();
        assert!(read.unwrap().status.success());
        let manifest = fs::read_to_string(cats.path().join("cats/Cargo.toml")).unwrap();
        manifest.parse().unwrap()
    };
    let has = |manifest: &toml::Table, name: &str| manifest["dependencies"].get(name).is_some();
    let features = |manifest: &toml::Table| {
        let features = manifest["dependencies"]["neo-client-runtime"].get("features");
        features.map(ToString::to_string)
    };
    let without = manifest(CATS);
    assert!(!has(&without, "chrono") && !has(&without, "uuid"));
    assert_eq!(features(&without), None);
    // A type that no operation uses is compiled as well.
    let name = "Name: {type: object, properties: {uuid: {type: string}, at: {type: string, format: date}}}";
    let with = manifest(&CATS.replace("Name: {type: string}", name));
    assert!(has(&with, "chrono") && !has(&with, "uuid"));
    assert_eq!(features(&with).as_deref(), Some("[\"chrono\"]"));
}

#[test]
fn build_report_as_json_has_counts() {
    let cats = cats();
    let output = xtask(
        &["cats.yaml", "--out", "cats", "--format", "json"],
        cats.path(),
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["operations"],
        serde_json::json!({ "in": 1, "generated": 1, "left_out": 0 })
    );
    assert_eq!(
        report["schemas"],
        serde_json::json!({ "in": 2, "exact": 2, "widened": 0 })
    );
    assert!(report["seconds"].as_f64().unwrap() > 0.0);
}

#[test]
fn build_with_overlay_applies_it() {
    let cats = cats();
    let overlay = r#"
overlay: 1.1.0
info: {title: names, version: "1"}
actions: [{target: "$.paths['/cats'].get", update: {x-method-name: how_many}}]
"#;
    fs::write(cats.path().join("overlay.yaml"), overlay).unwrap();
    let output = xtask(
        &["cats.yaml", "--out", "cats", "--overlay", "overlay.yaml"],
        cats.path(),
    );
    assert_eq!(output.status.code(), Some(0));
    let api = fs::read_to_string(cats.path().join("cats/public-api.txt")).unwrap();
    assert!(api.contains("how_many"), "{api}");
}

#[test]
fn left_out_operations_are_named_and_counted() {
    let cats = cats();
    let more = CATS.replace(
        "components:",
        "  /gone: {$ref: '#/components/pathItems/Gone'}\ncomponents:",
    );
    fs::write(cats.path().join("cats.yaml"), more).unwrap();
    let output = xtask(&["cats.yaml", "--out", "cats"], cats.path());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("operations: 2 in, 1 generated, 1 left out"),
        "{text}"
    );
    assert!(text.contains("left out: /paths/~1gone"), "{text}");
}

#[test]
fn failed_build_keeps_the_old_crate() {
    let cats = cats();
    let path = |file: &str| cats.path().join(file);
    let build = |document: &str| xtask(&[document, "--out", "cats"], cats.path());
    assert!(build("cats.yaml").status.success());
    fs::write(path("cats/src/stray.rs"), "").unwrap();
    fs::create_dir(path("cats/target")).unwrap();
    fs::write(path("cats/target/compiled"), "").unwrap();

    fs::write(path("bad.yaml"), "openapi: 2.0.0\n").unwrap();
    fails(
        &["bad.yaml", "--out", "cats"],
        cats.path(),
        "bad.yaml: document at `/openapi`",
    );
    assert!(path("cats/src/stray.rs").exists());

    assert!(build("cats.yaml").status.success());
    assert!(!path("cats/src/stray.rs").exists());
    assert!(path("cats/target/compiled").exists());
    let left: Vec<_> = fs::read_dir(cats.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn build_error_names_the_file() {
    let cats = cats();
    let directory = cats.path();
    fs::write(directory.join("twice.yaml"), "a: 1\na: 2\n").unwrap();
    fs::write(directory.join("page.json"), "<html></html>").unwrap();
    fs::write(directory.join("bytes.json"), [0xff, 0xfe]).unwrap();
    fails(
        &["twice.yaml", "--out", "out"],
        directory,
        "line 2, column 1",
    );
    fails(
        &["page.json", "--out", "out"],
        directory,
        "page.json: not JSON: expected value at line 1 column 1",
    );
    fails(&["bytes.json", "--out", "out"], directory, "bytes.json: ");
    fails(&["none.json", "--out", "out"], directory, "none.json: ");
    fails(&["cats.yaml"], directory, "--out");
    fails(
        &["cats.yaml", "--out", "out", "--format", "xml"],
        directory,
        "[possible values: text, json]",
    );
    // Not written by us.
    fails(
        &["cats.yaml", "--out", "."],
        directory,
        "was not written by spec build",
    );
    assert!(!directory.join("out").exists());
}
