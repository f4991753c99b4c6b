//! The part of a document that some operations need, so that only it is generated.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use crate::diff::change::{Change, Wire};
use crate::diff::checks::Area;
use crate::diff::paths::form;
use crate::diff::said::Said;
use crate::pointer::unescape;

/// The operations by which changes show, by their names.
pub struct Reached {
    /// All of them.
    pub all: BTreeSet<String>,
    /// Enough of them for each type to show that differs: of those that reach a component in the same
    /// way, one.
    pub enough: BTreeSet<String>,
    /// Those that differ themselves.
    pub own: BTreeSet<String>,
}

impl Reached {
    /// `None` if enough are this many or more.
    pub fn by(
        base: &Value,
        revision: &Value,
        changes: &[Change<'_>],
        too_many: usize,
    ) -> Option<Self> {
        let mut uses = Uses {
            manners: (manners(base), manners(revision)),
            known: Vec::new(),
        };
        let mut enough = BTreeSet::new();
        let mut own = BTreeSet::new();
        let mut looked_at = HashSet::new();
        for change in changes.iter().filter(|change| may_show(change)) {
            let spots = [&change.base, &change.revision];
            let is_own = spots
                .into_iter()
                .flatten()
                .any(|spot| !spot.pointer.starts_with("/components/"));
            // Many changes share what they reach.
            if !looked_at.insert((change.reach.address(), is_own)) {
                continue;
            }
            let mut seen = HashSet::new();
            for (index, name, felt) in change.reach.indexed() {
                let Some((form, manner)) = uses.of(index, name) else {
                    continue;
                };
                if is_own || seen.insert((*manner, felt)) {
                    enough.insert(form.clone());
                }
                if is_own {
                    own.insert(form.clone());
                }
            }
            if enough.len() >= too_many {
                return None;
            }
        }
        let known = uses.known.into_iter().flatten();
        let all = known.map(|(form, _)| form).collect();
        Some(Self { all, enough, own })
    }
}

/// The operations that are reached.
struct Uses {
    manners: (HashMap<String, String>, HashMap<String, String>),
    /// By their index: form of the name, and manner.
    known: Vec<Option<(String, u64)>>,
}

impl Uses {
    fn of(&mut self, index: u32, name: &str) -> Option<&(String, u64)> {
        let index = index as usize;
        if self.known.len() <= index {
            self.known.resize(index + 1, None);
        }
        let known = self.known.get_mut(index)?;
        Some(known.get_or_insert_with(|| {
            let (base, revision) = &self.manners;
            let form = form(name);
            let mut manner = DefaultHasher::new();
            (base.get(&form), revision.get(&form)).hash(&mut manner);
            (form, manner.finish())
        }))
    }
}

/// Whether a change can be seen in an item; a title can be the name of a type.
fn may_show(change: &Change<'_>) -> bool {
    let has_title = |said: &Option<Said<'_>>| said.as_ref().is_some_and(|said| said.has("title"));
    match change.check.area {
        Area::Security => false,
        _ if change.check.request != Wire::DocsOnly => true,
        _ => has_title(&change.before) || has_title(&change.after),
    }
}

/// In which manner an operation uses what it sends and receives: what decides which types it gets.
fn manners(document: &Value) -> HashMap<String, String> {
    let mut manners = HashMap::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let mut manner = method.clone();
            let media_types = |of: Option<&Value>, manner: &mut String| {
                let content = of
                    .and_then(|of| of.get("content"))
                    .and_then(Value::as_object);
                content.into_iter().flatten().for_each(|(name, _)| {
                    manner.push(' ');
                    manner.push_str(name);
                });
            };
            media_types(operation.get("requestBody"), &mut manner);
            let replies = operation.get("responses").and_then(Value::as_object);
            for (status, reply) in replies.into_iter().flatten() {
                manner.push_str(" / ");
                manner.push_str(status);
                media_types(Some(reply), &mut manner);
            }
            manners.insert(form(&format!("{} {path}", method.to_uppercase())), manner);
        }
    }
    manners
}

/// Kind and name of a component.
pub type Component = (String, String);

