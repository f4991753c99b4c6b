//! Takes progenitor's output apart before it is parsed: of a large document it is too much to hold twice.

use std::iter::Peekable;

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream};
use syn::ImplItem;

use crate::error::Error;

/// The parts of progenitor's output that this client is made of.
#[derive(Default)]
pub(super) struct Pieces {
    /// The items of the module `types`.
    pub(super) types: Vec<syn::Item>,
    /// The methods of the client.
    pub(super) methods: Vec<ImplItem>,
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
            // So that the tokens are freed as they are parsed.
            drop((body, item));
            match words
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .as_slice()
            {
                ["mod", "types"] => pieces.types.append(&mut parse_all(inner)?),
                ["impl", "Client"] => pieces.methods.append(&mut parse_all(inner)?),
                _ => {}
            }
        }
        Ok(pieces)
    }
}

fn parse_all<T: syn::parse::Parse>(tokens: TokenStream) -> Result<Vec<T>, Error> {
    Items::of(tokens)
        .map(|item| syn::parse2(item.into_iter().collect()))
        .collect::<Result<_, _>>()
        .map_err(|error| Error::Refine(format!("not Rust: {error}")))
}

/// Items one by one: each ends with a body in braces, with a semicolon, or with both.
struct Items(Peekable<token_stream::IntoIter>);

impl Items {
    fn of(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().peekable())
    }
}

impl Iterator for Items {
    type Item = Vec<TokenTree>;

    fn next(&mut self) -> Option<Vec<TokenTree>> {
        let is_semicolon =
            |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ';');
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
    fn what_has_no_body_or_ends_with_one() {
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
            impl Client { fn a(&self) {} pub async fn b(&self) -> u8 { 1 } }
            pub mod prelude { pub use super::Client; }
        })
        .unwrap();
        assert_eq!(pieces.types.len(), 6);
        assert!(matches!(pieces.types.last(), Some(syn::Item::Const(_))));
        assert_eq!(pieces.methods.len(), 2);
    }

    #[test]
    fn what_is_not_rust_is_an_error() {
        assert!(Pieces::of(quote! { pub mod types { pub struct } }).is_err());
    }
}
