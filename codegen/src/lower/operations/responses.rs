//! Responses of an operation: one success type, and how the response arrives.

use serde_json::{Value, json};

use super::context::OperationContext;
use super::response_kinds::{kind, responses};
use crate::ledger::Effect;
use crate::lower::model::Reply;
use crate::openapi::pointer::join;
use crate::openapi::reference::resolve;

/// A success response as described in the document.
struct Success<'d> {
    pointer: String,
    status: &'d str,
    kind: Reply,
    /// The JSON schema, and its location.
    schema: Option<(&'d Value, String)>,
}

/// Returns how the operation responds (twice if there are two ways), and the lowered `responses`.
pub(super) fn lower(context: &mut OperationContext<'_, '_>) -> (Vec<Reply>, Value) {
    let mut successes = successes(context);
    // A response to HEAD has no content, even if the document describes some (RFC 9110 section
    // 9.3.2).
    if context.source.http_method == "head" {
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
        let schema = json_schema(context, first, &json, &successes);
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
            let detail = "other media types cannot be requested";
            context.ledger.add(
                join(&context.source.pointer, "responses"),
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
            context.names.method, context.names.stream_method
        );
        context.ledger.add(
            join(&context.source.pointer, "responses"),
            "dual-response",
            Effect::Rewritten,
            detail,
        );
    }
    (replies, json!({ "2XX": lowered }))
}

/// Returns the success responses, in the order of [`responses`].
fn successes<'d>(context: &mut OperationContext<'_, 'd>) -> Vec<Success<'d>> {
    let pointer = join(&context.source.pointer, "responses");
    let mut found = Vec::new();
    for (status, response) in responses(context.source) {
        let name = match context.source.operation.get("responses") {
            Some(all) if all.get(status).is_none() => "default",
            _ => status,
        };
        let pointer = join(&pointer, name);
        if !status.starts_with('2') {
            let (rule, detail) = match status.chars().next() {
                Some('3') => (
                    "redirect-response",
                    "handled by the runtime, which follows redirects",
                ),
                _ => ("error-response", "decodes as the client's error"),
            };
            context.ledger.add(pointer, rule, Effect::Rewritten, detail);
            continue;
        }
        let target = match resolve(context.document, response) {
            Ok(target) => target,
            Err(unresolved) => {
                let detail = format!("not decoded: {unresolved}");
                context
                    .ledger
                    .add(pointer, "dangling", Effect::Dropped, detail);
                continue;
            }
        };
        let response = target.value;
        let pointer = target.pointer.unwrap_or(pointer);
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
                context
                    .ledger
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
        let kind = kind(media_type, media);
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
    context: &mut OperationContext<'_, '_>,
    first: &Success<'_>,
    json: &[&Success<'_>],
    successes: &[Success<'_>],
) -> Value {
    let hint = format!("{}Response", context.names.type_prefix);
    let mut shapes: Vec<&Value> = Vec::new();
    for one in json {
        let schema = one.schema.as_ref().map(|(schema, _)| *schema);
        if let Some(schema) = schema.filter(|schema| !shapes.contains(schema)) {
            if !shapes.is_empty() {
                let detail = format!(
                    "responses {} and {} have different schemas: a union of both",
                    one.status, first.status
                );
                context
                    .ledger
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
    let lowered = context
        .components
        .inline(schema, pointer, &hint, context.ledger);
    let Some(empty) = successes.iter().find(|one| one.kind == Reply::Empty) else {
        return lowered;
    };
    let detail = format!(
        "response {} has no body: the value is optional",
        empty.status
    );
    context
        .ledger
        .add(&empty.pointer, "response-shape", Effect::Rewritten, detail);
    json!({ "allOf": [lowered], "nullable": true })
}
