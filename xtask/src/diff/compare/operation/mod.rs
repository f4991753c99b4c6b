//! Compares paths and operations, webhooks and callbacks.

mod bodies;
mod dangling;
mod encodings;
mod media_types;
mod parameters;
mod references;
mod responses;
mod scalar_or_list;
pub mod security;
mod serialization;
pub mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::diff::compare::lifecycle::{self, Lifecycle};
use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::operation::{Operation, additional};
use crate::diff::model::paths::{self, PathEntry};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::verdict::Direction;
use crate::diff::normalize::schema_use::annotations;
use neo_client_codegen::openapi::method::METHODS_3_2;

/// The side that makes the call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    Client,
    /// A webhook or a callback: the client receives its request.
    Server,
}

/// Compares all operations of the two documents.
pub fn compare<'d>(walk: &mut Walk<'d>) {
    let old = items(&walk.base, "paths");
    let new = items(&walk.revision, "paths");
    let bases = moved_base(walk).unwrap_or_default();
    let pairs = paths::pair(&old, &new, (&bases.0, &bases.1));
    for (from, to) in &pairs {
        let label = from.as_ref().or(to.as_ref()).map_or("", |(path, _)| path);
        let sides = (from.as_ref(), to.as_ref());
        path_item(walk, label, sides, Caller::Client);
    }
    let old: BTreeMap<_, _> = items(&walk.base, "webhooks").into_iter().collect();
    let new: BTreeMap<_, _> = items(&walk.revision, "webhooks").into_iter().collect();
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    for name in names {
        let side =
            |items: &BTreeMap<&'d str, Node<'d>>| items.get(name).map(|item| (name, item.clone()));
        let label = format!("webhook {name}");
        let sides = (side(&old), side(&new));
        path_item(
            walk,
            &label,
            (sides.0.as_ref(), sides.1.as_ref()),
            Caller::Server,
        );
    }
}

/// Returns the base paths of both documents if a part of the base path moved into the paths, or out
/// of them, so that the URLs stay.
pub fn moved_base(walk: &Walk<'_>) -> Option<(String, String)> {
    let was = servers::only_base(&walk.base.root())?;
    let is = servers::only_base(&walk.revision.root())?;
    let urls = |document: &Document<'_>, base: &str| -> BTreeSet<String> {
        let items = items(document, "paths").into_iter();
        let urls = items.map(|(path, _)| paths::form(&format!("{base}{path}")));
        urls.collect()
    };
    let stays = || !urls(&walk.base, &was).is_disjoint(&urls(&walk.revision, &is));
    (was != is && stays()).then_some((was, is))
}

/// Returns the resolved path items under a property of the document.
fn items<'d>(document: &Document<'d>, key: &'static str) -> Vec<(&'d str, Node<'d>)> {
    let root = document.root().get(key);
    let entries = root.iter().flat_map(Node::entries);
    entries
        .filter(|(path, _)| !path.starts_with("x-"))
        .map(|(path, item)| (path, document.resolve(&item).unwrap_or(item)))
        .collect()
}

fn path_item<'d>(
    walk: &mut Walk<'d>,
    label: &str,
    (from, to): (Option<&PathEntry<'d>>, Option<&PathEntry<'d>>),
    caller: Caller,
) {
    if let (Some((_, old)), Some((_, new))) = (from, to)
        && let Some((before, after)) = differing(&annotations(old.value), &annotations(new.value))
    {
        let location = (Some(old), Some(new));
        walk.report_alone(&checks::OPERATION_DOCS, location, Some(before), Some(after));
    }
    let reference = |item: Option<&PathEntry<'d>>| item.and_then(|(_, item)| item.text("$ref"));
    if let (Some((_, old)), Some((_, new))) = (from, to)
        && reference(from) != reference(to)
    {
        let value = |item| reference(item).map(ShownValue::from);
        let location = (Some(old), Some(new));
        walk.report_alone(&checks::UNKNOWN_REFERENCE, location, value(from), value(to));
    }
    let more = [from, to].into_iter().flatten();
    let more = more.flat_map(|(_, item)| additional(item).map(|(method, _)| method));
    let methods: BTreeSet<&str> = METHODS_3_2.into_iter().chain(more).collect();
    for method in methods {
        let find = |item: Option<&PathEntry<'d>>| {
            let (path, item) = item?;
            let mut named = item.entries().chain(additional(item));
            let (_, node) = named.find(|(name, _)| *name == method)?;
            Some(Operation {
                item: item.clone(),
                node,
                slots: paths::slots(path),
            })
        };
        let name: Rc<str> = format!("{} {label}", method.to_uppercase()).into();
        match (find(from), find(to)) {
            (Some(old), Some(new)) => operation(walk, &name, &old, &new, caller),
            (Some(old), None) => removed(walk, &name, &old, to.map(|(_, item)| item), caller),
            (None, Some(new)) => {
                let check = match caller {
                    Caller::Client => &checks::OPERATION_ADDED,
                    Caller::Server => &checks::WEBHOOK_ADDED,
                };
                let of = usage(&name, &Lifecycle::default());
                let after = Some(outline(&new.node).into());
                let location = (from.map(|(_, item)| item), Some(&new.node));
                walk.report_for(&of, check, location, None, after);
            }
            (None, None) => {}
        }
    }
}

fn usage(name: &Rc<str>, marks: &Lifecycle) -> OperationUse {
    OperationUse {
        name: Rc::clone(name),
        direction: Direction::Request,
        is_draft: marks.is_draft(),
    }
}

