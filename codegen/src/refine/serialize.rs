//! Emits how structs are serialized: one chain of calls, where serde's derive writes a branch for
//! each field.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::attributes::{is_flattened, serde_arguments, wire_name};
use super::definition::Definition;
use super::structs::{derives, is_collection, optional, retain_derives};
use crate::error::Error;

/// Replaces the derived `Serialize`.
///
/// After lowering, typify returns structs and newtypes only. A type in another form is an error:
/// its schema becomes any JSON value, and no code needs serde's derive.
pub(super) fn replace(types: &mut [Definition]) -> Result<(), Error> {
    for definition in types {
        let of = match &mut definition.item {
            Item::Struct(of) => of,
            Item::Enum(of) => return Err(unknown(&of.ident, "is a closed enum")),
            _ => continue,
        };
        if !derives(&of.attrs, "Serialize") {
            continue;
        }
        for attribute in &mut of.attrs {
            retain_derives(attribute, |derived| derived != "Serialize");
        }
        let body = body(of)?;
        let ident = &of.ident;
        definition.serialize.push(parse_quote! {
            impl Serialize for types::#ident {
                fn serialize<S: Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    #body
                }
            }
        });
    }
    Ok(())
}

fn body(of: &ItemStruct) -> Result<TokenStream, Error> {
    check_arguments(of)?;
    match &of.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Ok(quote! { Serialize::serialize(&self.0, serializer) })
        }
        Fields::Named(fields) => {
            let fields = fields.named.iter();
            let fields: Vec<Property> = fields
                .map(|field| property(&of.ident, field))
                .collect::<Result<_, _>>()?;
            Ok(object(&of.ident, &fields))
        }
        _ => Err(unknown(&of.ident, "is not a newtype")),
    }
}

/// A field of a struct.
struct Property {
    /// The call that serializes the field.
    call: TokenStream,
    counted: Counted,
}

/// The number of properties that a field is.
enum Counted {
    One,
    /// None or one, as the expression says.
    OneIf(TokenStream),
    /// As many as the map has.
    Any,
}

