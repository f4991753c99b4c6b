//! Tests `cargo xtask spec check`, and servers, policies and interruptions that `spec refresh`
//! meets.

use std::{fs, io::Write, path::Path, process::Stdio, thread, time::Duration};

use serde_json::{Value, json};

use crate::loopback::{
    command, document, json_response, openapi, project, response, serve, serve_with, text, xtask,
};

const PATHS: [&str; 4] = ["/a", "/b", "/c", "/d"];

/// The document of [`project`] with a change.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = document(&PATHS);
    change(&mut document);
    document
}

fn schema(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/b"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
}

/// Checks against a document. Returns the exit code and the report.
fn check(root: &Path, live: &Value, more: &[&str]) -> (i32, Value) {
    let url = serve(json_response(live), 1);
    let arguments = [&["spec", "check", "--format", "json", "--from", &url], more].concat();
    let output = xtask(root, &arguments);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr))
    });
    (output.status.code().unwrap(), report)
}

#[test]
fn status_503_is_retried() {
    let root = project();
    let count = std::sync::atomic::AtomicUsize::new(0);
    let url = serve_with(2, move |_, stream| {
        let first = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        let answer = if first {
            response("503 Service Unavailable", "text/plain", "")
        } else {
            json_response(&document(&PATHS))
        };
        let _ = stream.write_all(&answer);
    });
    let arguments = ["spec", "check", "--fail-on", "breaking", "--from", &url];
    let output = xtask(root.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn check_exit_code_follows_severity() {
    let same = changed(|_| {});
    let prose = changed(|live| live["paths"]["/b"]["get"]["description"] = json!("All of b"));
    let wider = changed(|live| {
        live["paths"]["/b"]["get"]["parameters"] =
            json!([{"name": "limit", "in": "query", "schema": {"type": "integer"}}]);
    });
    let broken = changed(|live| schema(live)["properties"]["zebra"] = json!({"type": "integer"}));
    for (live, more, code, wire, rust) in [
        (&same, &[][..], 0, "none", "none"),
        (&prose, &[], 4, "docs-only", "patch"),
        (&wider, &[], 4, "compatible", "minor"),
        (&broken, &[], 5, "breaking", "major"),
        (&wider, &["--fail-on", "breaking"], 0, "compatible", "minor"),
        (&broken, &["--fail-on", "breaking"], 5, "breaking", "major"),
        (&broken, &["--fail-on", "never"], 0, "breaking", "major"),
    ] {
        let root = project();
        let before = openapi(&root);
        let (found, report) = check(root.path(), live, more);
        assert_eq!(
            report["verdict"],
            json!({"wire": wire, "rust": rust}),
            "{report:#}"
        );
        assert_eq!(found, code, "{report:#}");
        assert_eq!(openapi(&root), before, "nothing is written");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2);
    }
}

#[test]
fn check_after_refresh_is_in_step() {
    let root = project();
    let url = serve(json_response(&document(&PATHS)), 3);
    let run = |word: &str| xtask(root.path(), &["spec", word, "--from", &url]);
    // The file is not in the canonical form yet, which is no drift.
    assert_eq!(run("check").status.code(), Some(0));
    assert!(run("refresh").status.success());
    let first = run("check");
    let report = text(&first.stdout);
    assert!(
        report.contains("wire: none\nrust: none\n") && report.contains(": no changes\n"),
        "{report}"
    );
    assert_eq!(first.status.code(), Some(0));
}

#[test]
fn check_of_bad_response_exits_with_1() {
    let root = project();
    for (bytes, reason) in [
        (
            response("404 Not Found", "text/plain", ""),
            "responded 404 Not Found",
        ),
        (
            response("500 Internal Server Error", "text/plain", ""),
            "responded 500 Internal Server Error",
        ),
        (
            b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".to_vec(),
            "responded 304 Not Modified",
        ),
        (response("200 OK", "text/html", "<html>"), "is HTML or XML"),
        (
            response("200 OK", "application/json", "{\"openapi\":"),
            "is cut off",
        ),
        (
            response("200 OK", "application/json", "{]"),
            "is neither JSON nor YAML",
        ),
    ] {
        let url = serve(bytes, 1);
        let arguments = ["spec", "check", "--fail-on", "breaking", "--from", &url];
        let output = xtask(root.path(), &arguments);
        let error = text(&output.stderr);
        assert!(
            error.starts_with(&format!("error: {url}: {reason}")),
            "{error}"
        );
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn slow_or_endless_response_is_an_error() {
    let root = project();
    let silent = serve_with(1, |_, _| thread::sleep(Duration::from_secs(20)));
    let trickling = serve_with(1, |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    for url in [silent, trickling] {
        let arguments = ["spec", "check", "--timeout", "1", "--from", &url];
        let output = xtask(root.path(), &arguments);
        let error = text(&output.stderr);
        assert!(
            error.contains("timed out") || error.contains("cut off"),
            "{error}"
        );
        assert_eq!(output.status.code(), Some(1));
    }
    let endless = serve_with(1, |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b' '; 65536]).is_ok() {}
    });
    let output = xtask(root.path(), &["spec", "refresh", "--from", &endless]);
    assert!(text(&output.stderr).contains("larger than 64 MiB"));
}

#[test]
fn redirect_is_followed() {
    let root = project();
    let target = serve(json_response(&document(&PATHS)), 1);
    let redirect = format!(
        "HTTP/1.1 301 Moved Permanently\r\nlocation: {target}\r\ncontent-length: 0\r\n\
         connection: close\r\n\r\n"
    );
    let url = serve(redirect.into_bytes(), 1);
    assert_eq!(
        xtask(root.path(), &["spec", "check", "--from", &url])
            .status
            .code(),
        Some(0)
    );
}

#[test]
fn yaml_document_is_refreshed_as_json() {
    let root = project();
    let yaml = "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\npaths:\n  /a:\n    get:\n      \
                summary: Get /a\n      tags: [Things]\n      responses:\n        200: {description: ok}\n";
    let url = serve(response("200 OK", "application/yaml", yaml), 1);
    let arguments = [
        "spec",
        "refresh",
        "--allow-shrink",
        "--allow-breaking",
        "--from",
        &url,
    ];
    let output = xtask(root.path(), &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(openapi(&root).contains("\"200\": {\n            \"description\": \"ok\"\n"));
}

#[test]
fn breaking_refresh_needs_allow_breaking() {
    let root = project();
    let before = openapi(&root);
    let live = changed(|live| schema(live)["properties"]["zebra"] = json!({"type": "integer"}));
    let url = serve(json_response(&live), 3);
    let refused = xtask(root.path(), &["spec", "refresh", "--from", &url]);
    assert_eq!(refused.status.code(), Some(5));
    assert!(
        text(&refused.stderr)
            .contains("openapi.json is unchanged; if it is right, pass --allow-breaking")
    );
    assert!(text(&refused.stdout).contains("schema-type-changed (1)"));
    let dry = xtask(
        root.path(),
        &["spec", "refresh", "--dry-run", "--from", &url],
    );
    assert!(text(&dry.stderr).ends_with("openapi.json would be replaced\n"));
    assert_eq!(openapi(&root), before);
    let snapshots = root.path().join("tests/snapshots");
    fs::create_dir_all(&snapshots).unwrap();
    let taken = xtask(
        root.path(),
        &["spec", "refresh", "--allow-breaking", "--from", &url],
    );
    assert!(taken.status.success());
    assert_eq!(
        serde_json::from_str::<Value>(&openapi(&root)).unwrap(),
        live
    );
    let surface = fs::read_to_string(snapshots.join("public-api.txt")).unwrap();
    assert!(surface.contains("zebra: Option<i64>"), "{surface}");
    assert!(snapshots.join("ledger.txt").exists());
}

#[test]
fn policy_accepts_changes_and_reports_stale() {
    let root = project();
    let live = changed(|live| schema(live)["properties"]["zebra"] = json!({"type": "integer"}));
    let (_, report) = check(root.path(), &live, &[]);
    let fingerprint = report["changes"][0]["fingerprint"].as_str().unwrap();
    let decide = |fingerprint: &str| {
        let policy = json!({"accepted": [
            {"fingerprint": fingerprint, "reason": "nobody reads zebras", "date": "2026-01-31"},
        ]});
        fs::write(root.path().join("spec-policy.json"), policy.to_string()).unwrap();
    };
    decide(fingerprint);
    let (code, report) = check(root.path(), &live, &[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["verdict"], json!({"wire": "none", "rust": "none"}));
    assert_eq!(
        report["changes"][0]["accepted"]["reason"],
        "nobody reads zebras"
    );
    assert_eq!(report["stale"], json!([]));

    decide("0000000000000000");
    let (code, report) = check(root.path(), &live, &[]);
    assert_eq!(code, 5);
    assert_eq!(report["stale"][0]["fingerprint"], "0000000000000000");

    for (policy, reason) in [
        (
            json!({"accepted": [{"fingerprint": "x", "date": "y"}]}),
            "missing field `reason`",
        ),
        (
            json!({"accepted": [{"fingerprint": "x", "date": "y", "reason": " "}]}),
            "accepted[0].reason is empty",
        ),
        (
            json!({"effects": {"nonsense": {}}}),
            "`nonsense` is not a check",
        ),
        (
            json!({"effects": {"enum-value-added": {"response": "fine"}}}),
            "effects.enum-value-added.response: `fine` is not one of",
        ),
    ] {
        fs::write(root.path().join("spec-policy.json"), policy.to_string()).unwrap();
        let url = serve(json_response(&live), 1);
        let arguments = ["spec", "check", "--fail-on", "breaking", "--from", &url];
        let output = xtask(root.path(), &arguments);
        let error = text(&output.stderr);
        assert!(
            error.contains("spec-policy.json: ") && error.contains(reason),
            "{error}"
        );
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn version_advice_compares_with_last_release() {
    let root = project();
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git")
            .arg("-C")
            .arg(root.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", text(&done.stderr));
    };
    let manifest = |version: &str| {
        let text = format!("[package]\nname = \"things\"\nversion = \"{version}\"\n");
        fs::write(root.path().join("Cargo.toml"), text).unwrap();
    };
    manifest("0.3.1");
    let live = changed(|live| schema(live)["properties"]["zebra"] = json!({"type": "integer"}));
    let (_, report) = check(root.path(), &live, &[]);
    assert_eq!(report["version"]["released"], Value::Null);

    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    git(&["tag", "v0.3.1"]);
    let (_, report) = check(root.path(), &live, &[]);
    let expected = |present: &str, enough: bool| json!({"released": "v0.3.1", "present": present, "needed": "0.4.0", "enough": enough});
    assert_eq!(report["version"], expected("0.3.1", false));
    manifest("0.4.0");
    let (_, report) = check(root.path(), &live, &[]);
    assert_eq!(report["version"], expected("0.4.0", true));
}

/// Kills the program at many moments. The file is the old one or the new one.
#[test]
fn interrupted_refresh_leaves_a_whole_file() {
    let live = changed(|live| live["paths"]["/b"]["get"]["description"] = json!("All of b"));
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("live.json");
    fs::write(&source, live.to_string()).unwrap();
    let new = {
        let root = project();
        let from = source.to_str().unwrap();
        assert!(
            xtask(root.path(), &["spec", "refresh", "--from", from])
                .status
                .success()
        );
        openapi(&root)
    };
    let root = project();
    let old = openapi(&root);
    for wait in (0..60).step_by(4) {
        let mut child = command(
            root.path(),
            &["spec", "refresh", "--from", source.to_str().unwrap()],
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
        thread::sleep(Duration::from_millis(wait));
        let _ = child.kill();
        child.wait().unwrap();
        let found = openapi(&root);
        assert!(found == old || found == new, "{found}");
        fs::write(root.path().join("openapi.json"), &old).unwrap();
    }
}
