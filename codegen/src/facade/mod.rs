//! Stage 5, facade: emits `client.<tag>().<method>(…)`, one module for each tag, and the table of
//! operations.

mod api;
mod argument;
mod body_schema;
mod build;
mod client;
mod context;
mod example;
mod paging;
mod request;
mod servers;
mod snippets;
mod table;
mod tag;
mod tag_features;
mod tags;
mod types;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::error::Error;
use crate::ledger::Entry;
use crate::lower::Lowered;
use crate::print::{Code, Files};
use crate::refine::Refined;
use crate::settings::Settings;
use context::Context;
use example::Examples;
use paging::{ComponentTypes, Paged};
use snippets::Snippets;
pub(crate) use tag_features::Mentions;
use tags::Tags;
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
    let context = Context {
        refined,
        model: &lowered.model,
        settings,
        examples: Examples::new(settings, lowered),
        runtime: settings.runtime_path()?,
        import: settings.runtime_import()?,
    };
    let (paged, entries) = pages(&context);
    let root = root(&context, &paged)?;
    let mut tags = Tags::emit(&context, paged)?;
    let examples = context.examples.as_ref();
    let usage = examples.and_then(|examples| tags.usage.example(examples, &context.model.api));
    let client = client(&context, &tags.accessors, usage.as_deref())?;
    tags.files
        .add("client.rs", "The client and its builder.", client);
    if let Some(servers) = servers(&context)? {
        tags.files
            .add("servers.rs", "The servers of the document.", servers);
    }
    tags.files.add("mod.rs", "", root);
    Ok(Facade {
        files: tags.files,
        entries,
        requests: tags.requests,
        features: tags.features,
        mentions: tags.mentions,
        calls: examples.map(|examples| tags.calls.file(examples)),
    })
}

/// Emits the outermost module: the declarations of the other files, and the table of operations.
fn root(context: &Context<'_>, paged: &BTreeMap<usize, Paged>) -> Result<Code, Error> {
    let Context {
        model,
        settings,
        runtime,
        import,
        ..
    } = context;
    let servers_module = servers::items(&model.api).map(|_| quote! { pub mod servers; });
    let mut root = Code::default();
    root.private(import.clone());
    root.items(
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
    let operations = model.operations.iter().enumerate();
    let rows = operations.map(|(index, operation)| {
        table::row(operation, &model.api, paged.contains_key(&index), runtime)
    });
    let api = api::item(&model.api, &settings.credential_hint, runtime);
    let mut table = Code::default();
    table.items(
        Some(""),
        quote! {
            #api

            /// The operations that the client can call, with their parameters and documentation.
            ///
            /// A generic caller, such as a command line or the tool list of an agent, can be built
            /// on the table.
            pub const OPERATIONS: &[#runtime::Operation] = &[#(#rows),*];
        },
    )?;
    root.append(table);
    Ok(root)
}

/// Emits the client and its builder.
fn client(
    context: &Context<'_>,
    accessors: &[TokenStream],
    usage: Option<&str>,
) -> Result<Code, Error> {
    let import = &context.import;
    let uses_api =
        (!accessors.is_empty()).then(|| quote! { #[allow(unused_imports)] use super::api; });
    let snippets = Snippets::new(context.settings.crate_path.as_deref());
    let types = client::items(&context.model.api, accessors, usage, &snippets);
    let mut code = Code::default();
    code.items(Some(""), quote! { #uses_api #import #types })?;
    Ok(code)
}

/// Emits the servers, if the document has any.
fn servers(context: &Context<'_>) -> Result<Option<Code>, Error> {
    let Some(servers) = servers::items(&context.model.api) else {
        return Ok(None);
    };
    let mut code = Code::default();
    code.private(context.import.clone());
    code.items(Some("servers::"), servers)?;
    Ok(Some(code))
}

/// Returns the operations whose pages can be read, by index, and ledger entries for the other
/// declarations.
fn pages(context: &Context<'_>) -> (BTreeMap<usize, Paged>, Vec<Entry>) {
    let Context {
        refined,
        model,
        runtime,
        ..
    } = context;
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
