//! Compares parameters and headers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use crate::diff::compare::lifecycle::{self, Lifecycle};
use crate::diff::compare::operation::serialization::{
    described, keeps_reserved, may_hold_reserved, serialization, types,
};
use crate::diff::compare::operation::{media_types, scalar_or_list};
use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::context::Encoding;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::operation::Operation;
use crate::diff::model::verdict::Direction;
use crate::diff::normalize::schema_use::{SchemaUse, annotations, unwrap_schema};

/// Location and name; for path parameters, the position in the path instead of the name.
type ParameterKey = (String, String);

pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Operation<'d>,
    new: &Operation<'d>,
) {
    let from = list(&walk.base, old);
    let mut to = list(&walk.revision, new);
    let mut gone = Vec::new();
    for (key, was) in &from {
        match to.remove(key) {
            Some(is) => parameter(walk, of, was, &is),
            None => gone.push((key, was)),
        }
    }
    gone.retain(|(key, _)| !is_homeless(key));
    to.retain(|key, _| !is_homeless(key));
    for ((_, name), was) in gone {
        let moved = to.keys().find(|(_, other)| other == name).cloned();
        let before = Some(was.shown());
        if let Some(key) = moved {
            let is = to.remove(&key);
            let after = is.as_ref().map(|is| is.shown());
            let location = (Some(was), is.as_ref());
            walk.report_for(of, &checks::PARAMETER_MOVED, location, before, after);
            continue;
        }
        let check = if Lifecycle::of(was).is_retired() {
            &checks::PARAMETER_RETIRED
        } else if of.direction == Direction::Response && !is_required(was) {
            &checks::PARAMETER_NOT_SENT
        } else {
            &checks::PARAMETER_REMOVED
        };
        walk.report_for(of, check, (Some(was), Some(&new.node)), before, None);
    }
    for is in to.values() {
        let check = if is_required(is) {
            &checks::PARAMETER_ADDED_REQUIRED
        } else {
            &checks::PARAMETER_ADDED_OPTIONAL
        };
        let after = Some(is.shown());
        walk.report_for(of, check, (Some(&old.node), Some(is)), None, after);
    }
}

/// Returns the parameters of an operation and of its path item. Those of the operation win.
fn list<'d>(document: &Document<'d>, of: &Operation<'d>) -> BTreeMap<ParameterKey, Node<'d>> {
    let mut found = BTreeMap::new();
    for list in [of.item.get("parameters"), of.node.get("parameters")] {
        for written in list.iter().flat_map(Node::items) {
            let Some(node) = document.resolve(&written) else {
                continue;
            };
            let location = node.text("in").unwrap_or_default();
            let name = node.text("name").unwrap_or_default();
            let key = match location {
                "header" => name.to_lowercase(),
                // The whole query: its name is not sent.
                "querystring" => String::new(),
                "path" => match of.slots.iter().position(|slot| *slot == name) {
                    Some(index) => position(index),
                    None => name.to_owned(),
                },
                _ => name.to_owned(),
            };
            // OpenAPI ignores header parameters with these three names.
            let is_ignored = location == "header"
                && matches!(key.as_str(), "accept" | "content-type" | "authorization");
            if !is_ignored {
                // A component has a stable pointer.
                let node = if node.pointer.component().is_some() {
                    node
                } else {
                    node.labelled(format!("{location} {name}"))
                };
                found.insert((location.to_owned(), key), node);
            }
        }
    }
    for (index, _) in of.slots.iter().enumerate() {
        let key = ("path".to_owned(), position(index));
        found.entry(key).or_insert_with(|| Node {
            value: &UNDECLARED,
            pointer: of.node.pointer.clone(),
        });
    }
    found
}

fn position(index: usize) -> String {
    format!("#{index}")
}

/// Returns whether a path parameter is missing in the path template. No request contains the
/// parameter, so that it cannot be added or removed.
fn is_homeless((location, name): &ParameterKey) -> bool {
    location == "path" && !name.starts_with('#')
}

/// A path parameter that is not declared: a string.
static UNDECLARED: LazyLock<Value> =
    LazyLock::new(|| serde_json::json!({ "in": "path", "schema": { "type": "string" } }));

fn is_required(node: &Node<'_>) -> bool {
    node.flag("required") == Some(true) || node.text("in") == Some("path")
}

