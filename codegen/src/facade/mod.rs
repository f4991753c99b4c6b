//! Stage 5, facade: `client.<tag>().<method>(…)`, one module a tag, and the table of operations.

mod argument;
mod build;
mod paging;
mod request;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::error::Error;
use crate::lower::pagination::Flaw;
use crate::lower::{Model, Operation};
use crate::markdown;
use crate::names::{Taken, pascal};
use crate::refine::{Refined, requests};
use crate::settings::Settings;
use paging::{Components, Paged};

/// What this stage makes.
pub(crate) struct Facade {
    /// The whole of the generated code.
    pub(crate) file: syn::File,
    /// Declarations of pages that do not hold, each with the JSON pointer of its operation.
    pub(crate) unpaged: Vec<(String, Flaw)>,
}

/// Emits the whole of the generated code.
pub(crate) fn emit(
    mut refined: Refined,
    model: &Model,
    settings: &Settings,
) -> Result<Facade, Error> {
    let runtime: syn::Path = syn::parse_str(&settings.runtime)
        .map_err(|error| Error::Refine(format!("runtime `{}`: {error}", settings.runtime)))?;
    for operation in &model.operations {
        let optional = operation
            .body
            .as_ref()
            .is_some_and(|body| !body.required && body.kind.is_built_by_progenitor());
        // An operation with two methods has one function.
        if optional
            && let Some(function) = refined.functions.get_mut(&operation.function)
            && !function.body_is_optional()
        {
            requests::make_body_optional(function);
        }
    }

    let (mut paged, unpaged) = pages(&refined, model, &runtime);
    let mut tags: BTreeMap<&str, Vec<(usize, &Operation)>> = BTreeMap::new();
    for (index, operation) in model.operations.iter().enumerate() {
        tags.entry(&operation.accessor)
            .or_default()
            .push((index, operation));
    }
    let is_paged: BTreeSet<usize> = paged.keys().copied().collect();
    let table = model
        .operations
        .iter()
        .enumerate()
        .map(|(index, operation)| table_row(operation, is_paged.contains(&index), &runtime));
    let (mut modules, mut accessors, mut replies) = (Vec::new(), Vec::new(), Vec::new());
    for (accessor, operations) in tags {
        let (module, method) = tag(
            accessor,
            &operations,
            &refined,
            model,
            &runtime,
            &mut paged,
            &mut replies,
        )?;
        modules.push(module);
        accessors.push(method);
    }
    let functions = refined.functions.values().map(|function| &function.item);
    let mut types: syn::ItemMod = syn::parse_quote! {
        /// Types of request and reply bodies and of parameters.
        #[allow(clippy::all, missing_docs, nonstandard_style, rustdoc::all)]
        pub mod types {}
    };
    // As they are: to print and parse them again would take as long as everything else here.
    types.content = Some((syn::token::Brace::default(), refined.types));

    let rest = quote! {
        /// What progenitor made: functions that build requests.
        #[allow(clippy::all)]
        mod requests {
            #[allow(unused_imports)]
            use progenitor_client::Error;
            #[allow(unused_imports)]
            use super::types;

            pub(super) struct Client<'c> {
                pub(super) client: &'c ::reqwest::Client,
            }

            impl Client<'_> { #(#functions)* }
        }

        /// Every operation that the client can call.
        pub const OPERATIONS: &[#runtime::Operation] = &[#(#table),*];

        /// For tests: `(index, $check::<Reply>)` of every operation whose reply is held in memory. A macro, so that nothing
        /// is compiled where it is not used.
        #[allow(unused_macros)]
        macro_rules! replies {
            ($check:ident) => { [#(#replies),*] };
        }
        #[allow(unused_imports)]
        pub(crate) use replies;

        /// The operations by tag: a handle for each tag, a request for each of its operations.
        #[allow(clippy::all, clippy::indexing_slicing, rustdoc::all)]
        pub mod api { #(#modules)* }

        #[allow(clippy::all)]
        impl #runtime::Client { #(#accessors)* }
    };
    let mut file: syn::File = syn::parse2(rest)
        .map_err(|error| Error::Refine(format!("the facade is not Rust: {error}")))?;
    file.items.insert(0, syn::Item::Mod(types));
    Ok(Facade { file, unpaged })
}

/// The operations whose pages can be read, by index, and what is wrong with the declarations of others.
fn pages(
    refined: &Refined,
    model: &Model,
    runtime: &syn::Path,
) -> (BTreeMap<usize, Paged>, Vec<(String, Flaw)>) {
    let components = Components::of(&refined.types);
    let (mut paged, mut unpaged) = (BTreeMap::new(), Vec::new());
    for (index, operation) in model.operations.iter().enumerate() {
        let function = refined.functions.get(&operation.function);
        let Some((declared, function)) = operation.paging.as_ref().zip(function) else {
            continue;
        };
        match paging::follow(declared, &function.success, &components, runtime) {
            Ok(one) => {
                paged.insert(index, one);
            }
            Err(flaw) => unpaged.push((operation.pointer.clone(), flaw)),
        }
    }
    (paged, unpaged)
}

fn table_row(operation: &Operation, is_paged: bool, runtime: &syn::Path) -> TokenStream {
    let Operation {
        id,
        path,
        tag,
        authenticated,
        sensitive,
        ..
    } = operation;
    let name = format!("{}.{}", operation.accessor, operation.method);
    let method = format_ident!("{}", operation.http_method.to_uppercase());
    let idempotent = operation.is_idempotent();
    let idempotency_key = optional(operation.idempotency_key());
    let reply = format_ident!("{}", operation.reply.variant());
    let declared = operation.paging.as_ref().filter(|_| is_paged);
    let pagination = optional(declared.map(|declared| paging::table_row(declared, runtime)));
    quote! {
        #runtime::Operation {
            id: #id,
            name: #name,
            method: ::reqwest::Method::#method,
            path: #path,
            tag: #tag,
            authenticated: #authenticated,
            idempotent: #idempotent,
            idempotency_key: #idempotency_key,
            sensitive: #sensitive,
            reply: #runtime::Reply::#reply,
            pagination: #pagination,
        }
    }
}

fn optional(value: Option<impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { Some(#value) },
        None => quote! { None },
    }
}

/// The module of a tag, and the client's method that leads to it.
fn tag(
    accessor: &str,
    operations: &[(usize, &Operation)],
    refined: &Refined,
    model: &Model,
    runtime: &syn::Path,
    paged: &mut BTreeMap<usize, Paged>,
    replies: &mut Vec<TokenStream>,
) -> Result<(TokenStream, TokenStream), Error> {
    let mut names = Taken::with(["Display", "Given", "Result", "Option"]);
    let handle = format_ident!("{}", names.unique(&pascal(accessor)));
    let module = format_ident!("{accessor}");
    let tag = operations
        .first()
        .map_or(accessor, |(_, first)| first.tag.as_str());

    let (mut methods, mut requests) = (Vec::new(), Vec::new());
    for (index, operation) in operations {
        let function = refined.functions.get(&operation.function).ok_or_else(|| {
            Error::Refine(format!(
                "progenitor made no function `{}`",
                operation.function
            ))
        })?;
        let name = format_ident!("{}", names.unique(&pascal(&operation.method)));
        let paged = paged.remove(index);
        let request =
            request::Request::new(*index, operation, function, name, paged, model, runtime)?;
        methods.push(request.method());
        requests.push(request.item(runtime));
        replies.extend(request.reply());
    }
    let tag = markdown::safe(tag);
    let module_doc = format!("Operations with the tag {tag}.");
    let handle_doc = format!("Calls the operations with the tag {tag}.");
    let module = quote! {
        #[doc = #module_doc]
        pub mod #module {
            #[allow(unused_imports)]
            use ::std::fmt::Display;

            #[allow(unused_imports)]
            use #runtime::given::{self, Given};

            #[allow(unused_imports)]
            use super::super::{requests, types};

            #[doc = #handle_doc]
            #[derive(Debug, Clone, Copy)]
            pub struct #handle<'c> { pub(in super::super) client: &'c #runtime::Client }

            impl<'c> #handle<'c> { #(#methods)* }

            #(#requests)*
        }
    };
    let accessor = format_ident!("{accessor}");
    let method = quote! {
        #[doc = #handle_doc]
        pub fn #accessor(&self) -> api::#accessor::#handle<'_> {
            api::#accessor::#handle { client: self }
        }
    };
    Ok((module, method))
}
