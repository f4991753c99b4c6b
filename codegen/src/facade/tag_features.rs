//! Cargo features of tags: which items are compiled for which tags.
//!
//! A type is compiled if an enabled operation needs it, directly or through other types. The need is
//! read from the generated code itself, so that an item is never without a type that it mentions.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// Features that a generated crate has for other reasons.
const TAKEN: &[&str] = &[
    "all-tags",
    "brotli",
    "charset",
    "default",
    "gzip",
    "mock",
    "native-tls",
    "opentelemetry",
    "rustls",
    "rustls-no-provider",
    "schemars",
    "zstd",
];

/// Returns the feature of a tag, by its accessor: `api-keys` for `api_keys`.
pub(crate) fn feature(accessor: &str) -> String {
    let name = accessor.replace('_', "-");
    let name = name.trim_matches('-');
    match TAKEN.contains(&name) || !name.is_ascii() || name.is_empty() {
        true => format!("tag-{}", name.chars().map(ascii).collect::<String>()),
        false => name.to_owned(),
    }
}

/// Returns a character as ASCII: itself, or its code point in hexadecimal digits.
fn ascii(character: char) -> String {
    match character.is_ascii() {
        true => character.to_string(),
        false => format!("u{:x}", u32::from(character)),
    }
}

/// The types that operations mention.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    by_feature: BTreeMap<String, BTreeSet<String>>,
    by_requests: BTreeSet<String>,
}

impl Mentions {
    /// Adds the types that some code of a tag mentions.
    pub(crate) fn add(&mut self, feature: &str, code: &TokenStream) {
        let mentioned = self.by_feature.entry(feature.to_owned()).or_default();
        identifiers(code.clone(), mentioned);
    }

    /// Adds the types of a request's parameters and body.
    pub(crate) fn add_sent(&mut self, code: &TokenStream) {
        identifiers(code.clone(), &mut self.by_requests);
    }

    /// Returns the types that requests hold, directly or through other types.
    pub(crate) fn sent(
        &self,
        mentioned_by: &BTreeMap<&str, &BTreeSet<String>>,
    ) -> BTreeSet<String> {
        let sent = reachable(&self.by_requests, mentioned_by).into_iter();
        sent.map(str::to_owned).collect()
    }

    /// Returns the features that need each type. `mentioned_by` holds the identifiers in the code of
    /// each type.
    pub(crate) fn needs(
        &self,
        mentioned_by: &BTreeMap<&str, &BTreeSet<String>>,
    ) -> BTreeMap<String, BTreeSet<&str>> {
        let mut needs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (feature, roots) in &self.by_feature {
            for name in reachable(roots, mentioned_by) {
                needs.entry(name.to_owned()).or_default().insert(feature);
            }
        }
        needs
    }

    /// Returns the condition under which a type is compiled, or `None` for always.
    ///
    /// A type that no operation needs is compiled with all tags.
    pub(crate) fn condition(&self, needs: Option<&BTreeSet<&str>>) -> Option<TokenStream> {
        let all = || self.by_feature.keys().map(String::as_str).collect();
        match needs {
            _ if self.by_feature.is_empty() => None,
            None => {
                let features = list(all());
                Some(quote! { #[cfg(all(#features))] })
            }
            Some(needs) if needs.len() == self.by_feature.len() => None,
            Some(needs) => Some(any_of(needs.iter().copied().collect())),
        }
    }
}

/// Returns the types that `roots` mention, directly or through other types.
fn reachable<'a>(
    roots: &'a BTreeSet<String>,
    mentioned_by: &BTreeMap<&'a str, &'a BTreeSet<String>>,
) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = roots.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        if let Some((name, mentioned)) = mentioned_by.get_key_value(name)
            && found.insert(*name)
        {
            open.extend(mentioned.iter().map(String::as_str));
        }
    }
    found
}

/// Returns the condition that one of these features is enabled.
pub(crate) fn any_of(features: Vec<&str>) -> TokenStream {
    match features.as_slice() {
        [feature] => quote! { #[cfg(feature = #feature)] },
        _ => {
            let features = list(features);
            quote! { #[cfg(any(#features))] }
        }
    }
}

fn list(features: Vec<&str>) -> TokenStream {
    quote! { #(feature = #features),* }
}

/// Collects all identifiers. Some are not types; what is compiled too often does no harm.
pub(crate) fn identifiers(code: TokenStream, found: &mut BTreeSet<String>) {
    for token in code {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feature_names_are_valid_and_free() {
        for (accessor, expected) in [
            ("api_keys", "api-keys"),
            ("type_", "type"),
            ("mock", "tag-mock"),
            ("größe", "tag-gruf6udfe"),
        ] {
            let name = feature(accessor);
            assert_eq!(name, expected);
            assert!(name.is_ascii() && !TAKEN.contains(&name.as_str()));
        }
    }

    #[test]
    fn needs_follow_mentions() {
        let mut mentions = Mentions::default();
        mentions.add("cats", &quote! { types::Cat });
        mentions.add("dogs", &quote! { types::Dog });
        let set = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        let (cat, dog, tail): (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) =
            (set(&["Tail"]), set(&["Tail", "Dog"]), set(&[]));
        let mentioned_by = BTreeMap::from([("Cat", &cat), ("Dog", &dog), ("Tail", &tail)]);
        let needs = mentions.needs(&mentioned_by);
        assert_eq!(needs["Cat"], BTreeSet::from(["cats"]));
        assert_eq!(needs["Tail"], BTreeSet::from(["cats", "dogs"]));
        assert!(mentions.condition(needs.get("Tail")).is_none());
        let shown = |name: &str| mentions.condition(needs.get(name)).unwrap().to_string();
        assert_eq!(shown("Dog"), "# [cfg (feature = \"dogs\")]");
        assert!(shown("Unused").starts_with("# [cfg (all"));
    }
}
