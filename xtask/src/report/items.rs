//! Items of the Rust API in reports: each once, and in one entry with the items that changed alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::judgement::{JudgedChange, Report};
use crate::rust_api::item::ApiItem;
use crate::rust_api::item_name::is_type;
use crate::rust_api::signature::Signature;
use crate::rust_api::witness::Witness;

/// Items that changed alike, such as a field that forty types inherit.
pub struct AlikeItems<'r> {
    /// The indices in the report and the items. At least one.
    items: Vec<(usize, &'r ApiItem)>,
}

impl<'r> AlikeItems<'r> {
    /// Returns the first of the items, with its index in the report.
    pub fn first(&self) -> Option<(usize, &'r ApiItem)> {
        self.items.first().copied()
    }

    /// Returns the line of the first item.
    pub fn line(&self) -> String {
        self.first().map(|(_, item)| line(item)).unwrap_or_default()
    }

    /// Returns the names of the types of the other items.
    pub fn others(&self) -> Vec<&'r str> {
        let others = self.items.iter().skip(1);
        others.map(|(_, item)| split(item).0).collect()
    }

    /// Returns the line of the first item, and the types of the others.
    pub fn sentence(&self) -> String {
        match self.others().as_slice() {
            [] => self.line(),
            others => format!("{}, {} {}", self.line(), self.also(), others.join(", ")),
        }
    }

    /// Returns the words before the names of the other types.
    pub fn also(&self) -> &'static str {
        match self.first().is_some_and(|(_, item)| is_type(&item.name)) {
            true => "also",
            false => "also of",
        }
    }

    pub fn is_unused(&self) -> bool {
        self.items.iter().all(|(_, item)| item.is_unused)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }
}

/// Hands out each item of a report once: to the first change that caused it.
#[derive(Default)]
pub struct Items {
    printed: BTreeSet<usize>,
}

impl Items {
    /// Returns the items that a change caused and that are not printed yet.
    pub fn of_change<'r>(
        &mut self,
        report: &'r Report<'r>,
        judged: &JudgedChange<'_>,
    ) -> Vec<AlikeItems<'r>> {
        let mut found = Vec::new();
        for index in &judged.items {
            if let Some(item) = report.items.get(*index)
                && self.printed.insert(*index)
                && !item.is_echo
            {
                found.push((*index, item));
            }
        }
        alike(found)
    }

    /// Returns the items that no change caused.
    pub fn left<'r>(
        &self,
        report: &'r Report<'_>,
        is_wanted: impl Fn(&ApiItem) -> bool,
    ) -> Vec<AlikeItems<'r>> {
        let caused: BTreeSet<usize> = report
            .changes
            .iter()
            .flat_map(|it| it.items.iter().copied())
            .collect();
        let items = report.items.iter().enumerate();
        let left = items.filter(|(index, item)| {
            !caused.contains(index)
                && !self.printed.contains(index)
                && !item.is_echo
                && is_wanted(item)
        });
        alike(left.collect())
    }
}

/// Joins items that changed alike, in the order of the first of each.
fn alike(items: Vec<(usize, &ApiItem)>) -> Vec<AlikeItems<'_>> {
    let mut found: Vec<AlikeItems<'_>> = Vec::new();
    let mut by_key: BTreeMap<_, usize> = BTreeMap::new();
    for (index, item) in items {
        let (_, kind, rest) = split(item);
        let after = item.after.as_ref().map(|line| tail(line, &item.name));
        let before = item.before.as_ref().map(|line| tail(line, &item.name));
        let key = (item.change, item.is_unused, kind, rest, before, after);
        let at = *by_key.entry(key).or_insert(found.len());
        match found.get_mut(at) {
            Some(known) => known.items.push((index, item)),
            None => found.push(AlikeItems {
                items: vec![(index, item)],
            }),
        }
    }
    found
}

/// Splits the name of an item into the type that it belongs to, its kind, and its name in the type.
/// A function belongs to nothing but itself.
fn split(item: &ApiItem) -> (&str, &str, &str) {
    let name = item.name.as_str();
    let (kind, path) = name.split_once(' ').unwrap_or(("", name));
    let Some(of_types) = path.strip_prefix("types::") else {
        return (path, kind, path);
    };
    match (kind, of_types.split_once(": ").or(of_types.split_once('.'))) {
        ("struct" | "enum", _) => (of_types, kind, ""),
        ("field" | "impl", Some((owner, member))) => (owner, kind, member),
        ("variant", _) => match of_types.rsplit_once("::") {
            Some((owner, variant)) => (owner, kind, variant),
            None => (path, kind, path),
        },
        _ => (path, kind, path),
    }
}

/// Returns the rest of an item's line after its name: its type.
fn tail<'l>(line: &'l str, name: &str) -> &'l str {
    let rest = line.strip_prefix(name).unwrap_or(line);
    rest.trim_start_matches([':', '=', '-', '>', ' '])
}

/// Returns an item as a line: what changed in it, or a sign.
pub fn line(item: &ApiItem) -> String {
    // Paths of other crates begin with colons in some lines.
    let line = difference(item).replace("<::", "<");
    line.replace(" ::", " ")
}

fn difference(item: &ApiItem) -> String {
    match (&item.before, &item.after) {
        (Some(before), Some(after)) => match signatures(before, after) {
            Some(line) => line,
            None if after.starts_with(&item.name) => {
                format!("{before} ⇒ {}", tail(after, &item.name))
            }
            None => format!("{before} ⇒ {after}"),
        },
        (Some(gone), None) => match Signature::of(gone) {
            Some(_) => format!("- {}", item.name),
            None => format!("- {gone}"),
        },
        (None, Some(came)) => match Signature::of(came) {
            Some(new) => format!("+ {}({})", item.name, arguments(&new, None)),
            None => format!("+ {came}"),
        },
        (None, None) => item.name.clone(),
    }
}

