//! The ways in which an operation responds, as the document describes them, and how each is read.

use serde_json::{Value, json};

use super::context::OperationSource;
use crate::lower::model::ResponseKind;
use crate::openapi::media_type::{
    essence, is_event_stream, is_json, is_json_sequence, is_range, is_text,
};
use crate::openapi::pointer::join;
use crate::openapi::reference::{Unresolved, resolve};

/// The kinds that become a method of their own, the preferred first, with the end of the method's
/// name.
const KINDS: [(ResponseKind, &str); 5] = [
    (ResponseKind::Json, "json"),
    (ResponseKind::EventStream, "stream"),
    (ResponseKind::JsonLines, "lines"),
    (ResponseKind::Text, "text"),
    (ResponseKind::Bytes, "bytes"),
];

/// A success response in one media type, or without content.
pub(super) struct Success<'d> {
    pub(super) pointer: String,
    pub(super) status: &'d str,
    pub(super) kind: ResponseKind,
    /// The media type and its Media Type Object; `None` without content.
    pub(super) content: Option<(&'d str, &'d Value)>,
}

impl<'d> Success<'d> {
    pub(super) fn schema(&self) -> Option<&'d Value> {
        self.content.and_then(|(_, media)| media.get("schema"))
    }
}

/// A way in which an operation responds. Each way is a method.
pub(super) struct ResponseWay<'d> {
    pub(super) kind: ResponseKind,
    /// The end of the method's name; empty for the preferred way.
    pub(super) suffix: &'static str,
    pub(super) successes: Vec<Success<'d>>,
}

impl ResponseWay<'_> {
    /// Returns the value of the `Accept` header, if it is not that of the kind.
    ///
    /// JSON is preferred where a range leaves the choice to the server.
    pub(super) fn accept(&self) -> Option<String> {
        let (mut types, mut has_range): (Vec<String>, bool) = (Vec::new(), false);
        for (name, _) in self.successes.iter().filter_map(|one| one.content) {
            let is_header = name.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            let name = name.trim();
            if !is_header || name.contains(',') || !name.contains('/') {
                continue;
            }
            let name = match (self.kind, is_range(name)) {
                (ResponseKind::Json, true) => {
                    has_range = true;
                    format!("{name};q=0.8")
                }
                _ => name.to_owned(),
            };
            if !types.contains(&name) {
                types.push(name);
            }
        }
        if has_range && !types.iter().any(|name| name == "application/json") {
            types.insert(0, "application/json".to_owned());
        }
        let accept = types.join(", ");
        (!accept.is_empty() && Some(accept.as_str()) != self.kind.accept()).then_some(accept)
    }

    /// Returns whether the caller chooses among several media types.
    pub(super) fn accept_is_open(&self) -> bool {
        let contents = || self.successes.iter().filter_map(|one| one.content);
        let mut names: Vec<String> = contents().map(|(name, _)| essence(name)).collect();
        names.sort();
        names.dedup();
        let has_range = names.iter().any(|name| is_range(name));
        match self.kind {
            ResponseKind::Json | ResponseKind::JsonLines => names.len() > 1,
            ResponseKind::Text | ResponseKind::Bytes => names.len() > 1 || has_range,
            ResponseKind::EventStream | ResponseKind::Empty => false,
        }
    }
}

/// The success responses of an operation.
pub(super) struct Successes<'d> {
    pub(super) ways: Vec<ResponseWay<'d>>,
    /// The first response without content.
    pub(super) empty: Option<Success<'d>>,
    /// The responses that repeat the JSON value in another format.
    pub(super) repeated: Vec<Success<'d>>,
}

