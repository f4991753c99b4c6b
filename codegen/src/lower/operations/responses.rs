//! Replies of an operation: one success type, and how the reply comes.

use serde_json::{Value, json};

use super::model::Reply;
use super::operations::{OperationSite, Source, nowhere, resolve};
use crate::ledger::Effect;
use crate::openapi::pointer::join;

/// A success reply as the document describes it.
struct Success<'d> {
    pointer: String,
    status: &'d str,
    kind: Reply,
    /// Its JSON schema, and where that stands.
    schema: Option<(&'d Value, String)>,
}

/// How the operation replies (twice if it has two ways), and the lowered `responses`.
pub(super) fn lower(site: &mut OperationSite<'_, '_>) -> (Vec<Reply>, Value) {
    let mut successes = successes(site);
    // Whatever is described, a reply to HEAD has no content (RFC 9110 section 9.3.2).
    if site.source.http_method == "head" {
        successes.clear();
    }
    let json: Vec<&Success<'_>> = successes
        .iter()
        .filter(|one| one.kind == Reply::Json)
        .collect();
    let streams = successes.iter().any(|one| one.kind == Reply::EventStream);
    let other = successes
        .iter()
        .map(|one| one.kind)
        .find(|kind| matches!(kind, Reply::Bytes | Reply::Text));

    let mut replies = Vec::new();
    let mut lowered = json!({ "description": "success" });
    if let Some(first) = json.first() {
        replies.push(Reply::Json);
        let schema = json_schema(site, first, &json, &successes);
        lowered = json!({
            "description": "success",
            "content": { "application/json": { "schema": schema } },
        });
    }
    if streams {
        replies.push(Reply::EventStream);
    }
    match (replies.is_empty(), other) {
        (true, Some(kind)) => replies.push(kind),
        (true, None) => replies.push(Reply::Empty),
        (false, Some(_)) => {
            let detail = "cannot be had in its other media types";
            site.ledger.add(
                join(&site.source.pointer, "responses"),
                "response-media-type",
                Effect::Dropped,
                detail,
            );
        }
        (false, None) => {}
    }
    if !json.is_empty() && streams {
        let detail = format!(
            "`{}` asks for JSON, `{}` for the event stream",
            site.names.method, site.names.stream_method
        );
        site.ledger.add(
            join(&site.source.pointer, "responses"),
            "dual-response",
            Effect::Rewritten,
            detail,
        );
    }
    (replies, json!({ "2XX": lowered }))
}

/// Whether an operation replies as JSON and as an event stream, and so has two methods.
pub(super) fn are_two(document: &Value, source: &Source<'_>) -> bool {
    let (mut json, mut stream) = (false, false);
    for (status, response) in responses(source) {
        let content = resolve(document, response)
            .filter(|_| status.starts_with('2'))
            .and_then(|(response, _)| response.get("content")?.as_object());
        for (media_type, media) in content.into_iter().flatten() {
            let kind = kind(&essence(media_type), media);
            json |= kind == Reply::Json;
            stream |= kind == Reply::EventStream;
        }
    }
    json && stream && source.http_method != "head"
}

