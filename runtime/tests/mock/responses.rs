//! The mock server over real HTTP: what it replies, what it remembers, and that it survives what is thrown at it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use neo_client::mock::{MockError, MockServer, RecordedRequest};
use reqwest::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

const CREDITS: &str = "/api/v1/billing/credits";

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../openapi.json")).unwrap());

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

/// What a schema that stands in the document has against a value.
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
async fn every_success_is_valid_against_its_schema() {
    let server = MockServer::start().await.unwrap();
    let mut checked = 0;
    for Documented {
        method,
        template,
        operation,
    } in documented()
    {
        for (key, response) in operation["responses"].as_object().unwrap() {
            for (media_type, content) in response["content"].as_object().unwrap() {
                let status = match key.as_str() {
                    "2XX" => 200,
                    key => key.parse().unwrap(),
                };
                if !(200..300).contains(&status) {
                    continue;
                }
                let request = keyed(&server, method.clone(), &filled(template));
                let reply = request.header(ACCEPT, media_type).send().await.unwrap();
                assert_eq!(reply.status(), status, "{method} {template}");
                assert_eq!(
                    reply.headers()[CONTENT_TYPE],
                    media_type.as_str(),
                    "{method} {template}"
                );
                let text = reply.text().await.unwrap();
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
    assert!(checked >= documented().count());
}

#[tokio::test]
async fn samples_are_the_same_each_time_and_show_optional_fields() {
    let server = MockServer::start().await.unwrap();
    let other = MockServer::start().await.unwrap();
    let credits = async |server| {
        let reply = keyed(server, Method::GET, CREDITS).send().await.unwrap();
        reply.bytes().await.unwrap()
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
async fn the_documents_examples_are_used() {
    let server = MockServer::start().await.unwrap();
    let user: Value = keyed(&server, Method::GET, "/api/v1/user")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let examples = &DOCUMENT["components"]["schemas"]["UserProfileResponse"]["properties"]["features"]
        ["examples"];
    assert_eq!(user["features"], examples[0]);
}

#[tokio::test]
async fn accept_chooses_between_acknowledgement_and_events() {
    let server = MockServer::start().await.unwrap();
    for (accept, status, media_type) in [
        (None, 202, "application/json"),
        (Some("*/*"), 202, "application/json"),
        (Some("application/json"), 202, "application/json"),
        (
            Some("application/json, text/event-stream;q=0.5"),
            202,
            "application/json",
        ),
        (Some("image/png"), 202, "application/json"),
        (Some("text/event-stream"), 200, "text/event-stream"),
        (
            Some("text/*, application/json;q=0.9"),
            200,
            "text/event-stream",
        ),
    ] {
        let request = keyed(&server, Method::POST, "/api/v1/tasks").json(&json!({}));
        // The client sends `*/*` where nothing else is set.
        let request = match accept {
            Some(accept) => request.header(ACCEPT, accept),
            None => request,
        };
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), status, "{accept:?}");
        assert_eq!(reply.headers()[CONTENT_TYPE], media_type, "{accept:?}");
        let body = reply.text().await.unwrap();
        if media_type == "text/event-stream" {
            let events: Vec<_> = body
                .split("\n\n")
                .filter(|event| !event.is_empty())
                .collect();
            assert!(
                events.len() > 2 && events.iter().all(|event| event.starts_with("data: ")),
                "{body}"
            );
            let first: Value =
                serde_json::from_str(events[0].strip_prefix("data: ").unwrap()).unwrap();
            assert!(first["type"].is_string());
            assert_eq!(events.last(), Some(&"data: [DONE]"));
        } else {
            assert!(serde_json::from_str::<Value>(&body).unwrap().is_object());
        }
    }
}

#[tokio::test]
async fn unknown_paths_are_404_and_other_methods_405() {
    let server = MockServer::start().await.unwrap();
    for path in [
        "/",
        "/api/v1/none",
        "/api/v1/tasks/",
        "/api/v1/tasks/1/2/3",
        "//api/v1/tasks",
    ] {
        let reply = keyed(&server, Method::GET, path).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::NOT_FOUND, "{path}");
        assert_error_response(&reply.json().await.unwrap());
    }
    for (method, path, allow) in [
        (Method::DELETE, CREDITS, "GET, HEAD"),
        (Method::PUT, "/api/v1/tasks", "GET, HEAD, POST"),
        (Method::OPTIONS, "/api/v1/tasks/1/approve", "POST"),
        (
            Method::from_bytes(b"BREW").unwrap(),
            "/api/v1/projects/1/cap",
            "DELETE, PATCH",
        ),
    ] {
        let reply = bare(&server, method, path).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(reply.headers()[ALLOW], allow);
        assert_error_response(&reply.json().await.unwrap());
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.operation_id().is_none())
    );
}

#[tokio::test]
async fn a_literal_segment_beats_a_parameter() {
    let server = MockServer::start().await.unwrap();
    for (path, id) in [
        ("/api/v1/tasks/1/share", "get-v1-tasks-id-share"),
        ("/api/v1/tasks/share", "get-v1-tasks-id"),
        ("/api/v1/usage/tasks", "get-v1-usage-tasks"),
        ("/api/v1/usage/tasks/tasks", "get-v1-usage-tasks-task_id"),
        ("/api/v1/tasks/%7Bid%7D?x=/y/z", "get-v1-tasks-id"),
    ] {
        let reply = keyed(&server, Method::GET, path).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK, "{path}");
        assert_eq!(
            server.requests().last().unwrap().operation_id(),
            Some(id),
            "{path}"
        );
    }
}