/// The document with these operations only, the components that they need and those that it is to have `also`; `None`
/// if it has this many values or more.
pub fn of(
    document: &Value,
    operations: &BTreeSet<String>,
    also: &BTreeSet<Component>,
    too_many: usize,
) -> Option<Value> {
    let mut paths = Map::new();
    let all = document.get("paths").and_then(Value::as_object);
    for (path, item) in all.into_iter().flatten() {
        let Some(members) = item.as_object() else {
            continue;
        };
        let kept: Map<String, Value> = members
            .iter()
            .filter(|(key, value)| {
                let is_operation = value.is_object() && !key.starts_with("x-");
                !is_operation
                    || operations.contains(&form(&format!("{} {path}", key.to_uppercase())))
            })
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if kept.values().any(Value::is_object) || kept.contains_key("$ref") {
            paths.insert(path.clone(), kept.into());
        }
    }
    let mut slice = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        if !matches!(key.as_str(), "paths" | "components" | "webhooks") {
            slice.insert(key.clone(), value.clone());
        }
    }
    let components = needed(document, &paths, also, too_many)?;
    slice.insert("paths".to_owned(), paths.into());
    slice.insert("components".to_owned(), components);
    let slice = slice.into();
    (size(&slice, too_many) < too_many).then_some(slice)
}

/// The components of a document.
pub fn components(document: &Value) -> BTreeSet<Component> {
    let kinds = document.get("components").and_then(Value::as_object);
    kinds
        .into_iter()
        .flatten()
        .flat_map(|(kind, all)| {
            let names = all.as_object().into_iter().flat_map(Map::keys);
            names.map(|name| (kind.clone(), name.clone()))
        })
        .collect()
}

/// The components that paths refer to, directly or not, and others with what these need; `None` as soon as they are
/// too many to be copied.
fn needed(
    document: &Value,
    paths: &Map<String, Value>,
    also: &BTreeSet<Component>,
    too_many: usize,
) -> Option<Value> {
    let mut count = 0;
    let mut found: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    let mut names: Vec<Component> = also.iter().cloned().collect();
    paths.values().for_each(|path| references(path, &mut names));
    let components = document.get("components");
    while let Some((kind, name)) = names.pop() {
        let of_kind = components.and_then(|components| components.get(&kind)?.as_object());
        let kept = components
            .and_then(Value::as_object)
            .and_then(|kinds| kinds.get_key_value(kind.as_str()));
        if let (Some(of_kind), Some((kind, _))) = (of_kind, kept)
            && let Some((name, value)) = of_kind.get_key_value(name.as_str())
            && found.insert((kind, name), value).is_none()
        {
            count += size(value, too_many);
            if count >= too_many {
                return None;
            }
            references(value, &mut names);
        }
    }
    let mut kept = Map::new();
    // Credentials are named, not referred to.
    if let Some(schemes) = components.and_then(|components| components.get("securitySchemes")) {
        kept.insert("securitySchemes".to_owned(), schemes.clone());
    }
    for ((kind, name), value) in found {
        if let Value::Object(of_kind) = kept.entry(kind).or_insert_with(|| Map::new().into()) {
            of_kind.insert(name.to_owned(), value.clone());
        }
    }
    Some(kept.into())
}

fn references(value: &Value, names: &mut Vec<Component>) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => pending.extend(object.values()),
            Value::String(text) => {
                if let Some(path) = text.strip_prefix("#/components/")
                    && let Some((kind, rest)) = path.split_once('/')
                {
                    let name = unescape(rest.split('/').next().unwrap_or_default());
                    names.push((kind.to_owned(), name.into_owned()));
                }
            }
            _ => {}
        }
    }
}

/// The number of values in a document, counted no further than it matters.
fn size(document: &Value, most: usize) -> usize {
    let mut count = 0;
    let mut pending = vec![document];
    while let Some(value) = pending.pop() {
        count += 1;
        if count >= most {
            break;
        }
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => pending.extend(object.values()),
            _ => {}
        }
    }
    count
}

/// Whether nothing is generated from it.
pub fn is_empty(document: &Value) -> bool {
    ["/paths", "/components/schemas"].iter().all(|place| {
        let held = document.pointer(place).and_then(Value::as_object);
        held.is_none_or(Map::is_empty)
    })
}
