//! Pairs the paths of two documents. The names of path parameters do not count.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::model::document::Node;

/// A path with its Path Item Object.
pub type PathEntry<'d> = (&'d str, Node<'d>);
type PathPair<'d> = (Option<PathEntry<'d>>, Option<PathEntry<'d>>);

/// Pairs paths by their text, or else by their text without the names in braces. `bases` has what
/// precedes the paths of each side.
pub fn pair<'d>(
    old: &[PathEntry<'d>],
    new: &[PathEntry<'d>],
    bases: (&str, &str),
) -> Vec<PathPair<'d>> {
    let was = |path: &str| format!("{}{path}", bases.0);
    let is = |path: &str| format!("{}{path}", bases.1);
    let by_path: BTreeMap<String, &PathEntry<'d>> =
        new.iter().map(|item| (is(item.0), item)).collect();
    let known: BTreeSet<String> = old.iter().map(|(path, _)| was(path)).collect();
    let mut by_form: BTreeMap<String, Vec<&PathEntry<'d>>> = BTreeMap::new();
    for item in new.iter().filter(|(path, _)| !known.contains(&is(path))) {
        by_form.entry(form(&is(item.0))).or_default().push(item);
    }
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for item in old {
        let found = match by_path.get(&was(item.0)) {
            Some(same) => Some(*same),
            None => by_form.get_mut(&form(&was(item.0))).and_then(Vec::pop),
        };
        taken.extend(found.map(|found| found.0));
        pairs.push((Some(item.clone()), found.cloned()));
    }
    let rest = new.iter().filter(|(path, _)| !taken.contains(path));
    pairs.extend(rest.map(|item| (None, Some(item.clone()))));
    pairs.sort_by(|a, b| {
        let path = |pair: &PathPair<'d>| pair.0.as_ref().or(pair.1.as_ref()).map(|item| item.0);
        path(a).cmp(&path(b))
    });
    pairs
}

/// Returns a path without the names in its braces.
pub fn form(path: &str) -> String {
    let mut form = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        form.push_str(before);
        form.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    form.push_str(rest);
    form
}

/// Returns the distinct names in the braces of a path, without the expressions of a callback URL.
pub fn slots(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !name.starts_with('$')
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}
