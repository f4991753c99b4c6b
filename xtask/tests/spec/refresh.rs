//! Tests `cargo xtask spec refresh` and `spec lower` with files and an HTTP server on loopback.

use std::{fs, net::TcpListener, path::Path};

use serde_json::{Value, json};

use crate::loopback::{document, json_response, openapi, project, response, serve, text, xtask};

/// Refreshes from `source`. Expects an error of one line with `reason`, and an unchanged directory.
fn refuses(source: &str, more: &[&str], reason: &str) {
    let root = project();
    let before = openapi(&root);
    let arguments = [&["spec", "refresh", "--from", source], more].concat();
    let output = xtask(root.path(), &arguments);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with(&format!("error: {source}: ")), "{error}");
    assert!(error.contains(reason), "{error}");
    assert!(error.ends_with("; openapi.json is unchanged\n"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert_eq!(text(&output.stdout), "");
    assert_eq!(openapi(&root), before);
    assert_eq!(
        fs::read_dir(root.path()).unwrap().count(),
        2,
        "no other file is left behind"
    );
}

#[test]
fn refresh_writes_canonical_form() {
    let root = project();
    let new = document(&["/d", "/a", "/b", "/e"]);
    let url = serve(json_response(&new), 2);
    let refresh = ["spec", "refresh", "--from", &url, "--allow-breaking"];
    let output = xtask(root.path(), &refresh);
    assert_eq!(
        text(&output.stderr),
        format!("{url}: openapi.json replaced\n")
    );
    assert!(output.status.success());
    let report = text(&output.stdout);
    assert!(
        report.starts_with(&format!(
            "openapi.json → {url}\nwire: breaking\nrust: major\n2 of 5 operations touched: 1 breaking, 1 compatible\n"
        )),
        "{report}"
    );
    assert!(
        report.contains("\nBreaking (1)\n\n  operation-removed (1)\n")
            && report.contains("`GET /c` was removed (\"Get /c\")"),
        "{report}"
    );
    assert!(
        report.contains("\nCompatible (1)\n\n  operation-added (1)\n    `GET /e` was added"),
        "{report}"
    );

    let written = openapi(&root);
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), new);
    assert!(written.starts_with(
        "{\n  \"info\": {\n    \"title\": \"Things\",\n    \"version\": \"1\"\n  },\n"
    ));
    assert!(written.ends_with("}\n"));
    let places: Vec<_> = ["/a", "/b", "/d", "/e"]
        .map(|path| written.find(&format!("\"{path}\"")).unwrap())
        .to_vec();
    assert!(places.is_sorted());

    let again = xtask(root.path(), &refresh);
    assert_eq!(
        text(&again.stderr),
        format!("{url}: openapi.json is up to date\n")
    );
    assert!(
        text(&again.stdout)
            .contains("wire: none\nrust: none\n0 of 4 operations touched: no changes\n")
    );
    assert_eq!(openapi(&root), written);
}

#[test]
fn vendored_document_refreshes_from_itself() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = tempfile::tempdir().unwrap();
    for file in ["openapi.json", "overlay.json"] {
        fs::copy(workspace.join(file), root.path().join(file)).unwrap();
    }
    let before: Value = serde_json::from_str(&openapi(&root)).unwrap();
    let source = root.path().join("openapi.json");
    let output = xtask(
        root.path(),
        &["spec", "refresh", "--from", source.to_str().unwrap()],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        serde_json::from_str::<Value>(&openapi(&root)).unwrap(),
        before
    );
}

