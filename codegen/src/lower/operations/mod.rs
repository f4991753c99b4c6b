//! Paths and operations: what can be called, and by which names.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::Components;
use super::model::{Body, Operation, Parameter, Reply};
use super::references::percent_decoded;
use super::{body, naming, pagination, parameters, path, replies, resume};
use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::markdown;
use crate::openapi::pointer::join;
use crate::settings::Settings;

/// HTTP methods of a path item, in the order in which methods are generated.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "patch", "head", "options", "trace",
];

/// Of these, those that progenitor generates uncompilable code for.
const UNKNOWN_TO_PROGENITOR: &[&str] = &["options", "trace"];

pub(super) struct Operations {
    /// The lowered `paths`.
    pub(super) paths: Value,
    pub(super) operations: Vec<Operation>,
}

/// Lowers every operation that can be called.
pub(super) fn lower<'d>(
    document: &'d Value,
    settings: &Settings,
    components: &mut Components<'d>,
    ledger: &mut Ledger,
) -> Result<Operations, Error> {
    let found = find(document, ledger);
    let names = naming::name(document, &found, settings, ledger)?;

    let mut paths = Map::new();
    let mut operations = Vec::new();
    for (source, names) in found.iter().zip(names) {
        let mut site = OperationSite {
            document,
            source,
            names,
            components: &mut *components,
            ledger: &mut *ledger,
        };
        let path = free_path(&paths, source);
        let (lowered, callable) = site.lower(&path);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(lowered_method(source.http_method).to_owned(), lowered);
        }
        operations.extend(callable);
    }
    Ok(Operations {
        paths: Value::Object(paths),
        operations,
    })
}

/// What progenitor knows a method by. Which one is sent is said by the model.
fn lowered_method(http_method: &'static str) -> &'static str {
    if UNKNOWN_TO_PROGENITOR.contains(&http_method) {
        "post"
    } else {
        http_method
    }
}

/// A path of the lowered document that has no such method yet. Two of the original may differ in
/// nothing but the names of parameters.
fn free_path(paths: &Map<String, Value>, source: &Source<'_>) -> String {
    let method = lowered_method(source.http_method);
    let is_free = |path: &str| {
        let item = paths.get(path);
        item.is_none_or(|item| item.get(method).is_none())
    };
    let plain = path::lowered(&source.path);
    let mut free = plain.clone();
    let mut number = paths.len();
    while !is_free(&free) {
        free = format!("{plain}/{number}");
        number += 1;
    }
    free
}

/// An operation of the document, with its place.
pub(super) struct Source<'d> {
    pub(super) pointer: String,
    pub(super) path: String,
    pub(super) http_method: &'static str,
    pub(super) operation: &'d Map<String, Value>,
    /// The path item that holds it.
    pub(super) item: &'d Map<String, Value>,
    pub(super) item_pointer: String,
}

impl Source<'_> {
    pub(super) fn text(&self, keyword: &str) -> &str {
        self.operation
            .get(keyword)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// `operationId`, or one made of method and path.
    pub(super) fn id(&self) -> String {
        match self.text("operationId") {
            "" => format!("{} {}", self.http_method, self.path),
            id => id.to_owned(),
        }
    }
}

fn find<'d>(document: &'d Value, ledger: &mut Ledger) -> Vec<Source<'d>> {
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        if !path.starts_with("x-") {
            find_in(document, path, item, ledger, &mut found);
        }
    }
    found
}

/// The operations of a path item, and of the one that it refers to.
fn find_in<'d>(
    document: &'d Value,
    path: &str,
    item: &'d Value,
    ledger: &mut Ledger,
    found: &mut Vec<Source<'d>>,
) {
    let own = join("/paths", path);
    let mut holders = vec![(item, own.clone())];
    match resolve(document, item) {
        Some((_, None)) => {}
        Some((target, Some(place))) => holders.push((target, place)),
        None => {
            let detail = format!("its operations cannot be called: {}", nowhere(item));
            ledger.add(own, "dangling", Effect::LeftOut, detail);
        }
    }
    // Names of additional methods are free, so that one may be called as a member of a path item is.
    let (mut seen, mut seen_unsupported) = (BTreeSet::new(), BTreeSet::new());
    for (item, pointer) in holders {
        let Some(item) = item.as_object() else {
            let detail = "none of it can be called: the path item is not an object";
            ledger.add(pointer, "operation", Effect::LeftOut, detail);
            continue;
        };
        for (method, place) in unsupported(item, &pointer) {
            if seen_unsupported.insert(method) {
                let detail = "has no method: call it with the client's untyped request";
                ledger.add(place, "method", Effect::LeftOut, detail);
            }
        }
        for method in METHODS {
            let pointer_here = join(&pointer, method);
            match item.get(*method) {
                None => {}
                // What stands beside a reference comes before what stands behind it.
                Some(_) if !seen.insert(*method) => {}
                Some(Value::Object(operation)) => found.push(Source {
                    pointer: pointer_here,
                    path: path.to_owned(),
                    http_method: method,
                    operation,
                    item,
                    item_pointer: pointer.clone(),
                }),
                Some(_) => ledger.add(
                    pointer_here,
                    "operation",
                    Effect::LeftOut,
                    "the operation is not an object",
                ),
            }
        }
    }
}

