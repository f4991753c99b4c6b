//! Structs that stood for something that typify is not told: what they stand for takes their place.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemImpl, ItemStruct};

use crate::error::Error;

/// Replaces each struct that has a name of `of` by what `made` makes of it, and drops the `impl`s that `belong` to it.
pub(super) fn replace<T>(
    types: &mut Vec<Item>,
    of: &BTreeMap<String, T>,
    belongs: impl Fn(&ItemImpl) -> bool,
    made: impl Fn(&ItemStruct, &T) -> Result<Vec<Item>, Error>,
) -> Result<(), Error> {
    let mut missing: BTreeSet<&String> = of.keys().collect();
    let mut replaced = Vec::with_capacity(types.len());
    for item in types.drain(..) {
        match item {
            Item::Struct(placeholder) => match of.get_key_value(&placeholder.ident.to_string()) {
                Some((name, of)) => {
                    missing.remove(name);
                    replaced.append(&mut made(&placeholder, of)?);
                }
                None => replaced.push(placeholder.into()),
            },
            Item::Impl(block) if belongs(&block) => {}
            item => replaced.push(item),
        }
    }
    *types = replaced;
    match missing.first() {
        None => Ok(()),
        Some(name) => Err(Error::Refine(format!("progenitor made no type `{name}`"))),
    }
}