/// The replies of an operation in the order in which they are preferred: exact statuses, `2XX`,
/// `default`. Where no success is described, `default` is one.
fn responses<'d>(source: &Source<'d>) -> Vec<(&'d str, &'d Value)> {
    let responses = source.operation.get("responses").and_then(Value::as_object);
    let mut responses: Vec<(&str, &Value)> = responses
        .into_iter()
        .flatten()
        .map(|(status, response)| (status.as_str(), response))
        .filter(|(status, _)| !status.starts_with("x-"))
        .collect();
    responses.sort_by_key(|(status, _)| (*status == "default", status.contains(['X', 'x'])));
    // `default` beside a redirect, as beside a success, describes the errors.
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

/// The success replies, in the order of [`responses`].
fn successes<'d>(site: &mut OperationSite<'_, 'd>) -> Vec<Success<'d>> {
    let pointer = join(&site.source.pointer, "responses");
    let mut found = Vec::new();
    for (status, response) in responses(site.source) {
        let name = match site.source.operation.get("responses") {
            Some(all) if all.get(status).is_none() => "default",
            _ => status,
        };
        let pointer = join(&pointer, name);
        if !status.starts_with('2') {
            let (rule, detail) = match status.chars().next() {
                Some('3') => (
                    "redirect-response",
                    "an error of the call, as the client follows redirects by itself",
                ),
                _ => ("error-response", "decodes as the client's error"),
            };
            site.ledger.add(pointer, rule, Effect::Rewritten, detail);
            continue;
        }
        let Some((response, place)) = resolve(site.document, response) else {
            let detail = format!("not decoded: {}", nowhere(response));
            site.ledger
                .add(pointer, "dangling", Effect::Dropped, detail);
            continue;
        };
        let pointer = place.unwrap_or(pointer);
        for (keyword, rule, detail) in [
            (
                "headers",
                "response-header",
                "readable by name on the response",
            ),
            (
                "links",
                "links",
                "the caller makes the call that a link describes",
            ),
        ] {
            let all = response.get(keyword).and_then(Value::as_object);
            if all.is_some_and(|all| !all.is_empty()) {
                site.ledger
                    .add(join(&pointer, keyword), rule, Effect::Dropped, detail);
            }
        }
        read_contents(response, &pointer, status, &mut found);
    }
    found
}

fn read_contents<'d>(
    response: &'d Value,
    pointer: &str,
    status: &'d str,
    found: &mut Vec<Success<'d>>,
) {
    let content = response.get("content").and_then(Value::as_object);
    let pointer_content = join(pointer, "content");
    let mut any = false;
    for (media_type, media) in content.into_iter().flatten() {
        any = true;
        let kind = kind(&essence(media_type), media);
        let pointer = join(&pointer_content, media_type);
        let schema = (kind == Reply::Json).then(|| {
            (
                media.get("schema").unwrap_or(&Value::Bool(true)),
                join(&pointer, "schema"),
            )
        });
        found.push(Success {
            pointer,
            status,
            kind,
            schema,
        });
    }
    if !any {
        found.push(Success {
            pointer: pointer.to_owned(),
            status,
            kind: Reply::Empty,
            schema: None,
        });
    }
}

fn json_schema(
    site: &mut OperationSite<'_, '_>,
    first: &Success<'_>,
    json: &[&Success<'_>],
    successes: &[Success<'_>],
) -> Value {
    let hint = format!("{}Response", site.names.type_prefix);
    let mut shapes: Vec<&Value> = Vec::new();
    for one in json {
        let schema = one.schema.as_ref().map(|(schema, _)| *schema);
        if let Some(schema) = schema.filter(|schema| !shapes.contains(schema)) {
            if !shapes.is_empty() {
                let detail = format!(
                    "reply {} differs from {} in shape: a union of both",
                    one.status, first.status
                );
                site.ledger
                    .add(&one.pointer, "response-shape", Effect::Rewritten, detail);
            }
            shapes.push(schema);
        }
    }
    let union = json!({ "oneOf": shapes });
    let shape = if shapes.len() > 1 { Some(&union) } else { None };
    let Some((schema, pointer)) = &first.schema else {
        return json!({});
    };
    let schema = shape.unwrap_or(schema);
    let lowered = site.components.inline(schema, pointer, &hint, site.ledger);
    let Some(empty) = successes.iter().find(|one| one.kind == Reply::Empty) else {
        return lowered;
    };
    let detail = format!("reply {} has no body: the value is optional", empty.status);
    site.ledger
        .add(&empty.pointer, "response-shape", Effect::Rewritten, detail);
    json!({ "allOf": [lowered], "nullable": true })
}

/// A media type without its parameters, in lower case (RFC 9110 section 8.3.1).
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_lowercase()
}

/// JSON by name or by structured syntax suffix (RFC 6839 section 3.1).
pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

fn kind(essence: &str, media: &Value) -> Reply {
    let is_binary = |media: &Value| {
        let schema = media.get("schema");
        schema.and_then(|schema| schema.get("format")) == Some(&json!("binary"))
    };
    // What may be anything is JSON, unless it is said to be bytes.
    if is_json(essence) || (essence == "*/*" && !is_binary(media)) {
        Reply::Json
    } else if essence == "text/event-stream" {
        Reply::EventStream
    } else if essence.starts_with("text/") {
        Reply::Text
    } else {
        Reply::Bytes
    }
}
