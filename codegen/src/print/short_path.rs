//! Writes `Option` for `::std::option::Option`, where nothing else has that name.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Meta, Path, PathSegment};

use crate::names::Taken;

/// Paths behind `::std` whose last segment is known in every module: by Rust's prelude, `Display`
/// by an import that the files have.
const PRELUDE: &[&str] = &[
    "boxed::Box",
    "convert::From",
    "convert::Into",
    "convert::TryFrom",
    "convert::TryInto",
    "default::Default",
    "fmt::Display",
    "iter::IntoIterator",
    "option::Option",
    "option::Option::None",
    "option::Option::Some",
    "result::Result",
    "result::Result::Err",
    "result::Result::Ok",
    "string::String",
    "vec::Vec",
];

/// Shortens the paths of a module.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShortPaths(Vec<&'static str>);

impl Default for ShortPaths {
    fn default() -> Self {
        Self(PRELUDE.to_vec())
    }
}

impl ShortPaths {
    /// The paths that a module may shorten which defines these names.
    pub(super) fn beside(names: &Taken) -> Self {
        let is_free = |path: &&str| {
            path.rsplit("::")
                .next()
                .is_some_and(|it| !names.contains(it))
        };
        Self(PRELUDE.iter().copied().filter(is_free).collect())
    }

    /// The number of segments of a path behind `::std` that are to go.
    fn superfluous(&self, segments: &[String]) -> usize {
        let longest = self.0.iter().filter(|path| {
            let mut words = path.split("::");
            let mut segments = segments.iter();
            words.all(|word| segments.next().is_some_and(|segment| segment == word))
        });
        longest
            .map(|path| path.split("::").count())
            .max()
            .map_or(0, |known| known - 1)
    }
}

/// Returns whether modules that define these names shorten the same paths.
pub(crate) fn shortens_alike(names: &Taken, others: &Taken) -> bool {
    ShortPaths::beside(names) == ShortPaths::beside(others)
}

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        let Some(("std", rest)) = names
            .split_first()
            .map(|(first, rest)| (first.as_str(), rest))
        else {
            return;
        };
        let gone = self.superfluous(rest);
        if path.leading_colon.is_some() && gone > 0 {
            let kept: Vec<PathSegment> = path.segments.iter().skip(1 + gone).cloned().collect();
            path.leading_colon = None;
            path.segments = kept.into_iter().collect();
        }
    }

    /// schemars names functions in text.
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if attribute.path().is_ident("cfg_attr")
            && let Meta::List(list) = &mut attribute.meta
        {
            list.tokens = self.in_text(std::mem::take(&mut list.tokens));
        }
    }
}

impl ShortPaths {
    fn in_text(&self, tokens: TokenStream) -> TokenStream {
        let shorten = |tree| match tree {
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), self.in_text(group.stream())).into()
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                match text
                    .strip_prefix("\"::std::")
                    .and_then(|rest| rest.strip_suffix('"'))
                {
                    Some(path) => {
                        let segments: Vec<String> = path.split("::").map(str::to_owned).collect();
                        match self.superfluous(&segments) {
                            0 => literal.into(),
                            gone => Literal::string(
                                &segments.get(gone..).unwrap_or_default().join("::"),
                            )
                            .into(),
                        }
                    }
                    None => literal.into(),
                }
            }
            other => other,
        };
        tokens.into_iter().map(shorten).collect()
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    use super::*;

    fn short(names: &[&str]) -> String {
        let mut item: syn::Item = parse_quote! {
            pub struct Cat {
                #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "::std::option::Option::is_none", rename = "::std"))]
                pub name: ::std::option::Option<::std::string::String>,
                pub toys: ::std::collections::BTreeMap<::std::string::String, [u8; ::std::option::Option::None]>,
            }
        };
        ShortPaths::beside(&Taken::with(names)).visit_item_mut(&mut item);
        quote!(#item).to_string()
    }

    #[test]
    fn paths_of_the_prelude_are_short() {
        let expected = quote! {
            pub struct Cat {
                #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none", rename = "::std"))]
                pub name: Option<String>,
                pub toys: ::std::collections::BTreeMap<String, [u8; None]>,
            }
        };
        assert_eq!(short(&[]), expected.to_string());
    }

    #[test]
    fn path_stays_where_its_name_is_taken() {
        let expected = quote! {
            pub struct Cat {
                #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "::std::option::Option::is_none", rename = "::std"))]
                pub name: ::std::option::Option<String>,
                pub toys: ::std::collections::BTreeMap<String, [u8; None]>,
            }
        };
        assert_eq!(short(&["Option"]), expected.to_string());
    }
}
