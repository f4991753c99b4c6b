//! Counts, sections and lists that several output formats share.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::model::verdict::{Bump, Wire};
use crate::report::judgement::{JudgedChange, Report};
use crate::rust_api::surface::ApiItem;

/// Changes that are printed together.
pub struct Section<'r> {
    pub title: &'static str,
    pub changes: Vec<&'r JudgedChange<'r>>,
    /// Each change is printed with everything that is known.
    pub is_full: bool,
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

/// Returns the number of changes by kind, the most frequent first.
pub fn kinds(changes: &[&JudgedChange<'_>]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for judged in changes {
        *counts.entry(judged.change.check.id).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    let each = counts.iter().map(|(id, count)| format!("{count} {id}"));
    each.collect::<Vec<_>>().join(", ")
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
        let mut changes: Vec<&JudgedChange<'_>> = report
            .changes
            .iter()
            .filter(|it| it.accepted.is_none() && wanted(it))
            .collect();
        // Changes of the same operations stand together.
        changes.sort_by_cached_key(|it| (std::cmp::Reverse(it.wire), operations(it)));
        Section {
            title,
            changes,
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
    sections.retain(|section| !section.changes.is_empty());
    sections
}

/// Prints each item of the Rust API once, with the first change that caused it.
#[derive(Default)]
pub struct Items {
    printed: BTreeSet<usize>,
}

impl Items {
    /// Returns the lines of the items that a change caused and that are not printed yet.
    pub fn of_change(&mut self, report: &Report<'_>, judged: &JudgedChange<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        for index in &judged.items {
            if let Some(item) = report.items.get(*index)
                && self.printed.insert(*index)
                && !item.is_echo()
            {
                lines.push(line(item));
            }
        }
        lines
    }

    /// Returns the items that no printed change caused.
    pub fn left<'r>(&self, report: &'r Report<'r>, breaking_only: bool) -> Vec<&'r ApiItem> {
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
                    && !item.is_echo()
                    && (!breaking_only || item.bump() == Bump::Major)
            })
            .map(|(_, item)| item)
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
