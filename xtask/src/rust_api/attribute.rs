//! Attributes each change of the Rust API to the document changes that caused it, by JSON pointer.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::model::change::Change;
use crate::diff::model::checks::{Area, Effect};
use crate::rust_api::item::ApiItem;
use crate::rust_api::signature::Signature;
use neo_client_codegen::openapi::pointer::unescape;

/// Returns for each change the indices of the items that it caused.
pub fn attribute(items: &[ApiItem], changes: &[Change<'_>]) -> Vec<Vec<usize>> {
    let mut causes: Vec<Vec<usize>> = items.iter().map(|item| nearest(item, changes)).collect();
    add_causes_of_accessors(items, &mut causes);
    let mut caused = vec![Vec::new(); changes.len()];
    for (index, changes) in causes.into_iter().enumerate() {
        for change in changes {
            if let Some(of) = caused.get_mut(change) {
                of.push(index);
            }
        }
    }
    caused
}

/// Returns the indices of the changes nearest to an item.
fn nearest(item: &ApiItem, changes: &[Change<'_>]) -> Vec<usize> {
    let mut best = (0, Vec::new());
    for (index, change) in changes.iter().enumerate() {
        let near = nearness(item, change);
        if near > best.0 {
            best = (near, vec![index]);
        } else if near == best.0 && near > 0 {
            best.1.push(index);
        }
    }
    best.1
}

/// Adds the causes of accessors such as `Client::pets`, which come and go with the operations of a
/// tag.
fn add_causes_of_accessors(items: &[ApiItem], causes: &mut [Vec<usize>]) {
    let mut by_module: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (item, changes) in items.iter().zip(&*causes) {
        let path = item.name.rsplit(' ').next().unwrap_or_default();
        let module = path
            .strip_prefix("api::")
            .and_then(|it| it.split("::").next());
        if let Some(module) = module {
            by_module
                .entry(module.to_owned())
                .or_default()
                .extend(changes);
        }
    }
    for (item, changes) in items.iter().zip(causes) {
        let line = item.before.as_ref().or(item.after.as_ref());
        let handle = line.and_then(|line| line.rsplit_once("-> api::"));
        let module = handle.and_then(|(_, handle)| handle.split("::").next());
        if let Some(found) = module.and_then(|module| by_module.get(module))
            && changes.is_empty()
        {
            changes.extend(found);
        }
    }
}

/// Rates how likely a change caused an item. 0: it did not.
fn nearness(item: &ApiItem, change: &Change<'_>) -> u8 {
    let is_word = change.check.effect == Effect::Words;
    let names = names_in(item);
    let names_it = |within: &str, stable: &str| {
        let is_named = |name: &&str| mentions(within, name) || mentions(stable, name);
        names.iter().any(is_named) || is_about_deprecation(item, change)
    };
    let is = |start: &str| change.check.predicate.starts_with(start);
    // An added or removed value has its parent's location in the other document.
    let sides = [
        (&item.base, &change.base, is("was added")),
        (&item.revision, &change.revision, is("was removed")),
    ];
    sides
        .into_iter()
        .filter_map(|(origin, location, is_of_parent)| {
            Some((origin.as_ref()?, location.as_ref()?, is_of_parent))
        })
        .map(|(origin, location, is_of_parent)| {
            if let Some(within) = below(&location.pointer, origin) {
                return match (is_word, names_it(within, location.stable())) {
                    (false, true) => 6,
                    (false, false) => 3,
                    (true, _) => 2,
                };
            }
            let mut parts = item.parts.iter();
            let of_part = parts.find_map(|part| below(&location.pointer, part));
            let of_part = of_part.map(|within| names_it(within, location.stable()));
            let is_around = !is_of_parent && below(origin, &location.pointer).is_some();
            let is_one_sided = item.base.is_none() || item.revision.is_none();
            match of_part {
                _ if is_word => 0,
                Some(true) => 5,
                _ if is_around && is_one_sided && is("was ") => 4,
                _ if is_around && change.check.area == Area::Schema => 2,
                Some(false) => 1,
                None => u8::from(reaches(origin, change) || is_user(item, &location.pointer)),
            }
        })
        .max()
        .unwrap_or_default()
}

/// Returns the names by which a change may mention an item: its own, and those of the arguments
/// that differ.
fn names_in(item: &ApiItem) -> Vec<&str> {
    let mut names: Vec<&str> = member(&item.name).into_iter().collect();
    let lines = (item.before.as_deref(), item.after.as_deref());
    let signatures = (
        lines.0.and_then(Signature::of),
        lines.1.and_then(Signature::of),
    );
    if let (Some(old), Some(new)) = signatures {
        let only = |of: &Signature<'_>, argument| !of.arguments.contains(argument);
        let gone = old.arguments.iter().filter(|it| only(&new, it));
        let came = new.arguments.iter().filter(|it| only(&old, it));
        names.extend(gone.chain(came).map(|(name, _)| *name));
    }
    names
}

fn is_about_deprecation(item: &ApiItem, change: &Change<'_>) -> bool {
    item.name.starts_with("deprecated ") && matches!(change.check.id, "deprecated" | "reactivated")
}

/// Returns the rest of a pointer that is that of a value, or leads into the value.
fn below<'p>(pointer: &'p str, value: &str) -> Option<&'p str> {
    let rest = pointer.strip_prefix(value)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Returns whether an operation came or went with the type that it leads to.
fn is_user(item: &ApiItem, pointer: &str) -> bool {
    item.users.iter().any(|user| user == pointer)
}
/// Returns the last name of an item's path if it is a field, a variant or a setter.
fn member(name: &str) -> Option<&str> {
    let path = name.rsplit(' ').next()?;
    match path.rsplit_once('.') {
        Some((_, field)) => Some(field),
        None => path.rsplit_once("::").map(|(_, last)| last),
    }
}

/// Returns whether a token of a pointer is the name, regardless of its case in Rust.
fn mentions(pointer: &str, name: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let name = plain(name);
    pointer
        .split(['/', ' '])
        .any(|token| !token.is_empty() && plain(token) == name)
}

/// Returns whether a change affects the operation at a pointer.
fn reaches(origin: &str, change: &Change<'_>) -> bool {
    let Some(name) = operation(origin) else {
        return false;
    };
    change.check.effect != Effect::Words && change.affected.contains(&name)
}

/// Returns the name of the operation at a pointer.
fn operation(origin: &str) -> Option<String> {
    let mut tokens = origin.strip_prefix("/paths/")?.split('/');
    let (path, method) = (tokens.next()?, tokens.next()?);
    Some(format!("{} {}", method.to_uppercase(), unescape(path)))
}
