//! Cargo features of tags: which items are compiled for which tags.
//!
//! A type is compiled if an enabled operation needs it, directly or through other types. The need
//! is read from the generated code itself, so that an item is never without a type that it
//! mentions. In the same way, a tag needs the features of the runtime behind the paths in its code
//! and in these types.
//!
//! The code outside of tags and types needs no feature of the runtime: the client, its builder and
//! the servers are fixed texts with names of the document, and `API` and `OPERATIONS` are data.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::runtime_features::{Mentioned, RuntimeFeatures};

/// Features that a generated crate has for other reasons.
const TAKEN: &[&str] = &[
    "all-tags",
    "brotli",
    "charset",
    "chrono",
    "default",
    "downloads",
    "event-streams",
    "gzip",
    "mock",
    "multipart",
    "native-tls",
    "opentelemetry",
    "poll",
    "rustls",
    "rustls-no-provider",
    "schemars",
    "uuid",
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

/// The code of each type mentions these items.
type MentionedBy<'a> = BTreeMap<&'a str, &'a Mentioned>;

/// The items that operations mention.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// `true` if types are compiled by the features of tags.
    is_conditional: bool,
    by_feature: BTreeMap<String, Mentioned>,
    by_requests: Mentioned,
}

impl Mentions {
    pub(crate) fn new(is_conditional: bool) -> Self {
        Self {
            is_conditional,
            ..Self::default()
        }
    }

    /// Adds the items that some code of a tag mentions.
    pub(crate) fn add(&mut self, feature: &str, code: TokenStream) {
        let mentioned = self.by_feature.entry(feature.to_owned()).or_default();
        mentioned.add(code);
    }

    /// Adds the types of a request's parameters and body.
    pub(crate) fn add_sent(&mut self, code: TokenStream) {
        self.by_requests.add(code);
    }

    /// Returns the types that requests hold, directly or through other types.
    pub(crate) fn sent(&self, mentioned_by: &MentionedBy<'_>) -> BTreeSet<String> {
        let sent = reachable(&self.by_requests, mentioned_by).into_keys();
        sent.map(str::to_owned).collect()
    }

    /// Returns the features that need each type, if the code depends on features.
    pub(crate) fn needs(&self, mentioned_by: &MentionedBy<'_>) -> BTreeMap<String, BTreeSet<&str>> {
        let mut needs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (feature, roots) in self.by_feature.iter().filter(|_| self.is_conditional) {
            for name in reachable(roots, mentioned_by).into_keys() {
                needs.entry(name.to_owned()).or_default().insert(feature);
            }
        }
        needs
    }