/// Returns the ways in which an operation responds; at least one.
pub(super) fn successes<'d>(document: &'d Value, source: &OperationSource<'d>) -> Successes<'d> {
    let mut found = Successes {
        ways: Vec::new(),
        empty: None,
        repeated: Vec::new(),
    };
    let mut all = Vec::new();
    // A response to HEAD has no content, even if the document describes some (RFC 9110 section
    // 9.3.2).
    if source.http_method != "head" {
        for response in responses(document, source) {
            if response.status.starts_with('2') {
                read_contents(document, &response, &mut all);
            }
        }
    }
    let of_json: Vec<&Value> = all
        .iter()
        .filter(|one| one.kind == ResponseKind::Json)
        .filter_map(Success::schema)
        .collect();
    let mut groups: Vec<(ResponseKind, Vec<Success<'d>>)> = Vec::new();
    for one in all {
        let is_other = matches!(one.kind, ResponseKind::Text | ResponseKind::Bytes);
        if one.kind == ResponseKind::Empty {
            found.empty.get_or_insert(one);
        } else if is_other && one.schema().is_some_and(|it| of_json.contains(&it)) {
            found.repeated.push(one);
        } else {
            match groups.iter_mut().find(|(kind, _)| *kind == one.kind) {
                Some((_, group)) => group.push(one),
                None => groups.push((one.kind, vec![one])),
            }
        }
    }
    for (kind, suffix) in KINDS {
        let group = groups.iter_mut().find(|(of, _)| *of == kind);
        if let Some((_, group)) = group {
            let suffix = if found.ways.is_empty() { "" } else { suffix };
            found.ways.push(ResponseWay {
                kind,
                suffix,
                successes: std::mem::take(group),
            });
        }
    }
    if found.ways.is_empty() {
        found.ways.push(ResponseWay {
            kind: ResponseKind::Empty,
            suffix: "",
            successes: Vec::new(),
        });
    }
    found
}

/// A response of an operation, and what its reference leads to.
pub(super) struct Response<'d> {
    pub(super) status: &'d str,
    pub(super) pointer: String,
    pub(super) target: Result<&'d Value, Unresolved>,
}

/// Returns the responses of an operation by preference: exact statuses, `2XX`, `default`. `default`
/// counts as success if no success is described.
pub(super) fn responses<'d>(
    document: &'d Value,
    source: &OperationSource<'d>,
) -> Vec<Response<'d>> {
    let all = source.operation.get("responses").and_then(Value::as_object);
    let pointer = join(&source.pointer, "responses");
    let mut responses: Vec<(&str, &Value)> = all
        .into_iter()
        .flatten()
        .map(|(status, response)| (status.as_str(), response))
        .filter(|(status, _)| !status.starts_with("x-"))
        .collect();
    responses.sort_by_key(|(status, _)| (*status == "default", status.contains(['X', 'x'])));
    // `default` beside a redirect describes the errors, as beside a success.
    let has_success = responses
        .iter()
        .any(|(status, _)| status.starts_with(['2', '3']));
    let described = responses.into_iter().map(|(name, response)| {
        let pointer = join(&pointer, name);
        let status = match name {
            "default" if !has_success => "2XX",
            _ => name,
        };
        match resolve(document, response) {
            Ok(target) => Response {
                status,
                pointer: target.pointer.unwrap_or(pointer),
                target: Ok(target.value),
            },
            Err(unresolved) => Response {
                status,
                pointer,
                target: Err(unresolved),
            },
        }
    });
    described.collect()
}

fn read_contents<'d>(document: &'d Value, response: &Response<'d>, found: &mut Vec<Success<'d>>) {
    let Ok(target) = response.target else {
        return;
    };
    let content = target.get("content").and_then(Value::as_object);
    let pointer = join(&response.pointer, "content");
    let before = found.len();
    for (media_type, media) in content.into_iter().flatten() {
        // A media type may be a reference since OpenAPI 3.2. One that leads nowhere has no schema.
        let own = join(&pointer, media_type);
        let (media, pointer) = match resolve(document, media) {
            Ok(target) => (target.value, target.pointer.unwrap_or(own)),
            Err(_) => (media, own),
        };
        found.push(Success {
            pointer,
            status: response.status,
            kind: kind(media_type, media),
            content: Some((media_type, media)),
        });
    }
    if found.len() == before {
        found.push(Success {
            pointer: response.pointer.clone(),
            status: response.status,
            kind: ResponseKind::Empty,
            content: None,
        });
    }
}

/// Returns how a response of a media type is read.
fn kind(media_type: &str, media: &Value) -> ResponseKind {
    let essence = essence(media_type);
    let schema = media.get("schema");
    let is_binary = schema.and_then(|schema| schema.get("format")) == Some(&json!("binary"));
    let is_described = schema.is_some_and(has_shape);
    if is_event_stream(&essence) {
        ResponseKind::EventStream
    } else if is_json_sequence(&essence) {
        ResponseKind::JsonLines
    } else if is_json(&essence)
        // A range that covers everything is JSON, unless the schema says bytes.
        || (essence == "*/*" && !is_binary)
        || (essence == "application/*" && is_described)
    {
        ResponseKind::Json
    } else if is_text(&essence) && !is_binary {
        ResponseKind::Text
    } else {
        ResponseKind::Bytes
    }
}

/// Returns whether a schema says more than "bytes" or "text".
pub(super) fn has_shape(schema: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return false;
    };
    let kind = schema.get("type").and_then(Value::as_str);
    let keywords = [
        "$ref",
        "type",
        "properties",
        "items",
        "allOf",
        "anyOf",
        "oneOf",
    ];
    kind != Some("string") && keywords.iter().any(|keyword| schema.contains_key(*keyword))
}
