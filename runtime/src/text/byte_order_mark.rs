//! Removes the byte order mark of UTF-8.

/// Returns the body without a UTF-8 byte order mark. JSON must not have one (RFC 8259 section 8.1),
/// but some servers send it.
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}