/// The operations of a path item whose methods later versions of OpenAPI have, each with its place; the HTTP library has
/// no constant for them.
fn unsupported<'d>(
    item: &'d Map<String, Value>,
    pointer: &str,
) -> impl Iterator<Item = (&'d str, String)> {
    let query = item.contains_key("query").then_some("query");
    let others = item.get("additionalOperations").and_then(Value::as_object);
    let others = others.into_iter().flat_map(Map::keys);
    let (query_at, others_at) = (
        join(pointer, "query"),
        join(pointer, "additionalOperations"),
    );
    query
        .map(|method| (method, query_at))
        .into_iter()
        .chain(others.map(move |method| (method.as_str(), join(&others_at, method))))
}

/// Follows references to path items, parameters, bodies and replies; the place is that of the target.
pub(crate) fn resolve<'d>(
    document: &'d Value,
    value: &'d Value,
) -> Option<(&'d Value, Option<String>)> {
    let (mut value, mut place) = (value, None);
    let mut seen = BTreeSet::new();
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let pointer = reference.strip_prefix('#')?;
        if !seen.insert(pointer.to_owned()) {
            return None;
        }
        let pointer = percent_decoded(pointer);
        value = document.pointer(&pointer)?;
        place = Some(pointer);
    }
    Some((value, place))
}

/// Why [`resolve`] found nothing.
pub(super) fn nowhere(value: &Value) -> &'static str {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) if !reference.starts_with('#') => {
            "its `$ref` leads to another file, which is not read; bundle the document into one"
        }
        _ => "its `$ref` leads nowhere",
    }
}

/// What lowering one operation works with.
pub(super) struct OperationSite<'a, 'd> {
    pub(super) document: &'d Value,
    pub(super) source: &'a Source<'d>,
    pub(super) names: naming::Names,
    pub(super) components: &'a mut Components<'d>,
    pub(super) ledger: &'a mut Ledger,
}

impl OperationSite<'_, '_> {
    /// The lowered operation, and the methods that call it.
    fn lower(&mut self, lowered_path: &str) -> (Value, Vec<Operation>) {
        self.report_what_is_not_followed();
        let body = body::lower(self);
        let (parameters, lowered_parameters) = parameters::lower(self);
        let (replies, lowered_responses) = replies::lower(self);

        let mut lowered = Map::new();
        lowered.insert("operationId".to_owned(), json!(self.names.function));
        lowered.insert("parameters".to_owned(), Value::Array(lowered_parameters));
        if let Some((_, body)) = &body {
            lowered.insert("requestBody".to_owned(), body.clone());
        }
        lowered.insert("responses".to_owned(), lowered_responses);

        let body = body.map(|(body, _)| body);
        let resume = resume::declared(self, &parameters, &replies);
        let paging = pagination::declared(self, &parameters, &replies);
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
                    resume: resume.clone().filter(|_| *reply == Reply::EventStream),
                    paging: paging.clone().filter(|_| *reply == Reply::Json),
                    ..callable
                }
            })
            .collect();
        (Value::Object(lowered), callable)
    }

    /// Lines for what stands beside the call itself.
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
                let detail = "not asked: calls go to the client's base URL";
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
            authenticated: self.is_authenticated(),
            sensitive: false,
            parameters: parameters.to_vec(),
            body: body.cloned(),
            reply,
            resume: None,
            paging: None,
        }
    }

    /// Whether `security`, of the operation or else of the document, asks for credentials.
    fn is_authenticated(&self) -> bool {
        self.source
            .operation
            .get("security")
            .or_else(|| self.document.get("security"))
            .and_then(Value::as_array)
            .is_some_and(|requirements| {
                requirements.iter().any(|requirement| {
                    requirement
                        .as_object()
                        .is_some_and(|schemes| !schemes.is_empty())
                })
            })
    }
}
