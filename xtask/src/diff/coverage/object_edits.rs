//! The table of edits outside of schemas, with their verdicts.

use serde_json::{Value, json};

use crate::diff::model::verdict::Wire::{
    self, Breaking as B, Compatible as C, DocsOnly as D, None as N,
};

/// One edit of the base document, and its verdict.
pub struct Row {
    /// The pointer of the object.
    pub at: &'static str,
    /// The field that is set, or removed with `null`.
    pub field: &'static str,
    pub value: Value,
    pub wire: Wire,
}

fn row(at: &'static str, field: &'static str, value: Value, wire: Wire) -> Row {
    Row {
        at,
        field,
        value,
        wire,
    }
}

const GET: &str = "/paths/~1pets~1{id}/get";
const POST: &str = "/paths/~1pets/post";
const HOOK: &str = "/webhooks/born/post";

/// The edits: `null` removes a field. Whoever sends and receives changes sides in webhooks and
/// callbacks.
pub fn rows() -> Vec<Row> {
    let gone = Value::Null;
    let mut rows = vec![
        row("/info", "title", json!("Other"), D),
        row("/info", "description", json!("Other"), D),
        row("/info", "version", json!("2"), D),
        row("/info/contact", "email", json!("b@example.com"), D),
        row("/info/license", "name", json!("MIT"), D),
        row("", "externalDocs", gone.clone(), D),
        row("/tags/0", "description", json!("Other"), D),
        row(
            "/tags/0",
            "externalDocs",
            json!({"url": "https://example.com"}),
            D,
        ),
        row("/servers/0", "description", json!("Other"), D),
        row(
            "/servers/0",
            "url",
            json!("https://{region}.example.org/v1"),
            C,
        ),
        row(
            "/servers/0",
            "url",
            json!("https://{region}.example.com/v2"),
            B,
        ),
        row(
            "/servers/0/variables/region",
            "description",
            json!("Other"),
            D,
        ),
        row(
            "/servers/0/variables/region",
            "enum",
            json!(["us", "eu"]),
            N,
        ),
        row("/servers/0/variables/region", "enum", json!(["eu"]), C),
        row("/servers/0/variables/region", "default", json!("us"), C),
        row("/paths/~1pets", "summary", json!("Other"), D),
        row("/paths/~1pets", "post", gone.clone(), B),
        row(
            "/paths/~1pets",
            "put",
            json!({"responses": {"200": {"description": "ok"}}}),
            C,
        ),
        row(GET, "operationId", json!("other"), N),
        row(GET, "tags", json!(["Other"]), N),
        row(GET, "summary", json!("Other"), D),
        row(GET, "description", json!("Other"), D),
        row(GET, "deprecated", json!(true), C),
        row(GET, "security", json!([]), C),
        row(GET, "security", json!([{"key": [], "token": ["read"]}]), B),
        row(
            GET,
            "security",
            json!([{"key": []}, {"token": ["read"]}]),
            C,
        ),
        row(
            GET,
            "servers",
            json!([{"url": "https://eu.example.com/v1"}]),
            C,
        ),
        row(
            GET,
            "externalDocs",
            json!({"url": "https://example.com"}),
            D,
        ),
        row(GET, "x-order", json!(1), D),
    ];
    rows.extend(parameters());
    rows.extend(bodies());
    rows.extend(responses());
    rows.extend(security());
    rows
}

const QUERY: &str = "/paths/~1pets~1{id}/get/parameters/1";
const LIST: &str = "/paths/~1pets~1{id}/get/parameters/2";
const HOOK_HEADER: &str = "/webhooks/born/post/parameters/0";

