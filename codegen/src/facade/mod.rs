//! Stage 5, facade: emits `client.<tag>().<method>(…)`, one module for each tag, and the table of
//! operations.

mod api;
mod argument;
mod body_schema;
mod build;
mod client;
mod example;
mod paging;
mod request;
mod servers;
mod snippets;
mod table;
mod tag;
mod tag_features;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::error::Error;
use crate::ledger::Entry;
use crate::lower::{Lowered, Model, Operation};
use crate::print::{Code, Files, file_names};
use crate::refine::Refined;
use crate::settings::Settings;
use body_schema::BodySchemas;
use example::{Calls, Examples, Usage};
use paging::{ComponentTypes, Paged};
use request::Request;
use snippets::Snippets;
use tag::Tag;
pub(crate) use tag_features::Mentions;
use tag_features::{any_of, feature};
pub(crate) use types::Types;

/// The output of this stage.
#[derive(Default)]
pub(crate) struct Facade {
    pub(crate) files: Files,
    /// Declarations of pagination that the types of the response contradict.
    pub(crate) entries: Vec<Entry>,
    /// The pointer of the operation of each request and method, by its Rust name.
    pub(crate) requests: BTreeMap<String, String>,
    /// The Cargo feature of each tag, by accessor.
    pub(crate) features: BTreeMap<String, String>,
    /// The items that the code of each feature mentions.
    pub(crate) mentions: Mentions,
    /// A Rust file that calls each operation once, if the settings name the crate.
    pub(crate) calls: Option<String>,
}

