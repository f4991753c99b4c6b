//! Lists the public surface of generated code: one line for each item that a user can name.

mod text;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Fields, ImplItem, Item, ReturnType, Signature, Visibility};

use crate::refine::derives;
use text::text;

/// Adds the lines of what an item of a public module defines. Modules in it are for the caller to enter.
pub(crate) fn item(module: &str, of: &Item, lines: &mut Vec<String>) {
    match of {
        Item::Struct(of) if is_public(&of.vis) => {
            let name = format!("{module}{}", of.ident);
            lines.push(format!("struct {name}"));
            // Of all traits, the only one that a struct may have today and lack tomorrow while its fields stay.
            if derives(&of.attrs, "Default") {
                lines.push(format!("impl {name}: Default"));
            }
            fields(&name, &of.fields, lines);
        }
        Item::Enum(of) if is_public(&of.vis) => enumeration(module, of, lines),
        Item::Macro(of) => {
            let tokens = of.mac.tokens.clone();
            let last = of.mac.path.segments.last();
            match last.map(|it| it.ident.to_string()).as_deref() {
                Some("type_builder") => builder(module, tokens, lines),
                Some("sends") => sends(module, tokens, lines),
                Some("decodes") => {}
                _ => {
                    if let Ok(inner) = syn::parse2::<syn::ItemEnum>(tokens) {
                        enumeration(module, &inner, lines);
                    }
                }
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

/// What the runtime's `sends!` defines: `Name -> Type, manner`.
fn sends(module: &str, tokens: TokenStream, lines: &mut Vec<String>) {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    let manner = trees.iter().rposition(is_comma).unwrap_or(trees.len());
    let is_decoded = trees
        .split_off(manner)
        .iter()
        .any(|tree| matches!(tree, TokenTree::Ident(word) if word == "decoded"));
    let mut trees = trees.into_iter();
    let Some(name) = trees.next() else { return };
    // Behind the arrow.
    let success = text(trees.skip(2).collect::<TokenStream>());
    lines.push(format!(
        "async fn {module}{name}::send(self) -> Result<Response<{success}>, Error>"
    ));
    if is_decoded {
        lines.push(format!(
            "async fn {module}{name}::send_as<T: DeserializeOwned>(self) -> Result<T, Error>"
        ));
    }
    lines.push(format!("await {module}{name} -> Result<{success}, Error>"));
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
