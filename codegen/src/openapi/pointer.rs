//! JSON pointers (RFC 6901): escaping, joining, splitting and order.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Escapes one reference token (RFC 6901 section 3).
///
/// ```
/// use neo_client_codegen::openapi::pointer::escape;
///
/// assert_eq!(escape("/a~b"), "~1a~0b");
/// ```
pub fn escape(token: &str) -> Cow<'_, str> {
    if token.bytes().any(|byte| byte == b'~' || byte == b'/') {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Returns the text that a reference token stands for. Invalid escapes stay as they are.
///
/// ```
/// use neo_client_codegen::openapi::pointer::unescape;
///
/// assert_eq!(unescape("~1a~0b"), "/a~b");
/// ```
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Appends a reference token to a pointer.
///
/// ```
/// use neo_client_codegen::openapi::pointer::join;
///
/// assert_eq!(join("/paths", "/a~b/{id}"), "/paths/~1a~0b~1{id}");
/// ```
pub fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", escape(token))
}

/// Appends several reference tokens to a pointer.
///
/// ```
/// use neo_client_codegen::openapi::pointer::join_all;
///
/// assert_eq!(join_all("", ["paths", "/a", "get"]), "/paths/~1a/get");
/// ```
pub fn join_all<'t>(pointer: &str, tokens: impl IntoIterator<Item = &'t str>) -> String {
    let tokens = tokens.into_iter();
    tokens.fold(pointer.to_owned(), |pointer, token| join(&pointer, token))
}

/// Splits a pointer into its unescaped reference tokens. Returns `None` if the text is not a JSON
/// pointer.
///
/// ```
/// use neo_client_codegen::openapi::pointer::tokens;
///
/// assert_eq!(tokens("/a~1b/0").unwrap(), ["a/b", "0"]);
/// assert_eq!(tokens("").unwrap(), [""; 0]);
/// assert_eq!(tokens("/a~2b"), None);
/// assert_eq!(tokens("a"), None);
/// ```
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    let strict = |token: &str| {
        let is_escape = |rest: &str| rest.starts_with(['0', '1']);
        let is_valid = token.split('~').skip(1).all(is_escape);
        is_valid.then(|| unescape(token).into_owned())
    };
    match pointer.strip_prefix('/') {
        Some(rest) => rest.split('/').map(strict).collect(),
        None => pointer.is_empty().then(Vec::new),
    }
}

/// Returns the last reference token, unescaped. Of the pointer to a component, that is the
/// component's name.
///
/// ```
/// use neo_client_codegen::openapi::pointer::last_token;
///
/// assert_eq!(last_token("/components/schemas/a~1b"), "a/b");
/// ```
pub fn last_token(pointer: &str) -> Cow<'_, str> {
    unescape(pointer.rsplit('/').next().unwrap_or_default())
}

/// Returns the pointer to the array or object that holds the value, or `None` for the whole
/// document.
///
/// ```
/// use neo_client_codegen::openapi::pointer::parent;
///
/// assert_eq!(parent("/a/b"), Some("/a"));
/// assert_eq!(parent(""), None);
/// ```
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(parent, _)| parent)
}

/// Compares two pointers token by token, so that values inside a value follow it directly.
///
/// ```
/// use neo_client_codegen::openapi::pointer::compare;
///
/// let mut pointers = ["/a-b", "/a/b", "/a"];
/// pointers.sort_by(|a, b| compare(a, b));
/// assert_eq!(pointers, ["/a", "/a/b", "/a-b"]);
/// ```
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // Pointers into one document mostly have a long prefix in common.
    let chunks = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    let passed = 8 * chunks.take_while(|(a, b)| a == b).count();
    ranks(a, passed).cmp(ranks(b, passed))
}

/// Ranks the bytes from an index on: the separator comes before every byte of a token.
fn ranks(pointer: &[u8], from: usize) -> impl Iterator<Item = u16> {
    let rest = pointer.get(from..).unwrap_or_default();
    rest.iter().map(|byte| match byte {
        b'/' => 0,
        byte => u16::from(*byte) + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_the_tokens() {
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
        let mut expected = pointers.map(|pointer| pointer.split('/').collect::<Vec<_>>());
        expected.sort();
        pointers.sort_by(|a, b| compare(a, b));
        let sorted = pointers.map(|pointer| pointer.split('/').collect::<Vec<_>>());
        assert_eq!(sorted, expected);
    }

    #[test]
    fn tokens_reject_invalid_escapes() {
        for invalid in ["a", "/~", "/a~2", "/a/~b", "/~~0"] {
            assert_eq!(tokens(invalid), None, "{invalid}");
        }
        assert_eq!(tokens("/~01/").unwrap(), ["~1", ""]);
    }
}
