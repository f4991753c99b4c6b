//! Checks a request against the operation that it calls.

use std::collections::BTreeSet;

use neo_client_codegen::instances::Generator;
use neo_client_codegen::openapi::media_type::{covers, essence, is_json};
use neo_client_codegen::openapi::pointer::join;
use neo_client_codegen::openapi::reference::resolve;
use serde_json::{Map, Value};

use crate::calls::counts::Counts;
use crate::calls::operation::Operation;
use crate::calls::program::CREDENTIAL;
use crate::calls::received::Received;

/// The base64 of `CREDENTIAL:CREDENTIAL`, as Basic authentication sends it.
const BASIC: &str = "Y3JlZGVudGlhbC1vZi1hLWNhbGw6Y3JlZGVudGlhbC1vZi1hLWNhbGw=";

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// A document whose requests are checked.
pub struct Checked<'d> {
    pub document: &'d Value,
    pub generator: &'d Generator,
}

impl Checked<'_> {
    /// Counts a request, and notes where it differs from the operation.
    pub fn request(&self, operation: &Operation<'_>, received: &Received, counts: &mut Counts) {
        let name = received.header("x-call").unwrap_or_default().to_owned();
        let mut faults = Vec::new();
        counts.requests += 1;
        counts.queries += usize::from(!received.query.is_empty());
        self.parameters(operation, received, &mut faults);
        self.accept(operation, received, counts, &mut faults);
        if let Some(invalid) = self.body(operation, received, counts, &mut faults) {
            counts.invalid_samples.push(format!("{name}: {invalid}"));
        }
        let place = format!("{} {}", operation.method, operation.path);
        self.credentials(operation, received, counts);
        let faults = faults.into_iter();
        counts
            .faults
            .extend(faults.map(|fault| format!("{name} ({place}): {fault}")));
    }

    fn parameters(&self, operation: &Operation<'_>, received: &Received, faults: &mut Vec<String>) {
        let is_required = |parameter: &Value| parameter.get("required") == Some(&Value::Bool(true));
        // The fields of an object are names of their own.
        let mut has_fields = operation.parameters_in("querystring").next().is_some();
        let mut known = BTreeSet::new();
        for (name, parameter) in operation.parameters_in("query") {
            let is_object = self.is_object(parameter.get("schema"));
            let is_flat = is_object && parameter.get("style").is_none_or(|style| style == "form");
            has_fields |= is_flat;
            known.insert(name);
            let is_sent = |(sent, _): &(String, String)| {
                sent == name
                    || sent
                        .strip_prefix(name)
                        .is_some_and(|rest| rest.starts_with('['))
            };
            if is_required(parameter) && !is_flat && !received.query.iter().any(is_sent) {
                faults.push(format!("the query lacks `{name}`"));
            }
        }
        known.extend(self.keys_in("query"));
        for (sent, _) in &received.query {
            let bare = sent.split('[').next().unwrap_or(sent);
            if !has_fields && !known.contains(sent.as_str()) && !known.contains(bare) {
                faults.push(format!("the query has `{sent}`"));
            }
        }
        for (name, parameter) in operation.parameters_in("header") {
            let lower = name.to_ascii_lowercase();
            let is_own = matches!(lower.as_str(), "accept" | "content-type" | "authorization");
            if is_required(parameter) && !is_own && received.header(&lower).is_none() {
                faults.push(format!("the header `{name}` is missing"));
            }
        }
        let cookies = received.header("cookie").unwrap_or_default();
        for (name, parameter) in operation.parameters_in("cookie") {
            if is_required(parameter) && !cookies.contains(&format!("{name}=")) {
                faults.push(format!("the cookie `{name}` is missing"));
            }
        }
    }

    fn is_object(&self, schema: Option<&Value>) -> bool {
        let target = schema.and_then(|schema| resolve(self.document, schema).ok());
        target.is_some_and(|target| {
            let is_object = target.value.get("type") == Some(&Value::from("object"));
            is_object
                || ["properties", "allOf", "oneOf", "anyOf"]
                    .iter()
                    .any(|keyword| target.value.get(keyword).is_some())
        })
    }

    /// Checks that one of the documented media types is accepted.
    fn accept(
        &self,
        operation: &Operation<'_>,
        received: &Received,
        counts: &mut Counts,
        faults: &mut Vec<String>,
    ) {
        let accept = received.header("accept").unwrap_or_default();
        counts.streams += usize::from(accept.contains("event-stream") || accept.contains("jsonl"));
        let responses = operation.value.get("responses").and_then(Value::as_object);
        let content = responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .filter_map(|(_, response)| {
                let response = resolve(self.document, response).ok()?.value;
                response.get("content")?.as_object()
            });
        let documented: Vec<&String> = content.flat_map(Map::keys).collect();
        let is_accepted = |one: &str| {
            documented
                .iter()
                .any(|media_type| covers(one, media_type) || covers(media_type, one))
        };
        if !documented.is_empty() && !accept.split(',').any(is_accepted) {
            faults.push(format!("accepts `{accept}` and not {documented:?}"));
        }
    }

    /// Counts the credentials of a request, and checks that an alternative of the security
    /// requirements is satisfied.
    pub fn credentials(&self, operation: &Operation<'_>, received: &Received, counts: &mut Counts) {
        let required = operation
            .value
            .get("security")
            .or(self.document.get("security"));
        let alternatives = required.and_then(Value::as_array);
        let satisfied = alternatives.into_iter().flatten().find(|alternative| {
            let schemes = alternative.as_object();
            schemes.is_some_and(|all| all.keys().all(|scheme| self.carries(scheme, received)))
        });
        match (satisfied.and_then(Value::as_object), alternatives) {
            (Some(schemes), _) => {
                for scheme in schemes.keys() {
                    *counts.credentials.entry(scheme.clone()).or_default() += 1;
                }
            }
            (None, Some(alternatives)) if !alternatives.is_empty() => {
                let known = |one: &Value| {
                    let schemes = one.as_object();
                    schemes.is_some_and(|all| all.keys().all(|it| self.scheme(it).is_some()))
                };
                if alternatives.iter().any(known) {
                    let name = received.header("x-call").unwrap_or_default();
                    let fault = format!(
                        "{name} ({} {}): no security requirement is satisfied",
                        operation.method, operation.path
                    );
                    counts.faults.push(fault);
                }
            }
            _ => {}
        }
    }

    fn scheme(&self, name: &str) -> Option<&Value> {
        let schemes = self.document.get("components")?.get("securitySchemes")?;
        Some(resolve(self.document, schemes.get(name)?).ok()?.value)
    }

    fn carries(&self, scheme: &str, received: &Received) -> bool {
        let Some(scheme) = self.scheme(scheme) else {
            return false;
        };
        let text = |keyword: &str| {
            scheme
                .get(keyword)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let name = text("name");
        let authorization = received.header("authorization").unwrap_or_default();
        match (
            text("type"),
            text("in"),
            text("scheme").to_ascii_lowercase().as_str(),
        ) {
            ("apiKey", "header", _) => {
                received.header(&name.to_ascii_lowercase()) == Some(CREDENTIAL)
            }
            ("apiKey", "query", _) => received
                .query
                .iter()
                .any(|(sent, value)| sent == name && value == CREDENTIAL),
            ("apiKey", ..) => received
                .header("cookie")
                .is_some_and(|cookies| cookies.contains(&format!("{name}={CREDENTIAL}"))),
            ("http", _, "basic") => authorization == format!("Basic {BASIC}"),
            ("mutualTLS", ..) => true,
            _ => authorization.ends_with(CREDENTIAL),
        }
    }

    fn keys_in(&self, location: &str) -> Vec<&str> {
        let schemes = self
            .document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object);
        schemes
            .into_iter()
            .flatten()
            .filter(|(_, scheme)| scheme.get("in").and_then(Value::as_str) == Some(location))
            .filter_map(|(_, scheme)| scheme.get("name").and_then(Value::as_str))
            .collect()
    }

    /// Checks the body. Returns the JSON that the schema does not accept.
    fn body(
        &self,
        operation: &Operation<'_>,
        received: &Received,
        counts: &mut Counts,
        faults: &mut Vec<String>,
    ) -> Option<String> {
        let described = operation.value.get("requestBody")?;
        let target = resolve(self.document, described).ok()?;
        let at = target
            .pointer
            .clone()
            .unwrap_or_else(|| join(&operation.pointer, "requestBody"));
        let media_type = received.header("content-type").unwrap_or_default();
        // A form without fields is empty.
        let is_form = essence(media_type) == FORM;
        if received.body.is_empty() && !is_form {
            if target.value.get("required") == Some(&Value::Bool(true)) {
                faults.push("the body is missing".to_owned());
            }
            return None;
        }
        let sent = essence(media_type);
        *counts.bodies.entry(sent.clone()).or_default() += 1;
        let content = target.value.get("content")?.as_object()?;
        let found = content
            .iter()
            .find(|(documented, _)| essence(documented) == sent || covers(documented, &sent));
        let Some((documented, media)) = found else {
            faults.push(format!("the body is `{media_type}`"));
            return None;
        };
        let place = join(&join(&join(&at, "content"), documented), "schema");
        if is_json(&sent) {
            return match serde_json::from_slice::<Value>(&received.body) {
                Err(error) => {
                    faults.push(format!("the body is no JSON: {error}"));
                    None
                }
                Ok(value) => {
                    let is_valid =
                        media.get("schema").is_none() || self.generator.accepts(&place, &value);
                    (!is_valid).then(|| value.to_string())
                }
            };
        }
        let names = if sent.starts_with("multipart/") {
            match received.parts() {
                Ok(names) => names,
                Err(why) => {
                    faults.push(why);
                    return None;
                }
            }
        } else if sent == FORM {
            received.form().into_iter().map(|(name, _)| name).collect()
        } else {
            return None;
        };
        self.fields(media, &names, faults);
        None
    }

    /// Checks the names of the fields of a form.
    fn fields(&self, media: &Value, names: &[String], faults: &mut Vec<String>) {
        let Some(schema) = media
            .get("schema")
            .and_then(|schema| resolve(self.document, schema).ok())
        else {
            return;
        };
        let required = schema.value.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !names.iter().any(|sent| sent == name) {
                faults.push(format!("the form lacks `{name}`"));
            }
        }
        let properties = schema.value.get("properties").and_then(Value::as_object);
        let is_open = schema.value.get("additionalProperties").is_some()
            || ["allOf", "oneOf", "anyOf"]
                .iter()
                .any(|keyword| schema.value.get(keyword).is_some());
        for name in names {
            let bare = name.split('[').next().unwrap_or(name);
            let is_known = properties.is_some_and(|all| all.contains_key(bare));
            if !is_open && !is_known {
                faults.push(format!("the form has `{name}`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::calls::operation;

    /// The faults of a request with this target, these headers and this body.
    fn faults(head: (&str, &str), body: &str) -> Vec<String> {
        let body_schema = json!({ "type": "object", "required": ["a"] });
        let document = json!({
            "openapi": "3.1.0",
            "paths": { "/a/{id}": { "post": {
                "parameters": [
                    { "name": "id", "in": "path" },
                    { "name": "q", "in": "query", "required": true },
                ],
                "requestBody": {
                    "required": true,
                    "content": { "application/json": { "schema": body_schema } },
                },
                "responses": { "200": { "content": { "text/csv": {} } } },
            } } },
            "security": [{ "key": [] }],
            "components": { "securitySchemes": {
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
            } },
        });
        let generator = Generator::new(&document);
        let checked = Checked {
            document: &document,
            generator: &generator,
        };
        let (target, headers) = head;
        let length = body.len();
        let bytes = format!(
            "POST {target} HTTP/1.1\r\ncontent-length: {length}\r\nx-call: a.b\r\n{headers}\r\n{body}"
        );
        let received = Received::parse(bytes.as_bytes()).unwrap();
        let mut counts = Counts::default();
        checked.request(&operation::all(&document)[0], &received, &mut counts);
        counts.faults.extend(counts.invalid_samples);
        counts.faults
    }

    #[test]
    fn request_as_documented_has_no_fault() {
        let headers =
            format!("x-key: {CREDENTIAL}\r\naccept: text/*\r\ncontent-type: application/json\r\n");
        let head = ("/a/1?q=2", headers.as_str());
        assert_eq!(faults(head, r#"{"a":1}"#), Vec::<String>::new());
        assert_eq!(faults(head, "{}"), ["a.b: {}"]);
    }

    #[test]
    fn each_difference_is_a_fault() {
        let all = faults(("/a/1?other=2", "content-type: text/plain\r\n"), "x");
        let expected = [
            "no security requirement is satisfied",
            "the query lacks `q`",
            "the query has `other`",
            "accepts `` and not [\"text/csv\"]",
            "the body is `text/plain`",
        ];
        let expected = expected.map(|fault| format!("a.b (post /a/{{id}}): {fault}"));
        assert_eq!(all, expected);
    }
}