fn parameters() -> Vec<Row> {
    let more = |required: bool| json!({"name": "more", "in": "query", "required": required, "schema": {"type": "string"}});
    vec![
        row(QUERY, "description", json!("Other"), D),
        row(QUERY, "required", json!(true), B),
        row(QUERY, "deprecated", json!(true), C),
        row(QUERY, "allowEmptyValue", json!(true), C),
        row(QUERY, "allowReserved", json!(true), B),
        row(QUERY, "explode", json!(false), N),
        row(QUERY, "style", json!("spaceDelimited"), N),
        row(QUERY, "example", json!("a"), D),
        row(QUERY, "examples", json!({"a": {"value": "a"}}), D),
        row(QUERY, "name", json!("other"), B),
        row(QUERY, "in", json!("header"), B),
        row(LIST, "explode", json!(true), B),
        row(LIST, "style", json!("pipeDelimited"), B),
        row(
            "/paths/~1pets~1{id}/get/parameters/0",
            "explode",
            json!(true),
            N,
        ),
        row(
            "/paths/~1pets~1{id}/get/parameters/0",
            "style",
            json!("label"),
            B,
        ),
        row(GET, "parameters/-", more(false), C),
        row(GET, "parameters/-", more(true), B),
        row(HOOK_HEADER, "required", json!(false), B),
        row(
            "/webhooks/born/post/parameters/1",
            "required",
            json!(true),
            C,
        ),
        row(
            HOOK,
            "parameters/-",
            json!({"name": "x-more", "in": "header", "required": true, "schema": {"type": "string"}}),
            C,
        ),
        row(
            HOOK,
            "parameters/-",
            json!({"name": "x-more", "in": "header", "schema": {"type": "string"}}),
            C,
        ),
        row(HOOK_HEADER, "schema", json!({"type": "integer"}), C),
        row(HOOK_HEADER, "description", json!("Other"), D),
    ]
}

const FORM: &str = "/paths/~1pets/post/requestBody/content/multipart~1form-data";
const FILE: &str = "/paths/~1pets/post/requestBody/content/multipart~1form-data/encoding/file";

fn bodies() -> Vec<Row> {
    let gone = Value::Null;
    let text = json!({"schema": {"type": "string"}});
    let callback = "/paths/~1pets/post/callbacks/done/{$request.body#~1url}/post/requestBody";
    vec![
        row(POST, "requestBody", gone.clone(), B),
        row(
            "/paths/~1pets/post/requestBody",
            "required",
            json!(false),
            C,
        ),
        row(
            "/paths/~1pets/post/requestBody",
            "description",
            json!("Other"),
            D,
        ),
        row(
            "/paths/~1pets/post/requestBody/content",
            "text/plain",
            text.clone(),
            C,
        ),
        row(
            "/paths/~1pets/post/requestBody/content",
            "multipart/form-data",
            gone.clone(),
            B,
        ),
        row(
            "/paths/~1pets/post/requestBody/content/application~1json",
            "example",
            json!({}),
            D,
        ),
        row(
            "/paths/~1pets/post/requestBody/content/application~1json",
            "encoding",
            json!({"name": {"contentType": "text/csv"}}),
            N,
        ),
        row(FILE, "contentType", json!("image/png, image/jpeg"), C),
        row(FILE, "contentType", json!("IMAGE/PNG"), N),
        row(FILE, "contentType", json!("image/*"), C),
        row(FILE, "contentType", json!("image/gif"), B),
        row(FILE, "contentType", json!("image/png;q=1"), N),
        row(FILE, "headers", gone.clone(), B),
        row(
            "/paths/~1pets/post/requestBody/content/multipart~1form-data/encoding/file/headers/x-hash",
            "required",
            json!(true),
            B,
        ),
        row(
            "/paths/~1pets/post/requestBody/content/multipart~1form-data/encoding/file/headers/x-hash",
            "description",
            json!("Other"),
            D,
        ),
        row(
            "/paths/~1pets/post/requestBody/content/multipart~1form-data/encoding/file/headers/x-hash",
            "schema",
            json!({"type": "integer"}),
            B,
        ),
        row(
            FORM,
            "encoding",
            json!({"file": {"contentType": "image/png", "headers": {"x-hash": {"schema": {"type": "string"}}}}, "kind": {"contentType": "text/plain"}}),
            N,
        ),
        row(
            FORM,
            "encoding",
            json!({"file": {"contentType": "image/png", "headers": {"x-hash": {"schema": {"type": "string"}}}}, "none": {"contentType": "text/csv"}}),
            N,
        ),
        row(
            "/paths/~1pets/post/requestBody/content/multipart~1form-data/schema/properties",
            "kind",
            json!({"type": "array", "items": {"type": "string"}}),
            C,
        ),
        row(
            "/webhooks/born/post/requestBody",
            "required",
            json!(false),
            B,
        ),
        row(
            "/webhooks/born/post/requestBody/content",
            "text/plain",
            text.clone(),
            B,
        ),
        row(
            "/webhooks/born/post/requestBody/content",
            "application/xml",
            gone.clone(),
            C,
        ),
        row(HOOK, "requestBody", gone, B),
        row(callback, "required", json!(false), B),
        row(callback, "description", json!("Other"), D),
        row(
            "/paths/~1pets/post/callbacks/done/{$request.body#~1url}/post/requestBody/content",
            "text/plain",
            text,
            B,
        ),
    ]
}

