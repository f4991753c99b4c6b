//! The sections of a report, and the findings in them: changes with the same message that affect
//! the same operations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use crate::diff::model::verdict::{Bump, Wire};
use crate::report::judgement::{JudgedChange, Report};

/// Changes with one effect.
pub struct Section<'r> {
    pub title: &'static str,
    pub groups: Vec<Group<'r>>,
    /// Each finding is printed with everything that is known.
    pub is_full: bool,
}

/// Findings of one kind, which hurt the same clients and have the same remedy.
pub struct Group<'r> {
    pub id: &'static str,
    pub hurt: Option<String>,
    pub advice: Option<&'static str>,
    pub findings: Vec<Finding<'r>>,
}

/// Changes with the same message, which affect the same operations.
pub struct Finding<'r> {
    pub message: String,
    pub rust: Option<Bump>,
    /// At least one, sorted by subject.
    pub changes: Vec<&'r JudgedChange<'r>>,
}

impl Section<'_> {
    pub fn count(&self) -> usize {
        self.groups.iter().map(Group::count).sum()
    }

    /// Returns the number of changes by kind, the most frequent first.
    pub fn kinds(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for group in &self.groups {
            *counts.entry(group.id).or_default() += group.count();
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(id, count)| (Reverse(*count), *id));
        let each = counts.iter().map(|(id, count)| format!("{count} {id}"));
        each.collect::<Vec<_>>().join(", ")
    }
}

impl Group<'_> {
    pub fn count(&self) -> usize {
        self.findings.iter().map(|it| it.changes.len()).sum()
    }
}

/// Returns the sections of a report: what breaks, and the rest unless it is left out.
pub fn sections<'r>(report: &'r Report<'r>, breaking_only: bool) -> Vec<Section<'r>> {
    let of_breaking = report
        .changes
        .iter()
        .filter(|it| it.wire == Wire::Breaking && it.accepted.is_none());
    let told: HashSet<usize> = of_breaking
        .flat_map(|it| it.items.iter().copied())
        .collect();
    // A break in Rust is told once: beside the break on the wire of the same property, if there is
    // one.
    let is_major = |it: &JudgedChange<'_>| {
        let mut untold = it.items.iter().filter(|index| !told.contains(index));
        it.rust == Some(Bump::Major)
            && untold.any(|index| {
                let item = report.items.get(*index);
                item.is_some_and(|item| item.bump == Bump::Major)
            })
    };
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

/// Groups changes by kind, the most frequent first.
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
        .map(|((id, hurt, advice), changes)| Group {
            id,
            hurt,
            advice,
            findings: findings(changes),
        });
    let mut groups: Vec<Group<'r>> = groups.collect();
    groups.sort_by_key(|group| (Reverse(group.count()), group.id));
    groups
}

/// Groups changes by message and operations. Those of many changes stand first.
fn findings<'r>(changes: Vec<&'r JudgedChange<'r>>) -> Vec<Finding<'r>> {
    let mut found: BTreeMap<_, Vec<&'r JudgedChange<'r>>> = BTreeMap::new();
    for judged in changes {
        let operations: Vec<&str> = judged.change.affected.names().collect();
        let key = (judged.message(), operations, judged.rust);
        found.entry(key).or_default().push(judged);
    }
    let mut findings: Vec<_> = found
        .into_iter()
        .map(|((message, _, rust), mut changes)| {
            changes.sort_by_cached_key(|it| it.change.subject());
            Finding {
                message,
                rust,
                changes,
            }
        })
        .collect();
    findings.sort_by_key(|finding| Reverse(finding.changes.len()));
    findings
}
