//! The characters that a secret may hold.

/// The characters of a kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Characters {
    /// Visible ASCII characters.
    Visible,
    /// Visible ASCII characters, and spaces except at the beginning and at the end.
    VisibleWithInnerSpaces,
    /// Letters, digits and `-._~+/=`, in any order.
    Token68,
    /// The same, with `=` only at the end: a `b64token` (RFC 6750 section 2.1).
    B64Token,
}

impl Characters {
    /// Returns whether a secret may hold a character. `is_inner`: characters precede and follow it.
    /// `is_end`: only `=` follow it.
    fn allow(self, character: char, is_inner: bool, is_end: bool) -> bool {
        let is_token = character.is_ascii_alphanumeric() || "-._~+/".contains(character);
        match self {
            Self::Visible => character.is_ascii_graphic(),
            Self::VisibleWithInnerSpaces => {
                character.is_ascii_graphic() || (character == ' ' && is_inner)
            }
            Self::Token68 => is_token || character == '=',
            Self::B64Token => is_token || (character == '=' && is_end),
        }
    }
}

/// Returns why a secret cannot be sent, without showing the secret; `None` if it can.
///
/// ```
/// use neo_client_runtime::codegen::{Characters, flaw};
///
/// assert_eq!(flaw("a1=", Characters::B64Token), None);
/// let why = "is not valid: it holds white space (byte 2 of 3)";
/// assert_eq!(flaw("a b", Characters::Visible).as_deref(), Some(why));
/// ```
pub fn flaw(secret: &str, characters: Characters) -> Option<String> {
    if secret.is_empty() {
        return Some("is empty: leave the setting out, or give it a value".to_owned());
    }
    let last = secret.len() - 1;
    let end = match secret.trim_end_matches('=').len() {
        0 => secret.len(),
        end => end,
    };
    let is_legal = |index: usize, character| {
        characters.allow(character, index != 0 && index != last, index >= end)
    };
    let (index, character) = secret
        .char_indices()
        .find(|(index, character)| !is_legal(*index, *character))?;
    let what = match character {
        '\n' | '\r' => "a line break",
        ' ' | '\t' => "white space",
        '"' | '\'' => "a quotation mark",
        '=' => "a `=` that is not at its end",
        _ if character.is_control() => "a control character",
        _ if !character.is_ascii() => "a character that is not ASCII",
        _ => "a character other than letters, digits and `-._~+/=`",
    };
    let (place, length) = (index + 1, secret.len());
    Some(format!(
        "is not valid: it holds {what} (byte {place} of {length})"
    ))
}