    /// Returns the condition under which a type is compiled, or `None` for always.
    ///
    /// A type that no operation needs is compiled with all tags and the features of the runtime
    /// that the type needs. Every other type has a condition, even if all tags need the type:
    /// without any tag, nothing enables those features.
    pub(crate) fn condition(
        &self,
        mentioned: &Mentioned,
        needs: Option<&BTreeSet<&str>>,
        mentioned_by: &MentionedBy<'_>,
    ) -> Option<TokenStream> {
        if !self.is_conditional {
            return None;
        }
        if let Some(needs) = needs {
            return Some(any_of(needs.iter().copied().collect()));
        }
        let mut features: Vec<&str> = self.by_feature.keys().map(String::as_str).collect();
        features.extend(runtime_features(mentioned, mentioned_by));
        let features = list(features);
        (!features.is_empty()).then(|| quote! { #[cfg(all(#features))] })
    }

    /// Returns the features of the runtime that the code needs.
    pub(crate) fn runtime_features(&self, mentioned_by: &MentionedBy<'_>) -> RuntimeFeatures {
        let all = self.by_feature.values();
        let all = all.chain(mentioned_by.values().copied());
        let by_tag = self
            .by_feature
            .iter()
            .map(|(feature, roots)| (feature.clone(), runtime_features(roots, mentioned_by)));
        RuntimeFeatures {
            all: all.flat_map(|of| of.runtime.iter().copied()).collect(),
            by_tag: by_tag.collect(),
        }
    }
}

/// Returns the features of the runtime that some code needs, directly or through types.
fn runtime_features(roots: &Mentioned, mentioned_by: &MentionedBy<'_>) -> BTreeSet<&'static str> {
    let types = reachable(roots, mentioned_by).into_values();
    let all = types.chain([roots]);
    all.flat_map(|of| of.runtime.iter().copied()).collect()
}

/// Returns the types that `roots` mention, directly or through other types, with their code.
fn reachable<'a>(
    roots: &Mentioned,
    mentioned_by: &MentionedBy<'a>,
) -> BTreeMap<&'a str, &'a Mentioned> {
    let mut found = BTreeMap::new();
    let mut open: Vec<&str> = roots.identifiers.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        if let Some((name, mentioned)) = mentioned_by.get_key_value(name)
            && found.insert(*name, *mentioned).is_none()
        {
            open.extend(mentioned.identifiers.iter().map(String::as_str));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feature_names_are_valid_and_free() {
        for (accessor, expected) in [
            ("api_keys", "api-keys"),
            ("type_", "type"),
            ("mock", "tag-mock"),
            ("event_streams", "tag-event-streams"),
            ("uuid", "tag-uuid"),
            ("größe", "tag-gruf6udfe"),
        ] {
            let name = feature(accessor);
            assert_eq!(name, expected);
            assert!(name.is_ascii() && !TAKEN.contains(&name.as_str()));
        }
    }

    /// Returns the types of an API with cats and dogs: `Dog` has a tail and a date of birth.
    fn types() -> BTreeMap<&'static str, Mentioned> {
        BTreeMap::from([
            (
                "Cat",
                Mentioned::by(quote! { struct Cat { tail: Tail, uuid: String } }),
            ),
            (
                "Dog",
                Mentioned::by(quote! { struct Dog { tail: Tail, birth: Birth } }),
            ),
            (
                "Birth",
                Mentioned::by(quote! { struct Birth(::chrono::DateTime<::chrono::Utc>); }),
            ),
            (
                "Tail",
                Mentioned::by(quote! { struct Tail { length: f64 } }),
            ),
            (
                "Unused",
                Mentioned::by(quote! { struct Unused { id: ::uuid::Uuid, of: Dog } }),
            ),
        ])
    }

    fn mentions(is_conditional: bool) -> Mentions {
        let mut mentions = Mentions::new(is_conditional);
        mentions.add("cats", quote! { runtime::Response<types::Cat> });
        mentions.add("dogs", quote! { runtime::EventStream<types::Dog> });
        mentions
    }

    #[test]
    fn needs_follow_mentions() {
        let types = types();
        let mentioned_by = types.iter().map(|(name, of)| (*name, of)).collect();
        let mentions = mentions(true);
        let needs = mentions.needs(&mentioned_by);
        assert_eq!(needs["Cat"], BTreeSet::from(["cats"]));
        assert_eq!(needs["Tail"], BTreeSet::from(["cats", "dogs"]));
        let shown = |name: &str| {
            let of = mentions.condition(&types[name], needs.get(name), &mentioned_by);
            of.unwrap().to_string().replace(' ', "")
        };
        assert_eq!(shown("Dog"), "#[cfg(feature=\"dogs\")]");
        assert_eq!(
            shown("Tail"),
            "#[cfg(any(feature=\"cats\",feature=\"dogs\"))]"
        );
        let (tags, runtime) = (
            "feature=\"cats\",feature=\"dogs\"",
            "feature=\"chrono\",feature=\"uuid\"",
        );
        assert_eq!(shown("Unused"), format!("#[cfg(all({tags},{runtime}))]"));
    }

    #[test]
    fn runtime_features_follow_types() {
        let types = types();
        let mentioned_by = types.iter().map(|(name, of)| (*name, of)).collect();
        let found = mentions(true).runtime_features(&mentioned_by);
        assert!(found.by_tag["cats"].is_empty(), "{found:?}");
        assert_eq!(found.by_tag["dogs"], ["chrono", "event-streams"].into());
        assert_eq!(found.all, ["chrono", "event-streams", "uuid"].into());
        let without_conditions = mentions(false).runtime_features(&mentioned_by);
        assert_eq!(without_conditions, found);
    }
}
