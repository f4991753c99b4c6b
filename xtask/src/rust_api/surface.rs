//! Compares two public surfaces line by line: items that were removed, changed and added.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use neo_client_codegen::Output;
use neo_client_codegen::openapi::pointer::unescape;

use crate::diff::model::verdict::Bump;
use crate::rust_api::names::TypeNames;
use crate::rust_api::signature::{Signature, SignatureChange};
use crate::rust_api::witness::{self, Witness};

/// A change of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemChange {
    Removed,
    Changed,
    Added,
}

impl ItemChange {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// A public item that differs between two surfaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiItem {
    pub change: ItemChange,
    /// Kind and path: `field types::Pet.name`.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// JSON pointers to the schema or operation that the item is generated from.
    pub base: Option<String>,
    pub revision: Option<String>,
    pub bump: Bump,
    /// The code of a user that the change breaks. Only a major change has it.
    pub witness: Option<Witness>,
    /// True if the item follows from another one in the list, such as the field of a removed struct.
    pub is_echo: bool,
    /// True if the item belongs to a component that nothing in the document uses.
    pub is_unused: bool,
    /// JSON pointers of the schemas of which the item's schema is composed, in either document.
    pub parts: Vec<String>,
    /// JSON pointers of the operations that one document lacks and that lead to the item's schema.
    pub users: Vec<String>,
}

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
    mark_echoes(&mut items, [old, new]);
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

/// Marks the items that follow from others: those of a type that came or went as a whole, and those
/// of builders, which have a setter for each field.
fn mark_echoes(items: &mut [ApiItem], outputs: [Option<&Output>; 2]) {
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

/// Returns whether an item is a type as a whole.
pub fn is_type(name: &str) -> bool {
    ["struct ", "enum ", "type "]
        .iter()
        .any(|kind| name.starts_with(kind))
}

/// Returns the path of an item: `types::Pet.name` of `field types::Pet.name`.
fn path(name: &str) -> &str {
    let rest = name.strip_prefix("async ").unwrap_or(name);
    let path = rest.split_once(' ').map_or(rest, |(_, path)| path);
    path.split(": ").next().unwrap_or(path)
}

/// Returns the path of the type to which an item belongs.
fn owner(path: &str) -> Option<&str> {
    match path.rsplit_once('.') {
        Some((owner, _)) => Some(owner),
        None => path
            .rsplit_once("::")
            .map(|(owner, _)| owner)
            .filter(|owner| owner.rsplit("::").next().is_some_and(begins_with_capital)),
    }
}

fn begins_with_capital(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Returns the type that is built by the builder to which an item belongs, or which the item is.
fn built<'o>(output: &'o Output, path: &str) -> Option<&'o str> {
    let name = path.strip_prefix("types::")?.split(['.', ':']).next()?;
    output.builders.get(name).map(String::as_str)
}

/// Returns each line by the name of its item.
fn lines(surface: &[String]) -> BTreeMap<&str, &str> {
    let lines = surface.iter();
    lines.map(|line| (name(line), line.as_str())).collect()
}

/// Returns kind and path of an item, without its type.
fn name(line: &str) -> &str {
    // A type has one line for each trait.
    if line.starts_with("impl ") {
        return line;
    }
    let start = match line.strip_prefix("async fn ") {
        Some(_) => "async fn ".len(),
        None => line.find(' ').map_or(0, |at| at + 1),
    };
    let rest = line.get(start..).unwrap_or_default();
    // `::` is part of a path, `:` begins a type.
    let mut end = rest.len();
    let mut previous = ' ';
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let begins_type = character == ':' && previous != ':' && next != Some(':');
        if begins_type || matches!(character, '(' | '<' | ' ') {
            end = at;
            break;
        }
        previous = character;
    }
    line.get(..start + end).unwrap_or(line)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_name_is_kind_and_path() {
        for (line, expected) in [
            ("struct types::Pet", "struct types::Pet"),
            (
                "field types::Pet.name: Option<String>",
                "field types::Pet.name",
            ),
            (
                "variant types::Mood::Good = \"good\"",
                "variant types::Mood::Good",
            ),
            (
                "fn api::pets::Pets::get(&self, id: &str) -> Get",
                "fn api::pets::Pets::get",
            ),
            (
                "async fn api::pets::Get::send_as<T>(self) -> T",
                "async fn api::pets::Get::send_as",
            ),
            (
                "await api::pets::Get -> Result<types::Pet, Error>",
                "await api::pets::Get",
            ),
            ("const OPERATIONS: &[Operation]", "const OPERATIONS"),
            ("struct types::Upload: !Clone", "struct types::Upload"),
            ("impl types::Pet: Default", "impl types::Pet: Default"),
        ] {
            assert_eq!(name(line), expected);
        }
    }
}