/// Returns the part of an added or removed operation that a report shows.
fn outline(node: &Node<'_>) -> Value {
    ["operationId", "summary", "deprecated", "x-sunset"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), node.value.get(key)?.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn removed<'d>(
    walk: &mut Walk<'d>,
    name: &Rc<str>,
    old: &Operation<'d>,
    to: Option<&Node<'d>>,
    caller: Caller,
) {
    let marks = Lifecycle::of(&old.node);
    let check = match caller {
        _ if marks.is_retired() => &checks::OPERATION_RETIRED,
        Caller::Client => &checks::OPERATION_REMOVED,
        Caller::Server => &checks::WEBHOOK_REMOVED,
    };
    let of = usage(name, &marks);
    let before = Some(outline(&old.node).into());
    walk.report_for(&of, check, (Some(&old.node), to), before, None);
}

fn operation<'d>(
    walk: &mut Walk<'d>,
    name: &Rc<str>,
    old: &Operation<'d>,
    new: &Operation<'d>,
    caller: Caller,
) {
    let of = usage(name, &Lifecycle::of(&old.node));
    security::requirements(walk, &of, old, new);
    let unchanged = walk.unchanged().value(old.node.value, new.node.value)
        && ["parameters", "servers"].into_iter().all(|key| {
            match (old.item.value.get(key), new.item.value.get(key)) {
                (None, None) => true,
                (Some(old), Some(new)) => walk.unchanged().value(old, new),
                _ => false,
            }
        });
    if unchanged && old.slots == new.slots {
        return;
    }
    own(walk, &of, old, new);
    dangling::compare(walk, &of, old, new);
    references::compare(walk, &of, old, new);
    let (sent, received) = match caller {
        Caller::Client => (of.clone(), of.going(Direction::Response)),
        Caller::Server => (of.going(Direction::Response), of.clone()),
    };
    parameters::compare(walk, &sent, old, new);
    bodies::compare(walk, &sent, old, new);
    responses::compare(walk, &received, old, new);
    callbacks(walk, &of, old, new);
}

/// Compares the properties of the operation itself.
fn own<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Operation<'d>, new: &Operation<'d>) {
    let location = (Some(&old.node), Some(&new.node));
    if let Some((before, after)) =
        differing(&annotations(old.node.value), &annotations(new.node.value))
    {
        walk.report_for(
            of,
            &checks::OPERATION_DOCS,
            location,
            Some(before),
            Some(after),
        );
    }
    for found in lifecycle::compare(&Lifecycle::of(&old.node), &Lifecycle::of(&new.node)) {
        walk.report_for(of, found.check, location, found.before, found.after);
    }
    for (key, check) in [
        ("operationId", &checks::OPERATION_ID),
        ("tags", &checks::OPERATION_TAGS),
    ] {
        let (from, to) = (old.node.get(key), new.node.get(key));
        let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
        let (before, after) = (value(&from), value(&to));
        if before != after {
            let location = (
                Some(from.as_ref().unwrap_or(&old.node)),
                Some(to.as_ref().unwrap_or(&new.node)),
            );
            walk.report_for(of, check, location, before, after);
        }
    }
    let own = |operation: &Operation<'d>| {
        let of_path = || operation.item.get("servers");
        operation.node.get("servers").or_else(of_path)
    };
    let (mut from, mut to) = (own(old), own(new));
    // Without servers of its own, an operation has those of the document.
    if from.is_some() || to.is_some() {
        from = from.or_else(|| walk.base.root().get("servers"));
        to = to.or_else(|| walk.revision.root().get("servers"));
    }
    if let Some(check) = servers::compare(from.as_ref(), to.as_ref()) {
        let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
        let location = (
            Some(from.as_ref().unwrap_or(&old.node)),
            Some(to.as_ref().unwrap_or(&new.node)),
        );
        walk.report_for(of, check, location, value(&from), value(&to));
    }
}

fn callbacks<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Operation<'d>, new: &Operation<'d>) {
    let list = |document: &Document<'d>, operation: &Operation<'d>| {
        let callbacks = operation.node.get("callbacks");
        let mut found = BTreeMap::new();
        for (name, callback) in callbacks.iter().flat_map(Node::entries) {
            let callback = document.resolve(&callback).unwrap_or(callback);
            for (expression, item) in callback.entries() {
                let item = document.resolve(&item).unwrap_or(item);
                found.insert((name, expression), item);
            }
        }
        found
    };
    let from = list(&walk.base, old);
    let mut to = list(&walk.revision, new);
    // Nobody sends the name of a callback: its URL identifies the callback.
    for (name, expression) in from.keys() {
        let renamed = to
            .keys()
            .find(|(other, url)| url == expression && !from.contains_key(&(*other, *url)));
        if let (false, Some(renamed)) = (to.contains_key(&(*name, *expression)), renamed.copied())
            && let Some(item) = to.remove(&renamed)
        {
            to.insert((*name, *expression), item);
        }
    }
    let keys: BTreeSet<_> = from.keys().chain(to.keys()).copied().collect();
    for key in keys {
        let (name, expression) = key;
        match (from.get(&key), to.get(&key)) {
            (Some(from), Some(to)) => {
                let label = format!("callback {name} of {}", of.name);
                let sides = ((expression, from.clone()), (expression, to.clone()));
                path_item(
                    walk,
                    &label,
                    (Some(&sides.0), Some(&sides.1)),
                    Caller::Server,
                );
            }
            (Some(gone), None) => {
                let location = (Some(gone), Some(&new.node));
                let before = Some(ShownValue::from(name));
                walk.report_for(of, &checks::CALLBACK_REMOVED, location, before, None);
            }
            (None, Some(came)) => {
                let location = (Some(&old.node), Some(came));
                let after = Some(ShownValue::from(name));
                walk.report_for(of, &checks::CALLBACK_ADDED, location, None, after);
            }
            (None, None) => {}
        }
    }
}