fn parameter<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Node<'d>, new: &Node<'d>) {
    let location = (Some(old), Some(new));
    if let Some((before, after)) = differing(&annotations(old.value), &annotations(new.value)) {
        let check = &checks::PARAMETER_DOCS;
        walk.report_for(of, check, location, Some(before), Some(after));
    }
    for found in lifecycle::compare(&Lifecycle::of(old), &Lifecycle::of(new)) {
        walk.report_for(of, found.check, location, found.before, found.after);
    }
    let mut differs = |check: &'static checks::Check, was: Value, is: Value| {
        if was != is {
            walk.report_for(of, check, location, Some(was.into()), Some(is.into()));
        }
    };
    let (was, is) = (is_required(old), is_required(new));
    let check = if is {
        &checks::PARAMETER_REQUIRED
    } else {
        &checks::PARAMETER_OPTIONAL
    };
    differs(check, was.into(), is.into());
    let flag = |node: &Node<'d>, key: &str| node.flag(key) == Some(true);
    let check = if flag(new, "allowEmptyValue") {
        &checks::PARAMETER_EMPTY
    } else {
        &checks::PARAMETER_NO_EMPTY
    };
    let in_query = |node: &Node<'d>| node.text("in") == Some("query");
    let empty = |node| Value::from(flag(node, "allowEmptyValue") && in_query(node));
    differs(check, empty(old), empty(new));
    let (reserved, now_reserved) = (
        keeps_reserved(&walk.base, old),
        keeps_reserved(&walk.revision, new),
    );
    let is_felt = may_hold_reserved(&walk.base, old) || may_hold_reserved(&walk.revision, new);
    if reserved != now_reserved && is_felt {
        let (before, after) = (Some(reserved.into()), Some(now_reserved.into()));
        walk.report_for(of, &checks::PARAMETER_RESERVED, location, before, after);
    }

    if !scalar_or_list::compare(walk, of, old, new) {
        let (was, is) = (serialization(old), serialization(new));
        let types = types(&walk.base, old).and(types(&walk.revision, new));
        if !was.is_alike(&is, types) {
            let (was, is) = (Some(was.to_value().into()), Some(is.to_value().into()));
            walk.report_for(of, &checks::PARAMETER_STYLE, location, was, is);
        }
        schema(walk, of, old, new, Encoding::Text);
    }
    // The default of a required parameter never applies.
    if !(was && is) {
        defaults(walk, of, old, new);
    }
}

/// Compares the schema of a parameter or header, or its content.
pub fn schema<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Node<'d>,
    new: &Node<'d>,
    encoding: Encoding,
) {
    if old.get("content").is_some() && new.get("content").is_some() {
        media_types::compare(walk, of, old, new, true);
    } else {
        let (from, to) = (described(old), described(new));
        walk.root(&SchemaUse::one(from), &SchemaUse::one(to), encoding, of);
    }
}

fn defaults<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Node<'d>, new: &Node<'d>) {
    let default = |document: &Document<'d>, node: &Node<'d>| {
        let location = SchemaUse::one(node.get("schema")?);
        unwrap_schema(document, &location).of_use("default")
    };
    let (from, to) = (default(&walk.base, old), default(&walk.revision, new));
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
    let (before, after) = (value(&from), value(&to));
    if before != after {
        let location = (
            Some(from.as_ref().unwrap_or(old)),
            Some(to.as_ref().unwrap_or(new)),
        );
        walk.report_for(of, &checks::PARAMETER_DEFAULT, location, before, after);
    }
}

/// Compares the headers of two responses. Header names ignore case.
pub fn headers<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Node<'d>, new: &Node<'d>) {
    let list = |document: &Document<'d>, node: &Node<'d>| -> BTreeMap<String, Node<'d>> {
        let headers = node.get("headers");
        let entries = headers.iter().flat_map(Node::entries);
        entries
            .filter_map(|(name, header)| {
                let name = name.to_lowercase();
                Some((name, document.resolve(&header)?))
            })
            // ShownValue by the media types.
            .filter(|(name, _)| name != "content-type")
            .collect()
    };
    let from = list(&walk.base, old);
    let to = list(&walk.revision, new);
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    for name in names {
        match (from.get(name), to.get(name)) {
            (Some(was), Some(is)) => header(walk, of, was, is),
            (Some(was), None) => {
                let before = Some(was.shown());
                let location = (Some(was), Some(new));
                walk.report_for(of, &checks::HEADER_REMOVED, location, before, None);
            }
            (None, Some(is)) => {
                let after = Some(is.shown());
                let location = (Some(old), Some(is));
                let check = if is.flag("required") == Some(true) {
                    &checks::HEADER_ADDED_REQUIRED
                } else {
                    &checks::HEADER_ADDED
                };
                walk.report_for(of, check, location, None, after);
            }
            (None, None) => {}
        }
    }
}

fn header<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Node<'d>, new: &Node<'d>) {
    let location = (Some(old), Some(new));
    if let Some((before, after)) = differing(&annotations(old.value), &annotations(new.value)) {
        walk.report_for(
            of,
            &checks::HEADER_DOCS,
            location,
            Some(before),
            Some(after),
        );
    }
    for found in lifecycle::compare(&Lifecycle::of(old), &Lifecycle::of(new)) {
        walk.report_for(of, found.check, location, found.before, found.after);
    }
    let required = |node: &Node<'d>| node.flag("required") == Some(true);
    let (was, is) = (required(old), required(new));
    if was != is {
        let check = if is {
            &checks::HEADER_REQUIRED
        } else {
            &checks::HEADER_OPTIONAL
        };
        walk.report_for(of, check, location, Some(was.into()), Some(is.into()));
    }
    if !scalar_or_list::compare(walk, of, old, new) {
        let (was, is) = (serialization(old), serialization(new));
        let types = types(&walk.base, old).and(types(&walk.revision, new));
        if !was.is_alike(&is, types) {
            let (was, is) = (Some(was.to_value().into()), Some(is.to_value().into()));
            walk.report_for(of, &checks::HEADER_STYLE, location, was, is);
        }
        schema(walk, of, old, new, Encoding::Text);
    }
}
