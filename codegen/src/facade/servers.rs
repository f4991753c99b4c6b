//! The servers of the document: constants, values of variables, and setters of the client's
//! builder.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::lower::{Api, BUILDER_METHODS, Server, ServerVariable};
use crate::markdown;
use crate::names::{Taken, pascal, snake};

/// Returns the identifier of a server's constant.
pub(super) fn constant(server: &Server) -> Ident {
    format_ident!("{}", server.name.to_uppercase())
}

/// Emits the module `servers`, or nothing if the document has no servers.
pub(super) fn items(api: &Api) -> Option<TokenStream> {
    if api.servers.is_empty() {
        return None;
    }
    let constants = api.servers.iter().map(|server| {
        let (ident, url) = (constant(server), &server.url);
        let about = server.description.trim();
        let doc = match about {
            "" => format!("`{url}`"),
            about => format!("{}\n\n`{url}`", markdown::safe(about)),
        };
        let variables = server.variables.iter().map(|variable| {
            let ServerVariable {
                name,
                default,
                values,
                ..
            } = variable;
            quote! { runtime::ServerVariable::new(#name, #default, &[#(#values),*]) }
        });
        let variables =
            (!server.variables.is_empty()).then(|| quote! { .variables(&[#(#variables),*]) });
        quote! {
            #[doc = #doc]
            pub static #ident: runtime::Server = runtime::Server::new(#url, #about) #variables;
        }
    });
    let enums = variables(api)
        .into_values()
        .filter(|variable| !variable.values.is_empty())
        .map(values);
    Some(quote! { #(#constants)* #(#enums)* })
}

/// Emits the values of a variable as an enum that setters take.
fn values(variable: &ServerVariable) -> TokenStream {
    let ident = format_ident!("{}", pascal(&variable.name));
    let doc = format!("The values of the server variable `{}`.", variable.name);
    let mut taken = Taken::default();
    let variants: Vec<(Ident, &String)> = variable
        .values
        .iter()
        .map(|value| (format_ident!("{}", taken.unique(&pascal(value))), value))
        .collect();
    let docs = variants.iter().map(|(_, value)| format!("`{value}`"));
    let (idents, texts): (Vec<&Ident>, Vec<&String>) = variants
        .iter()
        .map(|(ident, value)| (ident, *value))
        .unzip();
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident { #(#[doc = #docs] #idents),* }

        impl ::std::convert::AsRef<str> for #ident {
            fn as_ref(&self) -> &str {
                match self { #(Self::#idents => #texts),* }
            }
        }
    }
}

/// Emits the setters of the client's builder: the choice of a server, and one setter for each
/// variable of a server. `taken` holds the names of the setters of credentials.
pub(super) fn setters(api: &Api, taken: &[String]) -> TokenStream {
    if api.servers.is_empty() {
        return TokenStream::new();
    }
    let mut names = Taken::with(
        BUILDER_METHODS
            .iter()
            .copied()
            .chain(taken.iter().map(String::as_str)),
    );
    let setters = variables(api).into_values().map(|variable| {
        let name = &variable.name;
        let mut setter = snake(name);
        if names.contains(&setter) {
            setter = format!("server_{setter}");
        }
        let setter = format_ident!("{}", names.unique(&setter));
        let mut doc = format!(
            "Sets the server variable `{name}`; `{}` otherwise.",
            variable.default
        );
        if !variable.values.is_empty() {
            doc.push_str(&format!(
                " See [`servers::{}`](super::servers::{}).",
                pascal(name),
                pascal(name)
            ));
        }
        let about = markdown::safe(&variable.description);
        if !about.trim().is_empty() {
            doc.push_str(&format!("\n\n{}", about.trim()));
        }
        quote! {
            #[doc = #doc]
            pub fn #setter(self, value: impl ::std::convert::AsRef<str>) -> Self {
                Self(self.0.server_variable(#name, value))
            }
        }
    });
    quote! {
        /// Chooses one of the [`servers`](super::servers) of the document, instead of the first.
        pub fn server(self, server: &'static runtime::Server) -> Self {
            Self(self.0.server(server))
        }

        /// Sets the URL that replaces one server of the document.
        pub fn server_url(self, server: &'static runtime::Server, url: impl Into<String>) -> Self {
            Self(self.0.server_url(server, url))
        }

        #(#setters)*
    }
}

/// Returns the variables of all servers by the Rust name of their type. Variables of one name are
/// one setting; the first that lists values documents them.
fn variables(api: &Api) -> BTreeMap<String, &ServerVariable> {
    let mut found: BTreeMap<String, &ServerVariable> = BTreeMap::new();
    for variable in api.servers.iter().flat_map(|server| &server.variables) {
        let known = found.entry(pascal(&variable.name)).or_insert(variable);
        if known.values.is_empty() && !variable.values.is_empty() {
            *known = variable;
        }
    }
    found
}
