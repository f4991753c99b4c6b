//! JSON pointers (RFC 6901): their tokens, escaped and not.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Escapes one token as section 3 says.
pub fn escape(token: &str) -> Cow<'_, str> {
    if token.bytes().any(|byte| byte == b'~' || byte == b'/') {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The token that was escaped.
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The order of two pointers by their tokens: what is within a place follows it, before all else.
pub fn order(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // Mostly they have much in common.
    let chunks = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    let passed = 8 * chunks.take_while(|(a, b)| a == b).count();
    rest(a, passed).cmp(rest(b, passed))
}

/// The bytes from a place on, by their rank: what separates tokens is before all that they are made of.
fn rest(pointer: &[u8], from: usize) -> impl Iterator<Item = u16> {
    let rest = pointer.get(from..).unwrap_or_default();
    rest.iter().map(|byte| {
        if *byte == b'/' {
            0
        } else {
            u16::from(*byte) + 1
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_a_place_follows_it() {
        let mut pointers = [
            "/a-b",
            "/a/long-token/b",
            "/a",
            "/b",
            "/a/long-token-2",
            "",
            "/a/long-token",
            "/a.b/c",
        ];
        pointers.sort_by(|a, b| order(a, b));
        let by_tokens: [Vec<&str>; 8] = {
            let mut sorted = pointers.map(|pointer| pointer.split('/').collect());
            sorted.sort();
            sorted
        };
        assert_eq!(
            pointers.map(|pointer| pointer.split('/').collect::<Vec<_>>()),
            by_tokens
        );
    }
}
