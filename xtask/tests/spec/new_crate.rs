//! Compiles a crate that `cargo xtask spec build` wrote outside the repository, and calls a server
//! with it.

use std::{fs, io::Write, path::Path, process::Command, sync::mpsc};

use crate::loopback::{response, serve_with, text};

const CATS: &str = r##"
openapi: 3.1.0
info: {title: Cat House, version: 1.0}
servers: [{url: "https://cats.example/v1"}]
security: [{HouseToken: []}]
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
    Count: {type: object, properties: {number: {type: integer}}}
  securitySchemes:
    HouseToken: {type: apiKey, in: header, name: X-Token}
"##;

const CALL: &str = r#"
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let builder = cat_house_client::Client::builder().base_url(url);
    let client = builder.house_token("canary-12345").build().unwrap();
    let count = client.cats().count_cats().await.unwrap();
    assert_eq!(count.number, Some(3));
}
"#;

/// Runs cargo in the new crate. TLS is left out: it takes longest to compile.
fn cargo(directory: &Path, arguments: &[&str]) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(workspace.join("target"), Into::into);
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(directory)
        .env("CARGO_TARGET_DIR", target.join("new-crate"))
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn api_key_in_header_is_sent_as_documented() {
    let directory = tempfile::tempdir().unwrap();
    let path = |file: &str| directory.path().join(file);
    fs::write(path("cats.yaml"), CATS).unwrap();
    let built = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["spec", "build", "cats.yaml", "--out", "cats"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", text(&built.stderr));
    fs::create_dir(path("cats/examples")).unwrap();
    fs::write(path("cats/examples/call.rs"), CALL).unwrap();

    let (requests, received) = mpsc::channel();
    let url = serve_with(1, move |request, stream| {
        requests.send(request.to_owned()).unwrap();
        let answer = response("200 OK", "application/json", r#"{"number": 3}"#);
        stream.write_all(&answer).unwrap();
    });
    let url = url.strip_suffix("/openapi.json").unwrap();
    let arguments = [
        "run",
        "--offline",
        "--no-default-features",
        "--example",
        "call",
        "--",
    ];
    cargo(&path("cats"), &[&arguments[..], &[url]].concat());

    let request = received.recv().unwrap().to_lowercase();
    assert!(request.starts_with("get /cats http/1.1\r\n"), "{request}");
    assert!(
        request.contains("\r\nx-token: canary-12345\r\n"),
        "{request}"
    );
    assert!(!request.contains("authorization:"), "{request}");
    assert!(!request.contains("x-api-key:"), "{request}");

    // The example of the README compiles.
    cargo(
        &path("cats"),
        &["test", "--offline", "--no-default-features", "--doc"],
    );
}
