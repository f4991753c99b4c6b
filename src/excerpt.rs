//! Text that came from outside, made safe to show: one line, bounded, without the credential.

use serde_json::Value;

/// The most characters of a reply that an error shows.
pub(crate) const EXCERPT_CHARS: usize = 512;

/// What stands where a secret was.
const REDACTED: &[u8] = b"[redacted]";

/// `text` on one line and at most [`EXCERPT_CHARS`] characters long, `…` at the end when it was cut.
///
/// Runs of white space and control characters become one space each: a server cannot forge a second log line or drive a
/// terminal through an error message.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.filter(|word| !word.is_empty()) {
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

/// The first `keep` bytes of `text` with each occurrence of `secret` replaced by `[redacted]`.
///
/// An occurrence that begins before the cut is replaced whole, so that no half of a secret is left at the end.
pub(crate) fn redact(text: &[u8], secret: Option<&str>, keep: usize) -> Vec<u8> {
    let secret = secret.unwrap_or_default().as_bytes();
    let mut rest = text;
    let mut safe = Vec::with_capacity(text.len().min(keep));
    let mut consumed = 0;
    while consumed < keep {
        let Some((first, tail)) = rest.split_first() else {
            break;
        };
        match rest.strip_prefix(secret) {
            Some(tail) if !secret.is_empty() => {
                safe.extend_from_slice(REDACTED);
                consumed += secret.len();
                rest = tail;
            }
            _ => {
                safe.push(*first);
                consumed += 1;
                rest = tail;
            }
        }
    }
    safe
}

/// [`redact`] for text that is kept whole.
fn redact_text(text: &str, secret: Option<&str>) -> String {
    match secret {
        Some(secret) if !secret.is_empty() => text.replace(secret, "[redacted]"),
        _ => text.to_owned(),
    }
}

/// `text` as an error may show it: one bounded line without the credential.
pub(crate) fn showable(text: &str, secret: Option<&str>) -> String {
    one_line(&redact_text(text, secret))
}

/// Redacts every string and key in `json`; says whether there was anything to redact.
pub(crate) fn redact_json(json: &mut Value, secret: &str) -> bool {
    match json {
        Value::String(text) => {
            let found = text.contains(secret);
            if found {
                *text = redact_text(text, Some(secret));
            }
            found
        }
        // Not `any`: it would stop at the first.
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| redact_json(item, secret) | found),
        Value::Object(members) => {
            let mut found = false;
            for (name, mut value) in std::mem::take(members) {
                found |= redact_json(&mut value, secret) | name.contains(secret);
                members.insert(redact_text(&name, Some(secret)), value);
            }
            found
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
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
        let long = one_line(&"ä ".repeat(2000));
        assert_eq!(long.chars().count(), EXCERPT_CHARS + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn each_occurrence_of_the_secret_goes() {
        let secret = Some("s3cret");
        assert_eq!(
            redact(b"a s3cret, s3crets3cret!", secret, 100),
            b"a [redacted], [redacted][redacted]!"
        );
        assert_eq!(redact(b"abc", None, 2), b"ab");
        assert_eq!(redact(b"", secret, 100), b"");
        assert_eq!(redact_text("x s3cret", secret), "x [redacted]");
    }

    #[test]
    fn a_secret_across_the_cut_leaves_no_half() {
        for keep in 0..20 {
            let safe = redact(b"0123456789s3cret", Some("s3cret"), keep);
            assert!(!String::from_utf8_lossy(&safe).contains("s3"), "{keep}");
        }
    }
}
