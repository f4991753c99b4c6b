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

/// Returns whether a header frames the message, or holds all cookies, so that no credential can
/// take its place.
///
/// ```
/// use neo_client_codegen::openapi::header::is_framing;
///
/// assert!(is_framing("Host") && is_framing("content-length"));
/// assert!(!is_framing("X-Api-Key"));
/// ```
pub fn is_framing(name: &str) -> bool {
    const FRAMING: [&str; 11] = [
        "connection",
        "content-length",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    FRAMING.iter().any(|it| it.eq_ignore_ascii_case(name))
}
