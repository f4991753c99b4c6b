//! The mock server with Neo's document.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use neo_client::mock::MockServer;
use reqwest::header::{ACCEPT, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

const CREDITS: &str = "/api/v1/billing/credits";

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi.json")).unwrap());

/// One operation of the document.
struct Documented {
    method: Method,
    template: &'static str,
    operation: &'static Value,
}

fn documented() -> impl Iterator<Item = Documented> {
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

/// A template with `1` for each parameter.
fn filled(template: &str) -> String {
    let fill = |segment| {
        if str::starts_with(segment, '{') {
            "1"
        } else {
            segment
        }
    };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// A request by a plain HTTP client, without credentials.
fn bare(server: &MockServer, method: Method, path: &str) -> RequestBuilder {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
        // A proxy of the environment has no business with 127.0.0.1, and a kept connection would
        // belong to the runtime of another test.
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0);
        http.build().unwrap()
    });
    HTTP.request(method, format!("{}{path}", server.base_url()))
}

fn keyed(server: &MockServer, method: Method, path: &str) -> RequestBuilder {
    bare(server, method, path).header("X-Api-Key", "anything")
}

/// Returns why a schema of the document rejects a value.
fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let root = json!({ "components": DOCUMENT["components"], "allOf": [schema] });
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    let validator = options.build(&root).unwrap();
    let error =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(value).map(error).collect()
}

#[track_caller]
fn assert_error_response(body: &Value) {
    let schema = json!({ "$ref": "#/components/schemas/ErrorResponse" });
    assert_eq!(errors(&schema, body), [""; 0], "{body}");
}

#[tokio::test]
async fn mock_samples_are_valid_against_schemas() {
    let server = MockServer::start().await.unwrap();
    let mut checked = 0;
    for Documented {
        method,
        template,
        operation,
    } in documented()
    {
        for (key, described) in operation["responses"].as_object().unwrap() {
            // A response may have no body, and a key may be a class such as `4XX`.
            let content = described["content"].as_object();
            for (media_type, content) in content.into_iter().flatten() {
                let status: u16 = key.replace('X', "0").parse().unwrap();
                if !(200..300).contains(&status) {
                    continue;
                }
                let request = keyed(&server, method.clone(), &filled(template));
                let response = request.header(ACCEPT, media_type).send().await.unwrap();
                assert_eq!(response.status(), status, "{method} {template}");
                assert_eq!(
                    response.headers()[CONTENT_TYPE],
                    media_type.as_str(),
                    "{method} {template}"
                );
                let text = response.text().await.unwrap();
                let value = match media_type.as_str() {
                    "application/json" => serde_json::from_str(&text).unwrap(),
                    _ => Value::from(text),
                };
                let errors = errors(&content["schema"], &value);
                assert!(
                    errors.is_empty(),
                    "{method} {template}: {errors:?}\n{value:#}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked * 2 >= documented().count());
}

#[tokio::test]
async fn mock_samples_are_stable_and_complete() {
    let server = MockServer::start().await.unwrap();
    let other = MockServer::start().await.unwrap();
    let credits = async |server| {
        let response = keyed(server, Method::GET, CREDITS).send().await.unwrap();
        response.bytes().await.unwrap()
    };
    let first = credits(&server).await;
    assert_eq!(first, credits(&server).await);
    assert_eq!(first, credits(&other).await);

    let sample: Value = serde_json::from_slice(&first).unwrap();
    let schema = &DOCUMENT["components"]["schemas"]["BillingCreditsResponse"];
    let names = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(names(&sample), names(&schema["properties"]));
    let number = |name: &str| sample[name].as_f64().unwrap();
    let sum = number("used_credits") + number("available_credits");
    assert!(
        (sum - number("issued_credits")).abs() < 1e-9 && number("used_credits") > 0.0,
        "{sample}"
    );
    assert_eq!(sample["payment_methods"][0]["last4"], "4242");
}

#[tokio::test]
async fn mock_requires_documented_credentials() {
    let server = MockServer::start().await.unwrap();
    for Documented {
        method,
        template,
        operation,
    } in documented()
    {
        let response = bare(&server, method.clone(), &filled(template))
            .send()
            .await
            .unwrap();
        if operation
            .get("security")
            .is_none_or(|security| security == &json!([]))
        {
            assert!(response.status().is_success(), "{method} {template}");
            continue;
        }
        assert_eq!(
            response.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {template}"
        );
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
        assert_error_response(&response.json().await.unwrap());
    }
}

#[tokio::test]
async fn mock_client_sends_a_key() {
    let server = MockServer::start().await.unwrap();
    let balance: Value = server
        .client()
        .request(Method::GET, CREDITS)
        .send_as()
        .await
        .unwrap();
    assert!(balance["available_credits"].is_number());
    server
        .respond(
            "get-v1-billing-credits",
            403,
            json!({ "error": "no", "code": "forbidden" }),
        )
        .unwrap();
    let rejected = server
        .client()
        .request(Method::GET, CREDITS)
        .send_as::<Value>()
        .await;
    assert_eq!(rejected.unwrap_err().status(), Some(StatusCode::FORBIDDEN));
    for request in server.requests() {
        let key = request.headers()["x-api-key"].to_str().unwrap();
        assert_eq!(key.strip_prefix("neo_sk_").unwrap().len(), 32);
    }
}
