//! Media types and media ranges (RFC 9110 section 8.3.1 and 12.5.1).

/// Returns a media type without its parameters, in lower case.
///
/// ```
/// use neo_client_codegen::openapi::media_type::essence;
///
/// assert_eq!(essence("Application/JSON; charset=utf-8"), "application/json");
/// ```
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Returns whether a media type is JSON, by name or by structured syntax suffix (RFC 6839 section
/// 3.1).
///
/// ```
/// use neo_client_codegen::openapi::media_type::is_json;
///
/// assert!(is_json("application/json; charset=utf-8"));
/// assert!(is_json("application/problem+json"));
/// assert!(!is_json("application/jsonl"));
/// ```
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Returns whether a media type is that of an event stream.
pub fn is_event_stream(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}

/// Returns whether a media type is a sequence of JSON values: JSON Lines, NDJSON, or JSON text
/// sequences (RFC 7464).
///
/// ```
/// use neo_client_codegen::openapi::media_type::is_json_sequence;
///
/// assert!(is_json_sequence("application/x-ndjson; charset=utf-8"));
/// assert!(is_json_sequence("application/geo+json-seq"));
/// assert!(!is_json_sequence("application/json"));
/// ```
pub fn is_json_sequence(media_type: &str) -> bool {
    let essence = essence(media_type);
    let subtype = essence.split('/').nth(1).unwrap_or_default();
    matches!(
        subtype,
        "jsonl"
            | "jsonlines"
            | "jsonlines+json"
            | "ndjson"
            | "nd-json"
            | "x-jsonl"
            | "x-jsonlines"
            | "x-ndjson"
            | "x-json-stream"
            | "stream+json"
            | "json-seq"
    ) || subtype.ends_with("+json-seq")
        || subtype.ends_with("+jsonl")
}

/// Returns whether a media type is text that people read. XML is not, because its encoding is part
/// of the document.
///
/// ```
/// use neo_client_codegen::openapi::media_type::is_text;
///
/// assert!(is_text("text/csv; charset=utf-8"));
/// assert!(!is_text("text/xml") && !is_text("application/pdf"));
/// ```
pub fn is_text(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.starts_with("text/") && !essence.ends_with("xml")
}

/// Returns whether a text is a media range, such as `image/*`.
pub fn is_range(media_type: &str) -> bool {
    media_type.contains('*')
}

/// Returns whether every value of `narrow` is one of `wide`: an equal media type, a range that
/// covers it, or the format that it has as a structured syntax suffix.
///
/// ```
/// use neo_client_codegen::openapi::media_type::covers;
///
/// assert!(covers("application/*", "application/json"));
/// assert!(covers("application/json", "application/problem+json"));
/// assert!(!covers("application/problem+json", "application/json"));
/// assert!(!covers("application/json", "text/json"));
/// ```
pub fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (essence(wide), essence(narrow));
    let (Some((wide_type, wide_subtype)), Some((narrow_type, narrow_subtype))) =
        (wide.split_once('/'), narrow.split_once('/'))
    else {
        return false;
    };
    wide_type == "*"
        || (wide_type == narrow_type
            && (wide_subtype == "*"
                || wide_subtype == narrow_subtype
                || narrow_subtype.ends_with(&format!("+{wide_subtype}"))))
}
