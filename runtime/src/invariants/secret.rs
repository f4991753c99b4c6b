//! A credential, the spellings that a server may use for it, and texts that must not show it.

use std::sync::LazyLock;

/// A credential with every kind of character that a credential may contain.
pub(super) const SECRET: &str = "key_sk_canary/0+a=b.c~d-Z";

/// A text other than the credential that must not be shown: a value of a response that may hold
/// secrets.
pub(super) const CANARY: &str = "qvalueq";

/// The spellings that the bytes 0xF8, 0xF9 and so on stand for in [`with_echoes`]. UTF-8 has no
/// such bytes.
static SPELLINGS: LazyLock<[String; 7]> = LazyLock::new(|| {
    let each = |spell: fn(char) -> String| SECRET.chars().map(spell).collect();
    [
        SECRET.to_owned(),
        each(|c| format!("\\u{:04x}", u32::from(c))),
        SECRET.replace('/', "\\/"),
        each(|c| match c {
            _ if c.is_ascii_alphanumeric() => c.to_string(),
            _ => format!("%{:02X}", u32::from(c)),
        }),
        each(|c| match c {
            _ if c.is_ascii_alphanumeric() => c.to_string(),
            _ => format!("&#{};", u32::from(c)),
        }),
        each(|c| format!("&#x{:X};", u32::from(c))),
        // UTF-16.
        each(|c| format!("{c}\0")),
    ]
});

/// Returns `bytes` with the credential in place of each byte from 0xF8 to 0xFE.
pub(super) fn with_echoes(bytes: &[u8]) -> Vec<u8> {
    let mut with = Vec::new();
    for byte in bytes {
        let spelling = byte.checked_sub(0xF8).map(usize::from);
        match spelling.and_then(|it| SPELLINGS.get(it)) {
            Some(spelling) => with.extend_from_slice(spelling.as_bytes()),
            None => with.push(*byte),
        }
    }
    with
}

/// Returns whether `text` shows the credential in any spelling.
pub(super) fn is_shown(text: &str) -> bool {
    // One line has spaces in place of control characters.
    let line = text.replace('\0', " ");
    let spaced = |spelling: &String| line.contains(&spelling.replace('\0', " "));
    SPELLINGS.iter().any(spaced)
}

#[track_caller]
pub(super) fn assert_not_shown(text: &str) {
    assert!(!is_shown(text), "{text:?} shows the credential");
}

/// Asserts that `text` is fit for a log: one line, limited length, without the credential.
#[track_caller]
pub(super) fn assert_line(text: &str) {
    let is_layout = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            )
    };
    assert!(!text.contains(is_layout), "{text:?} is more than text");
    let length = text.chars().count();
    assert!(length < 2000, "{length} characters: {text}");
    assert_not_shown(text);
}
