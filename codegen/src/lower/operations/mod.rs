//! Paths and operations: what can be called, and under which names.

mod body;
mod context;
mod multipart;
mod naming;
mod operation;
mod parameters;
mod path;
mod response_kinds;
mod responses;
mod serialization;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::Components;
use super::model::Operation;
use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::openapi::method::METHODS;
use crate::openapi::pointer::join;
use crate::openapi::reference::{Target, resolve};
use crate::settings::Settings;
pub(super) use context::OperationContext;
use context::OperationSource;
use operation::lowered_method;

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
        let mut context = OperationContext {
            document,
            source,
            names,
            components: &mut *components,
            ledger: &mut *ledger,
        };
        let path = free_path(&paths, source);
        let (lowered, callable) = context.lower(&path);
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

/// Returns a path of the lowered document that does not have the method yet. Two paths of the
/// original may differ only in the names of parameters.
fn free_path(paths: &Map<String, Value>, source: &OperationSource<'_>) -> String {
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

fn find<'d>(document: &'d Value, ledger: &mut Ledger) -> Vec<OperationSource<'d>> {
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        if !path.starts_with("x-") {
            find_in(document, path, item, ledger, &mut found);
        }
    }
    found
}

/// Returns the operations of a path item, and of the path item to which it refers.
fn find_in<'d>(
    document: &'d Value,
    path: &str,
    item: &'d Value,
    ledger: &mut Ledger,
    found: &mut Vec<OperationSource<'d>>,
) {
    let own = join("/paths", path);
    let mut holders = vec![(item, own.clone())];
    match resolve(document, item) {
        Ok(Target { pointer: None, .. }) => {}
        Ok(Target {
            value,
            pointer: Some(pointer),
        }) => holders.push((value, pointer)),
        Err(unresolved) => {
            let detail = format!("its operations cannot be called: {unresolved}");
            ledger.add(own, "dangling", Effect::LeftOut, detail);
        }
    }
    // Names of additional methods are free, so one may equal a keyword of the path item.
    let (mut seen, mut seen_unsupported) = (BTreeSet::new(), BTreeSet::new());
    for (item, pointer) in holders {
        let Some(item) = item.as_object() else {
            let detail = "its operations cannot be called: the path item is not an object";
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
            match item.get(method) {
                None => {}
                // Keywords beside a reference take precedence over those of its target.
                Some(_) if !seen.insert(method) => {}
                Some(Value::Object(operation)) => found.push(OperationSource {
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

/// Returns the operations of a path item with methods of later OpenAPI versions, each with its
/// location. The HTTP library has no constants for these methods.
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
