//! Runs the script of the drift workflow against a server on loopback and a bare git repository.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use crate::loopback::{document, json_response, project, serve, text};
use serde_json::json;

/// Records its arguments, and lists as many pull requests as were created.
const GH: &str = r#"#!/bin/sh
echo "$*" >> "$GH_LOG"
if [ "$2" = list ]; then grep -c "^pr create" "$GH_LOG"; fi
exit 0
"#;

fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn drift(root: &Path, tools: &Path, url: &str) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.github/scripts/drift");
    let xtask = format!("{} --root {}", env!("CARGO_BIN_EXE_xtask"), root.display());
    let path = format!("{}:{}", tools.display(), env::var("PATH").unwrap());
    Command::new("bash")
        .arg(script)
        .current_dir(root)
        .env("PATH", path)
        .env("NO_PROXY", "127.0.0.1")
        .env("BRANCH", "spec-drift")
        .env("XTASK", xtask)
        .env("SPEC_SOURCE", url)
        .env("RUNNER_TEMP", tools)
        .env("GITHUB_STEP_SUMMARY", tools.join("summary.md"))
        .env("GH_LOG", tools.join("gh.log"))
        .output()
        .unwrap()
}

#[test]
fn drift_opens_one_pull_request_with_all_files() {
    let (root, tools, remote) = (
        project(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (root, tools, remote) = (root.path(), tools.path(), remote.path());
    fs::write(tools.join("gh"), GH).unwrap();
    fs::set_permissions(tools.join("gh"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(root.join("tests/snapshots")).unwrap();
    for file in [
        "tests/snapshots/ledger.txt",
        "tests/snapshots/public-api.txt",
    ] {
        fs::write(root.join(file), "").unwrap();
    }
    fs::write(
        root.join("CHANGELOG.md"),
        "# Changelog\n\n## [Unreleased]\n",
    )
    .unwrap();
    let coverage = "# Things\n\nThe client calls 4 of 4 operations of the document, in 1 tags.\n";
    fs::write(root.join("README.md"), coverage).unwrap();
    git(remote, &["init", "--quiet", "--bare"]);
    git(root, &["init", "--quiet", "-b", "main"]);
    git(root, &["remote", "add", "origin", remote.to_str().unwrap()]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "Start"]);

    // The same document: nothing happens.
    let same = serve(json_response(&document(&["/a", "/b", "/c", "/d"])), 1);
    let output = drift(root, tools, &same);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!tools.join("gh.log").exists());

    // An operation is gone, to which an action of the overlay belongs; another is new, and one has
    // another summary.
    let mut new = document(&["/b", "/c", "/d", "/e"]);
    new["paths"]["/b"]["get"]["summary"] = json!("Show b");
    for (round, request) in ["pr create", "pr edit"].into_iter().enumerate() {
        let url = serve(json_response(&new), 2);
        let output = drift(root, tools, &url);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{error}");
        let log = fs::read_to_string(tools.join("gh.log")).unwrap();
        assert!(log.lines().last().unwrap().starts_with(request), "{log}");
        assert_eq!(log.matches("pr create").count(), 1, "{log}");
        let changed = git(
            remote,
            &[
                "diff-tree",
                "--no-commit-id",
                "--name-only",
                "-r",
                "spec-drift",
            ],
        );
        let files = [
            "CHANGELOG.md",
            "openapi.json",
            "overlay.json",
            "tests/snapshots/ledger.txt",
            "tests/snapshots/public-api.txt",
        ];
        for file in files {
            assert!(
                changed.contains(file),
                "{round}: {file} is not in {changed}"
            );
        }
        let body = fs::read_to_string(tools.join("body.md")).unwrap();
        for part in ["`GET /a` was removed", "/actions/0", "keeps its name"] {
            assert!(body.contains(part), "no {part} in {body}");
        }
        // The branch begins at main each time.
        git(root, &["switch", "--quiet", "--force", "main"]);
    }
}
