//! Stage 4, refine: progenitor's output becomes what this client publishes.
//!
//! Of progenitor's client only the building of requests is kept, see [`requests`]. Its types become
//! safe to extend ([`structs`]), to log ([`structs`]) and to meet tomorrow's values ([`enums`],
//! [`unions`]), and get builders ([`builders`]). Those of `multipart` bodies take files ([`forms`]).

mod builders;
mod enums;
mod forms;
mod pieces;
mod placeholders;
pub(crate) mod requests;
mod structs;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::{Item, parse_quote};

pub(crate) use builders::conversion;
use pieces::Pieces;
use requests::Function;
pub(crate) use structs::{is_flattened, last_segment, wire_name};

use crate::error::Error;
use crate::lower::Model;
use crate::settings::Settings;

/// Refined code, and the signatures that the facade builds on.
pub(crate) struct Refined {
    /// What the module `types` holds.
    pub(crate) types: Vec<Item>,
    /// The functions that build requests, by name.
    pub(crate) functions: BTreeMap<String, Function>,
}

/// Refines progenitor's output.
pub(crate) fn refine(
    tokens: TokenStream,
    model: &Model,
    settings: &Settings,
) -> Result<Refined, Error> {
    let runtime: syn::Path = syn::parse_str(&settings.runtime)
        .map_err(|error| Error::Refine(format!("runtime `{}`: {error}", settings.runtime)))?;
    let Pieces { mut types, methods } = Pieces::of(tokens)?;
    let mut functions = requests::cut(methods)?;

    let mut restored = BTreeSet::new();
    for operation in &model.operations {
        // An operation with two methods has one function.
        if restored.insert(&operation.function)
            && let Some(function) = functions.get_mut(&operation.function)
        {
            requests::hand_over(function, operation);
            requests::restore_names(function, &operation.parameters);
        }
    }

    enums::open(&mut types, model, &runtime)?;
    unions::open(&mut types, model, &runtime)?;
    forms::take_parts(&mut types, model, &runtime);
    structs::refine(&mut types, model, &runtime);
    builders::add(&mut types, model, &runtime);
    forms::finish(&mut types, model, &runtime);
    for (alias, of) in &model.aliases {
        let (alias, of) = (format_ident!("{alias}"), format_ident!("{of}"));
        types.push(parse_quote! { pub type #alias = #of; });
    }
    Ok(Refined { types, functions })
}
