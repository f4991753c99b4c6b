//! Marks the items that follow from other items, so that a report tells of each change once.

use std::collections::BTreeSet;

use neo_client_codegen::Output;

use crate::rust_api::item::{ApiItem, ItemChange};
use crate::rust_api::item_name::{is_type, owner, path};
use crate::rust_api::signature::Signature;

/// Marks the items that follow from others: those of a type that came or went as a whole, and those
/// of builders, which have a setter for each field.
pub fn mark(items: &mut [ApiItem], outputs: [Option<&Output>; 2]) {
    let paths: BTreeSet<(ItemChange, String)> = items
        .iter()
        .map(|item| (item.change, path(&item.name).to_owned()))
        .collect();
    let has = |change: ItemChange, path: &str| paths.contains(&(change, path.to_owned()));
    let owners: BTreeSet<(ItemChange, String)> = items
        .iter()
        .filter(|item| is_type(&item.name))
        .map(|item| (item.change, path(&item.name).to_owned()))
        .collect();
    let whole = |change: ItemChange, path: &str| {
        change != ItemChange::Changed && owners.contains(&(change, path.to_owned()))
    };
    let told: BTreeSet<(ItemChange, String)> = items
        .iter()
        .filter_map(|item| Some((item.change, returned(item)?)))
        .collect();
    // The variants with a value, as `types::Any(Pet)`.
    let held: BTreeSet<(ItemChange, String)> = items
        .iter()
        .filter_map(|item| {
            let line = item.before.as_ref().or(item.after.as_ref())?;
            let (variant, value) = line.strip_prefix("variant ")?.split_once('(')?;
            let (owner, _) = variant.rsplit_once("::")?;
            Some((item.change, format!("{owner}({value}")))
        })
        .collect();
    // The types with an item of another setter or field.
    let setters: BTreeSet<String> = items
        .iter()
        .filter(|item| owner_of_maybe(item).is_none())
        .filter_map(|item| owner(path(&item.name)).map(str::to_owned))
        .collect();
    for item in items.iter_mut() {
        let path = path(&item.name);
        let built = outputs
            .iter()
            .flatten()
            .find_map(|output| built(output, path));
        item.is_echo = match (owner(path), built) {
            // A change of the field is told once.
            (owner, Some(built)) => {
                let field = owner.and_then(|owner| path.get(owner.len() + 2..));
                whole(item.change, &format!("types::{built}"))
                    || field
                        .is_some_and(|field| has(item.change, &format!("types::{built}.{field}")))
            }
            (Some(owner), None) if !is_type(&item.name) => {
                whole(item.change, owner)
                    || item.name.starts_with("async fn ") && has(item.change, owner)
            }
            (None, None) if !is_type(&item.name) => whole(item.change, path),
            (None, None) => told.contains(&(item.change, path.to_owned())),
            _ => false,
        };
        // `await` and `impl` have the path of the type itself.
        item.is_echo |= !is_type(&item.name) && whole(item.change, path);
        item.is_echo |= variant_of(&item.name).is_some_and(|variants| {
            variants
                .iter()
                .any(|it| held.contains(&(item.change, it.clone())))
        });
        if let Some(owner) = owner_of_maybe(item) {
            let built = built.map_or_else(|| owner.to_owned(), |built| format!("types::{built}"));
            item.is_echo |= setters
                .iter()
                .any(|setter| *setter == owner || *setter == built);
        }
    }
}

/// Returns the variants, as `types::Any(Pet)`, from which a conversion follows.
fn variant_of(name: &str) -> Option<Vec<String>> {
    let (of, from) = name.strip_prefix("impl ")?.split_once(": From<")?;
    let from = from.strip_suffix('>')?;
    let text = (from == "&str").then(|| format!("{of}(String)"));
    Some(text.into_iter().chain([format!("{of}({from})")]).collect())
}

/// Returns the builder or the request of a method `maybe`, which follows from its optional setters.
fn owner_of_maybe(item: &ApiItem) -> Option<&str> {
    let line = item.before.as_ref().or(item.after.as_ref())?;
    let (owner, _) = line.strip_prefix("fn ")?.split_once("::maybe<V>(")?;
    Some(owner)
}

/// Returns the handle or the request that a method of the client or of a handle returns. The method
/// tells of both.
fn returned(item: &ApiItem) -> Option<String> {
    let line = item.before.as_ref().or(item.after.as_ref())?;
    let signature = Signature::of(line).filter(|signature| signature.has_receiver)?;
    match signature.owner.rsplit_once("::") {
        Some((module, _)) if module.starts_with("api::") => {
            Some(format!("{module}::{}", signature.output))
        }
        _ => Some(signature.output.to_owned()),
    }
}

/// Returns the type that is built by the builder to which an item belongs, or which the item is.
fn built<'o>(output: &'o Output, path: &str) -> Option<&'o str> {
    let name = path.strip_prefix("types::")?.split(['.', ':']).next()?;
    output.builders.get(name).map(String::as_str)
}