#[tokio::test]
async fn credentials_are_asked_for_where_the_document_says_so() {
    let server = MockServer::start().await.unwrap();
    for Documented {
        method,
        template,
        operation,
    } in documented()
    {
        let reply = bare(&server, method.clone(), &filled(template))
            .send()
            .await
            .unwrap();
        if operation
            .get("security")
            .is_none_or(|security| security == &json!([]))
        {
            assert!(reply.status().is_success(), "{method} {template}");
            continue;
        }
        assert_eq!(
            reply.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {template}"
        );
        assert_eq!(reply.headers()[WWW_AUTHENTICATE], "Bearer");
        assert_error_response(&reply.json().await.unwrap());
    }
    for (name, value, status) in [
        ("x-api-key", "anything", 200),
        ("X-API-KEY", "anything", 200),
        ("x-api-key", "", 401),
        ("authorization", "Bearer anything", 200),
        ("authorization", "bearer anything", 200),
        ("authorization", "Bearer ", 401),
        ("authorization", "Basic YTpi", 401),
    ] {
        let reply = bare(&server, Method::GET, CREDITS)
            .header(name, value)
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), status, "{name}: {value}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = MockServer::start().await.unwrap();
    let get = keyed(&server, Method::GET, CREDITS).send().await.unwrap();
    let head = keyed(&server, Method::HEAD, CREDITS).send().await.unwrap();
    assert_eq!(head.status(), get.status());
    assert_eq!(head.headers()[CONTENT_TYPE], get.headers()[CONTENT_TYPE]);
    assert_eq!(
        head.headers()["content-length"],
        get.headers()["content-length"]
    );
    assert!(head.bytes().await.unwrap().is_empty());
    let last = server.requests().pop().unwrap();
    assert_eq!(
        (last.method(), last.operation_id()),
        (&Method::HEAD, Some("get-v1-billing-credits"))
    );
}

