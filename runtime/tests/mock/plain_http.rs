//! Requests to the mock server without the client, and checks against the document.

use std::sync::LazyLock;

use neo_client_fixture::mock::MockServer;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

pub const STOCK_PATH: &str = "/api/v1/stock";

pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixture/openapi.json")).unwrap());

/// An operation of the document.
pub struct Documented {
    pub method: Method,
    pub template: &'static str,
    pub operation: &'static Value,
}

/// Returns all operations of the document.
pub fn documented() -> impl Iterator<Item = Documented> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths.iter().flat_map(|(template, item)| {
        let operations = item.as_object().unwrap().iter();
        operations
            .filter(|(_, operation)| operation.get("operationId").is_some())
            .map(move |(method, operation)| Documented {
                method: method.to_uppercase().parse().unwrap(),
                template,
                operation,
            })
    })
}

/// Returns a template with `1` for each parameter.
pub fn filled(template: &str) -> String {
    let fill = |segment| {
        if str::starts_with(segment, '{') {
            "1"
        } else {
            segment
        }
    };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// Returns a request of a plain HTTP client, without credentials.
pub fn bare(server: &MockServer, method: Method, path: &str) -> RequestBuilder {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
        // No proxy between the test and 127.0.0.1, and no pooled connections: those would belong to
        // the tokio runtime of another test.
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0);
        http.build().unwrap()
    });
    HTTP.request(method, format!("{}{path}", server.base_url()))
}

/// Returns a request of a plain HTTP client with a key.
pub fn keyed(server: &MockServer, method: Method, path: &str) -> RequestBuilder {
    bare(server, method, path).header("X-Depot-Key", "anything")
}

/// Returns a request of a plain HTTP client with a credential for every security scheme.
pub fn authorized(server: &MockServer, method: Method, path: &str) -> RequestBuilder {
    keyed(server, method, path)
        .bearer_auth("anything")
        .header("cookie", "camera=anything")
        .query(&[("log_key", "anything")])
}

/// Returns the errors of a value against a schema of the document.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let root = json!({ "components": DOCUMENT["components"], "allOf": [schema] });
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    let validator = options.build(&root).unwrap();
    let error =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(value).map(error).collect()
}

/// Asserts that a body is an error response of the document.
#[track_caller]
pub fn assert_error_response(body: &Value) {
    let schema = json!({ "$ref": "#/components/schemas/ErrorResponse" });
    assert_eq!(errors(&schema, body), [""; 0], "{body}");
}
