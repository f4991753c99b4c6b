//! Stage 4, refine: progenitor's output becomes the published code.
//!
//! Of progenitor's client only the signatures are kept, see [`requests`]. Its types
//! become extensible and safe to log ([`structs`]), accept future values ([`enums`], [`unions`]),
//! and get builders ([`builders`]). Types of `multipart` bodies accept files ([`forms`]).

mod aliases;
mod attributes;
mod boxes;
mod builders;
mod definition;
mod deserialize;
mod enums;
mod forms;
mod pieces;
mod placeholders;
pub(crate) mod requests;
mod serialize;
mod structs;
pub(crate) mod tokens;
mod unions;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::parse_quote;

pub(crate) use attributes::{is_flattened, wire_name};
pub(crate) use builders::{builder_name, conversion, maybe};
pub(crate) use definition::Definition;
use pieces::Pieces;
use requests::Function;
pub(crate) use structs::{derives, last_segment};

use crate::error::Error;
use crate::lower::Model;
use crate::names::Taken;
use crate::settings::Settings;

/// The refined code, and the signatures on which the facade builds.
pub(crate) struct Refined {
    pub(crate) types: Vec<Definition>,
    /// The signatures of progenitor's functions, by name.
    pub(crate) functions: BTreeMap<String, Function>,
}

/// Refines progenitor's output. Types that are not `wanted` are dropped; `names` holds the names of
/// all types.
pub(crate) fn refine(
    tokens: TokenStream,
    wanted: impl Fn(&str) -> bool,
    names: &Taken,
    model: &Model,
    settings: &Settings,
) -> Result<Refined, Error> {
    let runtime = settings.runtime_path()?;
    let Pieces { mut types, methods } = Pieces::of(tokens)?;
    let functions = requests::signatures(methods)?;
    types.retain(|of| wanted(&of.name));
    boxes::place(&mut types, model);
    enums::open(&mut types, model, &runtime)?;
    unions::open(&mut types, model, &runtime)?;
    aliases::replace(&mut types, model);
    forms::take_parts(&mut types, model, &runtime);
    structs::refine(&mut types, model);
    deserialize::replace(&mut types, model);
    serialize::replace(&mut types)?;
    builders::add(&mut types, names, model);
    forms::finish(&mut types, model, &runtime);
    attributes::pass_to_schemars(&mut types);
    for (alias, of) in &model.aliases {
        let (ident, of) = (format_ident!("{alias}"), format_ident!("{of}"));
        let item = parse_quote! { pub type #ident = #of; };
        types.push(Definition::new(alias.clone(), item));
    }
    Ok(Refined { types, functions })
}
