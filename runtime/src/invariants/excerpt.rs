//! Invariants of text from outside, as errors show it.

use super::secret::{SECRET, assert_line, assert_not_shown, with_echoes};
use crate::text::one_line::{EXCERPT_CHARS, one_line, showable};
use crate::text::redact::{redact, redact_text};

/// The minimum number of characters of the credential that reveal something. The first ones are the
/// same for every API key.
const TELLING: usize = 12;

/// Nothing of a credential is shown, not even a part where the text was cut. All other text is
/// kept.
pub fn excerpt(text: &[u8], keep: usize) {
    let keep = keep % 1000;
    let echoing = with_echoes(text);
    let safe = redact(&echoing, &[SECRET], keep);
    assert_not_shown(&String::from_utf8_lossy(&safe));
    if !has_part(text) {
        assert!(
            !has_part(&safe),
            "{:?} of {text:?}",
            String::from_utf8_lossy(&safe)
        );
        if text.iter().all(|byte| *byte < 0xF8) && !text.contains(&b'n') {
            assert_eq!(safe, text[..keep.min(text.len())]);
        }
    }

    let text = String::from_utf8_lossy(&echoing);
    assert_not_shown(&redact_text(&text, &[SECRET]));
    let shown = showable(&text, &[SECRET]);
    assert_line(&shown);
    assert_eq!(one_line(&shown), shown);
    assert!(shown.chars().count() <= EXCERPT_CHARS + 1);
    assert_eq!(redact_text(&text, &[]), text);
}

/// Returns whether `text` contains a part of the credential.
fn has_part(text: &[u8]) -> bool {
    let parts = || SECRET.as_bytes().windows(TELLING);
    text.windows(TELLING)
        .any(|window| parts().any(|part| part == window))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::excerpt;
    use crate::invariants::strategies::{bytes, config};

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_text_has_a_bounded_excerpt(text in bytes(), keep in 0..200usize) {
            excerpt(&text, keep);
        }
    }

    #[test]
    fn excerpt_regressions_hold() {
        for text in [
            &b"\xF8"[..],
            b"<a href=\"/\xFB\">",
            b"a\xFA",
            b"\xFC\xFD",
            b"\xFE",
            b"\xF9\xF8",
        ] {
            for keep in 0..100 {
                excerpt(text, keep);
            }
        }
    }
}
