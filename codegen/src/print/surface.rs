//! The public API of generated code: one line for each item that a user can name.

mod text;

use syn::{
    Fields, GenericArgument, ImplItem, Item, PathArguments, ReturnType, Signature, Type, Visibility,
};

use crate::refine::derives;
use text::text;

/// Adds the lines for an item of a public module. The caller enters nested modules.
pub(crate) fn item(module: &str, of: &Item, lines: &mut Vec<String>) {
    match of {
        Item::Struct(of) if is_public(&of.vis) => {
            let name = format!("{module}{}", of.ident);
            // Requests are never cloned, and forms with files cannot be.
            let is_unique = module == "types::" && !derives(&of.attrs, "Clone");
            let unique = if is_unique { ": !Clone" } else { "" };
            lines.push(format!("struct {name}{unique}"));
            // A struct may lose this trait while its fields stay.
            if derives(&of.attrs, "Default") {
                lines.push(format!("impl {name}: Default"));
            }
            fields(&name, &of.fields, lines);
        }
        Item::Enum(of) if is_public(&of.vis) => enumeration(module, of, lines),
        Item::Macro(of) => {
            if let Ok(inner) = syn::parse2::<syn::ItemEnum>(of.mac.tokens.clone()) {
                enumeration(module, &inner, lines);
            }
        }
        Item::Type(of) if is_public(&of.vis) => {
            lines.push(format!("type {module}{} = {}", of.ident, text(&of.ty)));
        }
        Item::Const(of) if is_public(&of.vis) => {
            lines.push(format!("const {module}{}: {}", of.ident, text(&of.ty)));
        }
        Item::Static(of) if is_public(&of.vis) => {
            lines.push(format!("static {module}{}: {}", of.ident, text(&of.ty)));
        }
        // A union converts from a type only while no other variant has the same type.
        Item::Impl(of) if module == "types::" && is_of_variant(of) => {
            let from = last_segment_of_trait(of).map(text).unwrap_or_default();
            lines.push(format!("impl {}: {from}", owner(module, &of.self_ty)));
        }
        Item::Impl(of) if is_future(of) => {
            let output = of.items.iter().find_map(|item| match item {
                ImplItem::Type(of) if of.ident == "Output" => Some(&of.ty),
                _ => None,
            });
            lines.extend(
                output.map(|of_| format!("await {} -> {}", owner(module, &of.self_ty), text(of_))),
            );
        }
        Item::Impl(of) if of.trait_.is_none() => {
            let owner = owner(module, &of.self_ty);
            for item in &of.items {
                if let ImplItem::Fn(function) = item
                    && is_public(&function.vis)
                {
                    lines.push(signature(&owner, &function.sig));
                    if function
                        .attrs
                        .iter()
                        .any(|it| it.path().is_ident("deprecated"))
                    {
                        lines.push(format!("deprecated {owner}::{}", function.sig.ident));
                    }
                }
            }
        }
        _ => {}
    }
}

/// Returns the type of an `impl`, without its lifetimes.
fn owner(module: &str, of: &syn::Type) -> String {
    let name = match of {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    format!("{module}{}", name.unwrap_or_else(|| text(of)))
}

/// Returns whether a type can be awaited.
fn is_future(of: &syn::ItemImpl) -> bool {
    last_segment_of_trait(of).is_some_and(|last| last.ident == "IntoFuture")
}

/// Returns whether an `impl` makes an enum of the value of one of its variants.
fn is_of_variant(of: &syn::ItemImpl) -> bool {
    let is_from = last_segment_of_trait(of).is_some_and(|last| last.ident == "From");
    is_from
        && of.items.iter().any(|item| {
            let ImplItem::Fn(function) = item else {
                return false;
            };
            let call = match function.block.stmts.as_slice() {
                [syn::Stmt::Expr(syn::Expr::Call(call), None)] => &call.func,
                _ => return false,
            };
            matches!(&**call, syn::Expr::Path(path)
                if path.path.segments.first().is_some_and(|first| first.ident == "Self"))
        })
}

fn last_segment_of_trait(of: &syn::ItemImpl) -> Option<&syn::PathSegment> {
    of.trait_.as_ref()?.1.segments.last()
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
        // For a union, this is the internal variant table, which users cannot name.
        let value = variant
            .discriminant
            .as_ref()
            .filter(|_| holds.is_empty())
            .map(|(_, value)| format!(" = {}", text(value)))
            .unwrap_or_default();
        lines.push(format!("variant {name}::{}{holds}{value}", variant.ident));
    }
}

/// A function that returns a future of the runtime is written as `async`, which is called in the
/// same way.
fn signature(owner: &str, of: &Signature) -> String {
    let inputs: Vec<String> = of.inputs.iter().map(text).collect();
    let generics = text(&of.generics);
    let (asynchronous, output) = match &of.output {
        ReturnType::Default => ("", String::new()),
        ReturnType::Type(_, output) => match output_of_future(output) {
            Some(output) => ("async ", format!(" -> {output}")),
            None => ("", format!(" -> {}", text(output))),
        },
    };
    format!(
        "{asynchronous}fn {owner}::{}{generics}({}){output}",
        of.ident,
        inputs.join(", ")
    )
}

/// Returns the output of a future: of `BoxFuture<'c, R>` and `SendAs<'c, T>`.
fn output_of_future(of: &Type) -> Option<String> {
    let Type::Path(of) = of else {
        return None;
    };
    let last = of.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let held = arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(held) => Some(text(held)),
        _ => None,
    })?;
    match last.ident.to_string().as_str() {
        "BoxFuture" => Some(held),
        "SendAs" => Some(format!("Result<{held}, Error>")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn method_that_returns_a_future_is_async() {
        let of = parse_quote! {
            impl<'c> Get<'c> {
                pub fn send(self) -> runtime::BoxFuture<'c, Result<types::Pet, runtime::Error>> {}
                pub fn send_as<T: Decode>(self) -> runtime::SendAs<'c, T> {}
                pub fn pages(self) -> runtime::Pages<types::Pet> {}
            }
        };
        let mut lines = Vec::new();
        item("api::pets::", &of, &mut lines);
        assert_eq!(
            lines,
            [
                "async fn api::pets::Get::send(self) -> Result<types::Pet, Error>",
                "async fn api::pets::Get::send_as<T: Decode>(self) -> Result<T, Error>",
                "fn api::pets::Get::pages(self) -> Pages<types::Pet>",
            ]
        );
    }
}