#[tokio::test]
async fn respond_stands_in_for_the_sample() {
    let server = MockServer::start().await.unwrap();
    let credits = || async { keyed(&server, Method::GET, CREDITS).send().await.unwrap() };
    // By operation id and by the name in Rust; the last one counts.
    server
        .respond("get-v1-billing-credits", 402, json!({ "error": "no" }))
        .unwrap();
    let reply = credits().await;
    assert_eq!(reply.status(), StatusCode::PAYMENT_REQUIRED);
    assert_eq!(
        reply.json::<Value>().await.unwrap(),
        json!({ "error": "no" })
    );
    server
        .respond("billing.get_credit_balance", 200, [1, 2])
        .unwrap();
    for _ in 0..2 {
        assert_eq!(
            credits().await.json::<Value>().await.unwrap(),
            json!([1, 2])
        );
    }
    // The rest is as it was.
    let other = keyed(&server, Method::GET, "/api/v1/user")
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), StatusCode::OK);
    let bare = bare(&server, Method::GET, CREDITS).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
    // A status without content has none.
    server
        .respond("get-v1-billing-credits", 204, Value::Null)
        .unwrap();
    let reply = credits().await;
    assert_eq!(reply.status(), StatusCode::NO_CONTENT);
    assert!(reply.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn respond_refuses_what_it_cannot_do() {
    let server = MockServer::start().await.unwrap();
    let error = server
        .respond("billing.no_such_call", 200, json!({}))
        .unwrap_err();
    assert!(
        matches!(&error, MockError::UnknownOperation { name, .. } if name == "billing.no_such_call")
    );
    assert!(
        error.to_string().contains("billing.no_such_call"),
        "{error}"
    );
    for status in [0, 100, 199, 600, 1000, u16::MAX] {
        let error = server
            .respond("get-v1-billing-credits", status, json!({}))
            .unwrap_err();
        assert!(matches!(&error, MockError::Status { status: given, .. } if *given == status));
    }
    let unwritable = std::collections::HashMap::from([((1, 2), 3)]);
    let error = server
        .respond("get-v1-billing-credits", 200, unwritable)
        .unwrap_err();
    assert!(matches!(&error, MockError::Json(_)));
    assert!(std::error::Error::source(&error).is_some());
    let reply = keyed(&server, Method::GET, CREDITS).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
}

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let server = MockServer::start().await.unwrap();
    assert!(server.requests().is_empty());
    let request = bare(
        &server,
        Method::POST,
        "/api/v1/tasks/a%2Fb/approve?x=1&y=%20",
    );
    let request = request
        .header(AUTHORIZATION, "Bearer canary-token")
        .header("X-Api-Key", "canary-key");
    let request = request
        .header("x-own", "seen")
        .json(&json!({ "decision": "canary-body" }));
    request.send().await.unwrap();
    bare(&server, Method::GET, "/nowhere").send().await.unwrap();

    let requests = server.requests();
    let [first, second]: &[RecordedRequest; 2] = requests.as_slice().try_into().unwrap();
    assert_eq!(first.method(), Method::POST);
    assert_eq!(first.path(), "/api/v1/tasks/a%2Fb/approve");
    assert_eq!(first.query(), Some("x=1&y=%20"));
    assert_eq!(first.headers()[AUTHORIZATION], "Bearer canary-token");
    assert_eq!(first.headers()["x-api-key"], "canary-key");
    assert_eq!(first.body(), br#"{"decision":"canary-body"}"#);
    assert_eq!(
        first.json::<Value>().unwrap(),
        json!({ "decision": "canary-body" })
    );
    assert!(first.json::<Vec<u8>>().is_err());
    assert_eq!(first.operation_id(), Some("post-v1-tasks-id-approve"));
    assert_eq!(
        (second.path(), second.query(), second.operation_id()),
        ("/nowhere", None, None)
    );

    let debug = format!("{requests:?} {requests:#?} {server:?}");
    assert!(
        debug.contains("x-api-key") && debug.contains("seen"),
        "{debug}"
    );
    assert!(!debug.contains("canary"), "{debug}");
}

#[tokio::test]
async fn client_calls_the_server_with_a_key() {
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
    let refused = server
        .client()
        .request(Method::GET, CREDITS)
        .send_as::<Value>()
        .await;
    assert_eq!(refused.unwrap_err().status(), Some(StatusCode::FORBIDDEN));
    for request in server.requests() {
        let key = request.headers()["x-api-key"].to_str().unwrap();
        assert_eq!(key.strip_prefix("neo_sk_").unwrap().len(), 32);
    }
}

#[tokio::test]
async fn a_large_body_is_refused_and_not_kept() {
    const LIMIT: usize = 16 * 1024 * 1024;
    let server = MockServer::start().await.unwrap();
    for (size, status) in [(LIMIT, 202), (LIMIT + 1, 413), (3 * LIMIT, 413), (10, 202)] {
        let body = reqwest::Body::from(vec![b' '; size]);
        let request = keyed(&server, Method::POST, "/api/v1/tasks").body(body);
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), status, "{size} bytes");
        let kept = if status == 413 { 0 } else { size };
        let last = server.requests().pop().unwrap();
        assert_eq!(
            (last.body().len(), last.operation_id()),
            (kept, Some("post-v1-tasks"))
        );
        let body: Value = reply.json().await.unwrap();
        if status == 413 {
            assert_error_response(&body);
        }
    }
}

