//! The text format: a summary, then what breaks in full, then the rest in short.

use crate::diff::model::verdict::Wire;
use crate::report::judgement::{JudgedChange, LedgerChanges, Report, bump_name};
use crate::report::summary::{
    Items, Section, about_witnesses, counts, line, operations, remark, sections, touched,
};
use crate::rust_api::surface::ApiItem;

/// How a report is printed.
#[derive(Debug, Clone, Copy)]
pub struct TextStyle {
    pub is_coloured: bool,
    pub breaking_only: bool,
}

pub fn render(report: &Report<'_>, style: TextStyle) -> String {
    let mut text = format!(
        "{} → {}\nwire: {}\nrust: {}{}\n{}: {}\n",
        report.base,
        report.revision,
        paint(style, report.wire.as_str(), colour(report.wire)),
        bump_name(report.rust),
        report
            .rust_unknown
            .as_ref()
            .map(|reason| format!(" (not compared: {reason})"))
            .unwrap_or_default(),
        touched(report),
        counts(report),
    );
    if let Some(sentence) = about_witnesses(report) {
        text += &format!("{sentence}\n");
    }
    let sections = sections(report, style.breaking_only);
    for section in &sections {
        text += &format!(
            "{} ({}): {}\n",
            section.title,
            section.count(),
            section.kinds()
        );
    }
    let mut items = Items::default();
    for section in &sections {
        text += &render_section(report, section, &mut items, style);
    }
    let left = items.left(report, style.breaking_only);
    if !left.is_empty() {
        text += &format!(
            "\n{}\n",
            paint(style, "Rust API, beside these changes", "1")
        );
        for (_, item) in left {
            text.extend(item_lines(item).map(|line| format!("  {line}\n")));
            if let Some(place) = item.revision.as_ref().or(item.base.as_ref()) {
                text += &format!("    at: {place}\n");
            }
        }
    }
    text + &after_changes(report)
}

fn paint(style: TextStyle, text: &str, code: &str) -> String {
    if style.is_coloured {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn render_section(
    report: &Report<'_>,
    section: &Section<'_>,
    items: &mut Items,
    style: TextStyle,
) -> String {
    let title = format!("{} ({})", section.title, section.count());
    let mut text = format!("\n{}\n", paint(style, &title, "1"));
    for group in &section.groups {
        text += &format!("\n  {} ({})\n", group.id, group.changes.len());
        if let Some(hurt) = &group.hurt {
            text += &format!("  hurt: {hurt}\n");
        }
        if let Some(advice) = group.advice {
            text += &format!("  do:   {advice}\n");
        }
        for judged in &group.changes {
            let headline = paint(style, &judged.headline(), colour(judged.wire));
            let (of, fingerprint) = (operations(judged), judged.fingerprint);
            if section.is_full {
                text += &format!(
                    "    {headline}\n      in {of}\n      at {}\n      rust {}, fingerprint {fingerprint}\n",
                    locations(judged),
                    bump_name(judged.rust),
                );
            } else {
                text += &format!("    {headline} in {of} {fingerprint}\n");
            }
            for item in items.of_change(report, judged) {
                text.extend(item_lines(item).map(|line| format!("      {line}\n")));
            }
        }
    }
    text
}

/// Returns the line of an item, and below it what is known of it.
fn item_lines(item: &ApiItem) -> impl Iterator<Item = String> {
    let remark = remark(item).map(|remark| format!("  {remark}"));
    let witness = item.witness.as_ref().map(|witness| {
        let (words, code) = witness.words();
        format!("  {words}: {code}")
    });
    std::iter::once(line(item)).chain(remark).chain(witness)
}

/// Returns the pointers into base and revision, each with line and column.
fn locations(judged: &JudgedChange<'_>) -> String {
    let locations = [&judged.change.base, &judged.change.revision];
    let places = locations
        .into_iter()
        .zip([judged.places.base, judged.places.revision])
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

/// Returns the part after the changes: ledger, policy, version.
fn after_changes(report: &Report<'_>) -> String {
    let mut text = String::new();
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
