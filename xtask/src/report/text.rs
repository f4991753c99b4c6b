//! The text format: grouped by operation, breaking changes first.

use crate::diff::model::verdict::Wire;
use crate::report::judgement::{JudgedChange, LedgerChanges, Report, bump_name};
use crate::report::summary::{counts, grouped, items};

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
        bump_name(report.rust),
        report
            .rust_unknown
            .as_ref()
            .map(|reason| format!(" (not compared: {reason})"))
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
            text += &format!("             {}\n", locations(judged));
            for line in items(report, judged) {
                text += &format!("             {line}\n");
            }
        }
    }
    text += &after_changes(report);
    text
}

/// Returns the pointers into base and revision, each with line and column.
fn locations(judged: &JudgedChange<'_>) -> String {
    let locations = [&judged.change.base, &judged.change.revision];
    let places = locations
        .into_iter()
        .zip(judged.positions)
        .filter_map(|(location, at)| {
            let at = at.map(|at| format!(" {}:{}", at.line, at.column));
            Some((&location.as_ref()?.pointer, at.unwrap_or_default()))
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

/// Returns the part after the changes: items without a cause, ledger, policy, version.
fn after_changes(report: &Report<'_>) -> String {
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
                item.change.as_str(),
                item.name,
                place.map_or("", String::as_str)
            );
        }
    }
    if !report.findings.is_empty() {
        text += "\nFindings\n";
        text.extend(report.findings.iter().map(|line| format!("  {line}\n")));
    }
    if let Some(LedgerChanges { gained, lost }) = &report.ledger
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