/// Sends raw bytes and gives what comes back until the server closes or is silent.
fn raw(server: &MockServer, bytes: &[u8]) -> String {
    let address = server.base_url().strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    socket.write_all(bytes).unwrap();
    let mut reply = Vec::new();
    // A time-out or a reset is an end as good as any other.
    let _ = socket.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}

#[tokio::test]
async fn garbage_ends_its_own_connection_only() {
    let server = MockServer::start().await.unwrap();
    assert!(
        raw(
            &server,
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\xff"
        )
        .starts_with("HTTP/1.1 400")
    );
    raw(&server, &[0; 100_000]);
    raw(&server, b"");
    raw(
        &server,
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\ncut off",
    );
    raw(
        &server,
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    );
    raw(&server, b"GET http://[ HTTP/1.1\r\n\r\n");
    assert!(raw(&server, b"GET /none HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404"));
    assert!(raw(&server, b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 404"));
    assert!(raw(&server, b"CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 404"));
    let reply = keyed(&server, Method::GET, CREDITS).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    // Only what was HTTP and whole is a request.
    let paths: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.path().to_owned())
        .collect();
    assert_eq!(paths, ["/none", "*", "", CREDITS]);
}

#[tokio::test]
async fn many_requests_at_once() {
    let server = std::sync::Arc::new(MockServer::start().await.unwrap());
    let neo = server.client();
    let calls = (0..200).map(|_| {
        let neo = neo.clone();
        tokio::spawn(async move {
            neo.request(Method::GET, CREDITS)
                .send_as::<Value>()
                .await
                .unwrap()
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap().is_object());
    }
    assert_eq!(server.requests().len(), 200);
}

#[tokio::test]
async fn dropping_the_server_frees_the_port() {
    let server = MockServer::start().await.unwrap();
    let address = server
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let neo = server.client();
    neo.request(Method::GET, CREDITS)
        .send_as::<Value>()
        .await
        .unwrap();
    let mut idle = TcpStream::connect(&address).unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    drop(server);
    // At once, with connections that were open.
    TcpListener::bind(&address).unwrap();
    assert!(matches!(idle.read(&mut [0; 8]), Ok(0) | Err(_)));
    assert!(
        neo.request(Method::GET, CREDITS)
            .send_as::<Value>()
            .await
            .is_err()
    );
}

/// Tests like to share one server, while each has a runtime of its own.
#[test]
fn the_server_outlives_the_runtime_that_started_it() {
    let on_own_runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let server = on_own_runtime().block_on(MockServer::start()).unwrap();
    for _ in 0..2 {
        let reply = on_own_runtime()
            .block_on(keyed(&server, Method::GET, CREDITS).send())
            .unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
    }
}

#[test]
fn the_server_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<MockServer>();
    shareable::<RecordedRequest>();
    shareable::<MockError>();
    let _: fn(&RecordedRequest) -> &HeaderMap = RecordedRequest::headers;
}
