//! Replies of an operation: one success type, and how the reply comes.

use serde_json::{Value, json};

use super::model::Reply;
use super::operations::{OperationSite, resolve};
use super::schema::SECRET;
use crate::ledger::{Effect, join};

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
    let successes = successes(site);
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
            let detail = "its other media types are not asked for";
            site.ledger.add(
                join(&site.source.pointer, "responses"),
                "reply-media-type",
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
            "dual-reply",
            Effect::Rewritten,
            detail,
        );
    }
    (replies, json!({ "2XX": lowered }))
}

/// Success replies in the order in which they are preferred: exact statuses, `2XX`, `default`.
fn successes<'d>(site: &mut OperationSite<'_, 'd>) -> Vec<Success<'d>> {
    let responses = site
        .source
        .operation
        .get("responses")
        .and_then(Value::as_object);
    let pointer = join(&site.source.pointer, "responses");

    let mut responses: Vec<(&String, &Value)> = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| !status.starts_with("x-"))
        .collect();
    responses.sort_by_key(|(status, _)| (*status == "default", status.contains(['X', 'x'])));
    // `default` beside a redirect, as beside a success, describes the errors.
    let has_success = responses
        .iter()
        .any(|(status, _)| status.starts_with(['2', '3']));

    let mut found = Vec::new();
    for (status, response) in responses {
        let pointer = join(&pointer, status);
        let is_success = status.starts_with('2') || (status == "default" && !has_success);
        if !is_success {
            let (rule, detail) = match status.chars().next() {
                Some('3') => ("redirect-reply", "not a reply of the method"),
                _ => ("error-reply", "decodes as the client's error"),
            };
            site.ledger.add(pointer, rule, Effect::Rewritten, detail);
            continue;
        }
        let Some((response, place)) = resolve(site.document, response) else {
            let detail = "the reply leads nowhere";
            site.ledger
                .add(pointer, "dangling", Effect::Dropped, detail);
            continue;
        };
        let pointer = place.unwrap_or(pointer);
        if response
            .get("headers")
            .and_then(Value::as_object)
            .is_some_and(|all| !all.is_empty())
        {
            let detail = "readable by name on the response";
            site.ledger.add(
                join(&pointer, "headers"),
                "reply-header",
                Effect::Dropped,
                detail,
            );
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
        let kind = kind(&essence(media_type));
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
    let differs = json
        .iter()
        .find(|one| one.schema.as_ref().map(|it| it.0) != first.schema.as_ref().map(|it| it.0));
    if let Some(other) = differs {
        let detail = format!(
            "replies {} and {} differ in shape: any JSON value",
            first.status, other.status
        );
        site.ledger
            .add(&other.pointer, "reply-shape", Effect::Widened, detail);
        // Whether one of the shapes holds a secret is not looked into: errors quote neither.
        return json!({ SECRET: true });
    }
    let Some((schema, pointer)) = &first.schema else {
        return json!({});
    };
    let lowered = site.components.inline(schema, pointer, &hint, site.ledger);
    let Some(empty) = successes.iter().find(|one| one.kind == Reply::Empty) else {
        return lowered;
    };
    let detail = format!("reply {} has no body: the value is optional", empty.status);
    site.ledger
        .add(&empty.pointer, "reply-shape", Effect::Rewritten, detail);
    json!({ "allOf": [lowered], "nullable": true })
}

/// A media type without its parameters, in lower case (RFC 9110 section 8.3.1).
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_lowercase()
}

/// JSON by name or by structured syntax suffix (RFC 6839 section 3.1); anything is taken for JSON.
pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

fn kind(essence: &str) -> Reply {
    if is_json(essence) || essence == "*/*" {
        Reply::Json
    } else if essence == "text/event-stream" {
        Reply::EventStream
    } else if essence.starts_with("text/") {
        Reply::Text
    } else {
        Reply::Bytes
    }
}