/// Emits everything except the types.
pub(crate) fn emit(
    refined: Refined,
    lowered: &Lowered,
    settings: &Settings,
) -> Result<Facade, Error> {
    let model = &lowered.model;
    let (runtime, import) = (settings.runtime_path()?, settings.runtime_import()?);
    let examples = Examples::new(settings, lowered);
    let (mut paged, entries) = pages(&refined, model, &runtime);
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
        .map(|(index, operation)| {
            table::row(operation, &model.api, is_paged.contains(&index), &runtime)
        });
    let mut files = Files::default();
    let mut table_code = Code::default();
    print(
        &mut table_code,
        Some(""),
        api::item(&model.api, &settings.credential_hint, &runtime),
    )?;
    print(
        &mut table_code,
        Some(""),
        quote! {
            /// The operations that the client can call, with their parameters and documentation.
            ///
            /// A generic caller, such as a command line or the tool list of an agent, can be built
            /// on the table.
            pub const OPERATIONS: &[#runtime::Operation] = &[#(#table),*];
        },
    )?;

    let names = file_names(tags.keys().copied());
    let mut modules = Code::default();
    let (mut accessors, mut origins) = (Vec::new(), BTreeMap::new());
    let (mut calls, mut usage) = (Calls::default(), Usage::default());
    let features: BTreeMap<String, String> = tags
        .keys()
        .map(|tag| ((*tag).to_owned(), feature(tag)))
        .collect();
    let condition = |accessor: &str| {
        let feature = features.get(accessor).filter(|_| settings.tag_features);
        feature.map(|feature| any_of(vec![feature]))
    };
    let mut mentions = Mentions::new(settings.tag_features);
    let mut schemas = BodySchemas::default();
    for (accessor, operations) in tags {
        let mut tag = Tag::new(accessor, &operations, &model.api);
        let condition_of_tag = condition(accessor);
        let of_tag = tag.accessor();
        accessors.push(quote! { #condition_of_tag #of_tag });
        let path = format!("api::{accessor}::");
        let mut code = Code::default();
        let file = names.get(accessor).map_or(accessor, String::as_str);
        let module = tag.module(file);
        print(&mut modules, None, quote! { #condition_of_tag #module })?;
        print(&mut code, None, tag.uses(&import))?;
        for (index, operation) in operations {
            let function = refined.functions.get(&operation.function).ok_or_else(|| {
                Error::Refine(format!(
                    "progenitor made no function `{}`",
                    operation.function
                ))
            })?;
            let name = tag.request(&operation.method);
            for name in [name.to_string(), operation.method.clone()] {
                let name = format!("api::{accessor}::{name}");
                origins.insert(name, operation.pointer.clone());
            }
            let paged = paged.remove(&index);
            let request = Request::new(index, operation, function, name, paged, model, &runtime)?;
            schemas.add(&request, condition_of_tag.as_ref());
            let item = request.item(&runtime);
            mentions.add_sent(request.sent());
            let feature = features.get(accessor).map_or(accessor, String::as_str);
            mentions.add(feature, item.clone());
            print(&mut code, Some(&path), item)?;
            if let Some(examples) = &examples {
                calls.add(examples, &request);
                usage.consider(examples, &request);
            }
            let example = examples.as_ref().and_then(|it| it.of(&request));
            let method = request.method(example.as_deref());
            mentions.add(feature, method.clone());
            tag.methods.push(method);
        }
        print(&mut code, Some(&path), tag.handle(&runtime))?;
        files.add(format!("api/{file}.rs"), &tag.doc(), code);
    }
    let usage = examples
        .as_ref()
        .and_then(|examples| usage.example(examples, &model.api));
    if let Some(item) = schemas.item() {
        print(&mut modules, Some("api::"), item)?;
    }
    files.add(
        "api/mod.rs",
        "The operations by tag: a handle for each tag, a request for each of its operations.",
        modules,
    );

    let uses_api =
        (!accessors.is_empty()).then(|| quote! { #[allow(unused_imports)] use super::api; });
    let mut client_code = Code::default();
    print(
        &mut client_code,
        Some(""),
        quote! {
            #uses_api

            #import
        },
    )?;
    let snippets = Snippets::new(settings.crate_path.as_deref());
    let types = client::items(&model.api, &accessors, usage.as_deref(), &snippets);
    print(&mut client_code, Some(""), types)?;
    files.add("client.rs", "The client and its builder.", client_code);

    let servers = servers::items(&model.api);
    let servers_module = servers.is_some().then(|| quote! { pub mod servers; });
    if let Some(servers) = servers {
        let mut code = Code::default();
        code.private(import.clone());
        print(&mut code, Some("servers::"), servers)?;
        files.add("servers.rs", "The servers of the document.", code);
    }

    let mut root = Code::default();
    root.private(import);
    print(
        &mut root,
        None,
        quote! {
            #[allow(clippy::all, clippy::indexing_slicing, nonstandard_style, rustdoc::all)]
            pub mod api;
            #[allow(clippy::all, nonstandard_style)]
            mod client;
            mod deserialize;
            mod serialize;
            #servers_module
            #[allow(clippy::all, missing_docs, nonstandard_style, rustdoc::all)]
            pub mod types;
            pub use client::{Client, ClientBuilder};
        },
    )?;
    root.append(table_code);
    files.add("mod.rs", "", root);
    Ok(Facade {
        files,
        entries,
        requests: origins,
        features,
        mentions,
        calls: examples.as_ref().map(|examples| calls.file(examples)),
    })
}

/// Prints items of a public module, or of a private one without `module`.
fn print(code: &mut Code, module: Option<&str>, tokens: TokenStream) -> Result<(), Error> {
    let file: syn::File = syn::parse2(tokens)
        .map_err(|error| Error::Refine(format!("the facade is not Rust: {error}")))?;
    for item in file.items {
        match module {
            Some(module) => code.public(module, item),
            None => code.private(item),
        }
    }
    Ok(())
}

/// Returns the operations whose pages can be read, by index, and ledger entries for the other
/// declarations.
fn pages(
    refined: &Refined,
    model: &Model,
    runtime: &syn::Path,
) -> (BTreeMap<usize, Paged>, Vec<Entry>) {
    let components = ComponentTypes::of(&refined.types);
    let (mut paged, mut entries) = (BTreeMap::new(), Vec::new());
    for (index, operation) in model.operations.iter().enumerate() {
        let function = refined.functions.get(&operation.function);
        let Some((declared, function)) = operation.pagination.as_ref().zip(function) else {
            continue;
        };
        match paging::follow(declared, &function.success, &components, runtime) {
            Ok(one) => {
                paged.insert(index, one);
            }
            Err(flaw) => entries.push(flaw.entry(&operation.pointer)),
        }
    }
    (paged, entries)
}
