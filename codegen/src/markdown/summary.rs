//! The first sentence of a description, for places that have room for one line.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{parser, plain, safe};

/// The first sentence of Markdown, as [`safe`] Markdown in one line; empty if the text has none.
///
/// ```
/// use neo_client_codegen::markdown::summary_line;
///
/// assert_eq!(summary_line("# Balance\n\nMore."), "Balance");
/// assert_eq!(summary_line("Lists *all*\nof them. Then more."), "Lists *all* of them.");
/// ```
pub fn summary_line(text: &str) -> String {
    let text = safe(text);
    let Some(range) = first_sentence(&text) else {
        return String::new();
    };
    let line = text
        .get(range)
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    // Once more: it may begin as a list or a fence does, and the definition of a link may stand
    // elsewhere.
    let line = safe(&escape_marker(&line));
    if line.contains('\n') {
        plain(&line.replace('\n', " "))
    } else {
        line
    }
}

/// Keeps a line from being read as a heading, a list item, a quote or a fence.
fn escape_marker(line: &str) -> String {
    let is_paragraph = matches!(
        parser(line).next(),
        None | Some((Event::Start(Tag::Paragraph), _))
    );
    let digits = line.len()
        - line
            .trim_start_matches(|character: char| character.is_ascii_digit())
            .len();
    match (is_paragraph, line.split_at_checked(digits)) {
        (false, Some((number, rest)))
            if rest.starts_with(|character: char| character.is_ascii_punctuation()) =>
        {
            format!("{number}\\{rest}")
        }
        _ => line.to_owned(),
    }
}

/// The first sentence of the first heading, paragraph, list item or table cell.
fn first_sentence(text: &str) -> Option<Range<usize>> {
    let mut sentence: Option<Range<usize>> = None;
    let mut code_block = false;
    // Links and emphasis that are open: a sentence does not end inside of them.
    let mut open = 0_usize;
    for (event, range) in parser(text) {
        let inline = match &event {
            Event::Start(Tag::CodeBlock(_)) => {
                code_block = true;
                false
            }
            Event::End(TagEnd::CodeBlock) => {
                code_block = false;
                false
            }
            Event::Start(tag) => is_inline(&tag.to_end()),
            Event::End(tag) => is_inline(tag),
            Event::Rule | Event::Html(_) | Event::TaskListMarker(_) => false,
            _ => !code_block,
        };
        if !inline {
            if sentence.is_some() {
                break;
            }
            continue;
        }
        let found = sentence.get_or_insert_with(|| range.clone());
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.saturating_sub(1),
            Event::Text(_) if open == 0 => {
                if let Some(end) = sentence_end(text, &range) {
                    found.end = end;
                    break;
                }
            }
            _ => {}
        }
        found.end = found.end.max(range.end);
    }
    sentence
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

/// Where in this part of the text a sentence ends: after a question or exclamation mark, or a full
/// stop, before whitespace. A full stop before a small letter, after a number that begins the part
/// or in "e.g." ends none.
fn sentence_end(text: &str, part: &Range<usize>) -> Option<usize> {
    let ends = |(index, mark): &(usize, char)| {
        let before = text.get(part.start..part.start + index).unwrap_or_default();
        let after = text
            .get(part.start + index + mark.len_utf8()..)
            .unwrap_or_default();
        if !matches!(mark, '.' | '!' | '?') || !after.starts_with(char::is_whitespace) {
            return false;
        }
        let numbered = !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit());
        let mut backwards = before.chars().rev();
        let abbreviated =
            backwards.next().is_some_and(char::is_alphabetic) && backwards.next() == Some('.');
        let goes_on = after.trim_start().starts_with(char::is_lowercase);
        *mark != '.' || !(numbered || abbreviated || goes_on)
    };
    let mut characters = text.get(part.clone())?.char_indices();
    characters
        .find(ends)
        .map(|(index, _)| part.start + index + 1)
}
