//! The draft of an entry in CHANGELOG.md: what a new document changes for users.

use std::collections::BTreeSet;

use neo_client_codegen::Output;

use crate::diff::model::verdict::Bump;
use crate::report::judgement::{Report, bump_name};

/// The heading of the entries, which stand below the heading of the next release.
const HEADING: &str = "### API document";
const UNRELEASED: &str = "## [Unreleased]\n";

/// The most names that an entry lists.
const SHOWN: usize = 20;

/// Returns the text with one more entry, or `None` if nothing changed for users.
pub fn edited(
    text: &str,
    output: &Output,
    old: Option<&Output>,
    report: &Report<'_>,
) -> Option<String> {
    let entry = entry(output, old?, report)?;
    let (before, after) = text.split_once(UNRELEASED)?;
    let section = format!("\n{HEADING}\n\n");
    // Only a section of the next release gets the entry.
    let next = after.split("\n## ").next().unwrap_or_default();
    let after = match next.contains(&section) {
        true => after.replacen(&section, &format!("{section}{entry}"), 1),
        false => format!("{section}{entry}{after}"),
    };
    Some(format!("{before}{UNRELEASED}{after}"))
}

fn entry(output: &Output, old: &Output, report: &Report<'_>) -> Option<String> {
    let (was, is) = (methods(old), methods(output));
    let added: Vec<String> = is.difference(&was).cloned().collect();
    let removed: Vec<String> = was.difference(&is).cloned().collect();
    let broken: Vec<String> = report
        .items
        .iter()
        .filter(|item| item.bump == Bump::Major && !item.is_echo)
        .map(|item| item.name.clone())
        .collect();
    let mut parts = Vec::new();
    for (word, names) in [("Adds", added), ("Removes", removed), ("Breaks", broken)] {
        if !names.is_empty() {
            parts.push(format!("{word} {}.", list(&names)));
        }
    }
    if parts.is_empty() && matches!(report.rust, None | Some(Bump::None)) {
        return None;
    }
    if parts.is_empty() {
        parts.push("Takes over a new document.".to_owned());
    }
    let verdict = format!(
        "Wire: {}; Rust API: {}.",
        report.wire,
        bump_name(report.rust)
    );
    let text = format!("{} {verdict}", parts.join(" "));
    Some(wrapped(&text))
}

/// Returns the calls, such as `billing.get_credit_balance`.
fn methods(output: &Output) -> BTreeSet<String> {
    let names = output.requests.keys().filter_map(|name| {
        let (accessor, method) = name.strip_prefix("api::")?.split_once("::")?;
        let is_method = !method.starts_with(char::is_uppercase);
        is_method.then(|| format!("{accessor}.{method}"))
    });
    names.collect()
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Wraps a list item at 100 columns, never inside of inline code.
fn wrapped(text: &str) -> String {
    let mut lines = vec!["-".to_owned()];
    for word in words(text) {
        let length = lines.last().map_or(0, |line| line.chars().count());
        if length > 2 && length + 1 + word.chars().count() > 100 {
            lines.push(" ".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            *line += " ";
            *line += word;
        }
    }
    lines.join("\n") + "\n"
}

/// Splits at spaces outside of backticks.
fn words(text: &str) -> Vec<&str> {
    let mut is_code = false;
    text.split(move |character| {
        is_code ^= character == '`';
        character == ' ' && !is_code
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_is_wrapped_outside_of_code() {
        let code = format!("`{}`", "a b ".repeat(20));
        let text = wrapped(&format!("Adds {code} and more words."));
        assert!(text.starts_with("- Adds `a b"), "{text}");
        assert!(text.contains(&code), "{text}");
        assert!(
            text.lines().skip(1).all(|line| line.starts_with("  ")),
            "{text}"
        );
    }
}
