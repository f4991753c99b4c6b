//! Cargo features of the runtime that generated code needs.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Spacing, TokenStream, TokenTree};

/// Crates that generated code names. Each is behind the feature of its name.
const CRATES: [&str; 2] = ["chrono", "uuid"];

/// The last two names of paths, and the feature behind the items at these paths. Generated code
/// imports the runtime as `runtime`.
///
/// Two items exist without their feature, but can do less: only with `multipart` can a
/// `reqwest::Body` be a stream or a file, and only with `downloads` can a `ByteStream` be saved to
/// a file.
const ITEMS: [(&str, &str, &str); 6] = [
    ("reqwest", "Body", "multipart"),
    ("runtime", "ByteStream", "downloads"),
    ("runtime", "EventStream", "event-streams"),
    ("runtime", "Form", "multipart"),
    ("runtime", "JsonLines", "event-streams"),
    ("runtime", "Part", "multipart"),
];

/// The Cargo features of the runtime that generated code needs: `chrono`, `downloads`,
/// `event-streams`, `multipart` and `uuid`.
///
/// A crate with generated code enables them. The code also names the crates `chrono` and `uuid`
/// themselves, so such a crate depends on the crates whose features it enables.
///
/// # Example
///
/// ```
/// use neo_client_codegen::{Settings, generate};
/// use serde_json::json;
///
/// let document = json!({
///     "openapi": "3.1.0",
///     "paths": { "/birth": { "get": {
///         "tags": ["Cats"],
///         "responses": { "200": { "description": "", "content": { "application/json": {
///             "schema": { "type": "string", "format": "date-time" }
///         } } } }
///     } } }
/// });
/// let output = generate(&document, None, &Settings::default())?;
/// assert!(output.runtime_features.all.contains("chrono"));
/// assert!(output.runtime_features.by_tag["cats"].contains("chrono"));
/// # Ok::<(), neo_client_codegen::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuntimeFeatures {
    /// The features that the whole code needs, with the types that no operation needs.
    pub all: BTreeSet<&'static str>,
    /// The features that the operations of a tag and their types need, by the Cargo feature of the
    /// tag ([`Output::features`](crate::Output::features)).
    pub by_tag: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Items that some code mentions.
#[derive(Debug, Default)]
pub(crate) struct Mentioned {
    /// All identifiers. Some are not types; what is compiled too often does no harm.
    pub(crate) identifiers: BTreeSet<String>,
    /// The features of the runtime behind the paths in the code.
    pub(crate) runtime: BTreeSet<&'static str>,
}

impl Mentioned {
    #[cfg(test)]
    pub(crate) fn by(code: TokenStream) -> Self {
        let mut mentioned = Self::default();
        mentioned.add(code);
        mentioned
    }

    /// Adds all items of some code, including code in macros.
    ///
    /// A path is read token by token: `chrono` counts before `::`, and `Form` after `runtime::`. So
    /// a property `uuid`, a type `types::Form` or a variant `Style::Form` needs no feature.
    pub(crate) fn add(&mut self, code: TokenStream) {
        // The last identifier, as long as nothing but `::` follows.
        let mut last: Option<String> = None;
        let (mut is_half, mut is_separated) = (false, false);
        for token in code {
            match token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    if let Some(of) = last.filter(|_| is_separated) {
                        let item = ITEMS.iter().find(|item| (item.0, item.1) == (&*of, &*name));
                        self.runtime.extend(item.map(|item| item.2));
                    }
                    self.identifiers.insert(name.clone());
                    (last, is_half, is_separated) = (Some(name), false, false);
                }
                TokenTree::Punct(colon) if colon.as_char() == ':' && is_half => {
                    let named = CRATES.iter().find(|name| last.as_deref() == Some(name));
                    self.runtime.extend(named);
                    (is_half, is_separated) = (false, true);
                }
                TokenTree::Punct(colon)
                    if colon.as_char() == ':' && colon.spacing() == Spacing::Joint =>
                {
                    is_half = true;
                }
                other => {
                    if let TokenTree::Group(group) = other {
                        self.add(group.stream());
                    }
                    (last, is_half, is_separated) = (None, false, false);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn paths_need_features() {
        for (code, feature) in [
            (quote! { id: &'a ::uuid::Uuid }, "uuid"),
            (quote! { impl Into<::chrono::DateTime<Utc>> }, "chrono"),
            (quote! { x!({ at: ::chrono::naive::NaiveDate }) }, "chrono"),
            (quote! { Response<runtime::EventStream> }, "event-streams"),
            (quote! { ::a::runtime::JsonLines<Cat> }, "event-streams"),
            (quote! { runtime::ByteStream }, "downloads"),
            (quote! { runtime::Form::from(body) }, "multipart"),
            (quote! { Vec<runtime::Part> }, "multipart"),
            (quote! { impl Into<::reqwest::Body> }, "multipart"),
        ] {
            let text = code.to_string();
            assert_eq!(Mentioned::by(code).runtime, [feature].into(), "{text}");
            // Code that was printed and parsed again has other spacing.
            let parsed: TokenStream = text.parse().unwrap();
            assert_eq!(Mentioned::by(parsed).runtime, [feature].into(), "{text}");
        }
    }

    #[test]
    fn names_alike_need_no_feature() {
        for code in [
            quote! { uuid: ::std::string::String, chrono: u8 },
            quote! { fn chrono(uuid: impl Into<String>) -> ::std::string::String },
            quote! { runtime::Style::Form { explode: true } },
            quote! { types::EventStream, types::Part, types::Body, Form, Part },
            quote! { let runtime = 1; (runtime, Form) },
            quote! { runtime: Form },
            quote! { "::chrono::" },
        ] {
            let text = code.to_string();
            assert!(Mentioned::by(code).runtime.is_empty(), "{text}");
        }
    }
}
