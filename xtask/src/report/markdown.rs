//! The Markdown format, for pull requests.

use crate::diff::model::verdict::Wire;
use crate::report::judgement::{JudgedChange, LedgerChanges, Report, bump_name};
use crate::report::summary::{counts, grouped, items};

pub fn render(report: &Report<'_>) -> String {
    let mut text = format!(
        "## API document: `{}` → `{}`\n\n\
         | wire | Rust API | changes |\n|---|---|---|\n| **{}** | **{}** | {} |\n",
        report.base,
        report.revision,
        report.wire,
        bump_name(report.rust),
        counts(report)
    );
    if let Some(reason) = &report.rust_unknown {
        text += &format!("\nThe Rust APIs were not compared: {}.\n", escape(reason));
    }
    if let Some(version) = &report.version {
        text += &format!("\n**Version:** {}.\n", escape(&version.sentence()));
    }
    let groups = grouped(report);
    for (title, wanted) in [
        ("Breaking", Wire::Breaking),
        ("Compatible", Wire::Compatible),
        ("Without effect on the wire", Wire::None),
    ] {
        let lines: Vec<(&str, &JudgedChange<'_>)> = groups
            .iter()
            .flat_map(|(group, changes)| changes.iter().map(move |it| (group.as_str(), *it)))
            .filter(|(_, judged)| judged.wire == wanted)
            .collect();
        if lines.is_empty() {
            continue;
        }
        text += &format!("\n### {title}\n\n");
        let mut last = "";
        for (group, judged) in lines {
            if group != last {
                text += &format!("**{}**\n\n", escape(group));
                last = group;
            }
            text += &line(report, judged);
        }
    }
    let words = groups.iter().flat_map(|(_, changes)| changes);
    let words: Vec<&&JudgedChange<'_>> = words.filter(|it| it.wire == Wire::DocsOnly).collect();
    if !words.is_empty() {
        text += &format!(
            "\n<details><summary>{} in the documentation only</summary>\n\n",
            words.len()
        );
        for judged in words {
            text += &line(report, judged);
        }
        text += "\n</details>\n";
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

fn line(report: &Report<'_>, judged: &JudgedChange<'_>) -> String {
    let location = judged
        .change
        .revision
        .as_ref()
        .or(judged.change.base.as_ref());
    let pointer = location.map_or("", |location| &*location.pointer);
    let mut text = format!(
        "- {} (`{}`, Rust: {})\n  `{pointer}`\n",
        escape(&judged.sentence()),
        judged.change.check.id,
        bump_name(judged.rust),
    );
    for item in items(report, judged) {
        text += &format!("  - `{}`\n", item.replace('`', "'"));
    }
    text
}

/// Escapes text of the document, so that it is not read as Markdown.
fn escape(text: &str) -> String {
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
