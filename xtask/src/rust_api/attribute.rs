//! Attributes each change of the Rust API to the document changes that caused it, by JSON pointer.

use crate::diff::model::change::Change;
use crate::diff::model::checks::Effect;
use crate::rust_api::surface::ApiItem;
use neo_client_codegen::openapi::pointer::unescape;

/// Returns for each change the indices of the items that it caused.
pub fn attribute(items: &[ApiItem], changes: &[Change<'_>]) -> Vec<Vec<usize>> {
    let mut caused = vec![Vec::new(); changes.len()];
    for (index, item) in items.iter().enumerate() {
        for change in causes(item, changes) {
            if let Some(of) = caused.get_mut(change) {
                of.push(index);
            }
        }
    }
    caused
}

/// Returns the indices of the changes nearest to an item.
fn causes(item: &ApiItem, changes: &[Change<'_>]) -> Vec<usize> {
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

/// Rates how likely a change caused an item. 0: it did not.
fn nearness(item: &ApiItem, change: &Change<'_>) -> u8 {
    let sides = [
        (&item.base, &change.base),
        (&item.revision, &change.revision),
    ];
    sides
        .into_iter()
        .filter_map(|(origin, location)| Some((origin.as_ref()?, location.as_ref()?)))
        .map(|(origin, location)| {
            let Some(within) = location.pointer.strip_prefix(origin.as_str()) else {
                return u8::from(reaches(origin, change));
            };
            let is_word = change.check.effect == Effect::Words;
            let names_it = member(&item.name).is_some_and(|member| {
                mentions(within, member) || mentions(location.stable(), member)
            });
            match (is_word, names_it) {
                (false, true) => 5,
                (false, false) => 3,
                (true, _) => 2,
            }
        })
        .max()
        .unwrap_or_default()
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
