//! Emits how a request is paged: the locations of the items, the cursor and the counts in the type
//! of the response.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Fields, Item, Type, parse_quote};

use crate::lower::{Pagination, PaginationFlaw};
use crate::openapi::pointer::tokens;
use crate::refine::requests::first_argument;
use crate::refine::tokens::page_style;
use crate::refine::{Definition, is_flattened, last_segment, wire_name};

/// The types of the document's components, by name.
pub(super) struct ComponentTypes<'t>(BTreeMap<String, &'t Item>);

impl<'t> ComponentTypes<'t> {
    pub(super) fn of(types: &'t [Definition]) -> Self {
        let named = types.iter().map(|of| (of.name.clone(), &of.item));
        Self(named.collect())
    }

    /// Returns the component of a type of the module `types`, or of an alias of one.
    fn component(&self, of: &Type) -> Option<&'t Item> {
        let Type::Path(path) = of else { return None };
        let path = &path.path;
        let mut segments = path.segments.iter();
        let name = match (segments.next()?, segments.next()) {
            (name, None) if path.leading_colon.is_none() => name,
            (module, Some(name)) if module.ident == "types" => name,
            _ => return None,
        };
        self.0.get(&name.ident.to_string()).copied()
    }
}

/// Names types as the modules of the tags do.
impl VisitMut for &ComponentTypes<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        if let Some(ident) = path.get_ident()
            && self.0.contains_key(&ident.to_string())
        {
            *path = parse_quote! { types::#ident };
        }
    }
}

