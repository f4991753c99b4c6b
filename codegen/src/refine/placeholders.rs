//! Structs that stood for something that typify is not told: what they stand for takes their place.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemStruct};

use super::definition::Definition;
use crate::error::Error;

/// Replaces each struct that has a name of `of`, with all that it implements, by what `made` makes of it.
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
