//! Compares `info`, tags and servers of the documents.

use serde_json::Value;

use crate::diff::compare::operation::{moved_base, servers};
use crate::diff::compare::schema::uses;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::schema_use::{self, Annotations};

/// Compares `info`, tags and servers.
pub fn compare<'d>(walk: &mut Walk<'d>) {
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
        let location = (from.as_ref().or(Some(&old)), to.as_ref().or(Some(&new)));
        let (was, is) = (was.map(ShownValue::from), is.map(ShownValue::from));
        walk.report_alone(&checks::VERSION_CHANGED, location, was, is);
    }
    let tags = (sorted_tags(&old), sorted_tags(&new));
    let (was, is) = (
        own_annotations(&old, &tags.0),
        own_annotations(&new, &tags.1),
    );
    if let Some((before, after)) = uses::differing(&was, &is) {
        let location = (Some(&old), Some(&new));
        let owned = |shown: ShownValue<'_>| Some(shown.value().into_owned().into());
        walk.report_alone(
            &checks::DOCUMENT_DOCS,
            location,
            owned(before),
            owned(after),
        );
    }
    let (from, to) = (old.get("servers"), new.get("servers"));
    if let Some(mut check) = servers::compare(from.as_ref(), to.as_ref()) {
        if std::ptr::eq(check, &checks::BASE_PATH_CHANGED) && moved_base(walk).is_some() {
            check = &checks::SERVERS_CHANGED;
        }
        let value = |node: &Option<Node<'d>>| node.as_ref().map(Node::shown);
        let location = (from.as_ref().or(Some(&old)), to.as_ref().or(Some(&new)));
        walk.report_alone(check, location, value(&from), value(&to));
    }
}

/// Returns the annotations of a document, with those of `info`.
fn own_annotations<'w>(root: &Node<'w>, tags: &'w Value) -> Annotations<'w> {
    let mut annotations = schema_use::annotations(root.value);
    let info = root.value.get("info").and_then(Value::as_object);
    let info = info
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "version");
    for (key, value) in info {
        annotations.entry(key).or_default().push(value);
    }
    annotations.insert("tags", vec![tags]);
    annotations
}

/// Returns the tags sorted by name: their order has no meaning.
fn sorted_tags(root: &Node<'_>) -> Value {
    let tags = root.value.get("tags").and_then(Value::as_array);
    let mut tags = tags.cloned().unwrap_or_default();
    tags.sort_by_key(|tag| tag.get("name").map(Value::to_string));
    tags.into()
}
