//! Release notes: one short section for each kind of news, for users of the crate.

use std::collections::BTreeSet;

use crate::diff::model::verdict::{Bump, Wire};
use crate::report::items::line;
use crate::report::judgement::{Report, bump_name};
use crate::report::markdown::{code, escape};
use crate::report::summary::{counts, operations};

/// Returns the notes of the release that the revision of a report is.
pub fn render(report: &Report<'_>) -> String {
    let mut text = format!(
        "## {}\n\nSince {}: {}. Wire: **{}**, Rust API: **{}**.\n",
        report.revision,
        report.base,
        counts(report),
        report.wire,
        bump_name(report.rust)
    );
    for (title, wire) in [("Breaking", Wire::Breaking), ("Changed", Wire::Compatible)] {
        let changes = report.changes.iter().filter(|it| it.wire == wire);
        let lines: Vec<String> = changes
            .map(|it| {
                format!(
                    "- {} (in {})\n",
                    escape(&it.headline()),
                    escape(&operations(it))
                )
            })
            .collect();
        add(&mut text, title, &lines);
    }
    let rust = |bump: Bump| -> Vec<String> {
        let items = report.items.iter();
        let lines: BTreeSet<String> = items
            .filter(|item| item.bump == bump && !item.is_echo)
            .map(line)
            .collect();
        lines
            .iter()
            .map(|line| format!("- {}\n", code(line)))
            .collect()
    };
    add(
        &mut text,
        "Rust API: removed or changed",
        &rust(Bump::Major),
    );
    add(&mut text, "Rust API: added", &rust(Bump::Minor));
    let words = report.count(Wire::DocsOnly);
    if words > 0 {
        text += &format!("\nThe documentation of {words} places changed.\n");
    }
    text
}

fn add(text: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        *text += &format!("\n### {title}\n\n{}", lines.concat());
    }
}
