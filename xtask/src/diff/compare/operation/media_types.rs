//! Compares the media types of bodies, responses, parameters and headers.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::compare::operation::serialization::anything;
use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::context::Encoding;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::schema_use::{SchemaUse, annotations};
use neo_client_codegen::openapi::media_type::{covers, essence};

/// A media type that both documents have.
pub struct Kept<'d> {
    pub name: String,
    pub old: Node<'d>,
    pub new: Node<'d>,
}

/// Compares the media types of a body, a response, a parameter or a header. If the client does not
/// choose the media type, it has to read each one that is sent.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Node<'d>,
    new: &Node<'d>,
    is_chosen: bool,
) -> Vec<Kept<'d>> {
    let [added, removed] = if is_chosen {
        [&checks::MEDIA_TYPE_ADDED, &checks::MEDIA_TYPE_REMOVED]
    } else {
        [&checks::MEDIA_TYPE_SENT_TOO, &checks::MEDIA_TYPE_NOT_SENT]
    };
    // OpenAPI 3.2 has references to media types.
    let list = |document: &Document<'d>, node: &Node<'d>| -> BTreeMap<String, Node<'d>> {
        let content = node.get("content");
        let entries = content.iter().flat_map(Node::entries);
        entries
            .map(|(name, media_type)| {
                let target = document.resolve(&media_type);
                (plain(name), target.unwrap_or(media_type))
            })
            .collect()
    };
    let from = list(&walk.base, old);
    let mut to = list(&walk.revision, new);
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    for (name, was) in &from {
        match to.remove(name) {
            Some(is) => kept.push(media_type(walk, of, name, (was, is))),
            None => gone.push((name, was)),
        }
    }
    for (name, was) in gone {
        let related = to
            .keys()
            .find(|other| {
                includes(other, name) || includes(name, other) || essence(other) == essence(name)
            })
            .cloned();
        let Some(other) = related else {
            let location = (Some(was), Some(new));
            let before = Some(ShownValue::from(name.as_str()));
            walk.report_for(of, removed, location, before, None);
            continue;
        };
        let Some(is) = to.remove(&other) else {
            continue;
        };
        let check = if includes(&other, name) {
            &checks::MEDIA_TYPE_WIDENED
        } else if includes(name, &other) {
            &checks::MEDIA_TYPE_NARROWED
        } else {
            &checks::MEDIA_TYPE_PARAMETERS
        };
        let (before, after) = (name.as_str().into(), other.as_str().into());
        walk.report_for(of, check, (Some(was), Some(&is)), Some(before), Some(after));
        kept.push(media_type(walk, of, name, (was, is)));
    }
    for (name, is) in &to {
        let after = Some(ShownValue::from(name.as_str()));
        let location = (Some(old), Some(is));
        walk.report_for(of, added, location, None, after);
    }
    kept
}

/// Returns a media type without case, spaces and charset, which do not affect the values.
fn plain(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_lowercase());
    let mut plain = parts.next().unwrap_or_default();
    let rest: BTreeSet<String> = parts
        .filter(|part| !part.is_empty() && !part.starts_with("charset"))
        .collect();
    for part in rest {
        plain.push(';');
        plain.push_str(&part);
    }
    plain
}

/// Returns whether every body of the narrow media type has the wide one. Parameters restrict a
/// media type.
fn includes(wide: &str, narrow: &str) -> bool {
    !wide.contains(';') && covers(wide, narrow)
}

fn encoding(name: &str) -> Encoding {
    let form = essence(name);
    if is_form(&form) {
        Encoding::Form
    } else if form.ends_with("xml") {
        Encoding::XmlRoot
    } else if form.contains("json") || form.ends_with("yaml") || form.ends_with('*') {
        Encoding::Json
    } else {
        Encoding::Text
    }
}

fn media_type<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    name: &str,
    (old, new): (&Node<'d>, Node<'d>),
) -> Kept<'d> {
    if let Some((before, after)) = differing(&annotations(old.value), &annotations(new.value)) {
        let location = (Some(old), Some(&new));
        walk.report_for(
            of,
            &checks::EXAMPLES_CHANGED,
            location,
            Some(before),
            Some(after),
        );
    }
    for key in ["schema", "itemSchema"] {
        if old.get(key).is_some() || new.get(key).is_some() {
            let schema = |node: &Node<'d>| node.get(key).unwrap_or_else(|| anything(node));
            let (from, to) = (SchemaUse::one(schema(old)), SchemaUse::one(schema(&new)));
            let encoding = match key {
                "schema" => encoding(name),
                _ => encoding(name).inner(),
            };
            walk.root(&from, &to, encoding, of);
        }
    }
    Kept {
        name: name.to_owned(),
        old: old.clone(),
        new,
    }
}

/// Returns whether a media type is a form, whose properties have encodings.
pub fn is_form(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_type_covers_narrower_one() {
        assert_eq!(plain("Application/JSON; charset=UTF-8"), "application/json");
        for (wide, narrow, expected) in [
            ("*/*", "text/csv", true),
            ("application/*", "application/json", true),
            ("application/json", "application/problem+json", true),
            ("application/json", "application/json;version=2", true),
            ("application/json", "text/json", false),
            ("application/problem+json", "application/json", false),
        ] {
            assert_eq!(includes(wide, narrow), expected, "{wide} {narrow}");
        }
    }
}
