//! Names of types in the lines of a surface: aliases, and full paths.

use std::collections::{BTreeMap, BTreeSet};

/// The path of names of the standard library and of `chrono`, which lines leave out.
const OUTSIDE: &[(&str, &str)] = &[
    ("BTreeMap", "std::collections::BTreeMap"),
    ("DeserializeOwned", "serde::de::DeserializeOwned"),
    ("Display", "std::fmt::Display"),
    ("Duration", "std::time::Duration"),
    ("HashMap", "std::collections::HashMap"),
    ("IpAddr", "std::net::IpAddr"),
    ("Ipv4Addr", "std::net::Ipv4Addr"),
    ("Ipv6Addr", "std::net::Ipv6Addr"),
    ("NonZeroU32", "std::num::NonZeroU32"),
    ("NonZeroU64", "std::num::NonZeroU64"),
    ("Utc", "chrono::Utc"),
];

/// The types of a surface, and those of them that are other names.
#[derive(Debug, Default)]
pub struct TypeNames {
    /// Paths: `types::Pet`, `api::pets::Get`.
    all: BTreeSet<String>,
    /// The name of a type for each other name of it, both in the module `types`.
    aliases: BTreeMap<String, String>,
}

impl TypeNames {
    pub fn of<'l>(lines: impl IntoIterator<Item = &'l String>) -> Self {
        let mut names = Self::default();
        for line in lines {
            let Some((kind, rest)) = line.split_once(' ') else {
                continue;
            };
            if !matches!(kind, "struct" | "enum" | "type") {
                continue;
            }
            let path = rest.split([' ', ':']).filter(|part| !part.is_empty());
            let path: Vec<&str> = match rest.split_once(" = ") {
                Some((path, _)) => path.split("::").collect(),
                None => path.take_while(|part| *part != "!Clone").collect(),
            };
            names.all.insert(path.join("::"));
            let target = rest.split_once(" = ").map(|(_, target)| target.trim());
            if let (["types", alias], Some(target)) = (path.as_slice(), target) {
                names.aliases.insert((*alias).to_owned(), target.to_owned());
            }
        }
        let known = |target: &String| names.all.contains(&format!("types::{target}"));
        names.aliases.retain(|_, target| known(target));
        names
    }

    /// Replaces the other names of types by their names.
    pub fn without_aliases(&self, line: &str) -> String {
        if self.aliases.is_empty() {
            return line.to_owned();
        }
        let is_in_types = line.split_once(' ').is_some_and(|(kind, rest)| {
            rest.starts_with("types::") || (kind == "async" && rest.contains(" types::"))
        });
        rewrite(line, |before, word| {
            let is_type = before.ends_with("types::") || (is_in_types && !before.ends_with("::"));
            let target = self.aliases.get(word).filter(|_| is_type)?;
            Some(target.clone())
        })
    }

    /// Writes a type of a line so that it can be named with `use the_crate::*`. `module` is that of
    /// the line's item.
    pub fn qualified(&self, of: &str, module: &str) -> String {
        rewrite(of, |before, word| {
            if before.ends_with("::") {
                return None;
            }
            let inside = format!("{module}{word}");
            if self.all.contains(&inside) {
                return Some(match module.starts_with("api::") {
                    true => format!("{inside}<'_>"),
                    false => inside,
                });
            }
            let outside = OUTSIDE.iter().find(|(name, _)| *name == word);
            outside.map(|(_, path)| (*path).to_owned())
        })
        .replace(" ::chrono", " chrono")
        .replace("<::chrono", "<chrono")
        .trim_start_matches("::")
        .to_owned()
    }
}

/// Replaces words, which `replacement` is told with the text before them.
fn rewrite(text: &str, replacement: impl Fn(&str, &str) -> Option<String>) -> String {
    let is_of_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_word) {
        let (between, after) = rest.split_at(start);
        written.push_str(between);
        let end = after
            .find(|character| !is_of_word(character))
            .unwrap_or(after.len());
        let (word, after) = after.split_at(end);
        let replaced = replacement(&written, word);
        written.push_str(replaced.as_deref().unwrap_or(word));
        rest = after;
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> TypeNames {
        let lines = [
            "struct types::Pet",
            "struct types::Upload: !Clone",
            "type types::Cat = Pet",
            "type types::Pair = Vec<serde_json::Value>",
            "struct api::pets::Get",
        ];
        TypeNames::of(&lines.map(str::to_owned))
    }

    #[test]
    fn alias_is_replaced_by_its_type() {
        for (line, expected) in [
            (
                "field types::Cat.cat: Vec<Cat>",
                "field types::Pet.cat: Vec<Pet>",
            ),
            (
                "await api::a::Cat -> types::Cat",
                "await api::a::Cat -> types::Pet",
            ),
            ("field types::Pet.pair: Pair", "field types::Pet.pair: Pair"),
        ] {
            assert_eq!(names().without_aliases(line), expected);
        }
    }

    #[test]
    fn type_is_written_with_its_path() {
        for (of, module, expected) in [
            ("Option<Pet>", "types::", "Option<types::Pet>"),
            ("Upload", "types::", "types::Upload"),
            ("Get", "api::pets::", "api::pets::Get<'_>"),
            ("Vec<types::Pet>", "api::pets::", "Vec<types::Pet>"),
            (
                "chrono::DateTime<Utc>",
                "types::",
                "chrono::DateTime<chrono::Utc>",
            ),
            (
                "::chrono::naive::NaiveDate",
                "types::",
                "chrono::naive::NaiveDate",
            ),
        ] {
            assert_eq!(names().qualified(of, module), expected);
        }
    }
}
