//! Formats: the types they apply to, and which format includes another.

/// Returns the type of values that a format applies to.
pub fn class(format: &str) -> &'static str {
    const NUMBERS: [&str; 18] = [
        "int8",
        "int16",
        "int32",
        "int64",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "sint32",
        "sint64",
        "float",
        "double",
        "bigint",
        "decimal",
        "decimal128",
        "fixed32",
        "fixed64",
    ];
    if NUMBERS.contains(&format) {
        "number"
    } else {
        "string"
    }
}

/// Returns whether a format only says how an editor shows the text.
pub fn is_hint(format: &str) -> bool {
    matches!(format, "password" | "textarea" | "multiline" | "markdown")
}

/// Returns the range of the numbers of a format.
pub fn range(format: &str) -> Option<(f64, f64)> {
    let bits = |bits: i32| (-(2_f64.powi(bits - 1)), 2_f64.powi(bits - 1) - 1.0);
    let unsigned = |bits: i32| (0.0, 2_f64.powi(bits) - 1.0);
    match format {
        "int8" => Some(bits(8)),
        "int16" => Some(bits(16)),
        "int32" => Some(bits(32)),
        "int64" => Some(bits(64)),
        "uint8" => Some(unsigned(8)),
        "uint16" => Some(unsigned(16)),
        "uint32" => Some(unsigned(32)),
        "uint64" => Some(unsigned(64)),
        _ => None,
    }
}

/// Returns the lengths of the texts of a format.
pub fn lengths(format: &str) -> Option<(f64, f64)> {
    match format {
        "date" => Some((10.0, 10.0)),
        "uuid" => Some((36.0, 36.0)),
        "date-time" => Some((20.0, f64::INFINITY)),
        "ipv4" => Some((7.0, 15.0)),
        _ => None,
    }
}

/// Returns whether every value of the narrow format is valid in the wide format.
pub fn holds(wide: Option<&str>, narrow: Option<&str>) -> bool {
    const INCLUDED: [(&str, &[&str]); 12] = [
        ("int16", &["int8", "uint8"]),
        ("int32", &["int8", "int16", "uint8", "uint16"]),
        (
            "int64",
            &["int8", "int16", "int32", "uint8", "uint16", "uint32"],
        ),
        ("uint16", &["uint8"]),
        ("uint32", &["uint8", "uint16"]),
        ("uint64", &["uint8", "uint16", "uint32"]),
        (
            "double",
            &[
                "float", "int8", "int16", "int32", "uint8", "uint16", "uint32",
            ],
        ),
        // JSON Schema Validation (2020-12), section 7.3.
        ("idn-email", &["email"]),
        ("idn-hostname", &["hostname"]),
        ("uri-reference", &["uri"]),
        ("iri", &["uri"]),
        ("iri-reference", &["iri", "uri", "uri-reference"]),
    ];
    match (wide, narrow) {
        (None, _) => true,
        (_, None) => false,
        (Some("bigint"), Some(narrow)) => narrow.starts_with("int") || narrow.starts_with("uint"),
        (Some(wide), Some(narrow)) => {
            wide == narrow
                || INCLUDED
                    .iter()
                    .any(|(known, within)| *known == wide && within.contains(&narrow))
        }
    }
}
