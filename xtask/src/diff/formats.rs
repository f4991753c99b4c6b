//! Formats: which of them hold all values of another.

use super::checks;
use super::document::Node;
use super::meaning::Meaning;
use super::said::Said;
use super::schemas::Sides;
use super::types::Types;
use super::walk::Walk;

/// Whether a format is one of numbers or of texts.
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

/// Compares the formats of numbers and of texts.
pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    for (class, types) in [("number", Types::NUMBER), ("string", Types::STRING)] {
        if !sides.share(types) || types == Types::STRING && same_bytes(old, new) {
            continue;
        }
        let (from, to) = (old.formats.get(class), new.formats.get(class));
        let name = |node: Option<&Node<'d>>| node.and_then(|node| node.value.as_str());
        let (was, is) = (name(from), name(to));
        if was == is {
            continue;
        }
        let check = if holds(is, was) {
            &checks::FORMAT_WIDENED
        } else if holds(was, is) {
            &checks::FORMAT_NARROWED
        } else {
            &checks::FORMAT_CHANGED
        };
        let place = (
            Some(from.unwrap_or(&old.node)),
            Some(to.unwrap_or(&new.node)),
        );
        let value = |name: Option<&str>| name.map(Said::from);
        walk.report(sides.pair, check, place, value(was), value(is));
    }
}

/// Whether both hold bytes in the same way, one in the words of OpenAPI 3.0 and one in those of 3.1.
pub fn same_bytes(old: &Meaning<'_>, new: &Meaning<'_>) -> bool {
    let bytes = |of: &Meaning<'_>| {
        let said =
            |node: Option<&Node<'_>>| node.and_then(|node| node.value.as_str().map(str::to_owned));
        let format = said(of.formats.get("string"));
        let encoding = said(of.content.get("contentEncoding"));
        let media_type = said(of.content.get("contentMediaType"));
        match (
            format.as_deref(),
            encoding.as_deref(),
            media_type.as_deref(),
        ) {
            (Some("byte") | None, Some("base64"), None) | (Some("byte"), None, None) => {
                Some("base64")
            }
            (Some("binary") | None, None, Some("application/octet-stream"))
            | (Some("binary"), None, None) => Some("binary"),
            _ => None,
        }
    };
    bytes(old).is_some_and(|was| bytes(new) == Some(was))
}

/// Whether every value of one format has the other, too.
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
