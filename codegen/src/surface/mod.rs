//! The public surface of generated code: one line for each item that a user can name.

mod text;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Fields, ImplItem, Item, ReturnType, Signature, Visibility};

use text::text;

/// Adds the lines of what an item of a public module defines. Modules in it are for the caller to enter.
pub(crate) fn item(module: &str, of: &Item, lines: &mut Vec<String>) {
    match of {
        Item::Struct(of) if is_public(&of.vis) => {
            let name = format!("{module}{}", of.ident);
            lines.push(format!("struct {name}"));
            fields(&name, &of.fields, lines);
        }
        Item::Enum(of) if is_public(&of.vis) => enumeration(module, of, lines),
        Item::Macro(of) => {
            let tokens = of.mac.tokens.clone();
            if of
                .mac
                .path
                .segments
                .last()
                .is_some_and(|it| it.ident == "type_builder")
            {
                builder(module, tokens, lines);
            } else if let Ok(inner) = syn::parse2::<syn::ItemEnum>(tokens) {
                enumeration(module, &inner, lines);
            }
        }
        Item::Type(of) if is_public(&of.vis) => {
            lines.push(format!("type {module}{} = {}", of.ident, text(&of.ty)));
        }
        Item::Const(of) if is_public(&of.vis) => {
            lines.push(format!("const {module}{}: {}", of.ident, text(&of.ty)));
        }
        Item::Impl(of) if of.trait_.is_none() => {
            let owner = owner(module, &of.self_ty);
            for item in &of.items {
                if let ImplItem::Fn(function) = item
                    && is_public(&function.vis)
                {
                    lines.push(signature(&owner, &function.sig));
                }
            }
        }
        Item::Impl(of) => await_output(module, of, lines),
        _ => {}
    }
}

/// What the runtime's `type_builder!` defines. Its lines are read as tokens, since they are a third of a large client.
fn builder(module: &str, tokens: TokenStream, lines: &mut Vec<String>) {
    let mut head = tokens.into_iter().filter_map(|tree| match tree {
        TokenTree::Ident(word) if word == "pub" || word == "struct" => None,
        TokenTree::Ident(_) => Some(tree),
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.into()),
        _ => None,
    });
    let (Some(TokenTree::Ident(ident)), Some(TokenTree::Group(setters))) =
        (head.next(), head.next())
    else {
        return;
    };
    let owner = module.strip_suffix("builder::").unwrap_or(module);
    let name = format!("{module}{ident}");
    lines.extend([
        format!("struct {name}"),
        format!("fn {owner}{ident}::builder() -> builder::{ident}"),
        format!("fn {name}::build(self) -> Result<super::{ident}, ConversionError>"),
    ]);
    let mut setter = None;
    for tree in setters.stream() {
        match (tree, &setter) {
            (TokenTree::Ident(word), None) => setter = Some((word, false)),
            (TokenTree::Group(argument), Some((word, false))) => {
                let argument = text(argument.stream());
                lines.push(format!(
                    "fn {name}::{word}(mut self, value: {argument}) -> Self"
                ));
                setter = Some((word.clone(), true));
            }
            (TokenTree::Punct(mark), Some(_)) if mark.as_char() == ';' => setter = None,
            _ => {}
        }
    }
}

/// What awaiting a request gives.
fn await_output(module: &str, of: &syn::ItemImpl, lines: &mut Vec<String>) {
    let is_future = of.trait_.as_ref().is_some_and(|(_, path, _)| {
        path.segments
            .last()
            .is_some_and(|last| last.ident == "IntoFuture")
    });
    for item in &of.items {
        if let ImplItem::Type(output) = item
            && is_future
            && output.ident == "Output"
        {
            let owner = owner(module, &of.self_ty);
            lines.push(format!("await {owner} -> {}", text(&output.ty)));
        }
    }
}

/// The type of an `impl`, without its lifetimes.
fn owner(module: &str, of: &syn::Type) -> String {
    let name = match of {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    format!("{module}{}", name.unwrap_or_else(|| text(of)))
}

fn is_public(of: &Visibility) -> bool {
    matches!(of, Visibility::Public(_))
}

fn fields(owner: &str, of: &Fields, lines: &mut Vec<String>) {
    for (index, field) in of.iter().enumerate() {
        if is_public(&field.vis) {
            let name = match &field.ident {
                Some(ident) => ident.to_string(),
                None => index.to_string(),
            };
            lines.push(format!("field {owner}.{name}: {}", text(&field.ty)));
        }
    }
}

fn enumeration(module: &str, of: &syn::ItemEnum, lines: &mut Vec<String>) {
    let name = format!("{module}{}", of.ident);
    lines.push(format!("enum {name}"));
    for variant in &of.variants {
        let holds: Vec<String> = variant.fields.iter().map(|field| text(&field.ty)).collect();
        let holds = if holds.is_empty() {
            String::new()
        } else {
            format!("({})", holds.join(", "))
        };
        // Of a union it is how branches are told apart, which nobody names.
        let value = variant
            .discriminant
            .as_ref()
            .filter(|_| holds.is_empty())
            .map(|(_, value)| format!(" = {}", text(value)))
            .unwrap_or_default();
        lines.push(format!("variant {name}::{}{holds}{value}", variant.ident));
    }
}

fn signature(owner: &str, of: &Signature) -> String {
    let inputs: Vec<String> = of.inputs.iter().map(text).collect();
    let asynchronous = if of.asyncness.is_some() { "async " } else { "" };
    let generics = text(&of.generics);
    let output = match &of.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, output) => format!(" -> {}", text(output)),
    };
    format!(
        "{asynchronous}fn {owner}::{}{generics}({}){output}",
        of.ident,
        inputs.join(", ")
    )
}