#[test]
fn bad_responses_are_rejected() {
    let whole = document(&["/a", "/b", "/c"]).to_string();
    let mut short = json_response(&document(&["/a", "/b", "/c"]));
    short.truncate(short.len() - 20);
    let length = "content-length: 99999999999\r\n\r\n";
    for (bytes, reason) in [
        (
            response("404 Not Found", "application/json", "{}"),
            "responded 404 Not Found instead of 200 OK",
        ),
        (
            response("204 No Content", "application/json", ""),
            "responded 204 No Content instead of 200 OK",
        ),
        (
            response(
                "200 OK",
                "text/html",
                "\n<!doctype html>\n<title>Log in</title>",
            ),
            "is HTML or XML instead of JSON or YAML, perhaps a login or error page: <!doctype html> <title>Log in",
        ),
        (response("200 OK", "application/json", " \n"), "is empty"),
        (
            response("200 OK", "application/json", &whole[..whole.len() - 20]),
            "is cut off: EOF while parsing",
        ),
        (short, "cut off after "),
        (
            response("200 OK", "text/plain", "openapi: 3.1.0"),
            "has no operations in `paths`",
        ),
        (
            format!("HTTP/1.1 200 OK\r\n{length}{{").into_bytes(),
            "larger than 64 MiB",
        ),
        (
            response("302 Found\r\nlocation: /openapi.json", "text/plain", ""),
            "too many redirects",
        ),
        (b"SSH-2.0-OpenSSH\r\n".to_vec(), "invalid HTTP version"),
    ] {
        refuses(&serve(bytes, 20), &[], reason);
    }
}

#[test]
fn response_without_length_is_limited() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    bytes.resize(65 * 1024 * 1024, b' ');
    refuses(&serve(bytes, 1), &[], "larger than 64 MiB");
}

#[test]
fn bad_documents_are_rejected() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new.json");
    for (document, reason) in [
        (json!([]), "is not an OpenAPI document: it has no `openapi`"),
        (
            json!({"swagger": "2.0"}),
            "is Swagger 2.0 instead of OpenAPI 3.x",
        ),
        (
            json!({"openapi": "4.0.0", "paths": {}}),
            "is OpenAPI 4.0.0 instead of 3.x",
        ),
        (json!({"openapi": "3.1.0"}), "has no operations in `paths`"),
        (
            json!({"openapi": "3.1.0", "paths": {"/a": {"summary": "x"}}}),
            "has no operations in `paths`",
        ),
        (
            document(&["/a"]),
            "has only 1 of the present 4 operations, so it may be another document or a part of it; \
             if it is right, pass --allow-shrink",
        ),
        (
            document(&["/v2/a", "/v2/b", "/v2/c", "/v2/d"]),
            "has only 0 of the present 4 operations",
        ),
    ] {
        fs::write(&file, document.to_string()).unwrap();
        refuses(file.to_str().unwrap(), &[], reason);
    }
}

#[test]
fn bytes_that_are_not_text_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new.json");
    let repeated = br#"{"openapi": "3.1.0", "paths": {"/a": {"get": {}}, "/a": {"put": {}}}}"#;
    for (bytes, reason) in [
        (&b"\x1f\x8b\x08\0"[..], "is compressed with gzip"),
        (b"\x28\xb5\x2f\xfd\x04", "is compressed with zstd"),
        (b"PK\x03\x04\xff", "is a ZIP archive"),
        (b"\xff\xfe{\0}\0", "is UTF-16 instead of UTF-8"),
        (b"{\"t\": \"\xe9\"}", "is not UTF-8: "),
        (
            repeated,
            "repeats the key /paths/~1a, so that values would get lost",
        ),
    ] {
        fs::write(&file, bytes).unwrap();
        refuses(file.to_str().unwrap(), &[], reason);
    }
}

#[test]
fn shrunk_document_needs_half_or_allow_shrink() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("new.json");
    for (paths, more) in [(&["/a", "/b"][..], &[][..]), (&["/a"], &["--allow-shrink"])] {
        let root = project();
        fs::write(&file, document(paths).to_string()).unwrap();
        let from = format!("--from={}", file.display());
        let output = xtask(
            root.path(),
            &[
                &["spec", "refresh", "--allow-breaking", from.as_str()],
                more,
            ]
            .concat(),
        );
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(
            serde_json::from_str::<Value>(&openapi(&root)).unwrap(),
            document(paths)
        );
    }
}

