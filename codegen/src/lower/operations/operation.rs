//! Lowers one operation: what progenitor is told of it, and the methods that call it.

use serde_json::{Map, Value, json};

use super::body_kinds::request_body;
use super::context::{MethodNames, OperationContext};
use super::response_kinds::{ResponseWay, successes};
use super::{body, parameters, responses};
use crate::ledger::Effect;
use crate::lower::extensions::pagination;
use crate::lower::model::{Body, EventForm, Operation, ResponseKind};
use crate::lower::security;
use crate::markdown;
use crate::openapi::pointer::join;

/// The methods for which progenitor generates code that compiles.
const KNOWN_TO_PROGENITOR: &[&str] = &["get", "put", "post", "delete", "patch", "head"];

/// Returns the method for progenitor. The model holds the method that is sent.
pub(super) fn lowered_method(http_method: &str) -> &str {
    if KNOWN_TO_PROGENITOR.contains(&http_method) {
        http_method
    } else {
        "post"
    }
}

/// A method of the client, and the operation of the lowered document for which progenitor writes
/// its function.
pub(super) struct LoweredMethod {
    pub(super) lowered: Value,
    pub(super) callable: Operation,
}

impl OperationContext<'_, '_> {
    /// Returns the methods that call the operation: one for each way in which its body is sent, and
    /// in which it responds.
    pub(super) fn lower(&mut self) -> Vec<LoweredMethod> {
        self.report_what_is_not_followed();
        let successes = successes(self.document, self.source);
        let request = request_body(self.document, self.source);
        let mut bodies: Vec<(String, Option<(Body, Value)>)> = Vec::new();
        match request {
            Some(Ok(request)) => {
                body::report(self, &request);
                for way in &request.ways {
                    let lowered = body::lower(self, &request, way);
                    bodies.push((way.suffix.clone(), lowered));
                }
            }
            Some(Err(unresolved)) => {
                let lowered = body::unresolved(self, unresolved);
                bodies.push((String::new(), Some(lowered)));
            }
            None => {}
        }
        if bodies.is_empty() {
            bodies.push((String::new(), None));
        }
        let server = self.server();
        let (parameters, lowered_parameters) = parameters::lower(self);
        responses::report(self, &successes);
        let responses: Vec<(&ResponseWay<'_>, (Option<EventForm>, Value))> = successes
            .ways
            .iter()
            .map(|way| (way, responses::lower(self, &successes, way)))
            .collect();
        let kinds: Vec<ResponseKind> = successes.ways.iter().map(|way| way.kind).collect();
        let pagination = pagination::declared(self, &parameters, &kinds);

        let mut methods = Vec::new();
        for (body_suffix, body) in &bodies {
            for (way, (event_form, lowered_responses)) in &responses {
                let Some(names) = self.names.of(body_suffix, way.suffix) else {
                    continue;
                };
                let mut lowered = Map::new();
                lowered.insert("operationId".to_owned(), json!(names.function));
                let parameters_here = lowered_parameters.clone();
                lowered.insert("parameters".to_owned(), Value::Array(parameters_here));
                if let Some((_, body)) = body {
                    lowered.insert("requestBody".to_owned(), body.clone());
                }
                lowered.insert("responses".to_owned(), lowered_responses.clone());
                let callable = Operation {
                    server,
                    parameters: parameters.clone(),
                    body: body.as_ref().map(|(body, _)| body.clone()),
                    response: way.kind,
                    event_form: *event_form,
                    end_marker: end_marker(self.source.operation)
                        .filter(|_| way.kind == ResponseKind::EventStream),
                    accept: way.accept(),
                    accept_is_open: way.accept_is_open(),
                    pagination: pagination
                        .clone()
                        .filter(|_| way.kind == ResponseKind::Json),
                    ..self.callable(names)
                };
                methods.push(LoweredMethod {
                    lowered: Value::Object(lowered),
                    callable,
                });
            }
        }
        methods
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
        let tags = source.operation.get("tags").and_then(Value::as_array);
        if tags.is_some_and(|tags| tags.len() > 1) {
            let detail = format!("found under `{}` only", self.names.tag);
            report(join(&source.pointer, "tags"), "tags", &detail);
        }
    }

    /// Returns the server that the operation or its path has of its own.
    fn server(&mut self) -> Option<usize> {
        let source = self.source;
        [
            (source.operation, &source.pointer),
            (source.item, &source.item_pointer),
        ]
        .into_iter()
        .find(|(holder, _)| holder.contains_key("servers"))
        .and_then(|(holder, pointer)| self.servers.of_operation(holder, pointer, self.ledger))
    }

    /// Returns a method without arguments, with an empty response.
    fn callable(&self, names: &MethodNames) -> Operation {
        let source = self.source;
        Operation {
            pointer: source.pointer.clone(),
            id: source.id(),
            function: names.function.clone(),
            http_method: source.http_method.to_owned(),
            path: source.path.clone(),
            server: None,
            lowered_path: String::new(),
            lowered_method: lowered_method(source.http_method).to_owned(),
            tag: self.names.tag.clone(),
            accessor: self.names.accessor.clone(),
            method: names.method.clone(),
            summary: markdown::safe(source.text("summary")),
            description: markdown::safe(source.text("description")),
            reference: self.names.reference(source, self.document),
            deprecated: source.operation.get("deprecated") == Some(&Value::Bool(true)),
            security: security::of_operation(self.document, source.operation.get("security")),
            sensitive: false,
            parameters: Vec::new(),
            body: None,
            response: ResponseKind::Empty,
            errors: responses::errors(self.document, source),
            event_form: None,
            accept: None,
            accept_is_open: false,
            pagination: None,
            end_marker: None,
        }
    }
}

/// Returns the data of the event that ends a complete event stream. An empty text declares nothing.
fn end_marker(operation: &Map<String, Value>) -> Option<String> {
    let declared = operation.get("x-end-marker")?.as_str()?;
    (!declared.is_empty()).then(|| declared.to_owned())
}
