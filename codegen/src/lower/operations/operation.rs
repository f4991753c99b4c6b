//! Lowers one operation: what progenitor is told of it, and the methods that call it.

use serde_json::{Map, Value, json};

use super::context::OperationContext;
use super::{body, parameters, responses};
use crate::ledger::Effect;
use crate::lower::extensions::pagination;
use crate::lower::model::{Body, Operation, Parameter, Reply};
use crate::lower::security;
use crate::markdown;
use crate::openapi::pointer::join;

/// The methods for which progenitor generates code that does not compile.
const UNKNOWN_TO_PROGENITOR: &[&str] = &["options", "trace"];

/// Returns the method for progenitor. The model holds the method that is sent.
pub(super) fn lowered_method(http_method: &'static str) -> &'static str {
    if UNKNOWN_TO_PROGENITOR.contains(&http_method) {
        "post"
    } else {
        http_method
    }
}

impl OperationContext<'_, '_> {
    /// Returns the lowered operation, and the methods that call it.
    pub(super) fn lower(&mut self, lowered_path: &str) -> (Value, Vec<Operation>) {
        self.report_what_is_not_followed();
        let body = body::lower(self);
        let (parameters, lowered_parameters) = parameters::lower(self);
        let (replies, lowered_responses) = responses::lower(self);

        let mut lowered = Map::new();
        lowered.insert("operationId".to_owned(), json!(self.names.function));
        lowered.insert("parameters".to_owned(), Value::Array(lowered_parameters));
        if let Some((_, body)) = &body {
            lowered.insert("requestBody".to_owned(), body.clone());
        }
        lowered.insert("responses".to_owned(), lowered_responses);

        let body = body.map(|(body, _)| body);
        let pagination = pagination::declared(self, &parameters, &replies);
        let callable = replies
            .iter()
            .map(|reply| {
                let method = match reply {
                    Reply::EventStream if replies.len() > 1 => self.names.stream_method.clone(),
                    _ => self.names.method.clone(),
                };
                let callable =
                    self.callable(method, *reply, &parameters, body.as_ref(), lowered_path);
                Operation {
                    pagination: pagination.clone().filter(|_| *reply == Reply::Json),
                    ..callable
                }
            })
            .collect();
        (Value::Object(lowered), callable)
    }

    /// Adds entries for keywords that do not affect the call.
    fn report_what_is_not_followed(&mut self) {
        let mut report = |place: String, rule, detail: &str| {
            self.ledger.add(place, rule, Effect::Dropped, detail);
        };
        let source = self.source;
        if source.operation.contains_key("callbacks") {
            let place = join(&source.pointer, "callbacks");
            report(place, "callbacks", "a client receives no calls");
        }
        for (holder, place) in [
            (source.item, &source.item_pointer),
            (source.operation, &source.pointer),
        ] {
            if holder.contains_key("servers") {
                let detail = "ignored: calls go to the client's base URL";
                report(join(place, "servers"), "servers", detail);
            }
        }
        let tags = source.operation.get("tags").and_then(Value::as_array);
        if tags.is_some_and(|tags| tags.len() > 1) {
            let detail = format!("found under `{}` only", self.names.tag);
            report(join(&source.pointer, "tags"), "tags", &detail);
        }
    }

    fn callable(
        &self,
        method: String,
        reply: Reply,
        parameters: &[Parameter],
        body: Option<&Body>,
        lowered_path: &str,
    ) -> Operation {
        let source = self.source;
        Operation {
            pointer: source.pointer.clone(),
            id: source.id(),
            function: self.names.function.clone(),
            http_method: source.http_method.to_owned(),
            path: source.path.clone(),
            lowered_path: lowered_path.to_owned(),
            lowered_method: lowered_method(source.http_method).to_owned(),
            tag: self.names.tag.clone(),
            accessor: self.names.accessor.clone(),
            method,
            summary: markdown::safe(source.text("summary")),
            description: markdown::safe(source.text("description")),
            reference: self.names.reference(source, self.document),
            deprecated: source.operation.get("deprecated") == Some(&Value::Bool(true)),
            security: security::of_operation(self.document, source.operation.get("security")),
            sensitive: false,
            parameters: parameters.to_vec(),
            body: body.cloned(),
            reply,
            pagination: None,
            end_marker: end_marker(source.operation).filter(|_| reply == Reply::EventStream),
        }
    }
}

/// Returns the data of the event that ends a complete event stream. An empty text declares nothing.
fn end_marker(operation: &Map<String, Value>) -> Option<String> {
    let declared = operation.get("x-end-marker")?.as_str()?;
    (!declared.is_empty()).then(|| declared.to_owned())
}
