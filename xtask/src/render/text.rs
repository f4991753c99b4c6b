//! For people at a terminal: grouped by operation, breaking first.

use std::collections::HashMap;

use crate::diff::change::Wire;
use crate::diff::report::{Judged, Report};

use super::{counts, operations};

pub fn render(report: &Report<'_>, is_coloured: bool) -> String {
    let paint = |text: &str, code: &str| {
        if is_coloured {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    };
    let mut text = format!(
        "{} → {}\nwire: {} ({})\nrust: {}{}\n",
        report.base,
        report.revision,
        paint(report.wire.as_str(), colour(report.wire)),
        counts(report),
        report.rust.as_str(),
        report
            .basis
            .reason()
            .map(|reason| format!(" (estimated: {reason})"))
            .unwrap_or_default(),
    );
    for (group, changes) in grouped(report) {
        text += &format!("\n{}\n", paint(&group, "1"));
        for judged in changes {
            let effect = format!("{:<10}", judged.wire.as_str());
            text += &format!(
                "  {} {} [{}]\n",
                paint(&effect, colour(judged.wire)),
                judged.sentence(),
                judged.change.check.id
            );
            text += &format!("             {}\n", places(judged));
            for line in items(report, judged) {
                text += &format!("             {line}\n");
            }
        }
    }
    text += &rest(report);
    text
}

/// The pointers into base and revision, each with its line and column.
fn places(judged: &Judged<'_>) -> String {
    let spots = [&judged.change.base, &judged.change.revision];
    let places = spots.into_iter().zip(judged.at).filter_map(|(spot, at)| {
        let at = at.map(|at| format!(" {}:{}", at.line, at.column));
        Some((&spot.as_ref()?.pointer, at.unwrap_or_default()))
    });
    match places.collect::<Vec<_>>().as_slice() {
        [(base, at), (revision, now_at)] if base == revision && at == now_at => {
            format!("{base}{at}")
        }
        [(base, at), (revision, now_at)] if base == revision => format!("{base}{at} →{now_at}"),
        several => {
            let each = several.iter().map(|(pointer, at)| format!("{pointer}{at}"));
            each.collect::<Vec<_>>().join(" → ")
        }
    }
}

fn colour(wire: Wire) -> &'static str {
    match wire {
        Wire::Breaking => "31",
        Wire::Compatible => "33",
        Wire::DocsOnly => "36",
        Wire::None => "32",
    }
}

/// The changes by the operations that they reach, in the order of the worst of each group.
pub fn grouped<'r>(report: &'r Report<'r>) -> Vec<(String, Vec<&'r Judged<'r>>)> {
    let mut groups: Vec<(String, Vec<&Judged<'_>>)> = Vec::new();
    let mut by_names: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut by_reach: HashMap<usize, usize> = HashMap::new();
    for judged in report.changes.iter().filter(|it| it.accepted.is_none()) {
        let reach = &judged.change.reach;
        // Many changes share one, of which the names need be looked at once.
        let index = *by_reach.entry(reach.address()).or_insert_with(|| {
            let names: Vec<&str> = reach.names().collect();
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

/// The Rust items that a change moved.
pub fn items(report: &Report<'_>, judged: &Judged<'_>) -> Vec<String> {
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

/// What stands behind the changes: items without a cause, the version, the ledger, decisions.
fn rest(report: &Report<'_>) -> String {
    let mut text = String::new();
    let caused = |index: &usize| report.changes.iter().any(|it| it.items.contains(index));
    let alone: Vec<_> = report
        .items
        .iter()
        .enumerate()
        .filter(|(index, item)| !caused(index) && !item.is_echo())
        .collect();
    if !alone.is_empty() {
        text += "\nRust API, beside these changes\n";
        for (_, item) in alone {
            let place = item.revision.as_ref().or(item.base.as_ref());
            text += &format!(
                "  {:<8} {}  {}\n",
                item.moved.as_str(),
                item.name,
                place.map_or("", String::as_str)
            );
        }
    }
    if let Some((gained, lost)) = &report.ledger
        && !(gained.is_empty() && lost.is_empty())
    {
        text += "\nLedger\n";
        text.extend(lost.iter().map(|line| format!("  - {line}\n")));
        text.extend(gained.iter().map(|line| format!("  + {line}\n")));
    }
    let accepted = report
        .changes
        .iter()
        .filter_map(|it| Some((it, it.accepted.as_ref()?)));
    for (judged, entry) in accepted {
        text += &format!(
            "\naccepted {}: {} ({})\n",
            entry.date,
            judged.sentence(),
            entry.reason
        );
    }
    for entry in &report.stale {
        text += &format!(
            "\nstale: {} of {} matches no change: {}\n",
            entry.fingerprint, entry.date, entry.reason
        );
    }
    if let Some(version) = &report.version {
        text += &format!("\nversion: {}\n", version.sentence());
    }
    text
}
