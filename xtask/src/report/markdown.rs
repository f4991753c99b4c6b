//! The Markdown format, for pull requests: a summary, then what breaks, then the rest, folded.

use crate::report::judgement::{JudgedChange, LedgerChanges, Report, bump_name};
use crate::report::summary::{
    Items, Section, about_witnesses, counts, line as item_line, operations, remark, sections,
    touched,
};
use crate::rust_api::surface::ApiItem;

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
    for section in &sections {
        text += &render_section(report, section, &mut items);
    }
    let left = items.left(report, breaking_only);
    if !left.is_empty() {
        let lines: String = left.iter().map(|(_, item)| item_lines(item, "")).collect();
        text += &folded("Rust API, beside these changes", left.len(), &lines);
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
            escape(&judged.sentence()),
            escape(&entry.reason)
        );
    }
    text
}

fn render_section(report: &Report<'_>, section: &Section<'_>, items: &mut Items) -> String {
    let mut lines = String::new();
    for group in &section.groups {
        lines += &format!("\n#### {} ({})\n\n", escape(group.id), group.changes.len());
        if let Some(hurt) = &group.hurt {
            lines += &format!("Hurt: {}.\n\n", escape(hurt));
        }
        if let Some(advice) = group.advice {
            lines += &format!("Do: {}.\n\n", escape(advice));
        }
        for judged in &group.changes {
            lines += &match section.is_full {
                true => full(report, judged, items),
                false => short(report, judged, items),
            };
        }
    }
    match section.is_full {
        true => format!("\n### {} ({})\n{lines}", section.title, section.count()),
        false => folded(section.title, section.count(), &lines),
    }
}

/// Returns lines that a reader unfolds.
fn folded(title: &str, count: usize, lines: &str) -> String {
    format!("\n<details>\n<summary>{title} ({count})</summary>\n\n{lines}\n</details>\n")
}

fn full(report: &Report<'_>, judged: &JudgedChange<'_>, items: &mut Items) -> String {
    let mut text = format!(
        "- **{}**\n  - In {}, at {}.\n  - Rust: {}. Fingerprint: `{}`.\n",
        escape(&judged.headline()),
        escape(&operations(judged)),
        code(pointer(judged)),
        bump_name(judged.rust),
        judged.fingerprint
    );
    for item in items.of_change(report, judged) {
        text += &item_lines(item, "  ");
    }
    text
}

fn short(report: &Report<'_>, judged: &JudgedChange<'_>, items: &mut Items) -> String {
    let mut text = format!(
        "- {} in {} (`{}`)\n",
        escape(&judged.headline()),
        escape(&operations(judged)),
        judged.fingerprint
    );
    for item in items.of_change(report, judged) {
        text += &item_lines(item, "  ");
    }
    text
}

/// Returns an item as an entry of a list, with what is known of it below.
fn item_lines(item: &ApiItem, indent: &str) -> String {
    let mut text = format!("{indent}- {}\n", code(&item_line(item)));
    if let Some(remark) = remark(item) {
        text += &format!("{indent}  - {remark}\n");
    }
    if let Some(witness) = &item.witness {
        let (words, shown) = witness.words();
        text += &format!("{indent}  - {words}: {}\n", code(shown));
    }
    text
}

fn pointer<'r>(judged: &'r JudgedChange<'_>) -> &'r str {
    let change = &judged.change;
    let location = change.revision.as_ref().or(change.base.as_ref());
    location.map_or("", |location| &*location.pointer)
}

/// Returns text of the document as code.
pub fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if text.contains('`') {
        format!("`` {text} ``")
    } else if text.is_empty() {
        "the root".to_owned()
    } else {
        format!("`{text}`")
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
            '|' | '*' | '[' | ']' | '_' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
