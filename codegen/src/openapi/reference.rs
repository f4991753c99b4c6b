//! Local references: `$ref` with a JSON pointer into the same document.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// The number of references that may follow each other.
pub const MAX_CHAIN: usize = 64;

/// The value at the end of a chain of references.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Target<'d> {
    /// The first value of the chain that has no `$ref`.
    pub value: &'d Value,
    /// The JSON pointer to the value, or `None` if the chain is empty.
    pub pointer: Option<String>,
}

/// Why a reference has no target.
///
/// `Display` completes a sentence such as "the parameter cannot be set: …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unresolved {
    /// The reference leads to another document.
    External,
    /// The document has no value at the pointer.
    Dangling,
    /// The references form a cycle, or more than [`MAX_CHAIN`] follow each other.
    Circular,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::External => {
                "its `$ref` leads to another file, which is not read; bundle the document into one"
            }
            Self::Dangling => "its `$ref` leads nowhere",
            Self::Circular => "its `$ref` leads back to itself",
        })
    }
}

impl std::error::Error for Unresolved {}

/// Follows the references of a path item, parameter, request body, response or header.
///
/// Keywords beside a `$ref` are ignored.
///
/// # Errors
///
/// If the chain has no end in the document.
///
/// ```
/// use neo_client_codegen::openapi::reference::{Unresolved, resolve};
/// use serde_json::json;
///
/// let document = json!({ "components": { "parameters": { "page size": { "name": "size" } } } });
/// let reference = json!({ "$ref": "#/components/parameters/page%20size" });
/// let target = resolve(&document, &reference)?;
/// assert_eq!(target.value["name"], "size");
///
/// let gone = json!({ "$ref": "#/components/parameters/gone" });
/// assert_eq!(resolve(&document, &gone), Err(Unresolved::Dangling));
/// # Ok::<(), Unresolved>(())
/// ```
pub fn resolve<'d>(document: &'d Value, value: &'d Value) -> Result<Target<'d>, Unresolved> {
    let (mut value, mut pointer) = (value, None);
    for _ in 0..MAX_CHAIN {
        let Some(reference) = of(value) else {
            return Ok(Target { value, pointer });
        };
        let target = local_pointer(reference).ok_or(Unresolved::External)?;
        value = document.pointer(&target).ok_or(Unresolved::Dangling)?;
        pointer = Some(target.into_owned());
    }
    Err(Unresolved::Circular)
}

/// Returns the `$ref` of an object.
pub fn of(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// Returns the JSON pointer of a reference into the same document, or `None` for another document.
///
/// The fragment may be percent-encoded.
///
/// ```
/// use neo_client_codegen::openapi::reference::local_pointer;
///
/// assert_eq!(local_pointer("#/a%20b").as_deref(), Some("/a b"));
/// assert_eq!(local_pointer("other.json#/a"), None);
/// ```
pub fn local_pointer(reference: &str) -> Option<Cow<'_, str>> {
    reference.strip_prefix('#').map(percent_decoded)
}

/// Returns a reference into the same document.
///
/// ```
/// use neo_client_codegen::openapi::reference::{local_pointer, to_pointer};
///
/// assert_eq!(to_pointer("/a/50%"), "#/a/50%25");
/// assert_eq!(local_pointer("#/a/50%25").as_deref(), Some("/a/50%"));
/// ```
pub fn to_pointer(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

/// Decodes a URI fragment (RFC 3986 section 2.1). Text that is not UTF-8 afterwards stays as it is.
pub fn percent_decoded(fragment: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(fragment)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(fragment))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resolve_follows_chains_and_names_failures() {
        let document = json!({
            "a": { "$ref": "#/b" },
            "b": { "$ref": "#/c~1d", "description": "ignored" },
            "c/d": { "name": "end" },
            "round": { "$ref": "#/trip" },
            "trip": { "$ref": "#/round" },
            "far": { "$ref": "file.json#/a" },
            "to far": { "$ref": "#/far" },
        });
        let from = |pointer: &str| resolve(&document, document.pointer(pointer).unwrap());
        let target = from("/a").unwrap();
        assert_eq!(target.pointer.as_deref(), Some("/c~1d"));
        assert_eq!(target.value, &json!({ "name": "end" }));
        assert_eq!(from("/c~1d").unwrap().pointer, None);
        assert_eq!(from("/round"), Err(Unresolved::Circular));
        assert_eq!(from("/to far"), Err(Unresolved::External));
        let gone = json!({ "$ref": "#/gone" });
        assert_eq!(resolve(&document, &gone), Err(Unresolved::Dangling));
    }
}
