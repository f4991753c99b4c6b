//! Names: from the words of the document to Rust identifiers, unique and stable.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Returns the slug of a heading, as documentation sites form it for page addresses: lower case,
/// words joined by `-`, without punctuation.
///
/// `Create task (stream/json)` becomes `create-task-streamjson`.
pub(crate) fn slug(heading: &str) -> String {
    let mut slug = String::with_capacity(heading.len());
    for character in heading.chars() {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if (character.is_whitespace() || matches!(character, '-' | '_'))
            && !slug.is_empty()
            && !slug.ends_with('-')
        {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Returns a name for a function, field or module: `snake_case`, a valid identifier.
pub(crate) fn snake(text: &str) -> String {
    identifier(&readable(text).to_snake_case(), "value")
}

/// Returns a name for a type or variant: `UpperCamelCase`, a valid identifier.
///
/// The name is cased twice, because `a b` becomes `AB` and then `Ab`: typify cases a name once
/// more, and must not change it.
pub(crate) fn pascal(text: &str) -> String {
    let once = readable(text).to_upper_camel_case();
    identifier(&once.to_upper_camel_case(), "Value")
}

/// Words for characters that identifiers cannot contain, so that `+1`, `-1` and `1` differ.
fn readable(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for (index, character) in text.chars().enumerate() {
        match character {
            '\'' => {}
            '+' if index == 0 => words.push_str("plus "),
            '-' if index == 0 => words.push_str("minus "),
            '*' if text.len() == 1 => words.push_str("any"),
            other if other.is_alphanumeric() => words.push(other),
            _ => words.push(' '),
        }
    }
    words
}

fn identifier(text: &str, empty: &str) -> String {
    let valid: String = text
        .chars()
        .filter(|character| *character == '_' || character.is_alphanumeric())
        .collect();
    if valid.is_empty() {
        return empty.to_owned();
    }
    if is_identifier(&valid) {
        return valid;
    }
    // A keyword needs a suffix, a leading digit needs a prefix.
    for candidate in [format!("{valid}_"), format!("{}{valid}", prefix(empty))] {
        if is_identifier(&candidate) {
            return candidate;
        }
    }
    empty.to_owned()
}

/// Returns whether Rust accepts the name. `syn` does not know the keyword of edition 2024.
fn is_identifier(text: &str) -> bool {
    text != "gen" && syn::parse_str::<syn::Ident>(text).is_ok()
}

fn prefix(empty: &str) -> &'static str {
    if empty.starts_with(char::is_uppercase) {
        "N"
    } else {
        "n"
    }
}

/// The names that are taken in one namespace, compared without case: types that differ only in case
/// are legal Rust, but their documentation pages overwrite each other on some file systems.
#[derive(Debug, Default, Clone)]
pub(crate) struct Taken {
    names: BTreeSet<String>,
    /// The next number to try for a name that was requested before.
    next: BTreeMap<String, u64>,
}

impl Taken {
    pub(crate) fn with<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self {
            names: names
                .into_iter()
                .map(|name| name.as_ref().to_lowercase())
                .collect(),
            next: BTreeMap::new(),
        }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names.contains(&name.to_lowercase())
    }

    /// Takes `wanted`, or the first free name of `wanted2`, `wanted3`, ….
    pub(crate) fn unique(&mut self, wanted: &str) -> String {
        let lower = wanted.to_lowercase();
        if self.names.insert(lower.clone()) {
            return wanted.to_owned();
        }
        // `Self_2` would become `Self2` when it is cased once more.
        let stem = |name: &str| name.trim_end_matches('_').to_owned();
        let (stem, lower) = (stem(wanted), stem(&lower));
        let next = self.next.entry(lower.clone()).or_insert(2);
        while !self.names.insert(format!("{lower}{next}")) {
            *next += 1;
        }
        format!("{stem}{next}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slug_matches_documentation_sites() {
        for (heading, expected) in [
            ("Get credit balance", "get-credit-balance"),
            ("Create task (stream/json)", "create-task-streamjson"),
            (
                "Set a project's spending cap",
                "set-a-projects-spending-cap",
            ),
            ("  SSH   Keys ", "ssh-keys"),
            ("GitHub", "github"),
            ("Clear—pending", "clearpending"),
            ("(...)", ""),
        ] {
            assert_eq!(slug(heading), expected);
        }
    }

    #[test]
    fn identifiers_are_valid_for_any_text() {
        for (text, expected) in [
            ("type", "type_"),
            ("self", "self_"),
            ("gen", "gen_"),
            ("X-Api-Key", "x_api_key"),
            ("2fa", "n2fa"),
            ("", "value"),
            ("filter[name]", "filter_name"),
            ("é à", "é_à"),
            ("💥", "value"),
        ] {
            assert_eq!(snake(text), expected);
        }
        for (text, expected) in [
            ("gpt-5.5-high", "Gpt55High"),
            ("+1", "Plus1"),
            ("-1", "Minus1"),
            ("1", "N1"),
            ("Self", "Self_"),
            ("", "Value"),
            ("*", "Any"),
            ("a b", "Ab"),
            ("HTTPServer2b", "HttpServer2b"),
        ] {
            assert_eq!(pascal(text), expected);
            assert_eq!(pascal(expected), expected);
        }
    }

    #[test]
    fn second_taker_gets_a_number() {
        let mut taken = Taken::with(["send"]);
        assert_eq!(taken.unique("send"), "send2");
        assert_eq!(taken.unique("limit"), "limit");
        assert_eq!(taken.unique("Limit"), "Limit2");
        assert_eq!(taken.unique("limit"), "limit3");
    }
}
