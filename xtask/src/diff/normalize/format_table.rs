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

/// Returns whether every value of the narrow format is valid in the wide format.
pub fn holds(wide: Option<&str>, narrow: Option<&str>) -> bool {
    const NUMBERS: [(&str, &[&str]); 7] = [
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
    ];
    match (wide, narrow) {
        (None, _) => true,
        (_, None) => false,
        (Some("bigint"), Some(narrow)) => narrow.starts_with("int") || narrow.starts_with("uint"),
        (Some(wide), Some(narrow)) => {
            wide == narrow
                || NUMBERS
                    .iter()
                    .any(|(known, within)| *known == wide && within.contains(&narrow))
        }
    }
}
