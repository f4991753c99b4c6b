//! Places boxes where lowering wants them, and nowhere else: typify sees only a part of the
//! document.

use syn::visit_mut::VisitMut;
use syn::{Item, Type, parse_quote};

use super::attributes::wire_name;
use super::definition::Definition;
use super::requests::first_argument;
use super::structs::{last_segment, optional};
use crate::lower::{Model, WHOLE};

/// Boxes the fields of structs that close a cycle. In an `Option`, the box is inside.
pub(super) fn place(types: &mut [Definition], model: &Model) {
    for definition in types {
        let Item::Struct(of) = &mut definition.item else {
            continue;
        };
        let boxed = model.boxed.get(&definition.name);
        for field in &mut of.fields {
            Unboxed.visit_type_mut(&mut field.ty);
            let Some(boxed) = boxed else { continue };
            let name = match field.ident {
                Some(_) => wire_name(field),
                None => WHOLE.to_owned(),
            };
            if boxed.contains(&name) {
                let of = &field.ty;
                field.ty = match optional(of) {
                    Some(inner) => {
                        parse_quote! { ::std::option::Option<::std::boxed::Box<#inner>> }
                    }
                    None => parse_quote! { ::std::boxed::Box<#of> },
                };
            }
        }
    }
}

/// Removes the boxes of typify.
struct Unboxed;

impl VisitMut for Unboxed {
    fn visit_type_mut(&mut self, of: &mut Type) {
        if last_segment(of).as_deref() == Some("Box")
            && let Some(inner) = first_argument(of)
        {
            *of = inner;
        }
        syn::visit_mut::visit_type_mut(self, of);
    }
}
