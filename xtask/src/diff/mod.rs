//! What changed between two OpenAPI documents, and what it does to a client on the wire.
//!
//! Both are walked at once (`walk`): operations, then what they send and receive, each pair of
//! schemas once. Schemas are compared by what they mean (`meaning`), not by how they are spelled,
//! and stand for each other by where they are used, not by their names.

mod bodies;
pub mod change;
pub mod checks;
mod conditions;
mod context;
mod dangling;
mod discriminators;
mod document;
mod exclusions;
mod exclusive;
mod findings;
mod fingerprint;
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
pub mod reach;
mod replies;
pub mod report;
pub mod said;
mod schemas;
mod security;
mod servers;
mod simple;
mod spread;
mod subject;
mod texts;
mod types;
mod unchanged;
mod unions;
mod uses;
mod values;
mod walk;
mod xml;

use std::collections::HashMap;

use serde_json::Value;

use change::Change;
use document::Node;
use place::Words;
use reach::Reach;
use said::Said;
use walk::Walk;

/// The changes from one document to another, in a stable order.
pub fn changes<'d>(base: &'d Value, revision: &'d Value) -> Vec<Change<'d>> {
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
        fn key<'c>(of: &'c Change<'_>) -> impl Ord + 'c {
            let place = of.revision.as_ref().or(of.base.as_ref());
            (place, of.check.id, of.base.as_ref())
        }
        key(a).cmp(&key(b))
    });
    changes
}

/// A parameter's default is reported as the parameter's.
fn drop_echoes(changes: &mut Vec<Change<'_>>) {
    let values = |change: &Change<'_>| {
        let text = |said: &Option<Said<'_>>| said.as_ref().map(|said| said.value().to_string());
        (text(&change.before), text(&change.after))
    };
    let mut of_parameters: HashMap<_, Vec<Reach>> = HashMap::new();
    for change in changes.iter() {
        if std::ptr::eq(change.check, &checks::PARAMETER_DEFAULT) {
            let reaches = of_parameters.entry(values(change)).or_default();
            reaches.push(change.reach.clone());
        }
    }
    changes.retain(|change| {
        let is_echo = std::ptr::eq(change.check, &checks::DEFAULT_CHANGED)
            && of_parameters
                .get(&values(change))
                .is_some_and(|reaches| reaches.contains(&change.reach));
        !is_echo
    });
}

/// What the documents say about themselves.
fn about<'d>(walk: &mut Walk<'d>) {
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
        let (was, is) = (was.map(Said::from), is.map(Said::from));
        walk.report_alone(&checks::VERSION_CHANGED, place, was, is);
    }
    let tags = (sorted_tags(&old), sorted_tags(&new));
    let (was, is) = (own_words(&old, &tags.0), own_words(&new, &tags.1));
    if let Some((before, after)) = uses::differing(&was, &is) {
        let place = (Some(&old), Some(&new));
        let owned = |said: Said<'_>| Some(said.value().into_owned().into());
        walk.report_alone(&checks::DOCUMENT_DOCS, place, owned(before), owned(after));
    }
    let (from, to) = (old.get("servers"), new.get("servers"));
    if let Some(check) = servers::compare(from.as_ref(), to.as_ref()) {
        let value = |node: &Option<Node<'d>>| node.as_ref().map(Node::said);
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
