//! The findings of a report as nested entries, which text and Markdown print in their own ways.

use crate::document::position::Position;
use crate::report::items::{AlikeItems, Items, witness};
use crate::report::judgement::{JudgedChange, Places, Report};
use crate::report::section::{Finding, Group};
use crate::rust_api::item::ApiItem;
use crate::rust_api::witness::Witness;

/// An entry of a list.
pub struct Entry {
    /// 0 for an entry of the list itself, 1 for an entry below an entry.
    pub depth: usize,
    pub parts: Vec<Part>,
}

/// A part of an entry.
pub enum Part {
    /// Words, with names of the document between backticks.
    Words(String),
    /// Words that a reader must see.
    Strong(String),
    /// Code, or text of the document.
    Code(String),
    /// The place of a change or of an item in one of the documents.
    Place(Place),
}

/// A place in one of the documents.
pub struct Place {
    /// The name of the document.
    pub document: String,
    pub position: Position,
    /// The place is in the old document.
    pub is_old: bool,
}

/// Returns the entries of the findings of one kind.
pub fn of_group(
    report: &Report<'_>,
    group: &Group<'_>,
    is_full: bool,
    items: &mut Items,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for finding in &group.findings {
        match (finding.changes.as_slice(), is_full) {
            ([judged], true) => entries.extend(full(report, judged, items)),
            ([judged], false) => entries.push(short(report, judged, items)),
            (_, true) => entries.extend(full_of_several(report, finding, items)),
            (_, false) => entries.extend(short_of_several(report, finding, items)),
        }
    }
    entries
}

/// Returns the entries of items that no change caused.
pub fn of_items(report: &Report<'_>, items: &[AlikeItems<'_>]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for alike in items {
        let mut parts = parts_of(alike);
        let place = alike
            .first()
            .and_then(|(index, item)| of_item(report, index, item));
        if let Some(place) = place {
            parts.extend([words(" ("), Part::Place(place), words(")")]);
        }
        entries.push(Entry { depth: 0, parts });
        entries.extend(of_witness(witness(std::slice::from_ref(alike))));
    }
    entries
}

/// The most operations that a finding lists.
const SHOWN_IN_FULL: usize = 8;
const SHOWN: usize = 3;

/// Returns a change that breaks, with each item below it.
fn full(report: &Report<'_>, judged: &JudgedChange<'_>, items: &mut Items) -> Vec<Entry> {
    let mut parts = vec![Part::Strong(judged.headline())];
    parts.extend(in_operations(judged, SHOWN_IN_FULL));
    parts.push(words(" ("));
    parts.extend(
        judged
            .rust
            .map(|rust| Part::Words(format!("Rust: {}, ", rust.as_str()))),
    );
    parts.extend(identity(report, judged));
    parts.push(words(")"));
    let mut entries = vec![Entry { depth: 0, parts }];
    let found = items.of_change(report, judged);
    entries.extend(found.iter().map(|alike| Entry {
        depth: 1,
        parts: parts_of(alike),
    }));
    entries.extend(of_witness(witness(&found)));
    entries
}

/// Returns changes that break with the same message, each in an entry with its items.
fn full_of_several(report: &Report<'_>, finding: &Finding<'_>, items: &mut Items) -> Vec<Entry> {
    let mut parts = vec![Part::Strong(finding.message.clone())];
    parts.extend(in_shared_operations(finding, SHOWN_IN_FULL));
    parts.extend(
        finding
            .rust
            .map(|rust| Part::Words(format!(" (Rust: {})", rust.as_str()))),
    );
    let mut entries = vec![Entry { depth: 0, parts }];
    let mut all = Vec::new();
    for judged in &finding.changes {
        let mut parts = vec![Part::Words(judged.change.subject()), words(" (")];
        parts.extend(identity(report, judged));
        parts.push(words(")"));
        let found = items.of_change(report, judged);
        parts.extend(after_colon(&found));
        all.extend(found);
        entries.push(Entry { depth: 1, parts });
    }
    entries.extend(of_witness(witness(&all)));
    entries
}

/// Returns a change that does not break, in one entry.
fn short(report: &Report<'_>, judged: &JudgedChange<'_>, items: &mut Items) -> Entry {
    let mut parts = vec![Part::Words(judged.headline())];
    parts.extend(in_operations(judged, SHOWN));
    parts.extend(fingerprint(judged));
    parts.extend(after_colon(&items.of_change(report, judged)));
    Entry { depth: 0, parts }
}