fn property(of: &syn::Ident, field: &Field) -> Result<Property, Error> {
    let (ident, name) = (&field.ident, wire_name(field));
    if is_flattened(field) {
        if !is_collection(&field.ty) {
            return Err(unknown(of, "flattens a type other than a map"));
        }
        return Ok(Property {
            call: quote! { .flatten(&self.#ident) },
            counted: Counted::Any,
        });
    }
    let mut arguments = serde_arguments(&field.attrs).into_iter();
    let skipped_if = arguments.find(|(argument, _)| argument == "skip_serializing_if");
    let Some((_, skipped_if)) = skipped_if else {
        return Ok(Property {
            call: quote! { .required(#name, &self.#ident) },
            counted: Counted::One,
        });
    };
    let skipped_if = skipped_if.and_then(|path| syn::parse_str::<syn::ExprPath>(&path).ok());
    let Some(skipped_if) = skipped_if else {
        return Err(unknown(of, "skips a field by what is not a function"));
    };
    let is_option = optional(&field.ty).is_some();
    let is_none = skipped_if.path.segments.last();
    let is_none = is_none.is_some_and(|last| last.ident == "is_none");
    Ok(match is_option && is_none {
        true => Property {
            call: quote! { .optional(#name, &self.#ident) },
            counted: Counted::OneIf(quote! { self.#ident.is_some() }),
        },
        false => Property {
            call: quote! { .unless(#skipped_if(&self.#ident), #name, &self.#ident) },
            counted: Counted::OneIf(quote! { !#skipped_if(&self.#ident) }),
        },
    })
}

fn object(ident: &syn::Ident, fields: &[Property]) -> TokenStream {
    let calls = fields.iter().map(|field| &field.call);
    let label = ident.to_string();
    let of = |is: fn(&Counted) -> bool| fields.iter().filter(|it| is(&it.counted)).count();
    if of(|it| matches!(it, Counted::Any)) > 0 {
        return quote! { serialize::map(serializer) #(#calls)* .end() };
    }
    let always = Literal::usize_unsuffixed(of(|it| matches!(it, Counted::One)));
    let optional: Vec<&TokenStream> = fields
        .iter()
        .filter_map(|field| match &field.counted {
            Counted::OneIf(is_present) => Some(is_present),
            Counted::One | Counted::Any => None,
        })
        .collect();
    let count = match optional.is_empty() {
        true => quote! { #always },
        false => quote! { serialize::count(#always, &[#(#optional),*]) },
    };
    quote! { serialize::object(serializer, #label, #count) #(#calls)* .end() }
}

/// Fails if serde's derive did something that the emitted code would not.
fn check_arguments(of: &ItemStruct) -> Result<(), Error> {
    const OF_TYPE: &[&str] = &["rename", "deny_unknown_fields", "transparent"];
    const OF_FIELD: &[&str] = &[
        "rename",
        "default",
        "skip_serializing_if",
        "flatten",
        "deserialize_with",
    ];
    let of_type = serde_arguments(&of.attrs).into_iter();
    let of_fields = of.fields.iter();
    let of_fields = of_fields.flat_map(|field| serde_arguments(&field.attrs));
    let unread = of_type
        .map(|(argument, _)| (argument, OF_TYPE))
        .chain(of_fields.map(|(argument, _)| (argument, OF_FIELD)))
        .find(|(argument, known)| !known.contains(&argument.as_str()));
    match unread {
        None => Ok(()),
        Some((argument, _)) => Err(unknown(
            &of.ident,
            &format!("is serialized by `{argument}`"),
        )),
    }
}

fn unknown(ident: &syn::Ident, form: &str) -> Error {
    Error::Refine(format!("progenitor's type `{ident}` {form}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(item: Item) -> Result<String, String> {
        let mut types = [Definition::new("Cat".to_owned(), item)];
        replace(&mut types).map_err(|error| error.to_string())?;
        let [Definition { serialize, .. }] = &types;
        Ok(quote! { #(#serialize)* }.to_string())
    }

    #[track_caller]
    fn becomes(item: Item, body: TokenStream) {
        let expected = quote! {
            impl Serialize for types::Cat {
                fn serialize<S: Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    #body
                }
            }
        };
        assert_eq!(replaced(item), Ok(expected.to_string()));
    }

    #[test]
    fn each_form_of_typify_has_its_chain() {
        becomes(
            parse_quote! {
                #[derive(::serde::Serialize, Clone)]
                #[serde(deny_unknown_fields)]
                pub struct Cat {
                    #[serde(rename = "i-d")]
                    pub id: String,
                    #[serde(default)]
                    pub nothing: (),
                    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                    pub name: ::std::option::Option<String>,
                    #[serde(default, skip_serializing_if = ":: std :: collections :: BTreeMap::is_empty")]
                    pub toys: ::std::collections::BTreeMap<String, String>,
                }
            },
            quote! {
                serialize::object(
                    serializer,
                    "Cat",
                    serialize::count(2, &[
                        self.name.is_some(),
                        !::std::collections::BTreeMap::is_empty(&self.toys)
                    ])
                )
                .required("i-d", &self.id)
                .required("nothing", &self.nothing)
                .optional("name", &self.name)
                .unless(::std::collections::BTreeMap::is_empty(&self.toys), "toys", &self.toys)
                .end()
            },
        );
        becomes(
            parse_quote! {
                #[derive(::serde::Serialize)]
                pub struct Cat {
                    pub id: String,
                    #[serde(flatten)]
                    pub extra: ::std::collections::BTreeMap<String, String>,
                }
            },
            quote! { serialize::map(serializer).required("id", &self.id).flatten(&self.extra).end() },
        );
        becomes(
            parse_quote! {
                #[derive(::serde::Serialize)]
                #[serde(transparent)]
                pub struct Cat(pub String);
            },
            quote! { Serialize::serialize(&self.0, serializer) },
        );
        becomes(
            parse_quote! { #[derive(::serde::Serialize)] pub struct Cat {} },
            quote! { serialize::object(serializer, "Cat", 0).end() },
        );
    }

    #[test]
    fn type_in_another_form_is_an_error() {
        let forms: [(Item, &str); 6] = [
            (
                parse_quote! { #[derive(::serde::Serialize)] pub enum Cat { A } },
                "closed enum",
            ),
            (
                parse_quote! { #[derive(::serde::Serialize)] pub struct Cat(u8, u8); },
                "not a newtype",
            ),
            (
                parse_quote! { #[derive(::serde::Serialize)] #[serde(tag = "t")] pub struct Cat {} },
                "`tag`",
            ),
            (
                parse_quote! { #[derive(::serde::Serialize)] pub struct Cat { #[serde(with = "m")] a: u8 } },
                "`with`",
            ),
            (
                parse_quote! { #[derive(::serde::Serialize)] pub struct Cat { #[serde(flatten)] a: Dog } },
                "other than a map",
            ),
            (
                parse_quote! { #[derive(::serde::Serialize)] pub struct Cat { #[serde(skip_serializing_if)] a: u8 } },
                "not a function",
            ),
        ];
        for (form, problem) in forms {
            let error = replaced(form).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn form_without_json_is_left_alone() {
        let form = parse_quote! { #[derive(Debug)] pub struct Cat { pub photo: Part } };
        assert_eq!(replaced(form), Ok(String::new()));
    }
}
