//! The text format: a summary, then what breaks in full, then the rest in short.

use crate::diff::model::verdict::{Bump, Wire};
use crate::report::entries::{self, Entry, Part};
use crate::report::items::{AlikeItems, Items, about_witnesses};
use crate::report::judgement::{LedgerChanges, Report, bump_name};
use crate::report::section::{Section, sections};
use crate::report::summary::{counts, touched};

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
    let (full, short): (Vec<_>, Vec<_>) = sections.iter().partition(|section| section.is_full);
    for section in full {
        text += &render_section(report, section, &mut items, style);
    }
    let left = items.left(report, |item| item.bump == Bump::Major);
    text += &render_left(
        report,
        "Breaking in Rust, beside these changes",
        &left,
        style,
    );
    for section in short {
        text += &render_section(report, section, &mut items, style);
    }
    if !style.breaking_only {
        let left = items.left(report, |item| item.bump != Bump::Major);
        text += &render_left(report, "Rust API, beside these changes", &left, style);
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
    let mut text = title(section.title, section.count(), style);
    for group in &section.groups {
        text += &format!("\n  {} ({})\n", group.id, group.count());
        if let Some(hurt) = &group.hurt {
            text += &format!("  Hurts {hurt}.\n");
        }
        if let Some(advice) = group.advice {
            text += &format!("  To do: {advice}.\n");
        }
        let entries = entries::of_group(report, group, section.is_full, items);
        text += &render_entries(&entries, style);
    }
    text
}

/// Prints the items that no change caused.
fn render_left(
    report: &Report<'_>,
    name: &str,
    items: &[AlikeItems<'_>],
    style: TextStyle,
) -> String {
    if items.is_empty() {
        return String::new();
    }
    let count = items.iter().map(AlikeItems::len).sum();
    let entries = entries::of_items(report, items);
    title(name, count, style) + &render_entries(&entries, style)
}

fn title(name: &str, count: usize, style: TextStyle) -> String {
    format!("\n{}\n", paint(style, &format!("{name} ({count})"), "1"))
}

fn render_entries(entries: &[Entry], style: TextStyle) -> String {
    let mut text = String::new();
    for entry in entries {
        text += &" ".repeat(4 + 2 * entry.depth);
        for part in &entry.parts {
            text += &match part {
                Part::Words(words) | Part::Code(words) => words.clone(),
                Part::Strong(words) => paint(style, words, "1"),
                Part::Place(place) => {
                    let position = place.position;
                    format!("{}:{}:{}", place.document, position.line, position.column)
                }
            };
        }
        text += "\n";
    }
    text
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
