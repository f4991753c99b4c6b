//! The Markdown parser with the options of rustdoc.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

/// Parses with the options that rustdoc sets, except typographic quotes, which change no structure.
pub(super) fn parser<'t>(text: &'t str) -> impl Iterator<Item = (Event<'t>, Range<usize>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    Parser::new_ext(text, options).into_offset_iter()
}
