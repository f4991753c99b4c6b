//! Names of headers and cookies.

/// Returns whether a header or cookie can have this name (a `token` of RFC 9110 section 5.6.2).
///
/// ```
/// use neo_client_codegen::openapi::header::is_name;
///
/// assert!(is_name("X-Request-Id"));
/// assert!(!is_name("") && !is_name("X Request Id"));
/// ```
pub fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_allowed)
}
