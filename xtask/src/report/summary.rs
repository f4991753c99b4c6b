//! Counts, groups and lists that several output formats share.

use std::collections::HashMap;

use crate::diff::model::verdict::Wire;
use crate::report::judgement::{JudgedChange, Report};

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

/// Lists the first operations of a change.
pub fn operations(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names {
        [] => "document".to_owned(),
        few if few.len() <= SHOWN => few.join(", "),
        many => {
            let shown: Vec<&str> = many.iter().take(SHOWN).copied().collect();
            format!("{} and {} more", shown.join(", "), many.len() - SHOWN)
        }
    }
}

/// Groups the changes by the operations that they affect; the group with the worst change first.
pub fn grouped<'r>(report: &'r Report<'r>) -> Vec<(String, Vec<&'r JudgedChange<'r>>)> {
    let mut groups: Vec<(String, Vec<&JudgedChange<'_>>)> = Vec::new();
    let mut by_names: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut by_reach: HashMap<usize, usize> = HashMap::new();
    for judged in report.changes.iter().filter(|it| it.accepted.is_none()) {
        let affected = &judged.change.affected;
        // Many changes share one set of operations: its names are read once.
        let index = *by_reach.entry(affected.address()).or_insert_with(|| {
            let names: Vec<&str> = affected.names().collect();
            let title = operations(&names);
            *by_names.entry(names).or_insert_with(|| {
                groups.push((title, Vec::new()));
                groups.len() - 1
            })
        });
        if let Some((_, changes)) = groups.get_mut(index) {
            changes.push(judged);
        }
    }
    groups
}

/// Returns the Rust items that a change caused.
pub fn items(report: &Report<'_>, judged: &JudgedChange<'_>) -> Vec<String> {
    judged
        .items
        .iter()
        .filter_map(|index| report.items.get(*index))
        .filter(|item| !item.is_echo())
        .map(|item| match (&item.before, &item.after) {
            (Some(before), Some(after)) => format!("{before}  ⇒  {after}"),
            (Some(gone), None) => format!("- {gone}"),
            (None, Some(came)) => format!("+ {came}"),
            (None, None) => item.name.clone(),
        })
        .collect()
}