const OK: &str = "/paths/~1pets~1{id}/get/responses/200";

fn responses() -> Vec<Row> {
    let gone = Value::Null;
    let header = json!({"required": true, "schema": {"type": "string"}});
    vec![
        row(OK, "description", json!("Other"), D),
        row("/paths/~1pets~1{id}/get/responses", "200", gone.clone(), B),
        row(
            "/paths/~1pets~1{id}/get/responses",
            "202",
            json!({"description": "later"}),
            C,
        ),
        row("/paths/~1pets~1{id}/get/responses", "404", gone.clone(), C),
        row(
            "/paths/~1pets~1{id}/get/responses",
            "500",
            json!({"description": "bad"}),
            C,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/headers",
            "x-next",
            gone.clone(),
            B,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/headers",
            "x-more",
            header.clone(),
            C,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/headers/x-next",
            "required",
            json!(false),
            B,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/headers/x-next",
            "description",
            json!("Other"),
            D,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/headers/x-next",
            "explode",
            json!(true),
            N,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/headers/x-next",
            "schema",
            json!({"type": "integer"}),
            C,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/content",
            "text/csv",
            json!({"schema": {"type": "string"}}),
            C,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/content",
            "application/json",
            gone.clone(),
            B,
        ),
        row(
            "/paths/~1pets~1{id}/get/responses/200/links/self",
            "description",
            json!("Other"),
            D,
        ),
        row(OK, "links", gone.clone(), D),
        row(
            "/webhooks/born/post/responses/200/headers",
            "x-seen",
            gone.clone(),
            B,
        ),
        row(
            "/webhooks/born/post/responses/200/headers",
            "x-more",
            header,
            B,
        ),
        row(
            "/webhooks/born/post/responses/200/headers",
            "x-more",
            json!({"schema": {"type": "string"}}),
            C,
        ),
        row(
            "/webhooks/born/post/responses/200/headers/x-seen",
            "required",
            json!(true),
            B,
        ),
        row("/webhooks/born/post/responses", "200", gone, B),
        row(
            "/webhooks",
            "died",
            json!({"post": {"responses": {"200": {"description": "ok"}}}}),
            C,
        ),
        row("/webhooks", "born", Value::Null, B),
        row("/paths/~1pets/post/callbacks", "done", Value::Null, B),
    ]
}

fn security() -> Vec<Row> {
    let schemes = "/components/securitySchemes";
    let gone = Value::Null;
    vec![
        row(
            "/components/securitySchemes/key",
            "name",
            json!("x-other"),
            B,
        ),
        row("/components/securitySchemes/key", "in", json!("query"), B),
        row(
            "/components/securitySchemes/key",
            "description",
            json!("Other"),
            D,
        ),
        row(
            "/components/securitySchemes/bearer",
            "bearerFormat",
            json!("opaque"),
            D,
        ),
        row(
            "/components/securitySchemes/bearer",
            "bearerFormat",
            gone.clone(),
            D,
        ),
        row(
            "/components/securitySchemes/bearer",
            "scheme",
            json!("Bearer"),
            N,
        ),
        row(
            "/components/securitySchemes/bearer",
            "scheme",
            json!("basic"),
            B,
        ),
        row(
            "/components/securitySchemes/token/flows/clientCredentials",
            "tokenUrl",
            json!("https://example.com/t"),
            B,
        ),
        row(
            "/components/securitySchemes/token/flows/clientCredentials/scopes",
            "read",
            json!("Other"),
            D,
        ),
        row(
            "/components/securitySchemes/token/flows",
            "clientCredentials",
            gone.clone(),
            B,
        ),
        row(
            "/components/securitySchemes/oidc",
            "openIdConnectUrl",
            json!("https://example.com/o"),
            B,
        ),
        row(schemes, "key", gone.clone(), B),
        row(schemes, "spare", gone, C),
        row(schemes, "more", json!({"type": "mutualTLS"}), C),
    ]
}
