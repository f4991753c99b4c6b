//! HTTP methods of path items.

/// The fields of a Path Item Object that are operations (OpenAPI 3.1 section 4.8.9.1).
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "patch", "head", "options", "trace",
];

/// The fields of a Path Item Object that are operations in OpenAPI 3.2, which adds `query`.
pub const METHODS_3_2: [&str; 9] = [
    "get", "put", "post", "delete", "patch", "head", "options", "trace", "query",
];

/// Returns whether sending a request twice has the effect of sending it once (RFC 9110 section
/// 9.2.2, and the definition of `QUERY`). The method may be in either case.
///
/// ```
/// use neo_client_codegen::openapi::method::is_idempotent;
///
/// assert!(is_idempotent("put") && is_idempotent("GET"));
/// assert!(!is_idempotent("post") && !is_idempotent("patch"));
/// ```
pub fn is_idempotent(method: &str) -> bool {
    let method = method.to_ascii_lowercase();
    matches!(
        method.as_str(),
        "get" | "head" | "options" | "trace" | "put" | "delete" | "query"
    )
}

/// Returns the text of a method as sent: the methods of OpenAPI in upper case, others as written
/// (OpenAPI 3.2, `additionalOperations`).
///
/// ```
/// use neo_client_codegen::openapi::method::token;
///
/// assert_eq!(token("get"), "GET");
/// assert_eq!(token("Copy"), "Copy");
/// ```
pub fn token(method: &str) -> String {
    if METHODS_3_2.contains(&method) {
        method.to_uppercase()
    } else {
        method.to_owned()
    }
}
