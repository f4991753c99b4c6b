//! The vendored document, read once: its endpoints, and a finished reply for each.

use bytes::Bytes;
use hyper::header::{self, HeaderName};
use hyper::{Method, StatusCode};
use serde_json::{Map, Value};

use super::media_type::essence;
use super::response::Reply;
use super::routing::Template;
use super::sample::{Sampler, resolve};
use super::security::Security;
use crate::operation::{Operation, Pagination};

/// What a stream of events looks like when the document has no example of one: a short answer in
/// the way of the AI SDK's UI message stream, whose chunk names this API uses.
const EVENTS: &str = "data: {\"type\":\"start\",\"messageId\":\"msg_1\"}\n\n\
    data: {\"type\":\"text-start\",\"id\":\"txt_1\"}\n\n\
    data: {\"type\":\"text-delta\",\"id\":\"txt_1\",\"delta\":\"No issues \"}\n\n\
    data: {\"type\":\"text-delta\",\"id\":\"txt_1\",\"delta\":\"found.\"}\n\n\
    data: {\"type\":\"text-end\",\"id\":\"txt_1\"}\n\n\
    data: {\"type\":\"finish\"}\n\n\
    data: [DONE]\n\n";

/// The endpoints of a document.
pub(super) struct Document {
    operations: &'static [Operation],
    endpoints: Vec<Endpoint>,
    /// The headers in which requests bring credentials.
    pub(super) secret_headers: Vec<HeaderName>,
}

/// One operation of the document.
pub(super) struct Endpoint {
    /// The `operationId`; method and path where the document gives none.
    pub(super) id: String,
    method: Method,
    template: Template,
    pub(super) security: Security,
    /// The documented replies of success, JSON first, then by status.
    pub(super) replies: Vec<Reply>,
}

/// Where a request leads.
pub(super) enum Route<'d> {
    Found(&'d Endpoint),
    /// The path is known, but only with these methods.
    OtherMethods(Vec<&'d Method>),
    Unknown,
}

impl Document {
    /// Reads an OpenAPI document.
    pub(super) fn read(json: &str, operations: &'static [Operation]) -> serde_json::Result<Self> {
        serde_json::from_str(json).map(|json| Self::new(&json, operations))
    }

    pub(super) fn new(document: &Value, operations: &'static [Operation]) -> Self {
        const METHODS: [&str; 8] = [
            "get", "put", "post", "delete", "options", "head", "patch", "trace",
        ];
        let sampler = Sampler::new(document);
        let mut endpoints = Vec::new();
        for (path, item) in document
            .get("paths")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let item = resolve(document, item);
            for name in METHODS {
                let Some(operation) = item.get(name) else {
                    continue;
                };
                let Ok(method) = Method::from_bytes(name.to_ascii_uppercase().as_bytes()) else {
                    continue;
                };
                let id = operation.get("operationId").and_then(Value::as_str);
                endpoints.push(Endpoint {
                    id: id.map_or_else(|| format!("{method} {path}"), str::to_owned),
                    template: Template::new(path),
                    security: Security::new(document, operation),
                    replies: replies(document, &sampler, operation),
                    method,
                });
            }
        }
        let mut secret_headers = vec![
            header::AUTHORIZATION,
            header::PROXY_AUTHORIZATION,
            header::COOKIE,
        ];
        secret_headers.extend(
            endpoints
                .iter()
                .flat_map(|endpoint| endpoint.security.headers()),
        );
        secret_headers.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        secret_headers.dedup();
        Self {
            operations,
            endpoints,
            secret_headers,
        }
    }

    /// The endpoint of a request. `HEAD` leads where `GET` does (RFC 9110 section 9.3.2).
    pub(super) fn route(&self, method: &Method, path: &str) -> Route<'_> {
        let matched = |endpoint| Some((Endpoint::matches(endpoint, path)?, endpoint));
        let known: Vec<_> = self.endpoints.iter().filter_map(matched).collect();
        let with = |method: &Method| {
            let with_method = known
                .iter()
                .filter(|(_, endpoint)| endpoint.method == *method);
            with_method
                .max_by_key(|(literalness, _)| literalness)
                .map(|(_, endpoint)| *endpoint)
        };
        let get = || {
            if *method == Method::HEAD {
                with(&Method::GET)
            } else {
                None
            }
        };
        match with(method).or_else(get) {
            Some(endpoint) => Route::Found(endpoint),
            None if known.is_empty() => Route::Unknown,
            None => {
                let mut methods: Vec<_> =
                    known.iter().map(|(_, endpoint)| &endpoint.method).collect();
                if methods.contains(&&Method::GET) {
                    methods.push(&Method::HEAD);
                }
                methods.sort_by_key(|method| method.as_str());
                methods.dedup();
                Route::OtherMethods(methods)
            }
        }
    }

    /// The JSON of success of an `operationId`.
    pub(super) fn sample(&self, id: &str) -> Option<Value> {
        let replies = &self.endpoint(id)?.replies;
        let json = replies.iter().find(|reply| is_json(&reply.media_type))?;
        serde_json::from_slice(&json.body).ok()
    }

    /// How the operation of this id is paged.
    pub(super) fn pagination(&self, id: &str) -> Option<Pagination> {
        let of_it = self
            .operations
            .iter()
            .filter(|operation| operation.id == id);
        of_it.filter_map(|operation| operation.pagination).next()
    }

    /// The id of the operation that is called by this name in Rust.
    pub(super) fn id_of(&self, name: &str) -> Option<&'static str> {
        let named = self
            .operations
            .iter()
            .find(|operation| operation.name == name);
        named.map(|operation| operation.id)
    }

    /// The endpoint of an `operationId`.
    pub(super) fn endpoint(&self, id: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == id)
    }
}

