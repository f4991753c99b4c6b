//! Parameters and headers that change from one value to a list, or the reverse. A list with one
//! element is serialized like the element.

use crate::diff::compare::operation::serialization::{
    Serialization, anything, described, serialization,
};
use crate::diff::compare::schema::text_encoding;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::context::Encoding;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::{SchemaUse, unwrap_schema};

/// Compares a value with the elements of a list. Returns false if the two are not a value and a
/// list.
pub fn compare<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Node<'d>, new: &Node<'d>) -> bool {
    let (from, to) = (described(old), described(new));
    let (Some(was), Some(is)) = (read(&walk.base, &from), read(&walk.revision, &to)) else {
        return false;
    };
    let (value, list, listed, check) = match (is_value(&was), is_value(&is)) {
        (true, false) => (&was, &is, new, &checks::VALUE_BECAME_LIST),
        (false, true) => (&is, &was, old, &checks::LIST_BECAME_VALUE),
        _ => return false,
    };
    let Some(items) = elements(list, listed) else {
        return false;
    };
    let is_whole = match serialization(listed) {
        // Each element is serialized with the name, without separators.
        Serialization {
            name: "form",
            explode: true,
        } => true,
        // Commas separate the elements, so a value with a comma would be two.
        Serialization {
            name: "form" | "simple",
            ..
        } => !may_hold_comma(value),
        _ => false,
    };
    if serialization(old).name != serialization(new).name || !is_whole {
        return false;
    }
    let shown = |of: &NormalizedSchema<'d>| Some(of.types.to_value().into());
    walk.report_for(of, check, (Some(&from), Some(&to)), shown(&was), shown(&is));
    let (before, after) = if std::ptr::eq(value, &was) {
        (SchemaUse::one(from), items)
    } else {
        (items, SchemaUse::one(to))
    };
    walk.root(&before, &after, Encoding::Text, of);
    true
}

fn read<'d>(document: &Document<'d>, of: &Node<'d>) -> Option<NormalizedSchema<'d>> {
    NormalizedSchema::of(
        document,
        &unwrap_schema(document, &SchemaUse::one(of.clone())).core,
    )
}

fn is_value(of: &NormalizedSchema<'_>) -> bool {
    of.types.within(Types::SCALARS) && of.unions.is_empty()
}

/// Returns the schema of the elements if a list with one element is valid.
fn elements<'d>(list: &NormalizedSchema<'d>, of: &Node<'d>) -> Option<SchemaUse<'d>> {
    let is_plain = list.types == Types::ARRAY
        && list.values.is_none()
        && list.unions.is_empty()
        && !list.is_constrained()
        && list.prefix.is_empty();
    let holds_one = list
        .limits
        .value("minItems")
        .is_none_or(|least| least <= 1.0)
        && list.limits.value("maxItems").is_none_or(|most| most >= 1.0);
    match &list.items {
        Additional::Open if is_plain && holds_one => Some(SchemaUse::one(anything(of))),
        Additional::Of(items) if is_plain && holds_one => Some(items.clone()),
        _ => None,
    }
}

fn may_hold_comma(of: &NormalizedSchema<'_>) -> bool {
    const WITHOUT: [&str; 6] = ["uuid", "date", "date-time", "time", "ipv4", "ipv6"];
    if let Some(values) = &of.values {
        return values
            .values()
            .any(|node| text_encoding::written(node.value).contains(','));
    }
    let format = of
        .formats
        .get("string")
        .and_then(|node| node.value.as_str());
    of.types.meets(Types::STRING) && !format.is_some_and(|format| WITHOUT.contains(&format))
}
