//! Splits progenitor's output before it is parsed. The output for a large document is too large to
//! hold twice, and the bodies of functions are not needed.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree, token_stream};
use syn::{ImplItemFn, Item};

use super::definition::Definition;
use crate::error::Error;

/// The parts of progenitor's output that the client uses.
#[derive(Default)]
pub(super) struct Pieces {
    /// The types of the module `types`, by name.
    pub(super) types: Vec<Definition>,
    /// The methods of the client that call an operation, without their bodies.
    pub(super) methods: Vec<ImplItemFn>,
}

impl Pieces {
    pub(super) fn of(tokens: TokenStream) -> Result<Self, Error> {
        let mut pieces = Self::default();
        for mut item in Items::of(tokens) {
            // `pub mod types { … }`, `impl Client { … }`
            let words: Vec<String> = item
                .iter()
                .filter_map(|tree| match tree {
                    TokenTree::Ident(word) if word != "pub" => Some(word.to_string()),
                    _ => None,
                })
                .collect();
            let Some(TokenTree::Group(body)) = item.pop() else {
                continue;
            };
            let inner = body.stream();
            // Tokens are freed as they are parsed.
            drop((body, item));
            match words
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .as_slice()
            {
                ["mod", "types"] => pieces.types = definitions(parse_all(Items::of(inner))?),
                ["impl", "Client"] => {
                    let methods = Items::of(inner).filter_map(without_body);
                    pieces.methods.append(&mut parse_all(methods)?);
                }
                _ => {}
            }
        }
        Ok(pieces)
    }
}

fn parse_all<T: syn::parse::Parse>(
    items: impl Iterator<Item = Vec<TokenTree>>,
) -> Result<Vec<T>, Error> {
    items
        .map(|item| syn::parse2(item.into_iter().collect()))
        .collect::<Result<_, _>>()
        .map_err(|error| Error::Refine(format!("not Rust: {error}")))
}

/// Returns the items with their impls: typify writes a type and then its impls.
fn definitions(items: Vec<Item>) -> Vec<Definition> {
    let mut definitions: Vec<Definition> = Vec::new();
    for item in items {
        match (name(&item), definitions.last_mut()) {
            (Some(name), _) => definitions.push(Definition::new(name, item)),
            (None, Some(last)) => last.implementations.push(item),
            (None, None) => {}
        }
    }
    definitions
}

/// Returns the name that an item defines; `None` for an impl.
fn name(of: &Item) -> Option<String> {
    let ident = match of {
        Item::Struct(of) => &of.ident,
        Item::Enum(of) => &of.ident,
        Item::Type(of) => &of.ident,
        Item::Mod(of) => &of.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Returns a function that calls an operation, without its body.
fn without_body(mut function: Vec<TokenTree>) -> Option<Vec<TokenTree>> {
    let is_async = |tree: &TokenTree| matches!(tree, TokenTree::Ident(word) if word == "async");
    if !function.iter().any(is_async) {
        return None;
    }
    let Some(TokenTree::Group(_)) = function.pop() else {
        return None;
    };
    let body = Group::new(Delimiter::Brace, TokenStream::new());
    function.push(body.into());
    Some(function)
}

fn is_semicolon(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ';')
}

/// Splits items: each ends with a body in braces, with a semicolon, or with both.
struct Items(Peekable<token_stream::IntoIter>);

impl Items {
    fn of(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().peekable())
    }
}

impl Iterator for Items {
    type Item = Vec<TokenTree>;

    fn next(&mut self) -> Option<Vec<TokenTree>> {
        let mut item = Vec::new();
        while let Some(tree) = self.0.next() {
            let is_body =
                matches!(&tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            let is_end = is_semicolon(&tree);
            item.push(tree);
            if is_body {
                item.extend(self.0.next_if(is_semicolon));
            }
            if is_body || is_end {
                break;
            }
        }
        (!item.is_empty()).then_some(item)
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn items_without_body_are_split() {
        let pieces = Pieces::of(quote! {
            pub use progenitor_client::{ByteStream, Error};
            /// Types.
            #[allow(clippy::all)]
            pub mod types {
                use std::fmt;
                #[derive(Debug)]
                pub struct Cat { name: String }
                pub struct Tail(pub f64);
                impl From<[u8; 2]> for Tail { fn from(_: [u8; 2]) -> Self { Self(0.0) } }
                pub type Kitten = Cat;
                const LEGS: u8 = { 4 };
            }
            impl ClientHooks<()> for &Client {}
            impl Client {
                fn a(&self) {}
                /// Calls.
                pub async fn b(&self) -> u8 {
                    let url = { "/"; "b" };
                    let mut request = self.client.get(url).build()?;
                    let response = self.exec(request).await;
                    match response { _ => 1 }
                }
            }
            pub mod prelude { pub use super::Client; }
        })
        .unwrap();
        let types: Vec<(&str, usize)> = pieces
            .types
            .iter()
            .map(|of| (of.name.as_str(), of.implementations.len()))
            .collect();
        assert_eq!(types, [("Cat", 0), ("Tail", 1), ("Kitten", 1)]);
        let [method] = pieces.methods.as_slice() else {
            panic!("{}", pieces.methods.len());
        };
        let expected = quote! {
            /// Calls.
            pub async fn b(&self) -> u8 {}
        };
        assert_eq!(quote! { #method }.to_string(), expected.to_string());
    }

    #[test]
    fn invalid_rust_is_rejected() {
        assert!(Pieces::of(quote! { pub mod types { pub struct } }).is_err());
    }
}
