//! A workspace in a temporary directory, the built program, and a server on loopback.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output},
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A document with these operations, all of them `GET`.
pub fn document(paths: &[&str]) -> Value {
    let schema = json!({
        "type": "object",
        "properties": {"zebra": {"type": "string"}, "ant": {"type": ["integer", "null"]}},
    });
    let response = json!({"200": {
        "description": "ok",
        "headers": {"x-pages": {"schema": {}}},
        "content": {"application/json": {"schema": schema}},
    }});
    let items = paths.iter().map(|path| {
        let summary = format!("Get {path}");
        let get = json!({"tags": ["Things"], "summary": summary, "responses": response});
        ((*path).to_owned(), json!({"get": get}))
    });
    json!({
        "openapi": "3.1.0",
        "info": {"version": "1", "title": "Things"},
        "paths": Value::Object(items.collect()),
    })
}

/// A directory with a document of four operations and an overlay for it.
pub fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let present = document(&["/a", "/b", "/c", "/d"]).to_string();
    fs::write(root.path().join("openapi.json"), present).unwrap();
    let overlay = json!({
        "overlay": "1.1.0", "info": {"title": "test", "version": "1"},
        "actions": [{"target": "$.paths['/a'].get", "update": {"x-method-name": "first"}}],
    });
    fs::write(root.path().join("overlay.json"), overlay.to_string()).unwrap();
    root
}

pub fn openapi(root: &TempDir) -> String {
    fs::read_to_string(root.path().join("openapi.json")).unwrap()
}

pub fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("--root")
        .arg(root)
        .args(arguments)
        .env("NO_PROXY", "127.0.0.1");
    command
}

pub fn xtask(root: &Path, arguments: &[&str]) -> Output {
    command(root, arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Serves one response to each of `times` requests. Returns the URL.
pub fn serve(response: Vec<u8>, times: usize) -> String {
    serve_with(times, move |_, stream| {
        // The client may have seen enough before the end.
        let _ = stream.write_all(&response);
    })
}

/// Calls `answer` with the head of each of `times` requests.
pub fn serve_with(times: usize, answer: impl Fn(&str, &mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/openapi.json", listener.local_addr().unwrap());
    thread::spawn(move || {
        for _ in 0..times {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.ends_with(b"\r\n\r\n") {
                let count = stream.read(&mut buffer).unwrap();
                assert_ne!(count, 0, "the request is cut off");
                request.extend_from_slice(&buffer[..count]);
            }
            answer(&text(&request), &mut stream);
        }
    });
    url
}

pub fn response(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

pub fn json_response(document: &Value) -> Vec<u8> {
    response("200 OK", "application/json", &document.to_string())
}
