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

/// Its code needs each feature of the runtime that codegen can compute.
const KENNEL: &str = r##"
openapi: 3.1.0
info: {title: Kennel, version: 1.0}
servers: [{url: "https://dogs.example/v1"}]
paths:
  /dogs/{id}:
    get:
      tags: [Dogs]
      summary: Find a dog
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: X-Since, in: header, schema: {type: string, format: date-time}}
      responses:
        200:
          description: A picture.
          content: {image/png: {schema: {type: string, format: binary}}}
    put:
      tags: [Dogs]
      summary: Replace a picture
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      requestBody:
        required: true
        content: {application/octet-stream: {schema: {type: string, format: binary}}}
      responses: {204: {description: Replaced.}}
  /dogs:
    post:
      tags: [Dogs]
      summary: Add a dog
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [name, picture]
              properties: {name: {type: string}, picture: {type: string, format: binary}}
      responses: {204: {description: Added.}}
    get:
      tags: [Dogs]
      summary: List dogs
      responses:
        200:
          description: A dog for each line.
          content: {application/jsonl: {schema: {$ref: "#/components/schemas/Dog"}}}
  /barks:
    get:
      tags: [Barks]
      summary: Hear barks
      responses:
        200:
          description: Barks.
          content: {text/event-stream: {schema: {$ref: "#/components/schemas/Dog"}}}
components:
  schemas:
    Dog: {type: object, properties: {name: {type: string}}}
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

fn build(directory: &Path, document: &str) {
    let built = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["spec", "build", document, "--out", "new"])
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", text(&built.stderr));
}

#[test]
fn crate_enables_what_its_code_needs() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("kennel.yaml"), KENNEL).unwrap();
    build(directory.path(), "kennel.yaml");
    let new = directory.path().join("new");
    let manifest: toml::Table = {
        let text = fs::read_to_string(new.join("Cargo.toml")).unwrap();
        text.parse().unwrap()
    };
    let needed = &manifest["dependencies"]["neo-client-runtime"]["features"];
    let expected = ["chrono", "downloads", "event-streams", "multipart", "uuid"];
    assert_eq!(*needed, expected.to_vec().into());
    // It is built, not checked, so that most dependencies are those of the other crate.
    cargo(
        &new,
        &["build", "--offline", "--no-default-features", "--lib"],
    );
}

#[test]
fn api_key_in_header_is_sent_as_documented() {
    let directory = tempfile::tempdir().unwrap();
    let path = |file: &str| directory.path().join(file);
    fs::write(path("cats.yaml"), CATS).unwrap();
    build(directory.path(), "cats.yaml");
    fs::create_dir(path("new/examples")).unwrap();
    fs::write(path("new/examples/call.rs"), CALL).unwrap();

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
    cargo(&path("new"), &[&arguments[..], &[url]].concat());

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
        &path("new"),
        &["test", "--offline", "--no-default-features", "--doc"],
    );
}
