//! Compares `format`.

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::normalize::format_table::{self, holds};
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// Compares the formats of numbers and of strings.
pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    for (class, types) in [("number", Types::NUMBER), ("string", Types::STRING)] {
        if !sides.share(types) || types == Types::STRING && same_bytes(old, new) {
            continue;
        }
        let (from, to) = (old.formats.get(class), new.formats.get(class));
        let name = |node: Option<&Node<'d>>| node.and_then(|node| node.value.as_str());
        let (was, is) = (name(from), name(to));
        // Limits that are within the range of the other side's format say as much.
        let fits = |of: &NormalizedSchema<'d>, other: Option<&str>| {
            let range = other.and_then(format_table::range);
            range.is_some_and(|range| of.limits.are_within(range))
        };
        let is_covered = class == "number"
            && !old.types.meets(Types::FRACTION)
            && !new.types.meets(Types::FRACTION)
            && (was.is_none() && fits(old, is) || is.is_none() && fits(new, was));
        if was == is || is_covered {
            continue;
        }
        let check = if holds(is, was) {
            &checks::FORMAT_WIDENED
        } else if holds(was, is) {
            &checks::FORMAT_NARROWED
        } else {
            &checks::FORMAT_CHANGED
        };
        let location = (
            Some(from.unwrap_or(&old.node)),
            Some(to.unwrap_or(&new.node)),
        );
        let value = |name: Option<&str>| name.map(ShownValue::from);
        walk.report(sides.pair, check, location, value(was), value(is));
    }
}

/// Returns whether both schemas are bytes in the same encoding, spelled as in OpenAPI 3.0 or as in
/// 3.1.
pub fn same_bytes(old: &NormalizedSchema<'_>, new: &NormalizedSchema<'_>) -> bool {
    let bytes = |of: &NormalizedSchema<'_>| {
        let shown =
            |node: Option<&Node<'_>>| node.and_then(|node| node.value.as_str().map(str::to_owned));
        let format = shown(of.formats.get("string"));
        let encoding = shown(of.content.get("contentEncoding"));
        let media_type = shown(of.content.get("contentMediaType"));
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
