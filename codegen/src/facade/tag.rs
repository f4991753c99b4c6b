//! Emits a tag: a module with the handle on which its operations are called.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::lower::{Api, Operation};
use crate::markdown;
use crate::names::{Taken, pascal};

/// Names that the module uses.
const NAMES: &[&str] = &[
    "Box",
    "Display",
    "Given",
    "Into",
    "IntoIterator",
    "Option",
    "Result",
    "String",
    "TryInto",
    "Vec",
];

pub(super) struct Tag {
    module: Ident,
    handle: Ident,
    /// The tag as written in the document, for documentation.
    label: String,
    /// The description of the tag in the document.
    description: String,
    /// The names used in the module.
    names: Taken,
    /// The methods of the handle.
    pub(super) methods: Vec<TokenStream>,
}

impl Tag {
    pub(super) fn new(accessor: &str, operations: &[(usize, &Operation)], api: &Api) -> Self {
        let mut names = Taken::with(NAMES);
        let label = operations
            .first()
            .map_or(accessor, |(_, first)| first.tag.as_str());
        Self {
            module: format_ident!("{accessor}"),
            handle: format_ident!("{}", names.unique(&pascal(accessor))),
            label: markdown::safe(label),
            description: api.tags.get(label).cloned().unwrap_or_default(),
            names,
            methods: Vec::new(),
        }
    }

    /// Returns the name of the request that a method creates.
    pub(super) fn request(&mut self, method: &str) -> Ident {
        format_ident!("{}", self.names.unique(&pascal(method)))
    }

    /// The declaration of the module, whose file may have another name.
    pub(super) fn module(&self, file: &str) -> TokenStream {
        let module = &self.module;
        let path = (*module != file).then(|| {
            let path = format!("{file}.rs");
            quote! { #[path = #path] }
        });
        quote! { #path pub mod #module; }
    }

    pub(super) fn doc(&self) -> String {
        format!("Operations with the tag {}.", self.label)
    }

    pub(super) fn uses(&self, import: &syn::Item) -> TokenStream {
        quote! {
            #import

            #[allow(unused_imports)]
            use ::std::fmt::Display;

            #[allow(unused_imports)]
            use runtime::scalar;

            #[allow(unused_imports)]
            use runtime::setter::{self, Given};

            #[allow(unused_imports)]
            use super::super::types;
        }
    }

    pub(super) fn handle(&self, runtime: &syn::Path) -> TokenStream {
        let (handle, methods, doc) = (&self.handle, &self.methods, self.handle_doc());
        quote! {
            #[doc = #doc]
            #[derive(Debug, Clone, Copy)]
            pub struct #handle<'c> { pub(crate) client: &'c #runtime::Client }

            impl<'c> #handle<'c> { #(#methods)* }
        }
    }

    /// Emits the method of the client that returns the handle.
    pub(super) fn accessor(&self) -> TokenStream {
        let (accessor, handle, doc) = (&self.module, &self.handle, self.handle_doc());
        quote! {
            #[doc = #doc]
            #[inline]
            pub fn #accessor(&self) -> api::#accessor::#handle<'_> {
                api::#accessor::#handle { client: &self.0 }
            }
        }
    }

    fn handle_doc(&self) -> String {
        let doc = format!("Calls the operations with the tag {}.", self.label);
        match self.description.as_str() {
            "" => doc,
            description => format!("{doc}\n\n{description}"),
        }
    }
}