#[test]
fn missing_or_broken_file_is_replaced() {
    let url = serve(json_response(&document(&["/a"])), 2);
    let root = project();
    for broken in [true, false] {
        let path = root.path().join("openapi.json");
        if broken {
            fs::write(&path, "{").unwrap()
        } else {
            fs::remove_file(&path).unwrap()
        }
        let output = xtask(root.path(), &["spec", "refresh", "--from", &url]);
        assert!(
            text(&output.stderr).ends_with(": openapi.json replaced\n"),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn unreachable_source_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    refuses(&format!("http://{closed}/x"), &[], "error sending request");
    refuses("/no/such/file.json", &[], "(os error ");
    refuses(
        "http://example.com/openapi.json",
        &[],
        "URL scheme is not allowed",
    );
    refuses(
        "ftp://127.0.0.1/openapi.json",
        &[],
        "URL scheme is not allowed",
    );
    refuses("https://", &[], "empty host");
}

#[cfg(unix)]
#[test]
fn refresh_keeps_file_permissions() {
    use std::os::unix::fs::PermissionsExt;

    let root = project();
    let path = root.path().join("openapi.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let url = serve(json_response(&document(&["/a", "/b"])), 1);
    assert!(
        xtask(
            root.path(),
            &["spec", "refresh", "--allow-breaking", "--from", &url]
        )
        .status
        .success()
    );
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o644
    );
}

#[test]
fn lower_separates_document_and_ledger() {
    let root = project();
    let output = xtask(root.path(), &["spec", "lower"]);
    let lowered: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(lowered["openapi"].as_str().unwrap().starts_with("3.0."));
    assert!(text(&output.stdout).contains("\"nullable\": true"));
    assert!(text(&output.stderr).contains("/headers"));
    assert!(output.status.success());

    // A file is lowered without the overlay, which would not fit.
    let other = root.path().join("other.json");
    fs::write(&other, document(&["/z"]).to_string()).unwrap();
    let output = xtask(root.path(), &["spec", "lower", other.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    fs::write(&other, "{").unwrap();
    let output = xtask(root.path(), &["spec", "lower", other.to_str().unwrap()]);
    let error = text(&output.stderr);
    assert!(
        error.starts_with(&format!("error: {}: not JSON", other.display())),
        "{error}"
    );
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1));
}

#[test]
fn help_lists_subcommands() {
    let root = project();
    for (arguments, expected) in [
        (&["--help"][..], "corpus"),
        (&["help"], "corpus"),
        (&["spec", "--help"], "refresh"),
        (&["spec", "refresh", "-h"], "--allow-breaking"),
    ] {
        let output = xtask(root.path(), arguments);
        let help = text(&output.stdout);
        assert!(help.contains(expected), "{help}");
        assert!(output.status.success());
    }
}

#[test]
fn bad_arguments_name_the_remedy() {
    let root = project();
    for (arguments, reason, remedy) in [
        (
            &["spec", "frobnicate"][..],
            "error: unrecognized subcommand 'frobnicate'",
            "Usage: cargo xtask spec",
        ),
        (
            &["spec", "refresh", "--form", "x"],
            "error: unexpected argument '--form' found",
            "'--from'",
        ),
        (
            &["spec", "refresh", "--from"],
            "error: a value is required for '--from <URL|FILE>'",
            "--help",
        ),
        (
            &["spec", "lower", "--allow-shrink"],
            "error: unexpected argument '--allow-shrink' found",
            "Usage: cargo xtask spec lower",
        ),
        (
            &["spec", "diff", "a.json"],
            "error: the following required arguments were not provided",
            "<REVISION>",
        ),
        (
            &["spec", "check", "--format", "xml"],
            "error: invalid value 'xml'",
            "[possible values: text, markdown, json, github, junit]",
        ),
    ] {
        let output = xtask(root.path(), arguments);
        let error = text(&output.stderr);
        assert!(error.starts_with(reason), "{error}");
        assert!(error.contains(remedy), "{error}");
        assert_eq!(output.status.code(), Some(1));
    }
}