/// Returns the difference between two signatures. Arguments that did not change have their names
/// alone.
fn signatures(before: &str, after: &str) -> Option<String> {
    let (old, new) = (Signature::of(before)?, Signature::of(after)?);
    let is_alike = old.owner == new.owner
        && old.name == new.name
        && old.generics == new.generics
        && old.is_async == new.is_async
        && old.has_receiver == new.has_receiver;
    if !is_alike {
        return None;
    }
    let path = before.split(['(', '<']).next()?;
    let output = |of: &Signature<'_>| match old.output == new.output {
        true => String::new(),
        false => format!(" -> {}", of.output),
    };
    Some(format!(
        "{path}({}){} ⇒ ({}){}",
        arguments(&old, Some(&new)),
        output(&old),
        arguments(&new, Some(&old)),
        output(&new)
    ))
}

/// Lists arguments, with their types unless the other signature has the argument too.
fn arguments(of: &Signature<'_>, other: Option<&Signature<'_>>) -> String {
    let shown = of.arguments.iter().map(|argument| {
        let (name, of) = argument;
        match other.is_some_and(|other| other.arguments.contains(argument)) {
            true => (*name).to_owned(),
            false => {
                let within = |start: &str, end: &str| of.strip_prefix(start)?.strip_suffix(end);
                let converted = within("impl TryInto<", ", Error: Display>")
                    .or_else(|| within("impl scalar::Scalar<", ">"));
                format!("{name}: {}", converted.unwrap_or(of))
            }
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The kinds of items in the order in which their witnesses tell the most.
const TELLING: [&str; 5] = ["fn", "field", "variant", "await", "impl"];

/// Returns the most telling of the witnesses of some items.
pub fn witness<'r>(items: &[AlikeItems<'r>]) -> Option<&'r Witness> {
    let items = items.iter().filter_map(AlikeItems::first);
    let mut with = items.filter_map(|(_, item)| Some((item, item.witness.as_ref()?)));
    let rank = |item: &ApiItem| {
        let kind = item.name.split(' ').next().unwrap_or_default();
        let at = TELLING.iter().position(|telling| *telling == kind);
        at.unwrap_or(TELLING.len())
    };
    let first = with.next()?;
    let best = with.fold(first, |best, next| match rank(next.0) < rank(best.0) {
        true => next,
        false => best,
    });
    Some(best.1)
}

/// Returns the sentence that says how to read the witnesses of a report.
pub fn about_witnesses(report: &Report<'_>) -> Option<&'static str> {
    let mut items = report.items.iter().filter(|item| !item.is_echo);
    let is_shown = items.any(|item| matches!(item.witness, Some(Witness::Stops(_))));
    is_shown.then_some(
        "Each function `witness` compiles against the old crate after `use the_crate::*;`, and not \
         against the new one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::model::verdict::Bump;
    use crate::rust_api::item::ItemChange;

    fn item(name: &str, before: Option<&str>, after: Option<&str>) -> ApiItem {
        ApiItem {
            change: match (before, after) {
                (Some(_), Some(_)) => ItemChange::Changed,
                (Some(_), None) => ItemChange::Removed,
                (None, _) => ItemChange::Added,
            },
            name: name.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            base: None,
            revision: None,
            bump: Bump::Major,
            witness: None,
            is_echo: false,
            is_unused: false,
            parts: Vec::new(),
            users: Vec::new(),
        }
    }

    #[test]
    fn line_shows_what_changed() {
        let text = "impl TryInto<String, Error: Display>";
        for (name, before, after, expected) in [
            (
                "field types::A.b",
                Some("field types::A.b: String"),
                Some("field types::A.b: i64"),
                "field types::A.b: String ⇒ i64",
            ),
            (
                "fn api::a::A::get",
                Some(format!("fn api::a::A::get(&self, id: {text}) -> Get").as_str()),
                Some(format!("fn api::a::A::get(&self, id: {text}, q: {text}) -> Get").as_str()),
                "fn api::a::A::get(id) ⇒ (id, q: String)",
            ),
            (
                "fn api::a::A::get",
                Some("fn api::a::A::get(&self) -> Get"),
                None,
                "- fn api::a::A::get",
            ),
            (
                "fn api::a::Get::q",
                None,
                Some(format!("fn api::a::Get::q(mut self, q: {text}) -> Self").as_str()),
                "+ fn api::a::Get::q(q: String)",
            ),
            (
                "fn A::b",
                Some("fn A::b(&self) -> u8"),
                Some("fn A::b(&self) -> u16"),
                "fn A::b() -> u8 ⇒ () -> u16",
            ),
        ] {
            assert_eq!(line(&item(name, before, after)), expected);
        }
    }

    #[test]
    fn inherited_field_is_one_entry() {
        let field = |of: &str, before: &str| {
            let name = format!("field types::{of}.id");
            let (before, after) = (format!("{name}: {before}"), format!("{name}: i64"));
            item(&name, Some(&before), Some(&after))
        };
        let items = [field("A", "String"), field("B", "u8"), field("C", "String")];
        let found = alike(items.iter().enumerate().collect());
        let shown: Vec<_> = found.iter().map(|it| (it.line(), it.others())).collect();
        let expected = [
            ("field types::A.id: String ⇒ i64".to_owned(), vec!["C"]),
            ("field types::B.id: u8 ⇒ i64".to_owned(), vec![]),
        ];
        assert_eq!(shown, expected);
    }
}
