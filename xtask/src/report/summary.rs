//! Counts, sections and lists that several output formats share.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::diff::model::verdict::{Bump, Wire};
use crate::report::judgement::{JudgedChange, Report};
use crate::rust_api::surface::ApiItem;
use crate::rust_api::witness::Witness;

/// Changes with one effect.
pub struct Section<'r> {
    pub title: &'static str,
    pub groups: Vec<Group<'r>>,
    /// Each change is printed with everything that is known.
    pub is_full: bool,
}

/// Changes of one kind, which hurt the same clients and have the same remedy.
pub struct Group<'r> {
    pub id: &'static str,
    pub hurt: Option<String>,
    pub advice: Option<&'static str>,
    pub changes: Vec<&'r JudgedChange<'r>>,
}

impl Section<'_> {
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| group.changes.len()).sum()
    }

    /// Returns the number of changes by kind, the most frequent first.
    pub fn kinds(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for group in &self.groups {
            *counts.entry(group.id).or_default() += group.changes.len();
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(id, count)| (Reverse(*count), *id));
        let each = counts.iter().map(|(id, count)| format!("{count} {id}"));
        each.collect::<Vec<_>>().join(", ")
    }
}

/// Returns the number of changes by effect: `3 breaking, 1 compatible`.
pub fn counts(report: &Report<'_>) -> String {
    let counts: Vec<String> = [Wire::Breaking, Wire::Compatible, Wire::DocsOnly, Wire::None]
        .into_iter()
        .map(|wire| (wire, report.count(wire)))
        .filter(|(_, count)| *count > 0)
        .map(|(wire, count)| match wire {
            Wire::None => format!("{count} without effect"),
            wire => format!("{count} {wire}"),
        })
        .collect();
    if counts.is_empty() {
        "no changes".to_owned()
    } else {
        counts.join(", ")
    }
}

/// Returns the number of operations that are touched: `3 of 64 operations touched`.
pub fn touched(report: &Report<'_>) -> String {
    format!(
        "{} of {} operations touched",
        report.touched(),
        report.operations
    )
}

/// Lists the first operations of a change.
pub fn operations(judged: &JudgedChange<'_>) -> String {
    const SHOWN: usize = 3;
    let names: Vec<&str> = judged.change.affected.names().take(SHOWN).collect();
    match judged.change.affected.len().saturating_sub(SHOWN) {
        _ if names.is_empty() => "the document".to_owned(),
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Returns the sections of a report: what breaks, and the rest unless it is left out.
pub fn sections<'r>(report: &'r Report<'r>, breaking_only: bool) -> Vec<Section<'r>> {
    let is_major = |it: &JudgedChange<'_>| it.rust == Some(Bump::Major);
    let section = |title, is_full, wanted: &dyn Fn(&JudgedChange<'_>) -> bool| {
        let changes = report.changes.iter();
        let changes = changes.filter(|it| it.accepted.is_none() && wanted(it));
        Section {
            title,
            groups: groups(changes, is_full),
            is_full,
        }
    };
    let mut sections = vec![
        section("Breaking", true, &|it| it.wire == Wire::Breaking),
        section("Breaking in Rust only", true, &|it| {
            it.wire != Wire::Breaking && is_major(it)
        }),
    ];
    if !breaking_only {
        sections.extend([
            section("Compatible", false, &|it| {
                it.wire == Wire::Compatible && !is_major(it)
            }),
            section("Documentation", false, &|it| {
                it.wire == Wire::DocsOnly && !is_major(it)
            }),
            section("Without effect on the wire", false, &|it| {
                it.wire == Wire::None && !is_major(it)
            }),
        ]);
    }
    sections.retain(|section| !section.groups.is_empty());
    sections
}

/// Groups changes by kind, the most frequent first. Changes of the same operations stand together.
fn groups<'r>(
    changes: impl Iterator<Item = &'r JudgedChange<'r>>,
    is_full: bool,
) -> Vec<Group<'r>> {
    let mut by_kind: BTreeMap<_, Vec<&'r JudgedChange<'r>>> = BTreeMap::new();
    for judged in changes {
        let (hurt, advice) = match is_full {
            true => (judged.hurt(), judged.advice()),
            false => (None, None),
        };
        let key = (judged.change.check.id, hurt, advice);
        by_kind.entry(key).or_default().push(judged);
    }
    let groups = by_kind
        .into_iter()
        .map(|((id, hurt, advice), mut changes)| {
            changes.sort_by_cached_key(|it| (operations(it), it.headline()));
            Group {
                id,
                hurt,
                advice,
                changes,
            }
        });
    let mut groups: Vec<Group<'r>> = groups.collect();
    groups.sort_by_key(|group| (Reverse(group.changes.len()), group.id));
    groups
}

/// Prints each item of the Rust API once, with the first change that caused it.
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
    ) -> Vec<&'r ApiItem> {
        let mut found = Vec::new();
        for index in &judged.items {
            if let Some(item) = report.items.get(*index)
                && self.printed.insert(*index)
                && !item.is_echo
            {
                found.push(item);
            }
        }
        found
    }

    /// Returns the items that no change caused, with their indices.
    pub fn left<'r>(
        &self,
        report: &'r Report<'_>,
        breaking_only: bool,
    ) -> Vec<(usize, &'r ApiItem)> {
        let caused: BTreeSet<usize> = report
            .changes
            .iter()
            .flat_map(|it| it.items.iter().copied())
            .collect();
        let items = report.items.iter().enumerate();
        items
            .filter(|(index, item)| {
                !caused.contains(index)
                    && !self.printed.contains(index)
                    && !item.is_echo
                    && (!breaking_only || item.bump == Bump::Major)
            })
            .collect()
    }
}

/// Returns an item as a line: before and after, or with a sign.
pub fn line(item: &ApiItem) -> String {
    match (&item.before, &item.after) {
        (Some(before), Some(after)) => format!("{before}  ⇒  {after}"),
        (Some(gone), None) => format!("- {gone}"),
        (None, Some(came)) => format!("+ {came}"),
        (None, None) => item.name.clone(),
    }
}

/// Returns what must be known of an item beside its line.
pub fn remark(item: &ApiItem) -> Option<&'static str> {
    item.is_unused
        .then_some("a public type of a component that no operation uses")
}

/// Returns the sentence that says how to read the witnesses of a report.
pub fn about_witnesses(report: &Report<'_>) -> Option<&'static str> {
    let mut items = report.items.iter().filter(|item| !item.is_echo);
    items.any(|item| matches!(item.witness, Some(Witness::Stops(_)))).then_some(
        "Each function `witness` compiles against the old crate after `use the_crate::*;`, and not \
         against the new one.",
    )
}
