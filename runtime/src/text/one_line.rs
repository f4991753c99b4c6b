//! Makes text from outside safe to show: one line, limited length, without the credential.

use crate::text::redact::redact_text;

/// The maximum number of characters of a response that an error shows.
pub(crate) const EXCERPT_CHARS: usize = 512;

/// Returns `text` on one line with at most [`EXCERPT_CHARS`] characters. A cut text ends with `…`.
///
/// Runs of white space, control characters and invisible characters become one space each, so that
/// a server cannot forge a second log line, control a terminal or change the writing direction
/// through an error message. The characters are not dropped, because dropping them could assemble a
/// secret that contained one of them and was therefore not redacted.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c));
    for word in words.filter(|word| !word.is_empty()) {
        if length >= EXCERPT_CHARS {
            line.push('…');
            return line;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        for character in word.chars() {
            if length >= EXCERPT_CHARS {
                line.push('…');
                return line;
            }
            line.push(character);
            length += 1;
        }
    }
    line
}

/// Characters without width, and characters that change the writing direction.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Returns `text` as an error may show it: one line of limited length, without the credential.
pub(crate) fn showable(text: &str, secrets: &[&str]) -> String {
    one_line(&redact_text(text, secrets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_bounded_without_control_characters() {
        assert_eq!(
            one_line("  a\r\n\tb\u{1b}[31m \u{2028}c\u{7f}\0d "),
            "a b [31m c d"
        );
        assert_eq!(one_line(" \n"), "");
        assert_eq!(one_line("\u{feff}a\u{202e}b\u{2066}c\u{200b}"), "a b c");
        assert_eq!(one_line("a\u{61c}b\u{2060}\u{ad}c\u{e0041}"), "a b c");
        let long = one_line(&"ä ".repeat(2000));
        assert_eq!(long.chars().count(), EXCERPT_CHARS + 1);
        assert!(long.ends_with('…'));
        let at_the_end_of_a_word = format!("{} b", "a".repeat(EXCERPT_CHARS));
        let cut = one_line(&at_the_end_of_a_word);
        assert_eq!(cut.chars().count(), EXCERPT_CHARS + 1);
    }
}
