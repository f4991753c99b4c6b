//! A report in the forms in which it is read: by people, in a pull request, by programs, by GitHub.

mod github;
mod json;
mod junit;
mod markdown;
mod text;

use std::io::IsTerminal;

use crate::diff::policy::Policy;
use crate::diff::report::Report;
use crate::{Result, project};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Json,
    Github,
    Junit,
}

impl Format {
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "text" => Ok(Self::Text),
            "markdown" => Ok(Self::Markdown),
            "json" => Ok(Self::Json),
            "github" => Ok(Self::Github),
            "junit" => Ok(Self::Junit),
            _ => Err(
                format!("--format {name}: is none of text, markdown, json, github, junit").into(),
            ),
        }
    }
}

/// Prints the report to stdout.
pub fn print(report: &Report<'_>, policy: &Policy, format: Format) -> Result<()> {
    project::print_with(|to| match format {
        Format::Text => to.write_all(text::render(report, is_coloured()).as_bytes()),
        Format::Markdown => to.write_all(markdown::render(report).as_bytes()),
        Format::Json => json::render(report, policy, to),
        Format::Github => to.write_all(github::render(report).as_bytes()),
        Format::Junit => to.write_all(junit::render(report).as_bytes()),
    })
}

/// Colour is for people (<https://no-color.org>).
fn is_coloured() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::io::stdout().is_terminal()
}

/// `3 breaking, 1 compatible`.
fn counts(report: &Report<'_>) -> String {
    use crate::diff::change::Wire;
    let counts: Vec<String> = [Wire::Breaking, Wire::Compatible, Wire::DocsOnly, Wire::None]
        .into_iter()
        .map(|wire| (wire, report.count(wire)))
        .filter(|(_, count)| *count > 0)
        .map(|(wire, count)| match wire {
            Wire::None => format!("{count} without effect"),
            wire => format!("{count} {wire}"),
        })
        .collect();
    if counts.is_empty() {
        "no changes".to_owned()
    } else {
        counts.join(", ")
    }
}

/// The operations of a change, as many as a person reads.
fn operations(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names {
        [] => "document".to_owned(),
        few if few.len() <= SHOWN => few.join(", "),
        many => {
            let shown: Vec<&str> = many.iter().take(SHOWN).copied().collect();
            format!("{} and {} more", shown.join(", "), many.len() - SHOWN)
        }
    }
}
