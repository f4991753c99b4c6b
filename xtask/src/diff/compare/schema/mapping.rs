//! The mapping of a discriminator: which value names which component.

use std::collections::BTreeMap;

use crate::diff::compare::schema::pairing::target;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks::Check;
use crate::diff::model::document::Node;

/// Reports a change of the entry `value_name`.
pub(super) fn report<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    check: &'static Check,
    (was, is): (&Node<'d>, &Node<'d>),
    value_name: &str,
    named: (Option<String>, Option<String>),
) {
    let at = |node: &Node<'d>| {
        node.get("mapping")
            .unwrap_or_else(|| node.clone())
            .below(value_name)
    };
    let (before, after) = match named {
        (Some(was), Some(is)) => (Some(was.into()), Some(is.into())),
        (Some(_), None) => (Some(value_name.into()), None),
        _ => (None, Some(value_name.into())),
    };
    walk.report(
        sides.pair,
        check,
        (Some(&at(was)), Some(&at(is))),
        before,
        after,
    );
}

/// Returns the mapping without the implied values.
pub(super) fn targets<'d>(discriminator: &Node<'d>) -> BTreeMap<&'d str, String> {
    let mapping = discriminator.get("mapping");
    let entries = mapping.iter().flat_map(Node::entries);
    entries
        .filter_map(|(value_name, node)| Some((value_name, target(node.value.as_str()?))))
        .filter(|(value_name, pointer)| pointer.rsplit('/').next() != Some(value_name))
        .collect()
}
