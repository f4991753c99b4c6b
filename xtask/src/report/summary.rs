//! Counts and lists that several output formats share.

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
