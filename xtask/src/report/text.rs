//! The text format: a summary, then what breaks in full, then the rest in short.

use crate::diff::model::verdict::Wire;
use crate::report::judgement::{JudgedChange, LedgerChanges, Report, bump_name};
use crate::report::summary::{Items, Section, counts, kinds, line, operations, sections, touched};

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
    let mut items = Items::default();
    for section in sections(report, style.breaking_only) {
        text += &render_section(report, &section, &mut items, style);
    }
    let left = items.left(report, style.breaking_only);
    if !left.is_empty() {
        text += &format!(
            "\n{}\n",
            paint(style, "Rust API, beside these changes", "1")
        );
        for item in left {
            let place = item.revision.as_ref().or(item.base.as_ref());
            text += &format!("  {}  {}\n", line(item), place.map_or("", String::as_str));
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
    let title = format!("{} ({})", section.title, section.changes.len());
    let mut text = format!("\n{}\n", paint(style, &title, "1"));
    if section.is_full && section.changes.len() > 1 {
        text += &format!("  {}\n", kinds(&section.changes));
    }
    let mut last = String::new();
    for judged in &section.changes {
        let mut more: Vec<(&str, String)> = Vec::new();
        let of = operations(judged);
        if section.is_full {
            more.extend(judged.hurt().map(|hurt| ("hurt", hurt)));
            more.extend(judged.advice().map(|advice| ("do", advice.to_owned())));
            more.push(("in", of));
            more.push(("at", locations(judged)));
            more.push(("rust", bump_name(judged.rust).to_owned()));
            let lines = items.of_change(report, judged);
            more.extend(lines.into_iter().map(|line| ("", line)));
            more.push(("fingerprint", judged.fingerprint.to_string()));
            text += &format!(
                "\n  {} [{}]\n",
                paint(style, &judged.headline(), colour(judged.wire)),
                judged.change.check.id
            );
        } else {
            if of != last {
                text += &format!("  {of}\n");
                last = of;
            }
            let fingerprint = judged.fingerprint;
            text += &format!(
                "    {} [{}] {fingerprint}\n",
                judged.headline(),
                judged.change.check.id
            );
            let lines = items.of_change(report, judged);
            more.extend(lines.into_iter().map(|line| ("", line)));
        }
        for (name, line) in more {
            let name = if name.is_empty() {
                String::new()
            } else {
                format!("{name}:")
            };
            text += &format!("    {name:<13}{line}\n");
        }
    }
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