/// Returns changes that do not break and have the same message. Those without items stand in one
/// entry.
fn short_of_several(report: &Report<'_>, finding: &Finding<'_>, items: &mut Items) -> Vec<Entry> {
    let mut parts = vec![Part::Words(finding.message.clone())];
    parts.extend(in_shared_operations(finding, SHOWN));
    let mut plain = Vec::new();
    let mut below = Vec::new();
    for judged in &finding.changes {
        let mut parts = vec![Part::Words(judged.change.subject())];
        parts.extend(fingerprint(judged));
        let found = items.of_change(report, judged);
        if found.is_empty() {
            plain.push(words(if plain.is_empty() { ": " } else { ", " }));
            plain.extend(parts);
        } else {
            parts.extend(after_colon(&found));
            below.push(Entry { depth: 1, parts });
        }
    }
    parts.extend(plain);
    std::iter::once(Entry { depth: 0, parts })
        .chain(below)
        .collect()
}

/// Lists the operations of a change, unless the subject of the change is the only one.
fn in_operations(judged: &JudgedChange<'_>, shown: usize) -> Vec<Part> {
    let affected = &judged.change.affected;
    let subject = judged.change.subject();
    let is_said =
        affected.len() == 1 && affected.names().all(|name| subject == format!("`{name}`"));
    if affected.is_empty() || is_said {
        return Vec::new();
    }
    let mut parts = vec![words(" in ")];
    parts.extend(list(affected.names().take(shown)));
    let more = affected.len().saturating_sub(shown);
    if more > 0 {
        parts.push(Part::Words(format!(" and {more} more")));
    }
    parts
}

/// Lists the operations that all changes of a finding affect.
fn in_shared_operations(finding: &Finding<'_>, shown: usize) -> Vec<Part> {
    let first = finding.changes.first();
    first.map_or_else(Vec::new, |judged| in_operations(judged, shown))
}

/// Returns the place and the fingerprint of a change.
fn identity(report: &Report<'_>, judged: &JudgedChange<'_>) -> Vec<Part> {
    let is_gone = judged.change.before.is_some() && judged.change.after.is_none();
    let place = of_places(report, &judged.places, is_gone);
    let place = place.map(|place| [Part::Place(place), words(", ")]);
    let fingerprint = [
        words("fingerprint "),
        Part::Code(judged.fingerprint.to_string()),
    ];
    place.into_iter().flatten().chain(fingerprint).collect()
}

fn fingerprint(judged: &JudgedChange<'_>) -> [Part; 3] {
    [
        words(" ("),
        Part::Code(judged.fingerprint.to_string()),
        words(")"),
    ]
}

fn of_item(report: &Report<'_>, index: usize, item: &ApiItem) -> Option<Place> {
    of_places(report, report.item_places.get(index)?, item.after.is_none())
}

/// Returns the place in the new document, or in the old one if the subject is gone.
fn of_places(report: &Report<'_>, places: &Places, is_gone: bool) -> Option<Place> {
    let new = places
        .revision
        .map(|position| (&report.revision, position, false));
    let old = places.base.map(|position| (&report.base, position, true));
    let (document, position, is_old) = if is_gone { old.or(new) } else { new.or(old) }?;
    Some(Place {
        document: document.clone(),
        position,
        is_old,
    })
}

/// Returns items behind a colon.
fn after_colon(items: &[AlikeItems<'_>]) -> Vec<Part> {
    let mut parts = Vec::new();
    for alike in items {
        parts.push(words(if parts.is_empty() { ": " } else { "; " }));
        parts.extend(parts_of(alike));
    }
    parts
}

/// Returns items that changed alike: the first in full, and the types of the others.
fn parts_of(alike: &AlikeItems<'_>) -> Vec<Part> {
    let mut parts = vec![Part::Code(alike.line())];
    let others = alike.others();
    if !others.is_empty() {
        parts.push(Part::Words(format!(", {} ", alike.also())));
        parts.extend(list(others));
    }
    if alike.is_unused() {
        parts.push(words(
            ", a public type of a component that no operation uses",
        ));
    }
    parts
}

fn of_witness(witness: Option<&Witness>) -> Option<Entry> {
    let parts = match witness? {
        Witness::Stops(code) => vec![Part::Code(code.clone())],
        misleads @ Witness::Misleads(_) => {
            let (effect, code) = misleads.words();
            vec![
                Part::Words(format!("{effect}: ")),
                Part::Code(code.to_owned()),
            ]
        }
    };
    Some(Entry { depth: 1, parts })
}

fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<Part> {
    let mut parts = Vec::new();
    for name in names {
        if !parts.is_empty() {
            parts.push(words(", "));
        }
        parts.push(Part::Code(name.to_owned()));
    }
    parts
}

fn words(text: &str) -> Part {
    Part::Words(text.to_owned())
}
