//! Which change of the document caused which change of the Rust API.

use crate::diff::change::Change;
use crate::pointer::unescape;

use super::surface::Item;

/// For each change the items, by their index, that it caused.
pub fn blame(items: &[Item], changes: &[Change<'_>]) -> Vec<Vec<usize>> {
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

/// The changes nearest to an item.
fn causes(item: &Item, changes: &[Change<'_>]) -> Vec<usize> {
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

/// 0 if a change has nothing to do with an item.
fn nearness(item: &Item, change: &Change<'_>) -> u8 {
    let sides = [
        (&item.base, &change.base),
        (&item.revision, &change.revision),
    ];
    sides
        .into_iter()
        .filter_map(|(origin, spot)| Some((origin.as_ref()?, spot.as_ref()?)))
        .map(|(origin, spot)| {
            let Some(within) = spot.pointer.strip_prefix(origin.as_str()) else {
                return u8::from(reaches(origin, change));
            };
            let is_word = change.check.request == crate::diff::change::Wire::DocsOnly;
            let names_it = member(&item.name)
                .is_some_and(|member| mentions(within, member) || mentions(spot.stable(), member));
            match (is_word, names_it) {
                (false, true) => 5,
                (false, false) => 3,
                (true, _) => 2,
            }
        })
        .max()
        .unwrap_or_default()
}

/// The last name of an item's path, where that is a field, a variant or a setter.
fn member(name: &str) -> Option<&str> {
    let path = name.rsplit(' ').next()?;
    match path.rsplit_once('.') {
        Some((_, field)) => Some(field),
        None => path.rsplit_once("::").map(|(_, last)| last),
    }
}

/// Whether a token of a pointer is a name, however it is cased in Rust.
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

/// Whether a change reaches the operation that stands at a pointer.
fn reaches(origin: &str, change: &Change<'_>) -> bool {
    let Some(name) = operation(origin) else {
        return false;
    };
    change.check.request != crate::diff::change::Wire::DocsOnly && change.reach.contains(&name)
}

/// The name of the operation that stands at a pointer.
pub fn operation(origin: &str) -> Option<String> {
    let mut tokens = origin.strip_prefix("/paths/")?.split('/');
    let (path, method) = (tokens.next()?, tokens.next()?);
    Some(format!("{} {}", method.to_uppercase(), unescape(path)))
}
