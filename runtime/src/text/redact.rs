//! Replaces echoes of a secret in text from outside, in any spelling. A server that quotes a
//! request may escape the text for JSON, HTML or a URL, or wrap it.

/// The replacement for a secret.
const REDACTED: &str = "[redacted]";

/// The minimum length of a secret, in bytes, that is searched for.
///
/// Real credentials are far longer. A shorter text (`x`, `code`, a placeholder in a test) occurs by
/// chance: removing it would damage error messages and reveal the secret by its gaps.
pub(crate) const SHORTEST_SECRET: usize = 8;

/// Returns the first `keep` bytes of `text`, with each echo of one of `secrets` replaced by
/// `[redacted]`.
///
/// An echo that begins before the cut is replaced completely, and an echo that `text` cuts off is
/// replaced as far as it goes, so that no part of a secret is left at the end.
pub(crate) fn redact(text: &[u8], secrets: &[&str], keep: usize) -> Vec<u8> {
    let mut safe = Vec::with_capacity(text.len().min(keep));
    let mut rest = text;
    while text.len() - rest.len() < keep {
        let mut echo = None;
        for secret in secrets {
            if secret.len() >= SHORTEST_SECRET {
                echo = echo.max(length(rest, secret.as_bytes()));
            }
        }
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

/// Applies [`redact`] to a complete text.
pub(crate) fn redact_text(text: &str, secrets: &[&str]) -> String {
    let safe = redact(text.as_bytes(), secrets, text.len());
    // A secret is UTF-8, so what is left is UTF-8 as before.
    String::from_utf8_lossy(&safe).into_owned()
}

/// The minimum length of a secret, in bytes, that [`redact_words`] searches for.
const SHORTEST_WORD: usize = 3;

/// Replaces echoes of short secrets, which [`redact`] ignores, where they are words of their own.
pub(crate) fn redact_words(text: &str, secrets: &[&str]) -> String {
    let is_short = |secret: &&&str| (SHORTEST_WORD..SHORTEST_SECRET).contains(&secret.len());
    let mut safe = text.to_owned();
    for secret in secrets.iter().filter(is_short) {
        let mut rest = std::mem::take(&mut safe);
        while let Some((before, after)) = rest.split_once(*secret) {
            let is_word = !before.ends_with(char::is_alphanumeric)
                && !after.starts_with(char::is_alphanumeric);
            safe.push_str(before);
            safe.push_str(if is_word { REDACTED } else { secret });
            rest = after.to_owned();
        }
        safe.push_str(&rest);
    }
    safe
}

/// The minimum number of characters that count as an echo if the text ends before the secret does.
const SHORTEST_PART: usize = 8;

/// Returns how many bytes at the beginning of `text` are `secret`, or the part of `secret` that
/// arrived before the text was cut off.
fn length(text: &[u8], secret: &[u8]) -> Option<usize> {
    // A secret may hold what looks like an escape.
    if text.starts_with(secret) {
        return Some(secret.len());
    }
    let mut rest = text;
    for (matched, wanted) in secret.iter().enumerate() {
        if matched > 0 {
            rest = without_gap(rest);
        }
        match character(rest) {
            Some((found, tail)) if found == *wanted => rest = tail,
            // The secret itself holds what looks like an escape.
            _ if rest.first() == Some(wanted) => rest = rest.get(1..).unwrap_or_default(),
            _ if matched >= SHORTEST_PART && is_cut_off(rest) => return Some(text.len()),
            _ => return None,
        }
    }
    Some(text.len() - rest.len())
}

/// Returns `text` without leading white space and control characters, such as line breaks and the
/// zeros of UTF-16.
fn without_gap(text: &[u8]) -> &[u8] {
    let is_gap = |byte: &u8| *byte <= b' ' || *byte == 0x7f;
    let gap = text.iter().take_while(|byte| is_gap(byte)).count();
    text.get(gap..).unwrap_or_default()
}

/// Returns the ASCII character with which `text` begins, plain or escaped, and the rest of the
/// text.
///
fn character(text: &[u8]) -> Option<(u8, &[u8])> {
    let (first, tail) = text.split_first()?;
    let escaped = match (first, tail) {
        (b'\\', [escaped @ (b'/' | b'"' | b'\\'), tail @ ..]) => Some((*escaped, tail)),
        (b'\\', [b'u', tail @ ..]) => number(tail, 4, 16),
        (b'%', tail) => number(tail, 2, 16),
        (b'&', [b'#', b'x' | b'X', tail @ ..]) => entity(tail, 16),
        (b'&', [b'#', tail @ ..]) => entity(tail, 10),
        _ => None,
    };
    Some(escaped.unwrap_or((*first, tail)))
}

/// Returns the character whose number is the first `digits` of `text`.
fn number(text: &[u8], digits: usize, radix: u32) -> Option<(u8, &[u8])> {
    let (number, tail) = text.split_at_checked(digits)?;
    let character = u8::from_str_radix(std::str::from_utf8(number).ok()?, radix).ok()?;
    Some((character, tail))
}

/// Returns the character of a numeric HTML reference, which ends with `;`.
fn entity(text: &[u8], radix: u32) -> Option<(u8, &[u8])> {
    let digits = text.iter().take(8).position(|byte| *byte == b';')?;
    let (character, tail) = number(text, digits, radix)?;
    Some((character, tail.get(1..)?))
}

/// Returns whether nothing is left, except perhaps the beginning of an escape.
fn is_cut_off(rest: &[u8]) -> bool {
    match rest.first() {
        None => true,
        Some(b'%') => rest.len() < 3,
        Some(b'\\') => rest.len() < 6,
        Some(b'&') => rest.len() < 8 && !rest.contains(&b';'),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_found_in_any_spelling() {
        for echo in [
            "s3cret/s+",
            r"s3cret\/s+",
            r"\u0073\u0033\u0063\u0072\u0065\u0074\u002F\u0073\u002b",
            "s3cret%2Fs%2b",
            "s3cret&#x2F;s&#43;",
            "s\x003\0c\0r\0e\0t\0/\0s\0+",
            "s3cr\r\n et/s+",
        ] {
            let text = format!("{echo} and more");
            assert_eq!(
                length(text.as_bytes(), b"s3cret/s+"),
                Some(echo.len()),
                "{echo}"
            );
        }
    }

    #[test]
    fn secret_prefix_at_the_end_is_found() {
        for end in ["s3cret/s", r"s3cret/s\u00", "s3cret%2Fs%", "s3cret/s&#4"] {
            assert_eq!(
                length(end.as_bytes(), b"s3cret/s+"),
                Some(end.len()),
                "{end}"
            );
        }
        for other in [
            "",
            "s3cret/",
            "s3cret/s-",
            "S3cret/s+",
            " s3cret/s+",
            "s3cret/s%2x",
            "%+3cret/s+",
        ] {
            assert_eq!(length(other.as_bytes(), b"s3cret/s+"), None, "{other}");
        }
    }

    #[test]
    fn every_occurrence_is_redacted() {
        let secrets = &["s3cret-s"];
        assert_eq!(
            redact(b"a s3cret-s, s3cret-ss3cret-s!", secrets, 100),
            b"a [redacted], [redacted][redacted]!"
        );
        assert_eq!(redact(b"abc", &[], 2), b"ab");
        assert_eq!(redact(b"", secrets, 100), b"");
        assert_eq!(redact_text("x s3cret-s", secrets), "x [redacted]");
    }

    #[test]
    fn secrets_of_several_credentials_all_go() {
        let secrets = &["first-key", "first-key-and-more", "a%41b&c\"d\\e"];
        assert_eq!(
            redact_text("first-key first-key-and-more", secrets),
            "[redacted] [redacted]"
        );
        assert_eq!(
            redact_text(r#"a%41b&c"d\e {"x": "a%41b&c\"d\\e"}"#, secrets),
            r#"[redacted] {"x": "[redacted]"}"#
        );
    }

    #[test]
    fn short_secret_is_not_redacted() {
        for secret in ["", "x", "exists", "1234567"] {
            assert_eq!(
                redact_text("x exists 1234567", &[secret]),
                "x exists 1234567"
            );
            assert_eq!(redact(b"x exists 1234567", &[secret], 8), b"x exists");
        }
    }

    #[test]
    fn short_secret_is_redacted_as_a_word() {
        let text = "`abc`: abcd, xabc abc/1234567? 12 ab";
        assert_eq!(
            redact_words(text, &["abc", "1234567", "ab", "12345678"]),
            "`[redacted]`: abcd, xabc [redacted]/[redacted]? 12 ab"
        );
    }

    #[test]
    fn secret_across_the_cut_is_redacted() {
        for keep in 0..20 {
            let safe = redact(b"0123456789s3cret-s", &["s3cret-s"], keep);
            assert!(!String::from_utf8_lossy(&safe).contains("s3"), "{keep}");
        }
    }
}
