//! Compares two public surfaces line by line: items that were removed, changed and added.

use std::collections::{BTreeMap, BTreeSet};

use neo_client_codegen::Output;

use crate::diff::model::verdict::Bump;

/// A change of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemChange {
    Removed,
    Changed,
    Added,
}

impl ItemChange {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// A public item that differs between two surfaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiItem {
    pub change: ItemChange,
    /// Kind and path: `field types::Pet.name`.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// JSON pointers to the schema or operation that the item is generated from.
    pub base: Option<String>,
    pub revision: Option<String>,
    /// `true` if the item belongs to a builder, which has a setter for each field.
    pub is_of_builder: bool,
}

impl ApiItem {
    /// Returns the needed version bump. Structs and enums are `#[non_exhaustive]` and have
    /// builders, so an added item breaks nobody.
    pub fn bump(&self) -> Bump {
        match self.change {
            ItemChange::Removed | ItemChange::Changed => Bump::Major,
            ItemChange::Added => Bump::Minor,
        }
    }

    /// Returns whether the item follows from another one: builders have a setter for each field.
    pub fn is_echo(&self) -> bool {
        self.is_of_builder || self.name.ends_with("::builder") || self.name.starts_with("async fn ")
    }
}

/// Compares two surfaces. `None` is the surface of a document without operations and schemas.
pub fn compare(old: Option<&Output>, new: Option<&Output>) -> Vec<ApiItem> {
    let (from, to) = (lines(old), lines(new));
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let mut items: Vec<ApiItem> = names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = (from.get(name), to.get(name));
            let change = match (before, after) {
                (Some(before), Some(after)) if before == after => return None,
                (Some(_), Some(_)) => ItemChange::Changed,
                (Some(_), None) => ItemChange::Removed,
                (None, _) => ItemChange::Added,
            };
            Some(ApiItem {
                change,
                name: name.clone(),
                before: before.cloned(),
                after: after.cloned(),
                base: origin(old.filter(|_| before.is_some()), name),
                revision: origin(new.filter(|_| after.is_some()), name),
                is_of_builder: [old, new]
                    .iter()
                    .flatten()
                    .any(|of| is_of_builder(of, name)),
            })
        })
        .collect();
    items.sort_by(|a, b| (a.change, &a.name).cmp(&(b.change, &b.name)));
    items
}

/// Returns each line by the name of its item.
fn lines(of: Option<&Output>) -> BTreeMap<String, String> {
    of.iter()
        .flat_map(|output| &output.surface)
        .map(|line| (name(line).to_owned(), line.clone()))
        .collect()
}

/// Returns kind and path of an item, without its type.
fn name(line: &str) -> &str {
    let start = match line.strip_prefix("async fn ") {
        Some(_) => "async fn ".len(),
        None => line.find(' ').map_or(0, |at| at + 1),
    };
    let rest = line.get(start..).unwrap_or_default();
    // `::` is part of a path, `:` begins a type.
    let mut end = rest.len();
    let mut previous = ' ';
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let begins_type = character == ':' && previous != ':' && next != Some(':');
        if begins_type || matches!(character, '(' | '<' | ' ') {
            end = at;
            break;
        }
        previous = character;
    }
    line.get(..start + end).unwrap_or(line)
}

fn is_of_builder(output: &Output, name: &str) -> bool {
    let path = name.split_once(" types::").map(|(_, path)| path);
    let owner = path.and_then(|path| path.split(['.', ':']).next());
    owner.is_some_and(|owner| output.builders.contains_key(owner))
}

/// Returns the pointer to the schema or operation that an item is generated from.
fn origin(output: Option<&Output>, name: &str) -> Option<String> {
    let output = output?;
    let path = name.rsplit(' ').next()?;
    if let Some(path) = path.strip_prefix("types::") {
        let owner = path.split(['.', ':']).next()?;
        let built = output.builders.get(owner).map_or(owner, String::as_str);
        return output.types.get(built).cloned();
    }
    let mut segments = path.split("::");
    let (room, tag) = (segments.next()?, segments.next()?);
    let (owner, method) = (segments.next()?, segments.next());
    let request = |last: &str| {
        output
            .requests
            .get(&format!("{room}::{tag}::{last}"))
            .cloned()
    };
    request(owner).or_else(|| request(method?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_name_is_kind_and_path() {
        for (line, expected) in [
            ("struct types::Pet", "struct types::Pet"),
            (
                "field types::Pet.name: Option<String>",
                "field types::Pet.name",
            ),
            (
                "variant types::Mood::Good = \"good\"",
                "variant types::Mood::Good",
            ),
            (
                "fn api::pets::Pets::get(&self, id: &str) -> Get",
                "fn api::pets::Pets::get",
            ),
            (
                "async fn api::pets::Get::send_as<T>(self) -> T",
                "async fn api::pets::Get::send_as",
            ),
            (
                "await api::pets::Get -> Result<types::Pet, Error>",
                "await api::pets::Get",
            ),
            ("const OPERATIONS: &[Operation]", "const OPERATIONS"),
        ] {
            assert_eq!(name(line), expected);
        }
    }
}
