//! Text that came from outside, made safe to show: one line, bounded, without the credential.

use crate::echo;

/// The most characters of a reply that an error shows.
pub(crate) const EXCERPT_CHARS: usize = 512;

/// What stands where a secret was.
const REDACTED: &str = "[redacted]";

/// The shortest secret, in bytes, that is looked for.
///
/// What the server hands out is far longer. A shorter text (`x`, `code`, a stand-in in a test) occurs by chance: taking it
/// out would destroy what errors say, and show by the gaps what it was.
const SHORTEST_SECRET: usize = 8;

/// `text` on one line and at most [`EXCERPT_CHARS`] characters long, `…` at the end when it was cut.
///
/// Runs of white space, control characters and invisible ones become one space each: a server cannot forge a second log
/// line, drive a terminal or turn the direction of writing through an error message. They are not dropped, as that could
/// put together a secret that was written with one of them inside, and so was not redacted.
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

/// Characters of no width, and those that change the direction of writing.
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

/// `secret` if it is long enough to be looked for.
fn long_enough(secret: Option<&str>) -> Option<&str> {
    secret.filter(|secret| secret.len() >= SHORTEST_SECRET)
}

/// The first `keep` bytes of `text` with each [echo] of `secret` replaced by `[redacted]`.
///
/// An echo that begins before the cut is replaced whole, and one that `text` breaks off in as far as it goes: no half of a
/// secret is left at the end.
pub(crate) fn redact(text: &[u8], secret: Option<&str>, keep: usize) -> Vec<u8> {
    let mut safe = Vec::with_capacity(text.len().min(keep));
    let mut rest = text;
    while text.len() - rest.len() < keep {
        let echo = long_enough(secret).and_then(|it| echo::length(rest, it.as_bytes()));
        let (kept, length) = match echo {
            Some(length) => (REDACTED.as_bytes(), length),
            None => (rest.get(..1).unwrap_or_default(), 1),
        };
        let Some(tail) = rest.get(length..) else {
            break;
        };
        safe.extend_from_slice(kept);
        rest = tail;
    }
    safe
}

/// [`redact`] for text that is kept whole.
pub(crate) fn redact_text(text: &str, secret: Option<&str>) -> String {
    let safe = redact(text.as_bytes(), secret, text.len());
    // An echo is ASCII, so what is left is UTF-8 as before.
    String::from_utf8_lossy(&safe).into_owned()
}

/// `text` as an error may show it: one bounded line without the credential.
pub(crate) fn showable(text: &str, secret: Option<&str>) -> String {
    one_line(&redact_text(text, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_control_characters_and_an_end() {
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

    #[test]
    fn each_occurrence_of_the_secret_goes() {
        let secret = Some("s3cret-s");
        assert_eq!(
            redact(b"a s3cret-s, s3cret-ss3cret-s!", secret, 100),
            b"a [redacted], [redacted][redacted]!"
        );
        assert_eq!(redact(b"abc", None, 2), b"ab");
        assert_eq!(redact(b"", secret, 100), b"");
        assert_eq!(redact_text("x s3cret-s", secret), "x [redacted]");
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_is_left() {
        for secret in ["", "x", "exists", "1234567"] {
            assert_eq!(
                redact_text("x exists 1234567", Some(secret)),
                "x exists 1234567"
            );
            assert_eq!(redact(b"x exists 1234567", Some(secret), 8), b"x exists");
        }
    }

    #[test]
    fn a_secret_across_the_cut_leaves_no_half() {
        for keep in 0..20 {
            let safe = redact(b"0123456789s3cret-s", Some("s3cret-s"), keep);
            assert!(!String::from_utf8_lossy(&safe).contains("s3"), "{keep}");
        }
    }
}
