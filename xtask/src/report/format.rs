//! The output formats of reports.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Markdown,
    /// The JSON that xtask/diff.schema.json describes.
    Json,
    /// Workflow commands that GitHub shows as annotations.
    Github,
    /// A test case for each change, which fails where clients break.
    Junit,
}

/// Accepts the formats of commands that print for people and for programs only.
pub fn text_or_json() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["text", "json"]).try_map(|name| Format::from_str(&name, true))
}
