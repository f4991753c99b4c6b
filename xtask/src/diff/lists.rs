//! Parameters and headers that were one value and are a list now, or the other way: a list of one is
//! written as its element.

use super::bodies::anything;
use super::checks;
use super::document::{Document, Node};
use super::meaning::{Meaning, Rest};
use super::parameters::{Style, described, style};
use super::place::{Place, peel};
use super::texts;
use super::types::Types;
use super::walk::{Coding, Use, Walk};

/// Compares one value with the elements of a list; false if that is not what the two are.
pub fn compare<'d>(walk: &mut Walk<'d>, of: &Use, old: &Node<'d>, new: &Node<'d>) -> bool {
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
    let is_whole = match style(listed) {
        // Each element is written with the name, so that nothing separates them.
        Style {
            name: "form",
            explode: true,
        } => true,
        // Commas separate them, and a value with one in it is two.
        Style {
            name: "form" | "simple",
            ..
        } => !may_hold_comma(value),
        _ => false,
    };
    if style(old).name != style(new).name || !is_whole {
        return false;
    }
    let said = |of: &Meaning<'d>| Some(of.types.to_value().into());
    walk.report_for(of, check, (Some(&from), Some(&to)), said(&was), said(&is));
    let (before, after) = if std::ptr::eq(value, &was) {
        (Place::one(from), items)
    } else {
        (items, Place::one(to))
    };
    walk.root(&before, &after, Coding::Text, of);
    true
}

fn read<'d>(document: &Document<'d>, of: &Node<'d>) -> Option<Meaning<'d>> {
    Meaning::of(document, &peel(document, &Place::one(of.clone())).core)
}

fn is_value(of: &Meaning<'_>) -> bool {
    of.types.within(Types::SCALARS) && of.unions.is_empty()
}

/// What one element of a list is, if a list of one is valid.
fn elements<'d>(list: &Meaning<'d>, of: &Node<'d>) -> Option<Place<'d>> {
    let is_plain = list.types == Types::ARRAY
        && list.values.is_none()
        && list.unions.is_empty()
        && list.conditions.is_empty()
        && list.prefix.is_empty();
    let holds_one = list
        .limits
        .value("minItems")
        .is_none_or(|least| least <= 1.0)
        && list.limits.value("maxItems").is_none_or(|most| most >= 1.0);
    match &list.items {
        Rest::Open if is_plain && holds_one => Some(Place::one(anything(of))),
        Rest::Of(items) if is_plain && holds_one => Some(items.clone()),
        _ => None,
    }
}

fn may_hold_comma(of: &Meaning<'_>) -> bool {
    const WITHOUT: [&str; 6] = ["uuid", "date", "date-time", "time", "ipv4", "ipv6"];
    if let Some(values) = &of.values {
        return values
            .values()
            .any(|node| texts::written(node.value).contains(','));
    }
    let format = of
        .formats
        .get("string")
        .and_then(|node| node.value.as_str());
    of.types.meets(Types::STRING) && !format.is_some_and(|format| WITHOUT.contains(&format))
}
