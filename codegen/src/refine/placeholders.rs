//! Replaces placeholder structs with the enum or union they stand for.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemStruct};

use super::definition::Definition;
use crate::error::Error;

/// Replaces each struct named in `of`, with its impls, by the result of `made`.
pub(super) fn replace<T>(
    types: &mut [Definition],
    of: &BTreeMap<String, T>,
    made: impl Fn(&ItemStruct, &T) -> Result<(Item, Vec<Item>), Error>,
) -> Result<(), Error> {
    let mut missing: BTreeSet<&String> = of.keys().collect();
    for definition in types {
        if let Some((name, of)) = of.get_key_value(&definition.name)
            && let Item::Struct(placeholder) = &definition.item
        {
            missing.remove(name);
            (definition.item, definition.implementations) = made(placeholder, of)?;
        }
    }
    match missing.first() {
        None => Ok(()),
        Some(name) => Err(Error::Refine(format!("progenitor made no type `{name}`"))),
    }
}
