//! Stage 3, generate: progenitor turns the lowered document into Rust.
//!
//! progenitor's positional interface is used, and of it only what builds requests and types; the
//! setters and builders that users see are emitted by the later stages. progenitor panics on what
//! it does not expect: see [`bisect`](super::bisect).

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;

/// Generates code from a lowered document. Panics where progenitor panics.
pub(crate) fn generate(document: &Value) -> Result<TokenStream, Error> {
    let document = openapiv3::OpenAPI::deserialize(document)
        .map_err(|error| Error::Generate(error.to_string()))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|error| Error::Generate(error.to_string()))
}
