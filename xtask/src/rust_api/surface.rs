//! Compares two public surfaces line by line: items that were removed, changed and added.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use neo_client_codegen::Output;
use neo_client_codegen::openapi::pointer::unescape;

use crate::diff::model::verdict::Bump;
use crate::rust_api::echo;
use crate::rust_api::item::{ApiItem, ItemChange};
use crate::rust_api::item_name::{is_type, lines, path};
use crate::rust_api::names::TypeNames;
use crate::rust_api::signature::{Signature, SignatureChange};
use crate::rust_api::witness::{self, Witness};

/// Compares two surfaces. `None` is the surface of a document without operations and schemas.
pub fn compare(old: Option<&Output>, new: Option<&Output>) -> Vec<ApiItem> {
    let surface = |output: Option<&Output>| -> Vec<String> {
        output
            .map(|output| output.surface.clone())
            .unwrap_or_default()
    };
    let (old_lines, new_lines) = (surface(old), surface(new));
    let (old_names, new_names) = (TypeNames::of(&old_lines), TypeNames::of(&new_lines));
    let (from, to) = (lines(&old_lines), lines(&new_lines));
    let names: BTreeSet<&str> = from.keys().chain(to.keys()).copied().collect();
    let mut items = Vec::new();
    for name in names {
        let before = from.get(name).copied();
        let mut after = to.get(name).copied();
        if before.is_some() && after.is_none() {
            // A type that became another name of an equal type is still there.
            after = to.get(new_names.without_aliases(name).as_str()).copied();
        }
        let (base, revision) = (
            origin(old.filter(|_| before.is_some()), name),
            origin(new.filter(|_| after.is_some()), name),
        );
        let difference = match (before, after) {
            (Some(before), Some(after)) => {
                let lines = match before.starts_with("type ") {
                    true => (before.to_owned(), after.to_owned()),
                    false => (
                        new_names.without_aliases(&old_names.without_aliases(before)),
                        new_names.without_aliases(after),
                    ),
                };
                let in_path = in_path(base.as_deref(), revision.as_deref());
                match difference(&lines.0, &lines.1, in_path) {
                    Some(difference) => difference,
                    None => continue,
                }
            }
            (Some(_), None) => Difference::removal(name),
            (None, _) => Difference::Minor,
        };
        let change = match (before, after) {
            (Some(_), Some(_)) => ItemChange::Changed,
            (Some(_), None) => ItemChange::Removed,
            (None, _) => ItemChange::Added,
        };
        // A type of another kind has the same name, so the name alone still compiles.
        let kinds = ["struct ", "enum ", "type "];
        let is_other_kind = after.is_none()
            && is_type(name)
            && kinds
                .iter()
                .any(|kind| to.contains_key(format!("{kind}{}", path(name)).as_str()));
        let shown = match is_other_kind {
            true => detail(&from, name),
            false => before,
        };
        let witness = shown.and_then(|before| match difference {
            Difference::Breaks => witness::of(before, after, &old_names).map(Witness::Stops),
            Difference::Reorders => witness::of_reordered(before, after?).map(Witness::Misleads),
            Difference::Minor | Difference::Patch => None,
        });
        items.push(ApiItem {
            change,
            name: name.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            base,
            revision,
            bump: difference.bump(),
            witness,
            is_echo: false,
            is_unused: false,
            parts: Vec::new(),
            users: Vec::new(),
        });
    }
    echo::mark(&mut items, [old, new]);
    items.sort_by(|a, b| (a.change, &a.name).cmp(&(b.change, &b.name)));
    items
}

/// Returns the line of an item that only the type of a name has: a builder, a field or a variant.
fn detail<'l>(lines: &BTreeMap<&'l str, &'l str>, name: &str) -> Option<&'l str> {
    let path = path(name);
    let starts = [
        format!("fn {path}::builder"),
        format!("field {path}."),
        format!("variant {path}::"),
    ];
    if name.starts_with("type ") {
        return lines.get(name).copied();
    }
    let mut found = starts.iter().filter_map(|start| {
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        let (name, line) = lines.range::<str, _>(from).next()?;
        name.starts_with(start.as_str()).then_some(*line)
    });
    found.next()
}

/// The effect of the change of an item on the code of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// Code stops compiling.
    Breaks,
    /// Code compiles, and sends values as other arguments.
    Reorders,
    /// Code can use more. Structs and enums are `#[non_exhaustive]` and have builders, so an added
    /// item breaks nobody.
    Minor,
    /// Code compiles, and works otherwise.
    Patch,
}

impl Difference {
    fn removal(name: &str) -> Self {
        match name.starts_with("deprecated ") {
            true => Self::Patch,
            false => Self::Breaks,
        }
    }

    fn bump(self) -> Bump {
        match self {
            Self::Breaks | Self::Reorders => Bump::Major,
            Self::Minor => Bump::Minor,
            Self::Patch => Bump::Patch,
        }
    }
}

/// Compares two lines of one item.
fn difference(before: &str, after: &str, in_path: Option<usize>) -> Option<Difference> {
    if before == after {
        return None;
    }
    if let Some((old, new)) = Signature::of(before).zip(Signature::of(after)) {
        return match old.change(&new, in_path) {
            SignatureChange::None => None,
            SignatureChange::Reordered => Some(Difference::Reorders),
            SignatureChange::Types => Some(Difference::Breaks),
        };
    }
    let gained_clone = before.starts_with("struct ") && before.ends_with(": !Clone");
    // The values of an enum's variants are data of the runtime.
    let is_value = |line: &str| line.starts_with("variant ") && line.contains(" = ");
    Some(match (gained_clone, is_value(before) && is_value(after)) {
        (true, _) => Difference::Minor,
        (_, true) => Difference::Patch,
        _ => Difference::Breaks,
    })
}

/// Returns the number of variables in the path of an operation, if the two paths have as many.
fn in_path(base: Option<&str>, revision: Option<&str>) -> Option<usize> {
    let count = |pointer: Option<&str>| {
        let path = pointer?.strip_prefix("/paths/")?.split('/').next()?;
        Some(unescape(path).matches('{').count())
    };
    count(base).filter(|in_base| count(revision) == Some(*in_base))
}

/// Returns the pointer to the schema or operation that an item is generated from.
fn origin(output: Option<&Output>, name: &str) -> Option<String> {
    let output = output?;
    let path = path(name);
    if let Some(path) = path.strip_prefix("types::") {
        let owner = path.split(['.', ':']).next()?;
        let built = output.builders.get(owner).map_or(owner, String::as_str);
        return output.types.get(built).cloned();
    }
    let mut segments = path.split("::");
    let (room, tag) = (segments.next()?, segments.next()?);
    let (owner, method) = (segments.next()?, segments.next());
    let request = |last: &str| {
        output
            .requests
            .get(&format!("{room}::{tag}::{last}"))
            .cloned()
    };
    request(owner).or_else(|| request(method?))
}
