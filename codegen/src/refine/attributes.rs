//! The attributes by which typify says how a struct is serialized.
//!
//! Generated code implements serde's traits itself, so that in the end only schemars reads them.

use syn::{Attribute, Expr, ExprLit, Field, Item, Lit, Meta, parse_quote};

use super::definition::Definition;

type Arguments = syn::punctuated::Punctuated<Meta, syn::Token![,]>;

/// Returns the arguments of serde's attributes of a field or type, with their value if it is a
/// text.
pub(super) fn serde_arguments(attributes: &[Attribute]) -> Vec<(String, Option<String>)> {
    let mut named = Vec::new();
    for argument in attributes.iter().filter_map(arguments).flatten() {
        let Some(name) = argument.path().get_ident() else {
            continue;
        };
        let value = match &argument {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        };
        named.push((name.to_string(), value));
    }
    named
}

/// Returns the arguments of `#[serde(…)]`, or of what [`pass_to_schemars`] made of it.
fn arguments(attribute: &Attribute) -> Option<Arguments> {
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    if list.path.is_ident("serde") {
        return list.parse_args_with(Arguments::parse_terminated).ok();
    }
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let conditional = list.parse_args_with(Arguments::parse_terminated).ok()?;
    conditional.into_iter().find_map(|inner| match inner {
        Meta::List(list) if list.path.is_ident("schemars") => {
            list.parse_args_with(Arguments::parse_terminated).ok()
        }
        _ => None,
    })
}

pub(super) fn has_serde_argument(attributes: &[Attribute], name: &str) -> bool {
    serde_arguments(attributes)
        .iter()
        .any(|(argument, _)| argument == name)
}

/// Returns whether a field represents several properties of the JSON.
pub(crate) fn is_flattened(field: &Field) -> bool {
    has_serde_argument(&field.attrs, "flatten")
}

/// Returns the name of a field in JSON.
pub(crate) fn wire_name(field: &Field) -> String {
    let renamed = serde_arguments(&field.attrs)
        .into_iter()
        .find_map(|(name, value)| value.filter(|_| name == "rename"));
    renamed.unwrap_or_else(|| {
        let ident = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        ident.trim_start_matches("r#").to_owned()
    })
}

/// Removes an argument from `#[serde(…)]`.
pub(super) fn retain_serde_arguments(attribute: &mut Attribute, dropped: &str) {
    if !attribute.path().is_ident("serde") {
        return;
    }
    let Some(arguments) = arguments(attribute) else {
        return;
    };
    let kept = arguments
        .iter()
        .filter(|argument| !argument.path().is_ident(dropped));
    *attribute = parse_quote! { #[serde(#(#kept),*)] };
}

/// Writes the attributes under the name that schemars has for them.
pub(super) fn pass_to_schemars(types: &mut [Definition]) {
    for definition in types {
        if let Item::Struct(of) = &mut definition.item {
            rename(&mut of.attrs);
            for field in &mut of.fields {
                rename(&mut field.attrs);
            }
        }
    }
}

fn rename(attributes: &mut Vec<Attribute>) {
    let mut passed = Vec::new();
    attributes.retain(|attribute| {
        let is_serde = attribute.path().is_ident("serde");
        if is_serde {
            passed.extend(arguments(attribute).into_iter().flatten());
        }
        !is_serde
    });
    // A function says nothing about the schema. The default of a field that is skipped if it is
    // `None` adds nothing to the schema of an optional property.
    let skips_none = |argument: &Meta| {
        matches!(argument, Meta::NameValue(pair)
            if pair.path.is_ident("skip_serializing_if") && ends_in_is_none(&pair.value))
    };
    let is_default_stated = !passed.iter().any(skips_none);
    passed.retain(|argument| {
        let path = argument.path();
        !path.is_ident("deserialize_with") && (is_default_stated || !path.is_ident("default"))
    });
    if !passed.is_empty() {
        attributes.push(parse_quote! {
            #[cfg_attr(feature = "schemars", schemars(#(#passed),*))]
        });
    }
}

fn ends_in_is_none(of: &Expr) -> bool {
    matches!(of, Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.value().ends_with("::is_none"))
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::ItemStruct;

    use super::*;

    #[test]
    fn attributes_are_read_under_either_name() {
        let of: ItemStruct = parse_quote! {
            #[derive(Clone)]
            #[serde(deny_unknown_fields)]
            #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
            pub struct Cat {
                /// Its name.
                #[serde(deserialize_with = "::std::option::Option::deserialize")]
                #[serde(rename = "first-name")]
                pub name: Option<String>,
                #[serde(deserialize_with = "::std::option::Option::deserialize")]
                pub r#type: Option<String>,
                #[serde(default)]
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub age: Option<u8>,
                #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                pub toys: Vec<String>,
                #[serde(flatten)]
                pub extra: ::std::collections::BTreeMap<String, String>,
            }
        };
        let facts = |of: &ItemStruct| -> Vec<(String, bool)> {
            let fields = of.fields.iter();
            fields.map(|it| (wire_name(it), is_flattened(it))).collect()
        };
        let names = ["first-name", "type", "age", "toys", "extra"];
        let expected = names.map(|name| (name.to_owned(), name == "extra"));
        assert_eq!(facts(&of), expected);
        let mut types = [Definition::new("Cat".to_owned(), of.into())];
        pass_to_schemars(&mut types);
        let [Definition { item, .. }] = &types;
        let passed = quote! {
            #[derive(Clone)]
            #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
            #[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
            pub struct Cat {
                /// Its name.
                #[cfg_attr(feature = "schemars", schemars(rename = "first-name"))]
                pub name: Option<String>,
                pub r#type: Option<String>,
                #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "::std::option::Option::is_none"))]
                pub age: Option<u8>,
                #[cfg_attr(feature = "schemars", schemars(default, skip_serializing_if = "::std::vec::Vec::is_empty"))]
                pub toys: Vec<String>,
                #[cfg_attr(feature = "schemars", schemars(flatten))]
                pub extra: ::std::collections::BTreeMap<String, String>,
            }
        };
        assert_eq!(quote!(#item).to_string(), passed.to_string());
        let Item::Struct(of) = item else {
            panic!("{}", quote!(#item));
        };
        assert_eq!(facts(of), expected);
    }
}