/// Emits the declaration for the table of operations.
pub(super) fn table_row(declared: &Pagination, runtime: &syn::Path) -> TokenStream {
    let Pagination {
        style,
        items,
        parameter,
        next,
        key,
        size,
        largest,
        has_more,
        total,
        first,
    } = declared;
    let style = page_style(*style);
    let mut row = quote! { #runtime::Pagination::new(#runtime::PageStyle::#style, #items) };
    for (setter, text) in [
        ("parameter", parameter),
        ("next", next),
        ("key", key),
        ("size", size),
        ("has_more", has_more),
        ("total", total),
    ] {
        if let Some(text) = text {
            let setter = format_ident!("{setter}");
            row.extend(quote! { .#setter(#text) });
        }
    }
    if let Some(largest) = largest {
        row.extend(quote! { .largest_size(#largest) });
    }
    if *first != 1 {
        row.extend(quote! { .first(#first) });
    }
    row
}

/// How a request is paged, in Rust.
pub(super) struct Paged {
    /// The type of an item.
    pub(super) item: Type,
    /// The `Paging` of the runtime.
    pub(super) paging: TokenStream,
}

/// Follows the pointers of a declaration through the type of the response.
pub(super) fn follow(
    declared: &Pagination,
    response: &Type,
    components: &ComponentTypes<'_>,
    runtime: &syn::Path,
) -> Result<Paged, PaginationFlaw> {
    let items = Place::of(response, &declared.items, "items", components, Reach::Write)?;
    let item = items
        .element()
        .ok_or_else(|| PaginationFlaw::of("items", format!("`{}` is no list", declared.items)))?;
    let place = &items.place;
    let items = quote! { |value| Some(&mut #place) };

    let read = |member, pointer: &Option<String>, of: &Type, kinds: &[Kind], function: &str| {
        let Some(pointer) = pointer else {
            return Ok(quote! { |_| None });
        };
        let found = Place::of(of, pointer, member, components, Reach::Read)?;
        match found.kind(components) {
            Some(kind) if kind == Kind::Any || kinds.contains(&kind) => {
                let (place, function) = (&found.place, format_ident!("{function}"));
                Ok(quote! { |value| #runtime::pages::#function(&#place) })
            }
            _ => Err(PaginationFlaw::of(
                member,
                format!("`{pointer}` has a type that is of no use here"),
            )),
        }
    };
    let position = [Kind::Text, Kind::Number];
    let next = read("next", &declared.next, response, &position, "text")?;
    let key = read("key", &declared.key, &item, &position, "text")?;
    let has_more = read(
        "has_more",
        &declared.has_more,
        response,
        &[Kind::Flag],
        "flag",
    )?;
    let total = read("total", &declared.total, response, &[Kind::Number], "count")?;
    let mut item = item;
    (&mut &*components).visit_type_mut(&mut item);
    Ok(Paged {
        item,
        paging: quote! {
            #runtime::pages::Paging {
                items: #items,
                next: #next,
                key: #key,
                has_more: #has_more,
                total: #total,
            }
        },
    })
}

/// The facts about the values of a type that paging needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    /// Any JSON value, whose type is found at run time.
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Read,
    Write,
}

/// A part of a value, and the expression that reaches it.
struct Place {
    of: Type,
    /// An expression in which `value` is a reference, and which may return `None`.
    place: TokenStream,
}

impl Place {
    /// Returns the target of `pointer` in a value of this type.
    fn of(
        from: &Type,
        pointer: &str,
        member: &'static str,
        components: &ComponentTypes<'_>,
        reach: Reach,
    ) -> Result<Self, PaginationFlaw> {
        let mut here = Self {
            of: from.clone(),
            place: quote! { (*value) },
        };
        here.unwrap(components, reach);
        for token in tokens(pointer).unwrap_or_default() {
            let nowhere = |why: &str| PaginationFlaw::of(member, format!("`{pointer}` {why}"));
            let Some(Item::Struct(of)) = components.component(&here.of) else {
                let why = format!("leads to `/{token}` of what has no described members");
                return Err(nowhere(&why));
            };
            let field = of
                .fields
                .iter()
                .find(|field| !is_flattened(field) && wire_name(field) == token)
                .ok_or_else(|| nowhere(&format!("names `{token}`, which is not described")))?;
            let (ident, place) = (&field.ident, &here.place);
            here = Self {
                of: field.ty.clone(),
                place: quote! { #place.#ident },
            };
            here.unwrap(components, reach);
        }
        Ok(here)
    }

    /// Removes wrappers that are not part of the JSON.
    fn unwrap(&mut self, components: &ComponentTypes<'_>, reach: Reach) {
        // An alias cannot lead to itself in code that compiles, which is checked later.
        for _ in 0..64 {
            let place = &self.place;
            if let Some(component) = components.component(&self.of) {
                match component {
                    Item::Type(alias) => self.of = (*alias.ty).clone(),
                    Item::Struct(of) => match &of.fields {
                        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                            let Some(field) = fields.unnamed.first() else {
                                return;
                            };
                            self.place = quote! { #place.0 };
                            self.of = field.ty.clone();
                        }
                        _ => return,
                    },
                    _ => return,
                }
                continue;
            }
            let Some(inner) = first_argument(&self.of) else {
                return;
            };
            self.place = match (last_segment(&self.of).as_deref(), reach) {
                (Some("Option"), Reach::Read) => quote! { (*#place.as_ref()?) },
                (Some("Option"), Reach::Write) => quote! { (*#place.as_mut()?) },
                (Some("Box"), _) => quote! { (*#place) },
                _ => return,
            };
            self.of = inner;
        }
    }

    /// Returns the type of an element, if this is a list.
    fn element(&self) -> Option<Type> {
        match last_segment(&self.of).as_deref() {
            Some("Vec") => first_argument(&self.of),
            _ => None,
        }
    }

    fn kind(&self, components: &ComponentTypes<'_>) -> Option<Kind> {
        if components.component(&self.of).is_some() {
            return None;
        }
        Some(match last_segment(&self.of)?.as_str() {
            "String" | "Uuid" | "DateTime" | "NaiveDate" => Kind::Text,
            "bool" => Kind::Flag,
            "Value" => Kind::Any,
            "f32" | "f64" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => {
                Kind::Number
            }
            name if name.starts_with("NonZero") => Kind::Number,
            _ => return None,
        })
    }
}
