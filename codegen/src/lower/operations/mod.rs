//! Paths and operations: what can be called, and under which names.

mod body;
mod body_kinds;
mod context;
mod events;
mod multipart;
mod naming;
mod nesting;
mod operation;
mod parameters;
mod path;
mod response_kinds;
mod responses;
mod serialization;
mod value_kind;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::Components;
use super::model::Operation;
use super::servers::Servers;
use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::openapi::header;
use crate::openapi::method::METHODS_3_2;
use crate::openapi::pointer::join;
use crate::openapi::reference::{Target, resolve};
use crate::settings::Settings;
pub(super) use context::OperationContext;
use context::OperationSource;
use operation::lowered_method;

/// The field of a path item with the methods that have no field of their own (OpenAPI 3.2).
const ADDITIONAL: &str = "additionalOperations";

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
    servers: &mut Servers,
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
            servers: &mut *servers,
            ledger: &mut *ledger,
        };
        for method in context.lower() {
            let path = free_path(&paths, source);
            let item = paths.entry(path.clone()).or_insert_with(|| json!({}));
            if let Some(item) = item.as_object_mut() {
                let key = lowered_method(source.http_method);
                item.insert(key.to_owned(), method.lowered);
            }
            operations.push(Operation {
                lowered_path: path,
                ..method.callable
            });
        }
    }
    Ok(Operations {
        paths: Value::Object(paths),
        operations,
    })
}

/// Returns a path of the lowered document that does not have the method yet. An operation may have
/// several methods, and two paths of the original may differ only in the names of parameters.
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
    // Keywords beside a reference take precedence over those of its target.
    let mut seen = BTreeSet::new();
    for (item, pointer) in holders {
        let Some(item) = item.as_object() else {
            let detail = "its operations cannot be called: the path item is not an object";
            ledger.add(pointer, "operation", Effect::LeftOut, detail);
            continue;
        };
        for (method, pointer_here, operation) in methods(item, &pointer) {
            let is_additional = pointer_here.contains("/additionalOperations/");
            if !seen.insert((method, is_additional)) {
                continue;
            }
            let flaw = match operation {
                Value::Object(operation) if is_method(method, is_additional) => {
                    found.push(OperationSource {
                        pointer: pointer_here,
                        path: path.to_owned(),
                        http_method: method,
                        operation,
                        item,
                        item_pointer: pointer.clone(),
                    });
                    continue;
                }
                Value::Object(_) => ("method", "no request can have this method"),
                _ => ("operation", "the operation is not an object"),
            };
            ledger.add(pointer_here, flaw.0, Effect::LeftOut, flaw.1);
        }
    }
}

/// Returns the operations of a path item, each with its method and location.
fn methods<'d>(item: &'d Map<String, Value>, pointer: &str) -> Vec<(&'d str, String, &'d Value)> {
    let fixed = METHODS_3_2.into_iter().filter_map(|method| {
        let (name, operation) = item.get_key_value(method)?;
        Some((name.as_str(), join(pointer, method), operation))
    });
    let others = item.get(ADDITIONAL).and_then(Value::as_object);
    let place = join(pointer, ADDITIONAL);
    let others = others
        .into_iter()
        .flatten()
        .map(|(method, operation)| (method.as_str(), join(&place, method), operation));
    fixed.chain(others).collect()
}

/// Returns whether a request can have a method. `additionalOperations` must not repeat the fields
/// of a path item, and `CONNECT` asks for a tunnel.
fn is_method(method: &str, is_additional: bool) -> bool {
    let upper = method.to_ascii_uppercase();
    let is_fixed = METHODS_3_2.contains(&method.to_ascii_lowercase().as_str());
    header::is_name(method) && upper != "CONNECT" && !(is_additional && is_fixed)
}
