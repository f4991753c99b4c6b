//! Prints comparisons for people, pull requests, programs and CI systems.

pub mod candidate_report;
pub mod changelog;
mod entries;
pub mod format;
mod github;
mod items;
mod json;
pub mod judgement;
mod junit;
mod markdown;
mod place;
mod section;
mod sentence;
mod summary;
mod text;

use std::io::IsTerminal;

use crate::diff::result::policy::Policy;
use crate::report::format::Format;
use crate::report::judgement::Report;
use crate::report::text::TextStyle;
use crate::result::Result;
use crate::workspace;

/// Prints the report to stdout.
pub fn print(
    report: &Report<'_>,
    policy: &Policy,
    format: Format,
    breaking_only: bool,
) -> Result<()> {
    let style = TextStyle {
        is_coloured: is_coloured(),
        breaking_only,
    };
    workspace::print_with(|to| match format {
        Format::Text => to.write_all(text::render(report, style).as_bytes()),
        Format::Markdown => to.write_all(markdown::render(report, breaking_only).as_bytes()),
        Format::Json => json::render(report, policy, to),
        Format::Github => to.write_all(github::render(report).as_bytes()),
        Format::Junit => to.write_all(junit::render(report).as_bytes()),
    })
}

/// Terminals get colours (<https://no-color.org>).
fn is_coloured() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::io::stdout().is_terminal()
}
