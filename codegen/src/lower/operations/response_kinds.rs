//! Which responses the document describes for an operation, and how each is read.

use serde_json::{Value, json};

use super::context::OperationSource;
use crate::lower::model::Reply;
use crate::openapi::media_type::{essence, is_json};
use crate::openapi::reference::resolve;

/// Returns whether an operation responds with JSON and with an event stream, and so has two
/// methods.
pub(super) fn has_two_methods(document: &Value, source: &OperationSource<'_>) -> bool {
    let (mut json, mut stream) = (false, false);
    for (status, response) in responses(source) {
        let content = resolve(document, response)
            .ok()
            .filter(|_| status.starts_with('2'))
            .and_then(|response| response.value.get("content")?.as_object());
        for (media_type, media) in content.into_iter().flatten() {
            let kind = kind(media_type, media);
            json |= kind == Reply::Json;
            stream |= kind == Reply::EventStream;
        }
    }
    json && stream && source.http_method != "head"
}

/// Returns the responses of an operation by preference: exact statuses, `2XX`, `default`. `default`
/// counts as success if no success is described.
pub(super) fn responses<'d>(source: &OperationSource<'d>) -> Vec<(&'d str, &'d Value)> {
    let responses = source.operation.get("responses").and_then(Value::as_object);
    let mut responses: Vec<(&str, &Value)> = responses
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
    for (status, _) in &mut responses {
        if *status == "default" && !has_success {
            *status = "2XX";
        }
    }
    responses
}

/// Returns how a response of a media type is read.
pub(super) fn kind(media_type: &str, media: &Value) -> Reply {
    let essence = essence(media_type);
    let is_binary = |media: &Value| {
        let schema = media.get("schema");
        schema.and_then(|schema| schema.get("format")) == Some(&json!("binary"))
    };
    // A range that covers everything is JSON, unless the schema says bytes.
    if is_json(&essence) || (essence == "*/*" && !is_binary(media)) {
        Reply::Json
    } else if essence == "text/event-stream" {
        Reply::EventStream
    } else if essence.starts_with("text/") {
        Reply::Text
    } else {
        Reply::Bytes
    }
}
