//! The text of one item.

use proc_macro2::TokenStream;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, parse_quote};

use super::short_path::ShortPaths;

/// Formats an item as at the top of a file, with a blank line between the members of an `impl`.
///
/// Of a macro that is called with the definition of an enumeration, that definition is formatted.
pub(super) fn formatted(item: Item, short: &mut ShortPaths) -> String {
    let mut edited = |mut item: Item| {
        short.visit_item_mut(&mut item);
        DocLines.visit_item_mut(&mut item);
        unparse(item)
    };
    match definition(&item) {
        Some((path, definition)) => in_macro(&path, &edited(definition)),
        None => edited(item),
    }
}

/// Formats an outer attribute, with a line break at its end.
pub(super) fn attribute(attribute: &TokenStream) -> String {
    let on_unit = quote::quote! { #attribute struct A; };
    let formatted = syn::parse2(on_unit).map(unparse);
    let text = formatted.unwrap_or_default();
    text.strip_suffix("struct A;\n")
        .unwrap_or_default()
        .to_owned()
}

fn unparse(item: Item) -> String {
    let is_block = matches!(item, Item::Impl(_));
    let text = prettyplease::unparse(&syn::File {
        shebang: None,
        attrs: Vec::new(),
        items: vec![item],
    });
    if is_block { spaced(&text) } else { text }
}

/// Adds a blank line before each member of a block that is longer than a line.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 50);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let Some(next) = lines.peek() else { break };
        let ends_member = is_member(line) && !is_doc(line) && line.ends_with(['}', ';']);
        if ends_member && is_member(next) && (is_doc(next) || !next.ends_with(';')) {
            spaced.push('\n');
        }
    }
    spaced
}

fn is_doc(line: &str) -> bool {
    line.trim_start().starts_with("///")
}

/// Returns whether a line is at the level of the members of a block.
fn is_member(line: &str) -> bool {
    line.strip_prefix("    ")
        .is_some_and(|rest| !rest.starts_with(' '))
}

/// The path of a macro that is called with the definition of an enumeration, and that definition.
fn definition(item: &Item) -> Option<(String, Item)> {
    let Item::Macro(call) = item else { return None };
    let definition: syn::ItemEnum = syn::parse2(call.mac.tokens.clone()).ok()?;
    let path = &call.mac.path;
    let path = quote::quote!(#path).to_string().replace(' ', "");
    Some((path, definition.into()))
}

fn in_macro(path: &str, inner: &str) -> String {
    let mut text = format!("{path}! {{\n");
    for line in inner.lines() {
        if !line.is_empty() {
            text.push_str("    ");
            text.push_str(line);
        }
        text.push('\n');
    }
    text.push_str("}\n");
    text
}

/// Writes documentation as lines that begin with `/// `.
struct DocLines;

impl VisitMut for DocLines {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        if !attributes.iter().any(|attribute| doc(attribute).is_some()) {
            return;
        }
        let mut lines: Vec<Attribute> = Vec::new();
        for attribute in std::mem::take(attributes) {
            match doc(&attribute) {
                Some(text) => lines.extend(doc_lines(&text)),
                None => lines.push(attribute),
            }
        }
        *attributes = lines;
    }
}

fn doc_lines(text: &str) -> impl Iterator<Item = Attribute> + '_ {
    // The text that `quote!` made of `/// text` has its space already.
    let is_indented = text
        .lines()
        .all(|line| line.is_empty() || line.starts_with(' '));
    let lines = if text.is_empty() {
        vec![""]
    } else {
        text.lines().collect()
    };
    lines.into_iter().map(move |line| {
        let line = line.trim_end().replace('\r', " ");
        let line = if line.is_empty() || is_indented {
            line
        } else {
            format!(" {line}")
        };
        parse_quote! { #[doc = #line] }
    })
}

/// The text of an attribute that documents.
fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(item: Item) -> String {
        super::formatted(item, &mut ShortPaths::default())
    }

    #[test]
    fn documentation_has_a_line_for_each_line() {
        let text = formatted(parse_quote! {
            #[doc = "Cats.\n\n```\n    indented\n```"]
            pub struct Cat {
                /// Its name.
                pub name: String,
            }
        });
        assert_eq!(
            text,
            "/// Cats.\n///\n/// ```\n///     indented\n/// ```\npub struct Cat {\n    \
             /// Its name.\n    pub name: String,\n}\n"
        );
    }

    #[test]
    fn members_of_an_impl_stand_apart() {
        let text = formatted(parse_quote! {
            impl Cat { const LEGS: u8 = 4; fn purr(&self) { if true { 1; } } fn meow(&self) {} }
        });
        assert!(text.contains("    }\n\n    fn meow"), "{text}");
        assert!(!text.contains("}\n\n}"), "{text}");
    }

    #[test]
    fn enumeration_in_a_macro_has_a_line_for_each_variant() {
        let text = formatted(parse_quote! {
            runtime::open_enum! { #[doc = "How."] pub enum Mood { Good = "good", Bad = "bad" } }
        });
        assert_eq!(
            text,
            "runtime::open_enum! {\n    /// How.\n    pub enum Mood {\n        Good = \"good\",\n        \
             Bad = \"bad\",\n    }\n}\n"
        );
    }
}
