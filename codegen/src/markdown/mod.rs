//! Makes the vendor's Markdown (summaries, descriptions) safe for rustdoc, for builds that deny
//! warnings.
//!
//! rustdoc would treat a fenced or indented block as a Rust test, `[text]` as a link to an item,
//! and `Vec<T>` as an HTML tag. These are made harmless. Everything else (emphasis, lists, tables,
//! inline code, links to the web) stays as written.
//!
//! pulldown-cmark decides what is a code block, a link or HTML, with the options of rustdoc,
//! because it is the parser of rustdoc. Another parser would have to agree with it on nested lists,
//! quotes and tables, and each disagreement would break a build. This costs a build about two
//! seconds of one core, beside the longer compilation of typify. The text is edited at the ranges
//! that the parser reports and parsed again, until nothing is left to edit. If that does not
//! terminate, all markup is escaped.

mod edits;
mod parser;

use std::iter;

use edits::{Edit, Edits};

#[cfg(test)]
mod tests;

/// Texts need two or three rounds: one, one more for what an HTML block has hidden from the parser,
/// one that finds nothing.
const MAX_ROUNDS: usize = 8;

/// Turns Markdown into Markdown that rustdoc takes without a warning, a test or a link to an item.
///
/// - Code blocks get the info string `text` and a closing fence; indented ones become fenced ones.
/// - Brackets that are no link, links and images to anything but `http(s)://`, and footnotes become
///   plain text.
/// - HTML and comments become plain text, `<br>` a space.
/// - A bare `http(s)://` URL becomes an autolink.
/// - A backtick that opens no inline code becomes plain text.
/// - Line ends are `\n`, tabs are spaces, control and invisible characters are removed, common
///   indentation is removed.
///
/// The result stands for itself: another paragraph may follow after an empty line. Applying it
/// twice changes nothing.
///
/// ```
/// use neo_client_codegen::markdown::safe;
///
/// assert_eq!(
///     safe("A `Vec<u8>` or Vec<u8>, see [limits] and [site](https://example.com)."),
///     r"A `Vec<u8>` or Vec\<u8>, see \[limits\] and [site](https://example.com).",
/// );
/// ```
pub fn safe(text: &str) -> String {
    let mut text = clean(text);
    for _ in 0..MAX_ROUNDS {
        let edits = Edits::find(&text);
        if edits.is_empty() {
            return text;
        }
        text = clean(&apply(&text, edits));
    }
    plain(&text)
}

/// Line ends, tabs, invisible characters and indentation.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = text.split('\n').map(clean_line).collect();
    let indentation = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.get(indentation..).unwrap_or_default())
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn clean_line(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut column = 0;
    for character in line.chars() {
        match character {
            '\t' => {
                let width = 4 - column % 4;
                clean.extend(iter::repeat_n(' ', width));
                column += width;
            }
            // Marks that turn the direction of writing (rustc refuses them), and characters without
            // a width.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' => {}
            _ if character.is_control() => {}
            _ => {
                clean.push(character);
                column += 1;
            }
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// Escapes all that could be markup.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() * 2);
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            plain.push('\n');
        }
        for character in line.trim().chars() {
            if character.is_ascii_punctuation() {
                plain.push('\\');
            }
            plain.push(character);
        }
    }
    plain
}

/// The text with all edits made that do not overlap an earlier one; those wait for the next round.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut result = String::with_capacity(text.len() + edits.len() * 2);
    let mut done = 0;
    for edit in edits {
        if let Some(kept) = text.get(done..edit.range.start) {
            result.push_str(kept);
            result.push_str(&edit.by);
            done = edit.range.end;
        }
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result.truncate(result.trim_end().len());
    result
}
