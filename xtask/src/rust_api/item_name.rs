//! The lines of a surface: the kind, the path and the owner of their items.

use std::collections::BTreeMap;

/// Returns each line by the name of its item.
pub fn lines(surface: &[String]) -> BTreeMap<&str, &str> {
    let lines = surface.iter();
    lines.map(|line| (name(line), line.as_str())).collect()
}

/// Returns kind and path of an item, without its type.
pub fn name(line: &str) -> &str {
    // A type has one line for each trait.
    if line.starts_with("impl ") {
        return line;
    }
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

/// Returns whether an item is a type as a whole.
pub fn is_type(name: &str) -> bool {
    ["struct ", "enum ", "type "]
        .iter()
        .any(|kind| name.starts_with(kind))
}

/// Returns the path of an item: `types::Pet.name` of `field types::Pet.name`.
pub fn path(name: &str) -> &str {
    let rest = name.strip_prefix("async ").unwrap_or(name);
    let path = rest.split_once(' ').map_or(rest, |(_, path)| path);
    path.split(": ").next().unwrap_or(path)
}

/// Returns the path of the type to which an item belongs.
pub fn owner(path: &str) -> Option<&str> {
    match path.rsplit_once('.') {
        Some((owner, _)) => Some(owner),
        None => path
            .rsplit_once("::")
            .map(|(owner, _)| owner)
            .filter(|owner| owner.rsplit("::").next().is_some_and(begins_with_capital)),
    }
}

fn begins_with_capital(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
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
            ("struct types::Upload: !Clone", "struct types::Upload"),
            ("impl types::Pet: Default", "impl types::Pet: Default"),
        ] {
            assert_eq!(name(line), expected);
        }
    }
}
