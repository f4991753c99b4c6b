//! Tests the files that `cargo xtask spec refresh` writes beside the document.

use std::fs;

use crate::loopback::{document, openapi, project, text, xtask};

#[test]
fn equal_document_brings_other_files_in_step() {
    let root = project();
    let path = |file: &str| root.path().join(file);
    let source = path("openapi.json").to_str().unwrap().to_owned();
    let refresh = |more: &[&str]| {
        let arguments = [&["spec", "refresh", "--from", &source], more].concat();
        let output = xtask(root.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{more:?}");
        text(&output.stderr).replace(&format!("{source}: "), "")
    };
    assert_eq!(refresh(&[]), "openapi.json replaced\n");
    let changelog = "## [Unreleased]\n";
    fs::write(path("CHANGELOG.md"), changelog).unwrap();
    let manifest = |needs: &str, features: &str| {
        format!(
            "[package.metadata.tag-features]\n{needs}\n[features]\n\
             # Tags: begin. Written by `cargo xtask spec refresh`.\n{features}\
             # Tags: end.\npoll = []\n"
        )
    };
    let all = "all-tags = [\n    \"things\",\n]\n";
    let needs = "things = [\"poll\"]";
    let behind = manifest(needs, &format!("{all}things = []\n"));
    fs::write(path("Cargo.toml"), &behind).unwrap();

    let outcome = refresh(&["--dry-run"]);
    assert_eq!(
        outcome,
        "openapi.json is up to date\nCargo.toml would be replaced\n"
    );
    assert_eq!(fs::read_to_string(path("Cargo.toml")).unwrap(), behind);
    assert_eq!(
        refresh(&[]),
        "openapi.json is up to date\nCargo.toml replaced\n"
    );
    let written = fs::read_to_string(path("Cargo.toml")).unwrap();
    assert_eq!(written, manifest(needs, &format!("{all}{needs}\n")));
    assert_eq!(refresh(&[]), "openapi.json is up to date\n");
    assert_eq!(fs::read_to_string(path("CHANGELOG.md")).unwrap(), changelog);

    // Nothing is written if Cargo.toml is wrong.
    fs::write(path("Cargo.toml"), manifest("things = [\"pole\"]", all)).unwrap();
    fs::write(path("openapi.json"), document(&["/a"]).to_string()).unwrap();
    let output = xtask(root.path(), &["spec", "refresh", "--from", &source]);
    let reason =
        "Cargo.toml: package.metadata.tag-features: `things` needs `pole`, which is not a feature";
    let expected = format!("error: {source}: {reason}; openapi.json is unchanged\n");
    assert_eq!(text(&output.stderr), expected);
    assert_eq!(openapi(&root), document(&["/a"]).to_string());
}
