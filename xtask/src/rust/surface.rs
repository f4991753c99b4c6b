//! Two public surfaces, line against line: the items that went, changed and came.

use std::collections::{BTreeMap, BTreeSet};

use neo_client_codegen::Output;

use super::Bump;

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moved {
    Removed,
    Changed,
    Added,
}

impl Moved {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// A public item that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub moved: Moved,
    /// What it is and its path: `field types::Pet.name`.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// The schema or operation it comes from, in the base and in the revision.
    pub base: Option<String>,
    pub revision: Option<String>,
}

impl Item {
    /// Structs and enumerations are `#[non_exhaustive]` and have builders, so that what comes breaks
    /// nobody.
    pub fn bump(&self) -> Bump {
        match self.moved {
            Moved::Removed | Moved::Changed => Bump::Major,
            Moved::Added => Bump::Minor,
        }
    }

    /// Whether it follows from another item: builders have a setter for each field.
    pub fn is_echo(&self) -> bool {
        self.name.contains(" types::builder::")
            || self.name.ends_with("::builder")
            || self.name.starts_with("async fn ")
    }
}

pub fn compare(old: &Output, new: &Output) -> Vec<Item> {
    let (from, to) = (lines(old), lines(new));
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let mut items: Vec<Item> = names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = (from.get(name), to.get(name));
            let moved = match (before, after) {
                (Some(before), Some(after)) if before == after => return None,
                (Some(_), Some(_)) => Moved::Changed,
                (Some(_), None) => Moved::Removed,
                (None, _) => Moved::Added,
            };
            Some(Item {
                moved,
                name: name.clone(),
                before: before.cloned(),
                after: after.cloned(),
                base: before.and_then(|_| origin(old, name)),
                revision: after.and_then(|_| origin(new, name)),
            })
        })
        .collect();
    items.sort_by(|a, b| (a.moved, &a.name).cmp(&(b.moved, &b.name)));
    items
}

/// The surface of a document without operations.
pub fn emptied(mut output: Output) -> Output {
    output.surface.clear();
    output
}

/// Each line by the item it is about.
fn lines(of: &Output) -> BTreeMap<String, String> {
    of.surface
        .iter()
        .map(|line| (name(line).to_owned(), line.clone()))
        .collect()
}

/// Kind and path of an item, without its type.
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

/// The pointer of the schema or operation that an item comes from.
fn origin(output: &Output, name: &str) -> Option<String> {
    let path = name.rsplit(' ').next()?;
    if let Some(path) = path.strip_prefix("types::") {
        let path = path.strip_prefix("builder::").unwrap_or(path);
        let owner = path.split(['.', ':']).next()?;
        return output.types.get(owner).cloned();
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
    fn an_item_is_known_by_its_kind_and_path() {
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
