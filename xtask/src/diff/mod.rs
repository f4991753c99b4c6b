//! What changed between two OpenAPI documents, and what it does to a client on the wire.
//!
//! Both are walked at once (`walk`): operations, then what they send and receive, each pair of
//! schemas once. Schemas are compared by what they mean (`meaning`), not by how they are spelled,
//! and stand for each other by where they are used, not by their names.

mod bodies;
pub mod change;
pub mod checks;
mod conditions;
mod dangling;
mod discriminators;
mod document;
mod exclusions;
mod exclusive;
mod findings;
mod formats;
mod gathered;
mod keywords;
mod lifecycle;
mod likeness;
mod limits;
mod lists;
mod meaning;
mod objects;
mod operations;
mod overlap;
mod pairing;
mod parameters;
pub mod paths;
mod place;
pub mod policy;
mod reach;
mod replies;
pub mod report;
mod schemas;
mod security;
mod servers;
mod simple;
mod subject;
mod texts;
mod types;
mod unchanged;
mod unions;
mod uses;
mod values;
mod walk;

use serde_json::Value;

use change::Change;
use document::Node;
use place::Words;
use walk::Walk;

/// The changes from one document to another, in a stable order.
pub fn changes(base: &Value, revision: &Value) -> Vec<Change> {
    if unchanged::same(base, revision) {
        return Vec::new();
    }
    let mut walk = Walk::new(base, revision);
    about(&mut walk);
    operations::compare(&mut walk);
    security::compare(&mut walk);
    let mut changes = walk.finish();
    drop_echoes(&mut changes);
    changes.sort_by(|a, b| {
        fn key(of: &Change) -> impl Ord + '_ {
            let place = of.revision.as_ref().or(of.base.as_ref());
            (place, of.check.id, of.base.as_ref())
        }
        key(a).cmp(&key(b))
    });
    changes
}

/// A parameter's default is reported as the parameter's.
fn drop_echoes(changes: &mut Vec<Change>) {
    let of_parameters: Vec<_> = changes
        .iter()
        .filter(|change| std::ptr::eq(change.check, &checks::PARAMETER_DEFAULT))
        .map(|change| {
            (
                change.before.clone(),
                change.after.clone(),
                change.reach.clone(),
            )
        })
        .collect();
    changes.retain(|change| {
        !(std::ptr::eq(change.check, &checks::DEFAULT_CHANGED)
            && of_parameters.iter().any(|(before, after, reach)| {
                *before == change.before && *after == change.after && *reach == change.reach
            }))
    });
}

/// What the documents say about themselves.
fn about(walk: &mut Walk<'_>) {
    let (old, new) = (walk.base.root(), walk.revision.root());
    let (from, to) = (old.get("info"), new.get("info"));
    let text = |node: &Option<Node<'_>>| {
        let version = node.as_ref()?.value.get("version")?;
        Some(version.clone())
    };
    let (was, is) = (text(&from), text(&to));
    if was != is {
        let from = from.as_ref().and_then(|node| node.get("version"));
        let to = to.as_ref().and_then(|node| node.get("version"));
        let place = (from.as_ref().or(Some(&old)), to.as_ref().or(Some(&new)));
        walk.report_alone(&checks::VERSION_CHANGED, place, was, is);
    }
    let tags = (sorted_tags(&old), sorted_tags(&new));
    let (was, is) = (own_words(&old, &tags.0), own_words(&new, &tags.1));
    if let Some((before, after)) = uses::differing(&was, &is) {
        let place = (Some(&old), Some(&new));
        walk.report_alone(&checks::DOCUMENT_DOCS, place, Some(before), Some(after));
    }
    let (from, to) = (old.get("servers"), new.get("servers"));
    if let Some(check) = servers::compare(from.as_ref(), to.as_ref()) {
        let value = |node: &Option<Node<'_>>| node.as_ref().map(|node| node.value.clone());
        let place = (from.as_ref().or(Some(&old)), to.as_ref().or(Some(&new)));
        walk.report_alone(check, place, value(&from), value(&to));
    }
}

/// What a document says of itself, `info` included.
fn own_words<'w>(root: &Node<'w>, tags: &'w Value) -> Words<'w> {
    let mut words = place::words(root.value);
    let info = root.value.get("info").and_then(Value::as_object);
    let info = info
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "version");
    for (key, value) in info {
        words.entry(key).or_default().push(value);
    }
    words.insert("tags", vec![tags]);
    words
}

/// The tags in the order of their names: in the document's, order means nothing.
fn sorted_tags(root: &Node<'_>) -> Value {
    let tags = root.value.get("tags").and_then(Value::as_array);
    let mut tags = tags.cloned().unwrap_or_default();
    tags.sort_by_key(|tag| tag.get("name").map(Value::to_string));
    tags.into()
}
