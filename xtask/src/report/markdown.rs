//! The Markdown format, for pull requests: a summary, then what breaks, then the rest, folded.

use crate::diff::model::verdict::Bump;
use crate::report::entries::{self, Entry, Part};
use crate::report::items::{AlikeItems, Items, about_witnesses};
use crate::report::judgement::{LedgerChanges, Report, bump_name};
use crate::report::section::{Section, sections};
use crate::report::summary::{counts, touched};

pub fn render(report: &Report<'_>, breaking_only: bool) -> String {
    let mut text = format!(
        "## API document: {} → {}\n\n\
         | wire | Rust API | operations | changes |\n|---|---|---|---|\n\
         | **{}** | **{}** | {} | {} |\n",
        code(&report.base),
        code(&report.revision),
        report.wire,
        bump_name(report.rust),
        touched(report),
        counts(report)
    );
    if let Some(reason) = &report.rust_unknown {
        text += &format!("\nThe Rust APIs were not compared: {}.\n", escape(reason));
    }
    if let Some(version) = &report.version {
        text += &format!("\n**Version:** {}.\n", escape(&version.sentence()));
    }
    if let Some(sentence) = about_witnesses(report) {
        text += &format!("\n{sentence}\n");
    }
    let sections = sections(report, breaking_only);
    if !sections.is_empty() {
        text += "\n| effect | changes | kinds |\n|---|--:|---|\n";
        for section in &sections {
            let kinds = escape(&section.kinds());
            text += &format!("| {} | {} | {kinds} |\n", section.title, section.count());
        }
    }
    let mut items = Items::default();
    let (full, short): (Vec<_>, Vec<_>) = sections.iter().partition(|section| section.is_full);
    for section in full {
        let lines = render_section(report, section, &mut items);
        text += &format!("\n### {} ({})\n{lines}", section.title, section.count());
    }
    let left = items.left(report, |item| item.bump == Bump::Major);
    if !left.is_empty() {
        let lines = render_entries(&entries::of_items(report, &left));
        text += &format!(
            "\n### Breaking in Rust, beside these changes ({})\n\n{lines}",
            count(&left)
        );
    }
    for section in short {
        let lines = render_section(report, section, &mut items);
        text += &folded(section.title, section.count(), &lines);
    }
    let left = items.left(report, |item| item.bump != Bump::Major);
    if !left.is_empty() && !breaking_only {
        let lines = render_entries(&entries::of_items(report, &left));
        text += &folded(
            "Rust API, beside these changes",
            count(&left),
            &format!("\n{lines}"),
        );
    }
    if !report.findings.is_empty() {
        text += "\n### Findings\n\n";
        text.extend(
            report
                .findings
                .iter()
                .map(|line| format!("- {}\n", escape(line))),
        );
    }
    if let Some(LedgerChanges { gained, lost }) = &report.ledger
        && !(gained.is_empty() && lost.is_empty())
    {
        text += "\n### Ledger\n\n```diff\n";
        text.extend(lost.iter().map(|line| format!("-{line}\n")));
        text.extend(gained.iter().map(|line| format!("+{line}\n")));
        text += "```\n";
    }
    for entry in &report.stale {
        text += &format!(
            "\nStale: `{}` matches no change ({}, {}).\n",
            entry.fingerprint,
            escape(&entry.reason),
            escape(&entry.date)
        );
    }
    for (judged, entry) in report
        .changes
        .iter()
        .filter_map(|it| Some((it, it.accepted.as_ref()?)))
    {
        text += &format!(
            "\nAccepted on {}: {} ({}).\n",
            escape(&entry.date),
            with_names(&judged.sentence()),
            escape(&entry.reason)
        );
    }
    text
}

fn count(items: &[AlikeItems<'_>]) -> usize {
    items.iter().map(AlikeItems::len).sum()
}

fn render_section(report: &Report<'_>, section: &Section<'_>, items: &mut Items) -> String {
    let mut lines = String::new();
    for group in &section.groups {
        lines += &format!("\n#### {} ({})\n\n", escape(group.id), group.count());
        let hurt = group.hurt.iter().map(|hurt| format!("Hurts {hurt}."));
        let advice = group
            .advice
            .iter()
            .map(|advice| format!("To do: {advice}."));
        let sentences: Vec<String> = hurt.chain(advice).collect();
        if !sentences.is_empty() {
            lines += &format!("{}\n\n", escape(&sentences.join(" ")));
        }
        let entries = entries::of_group(report, group, section.is_full, items);
        lines += &render_entries(&entries);
    }
    lines
}

/// Returns lines that a reader unfolds.
fn folded(title: &str, count: usize, lines: &str) -> String {
    format!("\n<details>\n<summary>{title} ({count})</summary>\n{lines}\n</details>\n")
}

fn render_entries(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        text += &format!("{}- ", "  ".repeat(entry.depth));
        for part in &entry.parts {
            text += &match part {
                Part::Words(words) => with_names(words),
                Part::Strong(words) => format!("**{}**", with_names(words)),
                Part::Code(of) => code(of),
                Part::Place(place) => {
                    let document = if place.is_old { "old line" } else { "line" };
                    format!("{document} {}", place.position.line)
                }
            };
        }
        text += "\n";
    }
    text
}

/// Escapes words, and keeps the names between backticks as code.
fn with_names(words: &str) -> String {
    let mut parts: Vec<&str> = words.split('`').collect();
    // A backtick without a partner ends nothing.
    let last = parts.len().is_multiple_of(2).then(|| parts.pop()).flatten();
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        text += &match (index % 2, part.is_empty()) {
            (_, true) => String::new(),
            (0, false) => escape(part),
            (_, false) => code(part),
        };
    }
    text + &last.map(escape).unwrap_or_default()
}

/// Returns text of the document as code.
pub fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if text.is_empty() {
        return "the root".to_owned();
    }
    // The fence has one backtick more than the longest run in the text.
    let runs = text.split(|character| character != '`').map(str::len);
    match runs.max().unwrap_or_default() {
        0 => format!("`{text}`"),
        longest => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// Escapes text of the document, so that it is not read as Markdown.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            '|' | '*' | '[' | ']' | '_' | '~' | '`' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
