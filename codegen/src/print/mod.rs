//! Prints generated code item by item, so that only a small part is held as a syntax tree at a
//! time.

mod file_name;
mod item;
mod short_path;
mod surface;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use syn::Item;

use crate::error::Error;
use crate::names::Taken;
pub(crate) use file_name::file_names;
use short_path::ShortPaths;
pub(crate) use short_path::shortens_alike;

/// The first line of each file.
const HEADER: &str = "// @generated from openapi.json by neo-client-codegen; do not edit.\n";

/// The code of one file, or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// Formatted.
    pub(crate) source: String,
    /// One line for each public item.
    pub(crate) surface: Vec<String>,
    short: ShortPaths,
}

impl Code {
    /// Code in a module that defines these names, which then mean nothing else.
    pub(crate) fn beside(names: &Taken) -> Self {
        Self {
            short: ShortPaths::beside(names),
            ..Self::default()
        }
    }

    /// Adds an item of a public module, whose path is `module`: `types::`, or nothing for the
    /// outermost.
    pub(crate) fn public(&mut self, module: &str, item: Item) {
        surface::item(module, &item, &mut self.surface);
        self.private(item);
    }

    /// Adds an item that nobody outside can name.
    pub(crate) fn private(&mut self, item: Item) {
        if !self.source.is_empty() {
            self.source.push('\n');
        }
        self.source
            .push_str(&item::formatted(item, &mut self.short));
    }

    /// Adds items of a public module, or of a private one without `module`.
    pub(crate) fn items(&mut self, module: Option<&str>, tokens: TokenStream) -> Result<(), Error> {
        let file: syn::File = syn::parse2(tokens)
            .map_err(|error| Error::Refine(format!("generated code is not Rust: {error}")))?;
        for item in file.items {
            match module {
                Some(module) => self.public(module, item),
                None => self.private(item),
            }
        }
        Ok(())
    }

    /// Puts an attribute such as `#[cfg(…)]` before code that is one item.
    pub(crate) fn under(mut self, attribute: Option<&TokenStream>) -> Self {
        if let Some(attribute) = attribute {
            let line = item::attribute(attribute);
            self.source.insert_str(0, &line);
        }
        self
    }

    pub(crate) fn append(&mut self, other: Self) {
        if !self.source.is_empty() && !other.source.is_empty() {
            self.source.push('\n');
        }
        self.source.push_str(&other.source);
        self.surface.extend(other.surface);
    }
}

/// The generated files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// By the path relative to the folder of `mod.rs`.
    pub(crate) files: BTreeMap<String, String>,
    /// One line for each public item.
    pub(crate) surface: Vec<String>,
}

impl Files {
    /// Adds a file. `doc` documents the module; it is empty for `mod.rs`, which may be included.
    pub(crate) fn add(&mut self, path: impl Into<String>, doc: &str, code: Code) {
        let mut text = HEADER.to_owned();
        for line in doc.lines() {
            let space = if line.is_empty() { "" } else { " " };
            text.extend(["//!", space, line, "\n"]);
        }
        text.push('\n');
        text.push_str(&code.source);
        self.files.insert(path.into(), text);
        self.surface.extend(code.surface);
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
        self.surface.append(&mut other.surface);
    }

    /// Sorts the lines of the surface.
    pub(crate) fn finish(mut self) -> Self {
        self.surface.sort();
        self
    }
}