impl Endpoint {
    fn matches(&self, path: &str) -> Option<Vec<super::routing::Literalness>> {
        self.template.matches(path)
    }
}

/// The replies that an operation documents for success. `2XX` stands for 200; `default` counts when
/// there is no other.
fn replies(document: &Value, sampler: &Sampler<'_>, operation: &Value) -> Vec<Reply> {
    let Some(responses) = operation.get("responses").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut documented: Vec<_> = responses
        .iter()
        .filter_map(|(key, response)| Some((success(key)?, response)))
        .collect();
    if documented.is_empty() {
        documented.extend(
            responses
                .get("default")
                .map(|response| (StatusCode::OK, response)),
        );
    }
    let mut replies = Vec::new();
    for (status, response) in documented {
        let content = resolve(document, response)
            .get("content")
            .and_then(Value::as_object);
        let media_types = content.into_iter().flatten();
        let of_content =
            media_types.map(|(name, media_type)| reply(sampler, status, name, media_type));
        replies.extend(of_content);
        if content.is_none_or(Map::is_empty) {
            replies.push(Reply::empty(status));
        }
    }
    replies.sort_by_key(|reply| (!is_json(&reply.media_type), reply.status));
    replies
}

fn reply(sampler: &Sampler<'_>, status: StatusCode, media_type: &str, described: &Value) -> Reply {
    // A range such as `*/*` is no media type to send.
    let media_type = if media_type.contains('*') {
        "application/json"
    } else {
        media_type
    };
    let exemplary = described
        .get("example")
        .or(described.get("examples"))
        .is_some();
    let body = match sampler.media_type(described) {
        value if is_json(media_type) => value.to_string(),
        _ if essence(media_type) == "text/event-stream" && !exemplary => EVENTS.to_owned(),
        Value::String(text) => text,
        value => value.to_string(),
    };
    Reply {
        status,
        media_type: media_type.to_owned(),
        body: Bytes::from(body),
    }
}

/// The status that a key of `responses` stands for, if that is one of success.
fn success(key: &str) -> Option<StatusCode> {
    if key.eq_ignore_ascii_case("2XX") {
        return Some(StatusCode::OK);
    }
    key.parse().ok().filter(StatusCode::is_success)
}

fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

#[cfg(test)]
mod tests;
