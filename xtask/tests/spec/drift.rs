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
    let xtask = format!("{} --root {}", env!("CARGO_BIN_EXE_xtask"), root.display());
    drift_with(&xtask, root, tools, url)
}

fn drift_with(xtask: &str, root: &Path, tools: &Path, url: &str) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.github/scripts/drift");
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
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_REPOSITORY", "user/repository")
        .env("GITHUB_RUN_ID", "7")
        .env("GH_LOG", tools.join("gh.log"))
        .output()
        .unwrap()
}

fn write_program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Commits the files of a project, with an empty repository as remote.
fn start(root: &Path, remote: &Path) {
    git(remote, &["init", "--quiet", "--bare"]);
    git(root, &["init", "--quiet", "-b", "main"]);
    git(root, &["remote", "add", "origin", remote.to_str().unwrap()]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "Start"]);
}

#[test]
fn drift_opens_one_pull_request_with_all_files() {
    let (root, tools, remote) = (
        project(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (root, tools, remote) = (root.path(), tools.path(), remote.path());
    write_program(&tools.join("gh"), GH);
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
    start(root, remote);

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

#[test]
fn long_report_is_cut_and_kept_whole() {
    let line = format!("- {}\n", "é".repeat(200));
    let folded = format!(
        "<details>\n<summary>A</summary>\n{}</details>\n",
        line.repeat(200)
    );
    let fenced = format!("```diff\n{}```\n", format!("-{line}").repeat(200));
    let short = "## A\n".to_owned();
    let huge = line.repeat(3000);
    // The report, and the lines before the note in the description.
    for (report, before) in [
        (short, None),
        (format!("# A\n\n{folded}"), Some("\n\n</details>\n\n**")),
        (format!("# A\n\n{fenced}"), Some("\n```\n\n**")),
        (huge, Some("\n\n**")),
    ] {
        let (root, tools, remote) = (
            project(),
            tempfile::tempdir().unwrap(),
            tempfile::tempdir().unwrap(),
        );
        let (root, tools, remote) = (root.path(), tools.path(), remote.path());
        start(root, remote);
        write_program(&tools.join("gh"), GH);
        fs::write(tools.join("printed.md"), &report).unwrap();
        // A document has drifted if the program says so: the script reads only the report.
        let xtask = tools.join("xtask");
        let program = format!(
            "#!/bin/sh\nif [ $2 = check ]; then exit 4; fi\n\
             echo '{{}}' > openapi.json\ncat {}\n",
            tools.join("printed.md").display()
        );
        write_program(&xtask, &program);
        let output = drift_with(xtask.to_str().unwrap(), root, tools, "unused");
        assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
        let read = |name: &str| fs::read_to_string(tools.join(name)).unwrap();
        assert_eq!(read("report.md"), report);
        let (body, summary) = (read("body.md"), read("summary.md"));
        assert!(body.len() < 65_536 && summary.len() < 1 << 20);
        assert_eq!(summary == report, report.len() < 1_000_000);
        let Some(before) = before else {
            assert_eq!(body, report);
            continue;
        };
        let (kept, note) = body.split_once("The report is cut: ").unwrap();
        let kept = kept.strip_suffix(before).unwrap();
        assert!(report.starts_with(kept) && kept.len() > 55_000);
        let run = "[the run](https://github.com/user/repository/actions/runs/7)";
        assert!(
            note.contains("`drift-report`") && note.contains(run),
            "{note}"
        );
    }
}
