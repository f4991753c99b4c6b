//! Tests whether one value can match two schemas.

use crate::diff::compare::walk::Walk;
use crate::diff::model::context::Side;
use crate::diff::model::types::Types;
use crate::diff::normalize::limits::applies_to;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::SchemaUse;

/// The depth to which schemas are compared.
const DEPTH: u8 = 3;

/// The overlap of two schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overlap {
    /// No value matches both.
    None,
    /// Undecided, or only unusual values match both.
    Possible,
    /// Usual values of one schema match the other.
    Certain,
}

/// The remaining depth, and whether it matters if an overlap is certain.
type OverlapSearch = (u8, bool);

impl<'d> Walk<'d> {
    /// Returns whether values of the first schema match the second.
    pub fn overlap(
        &mut self,
        one: (Side, &NormalizedSchema<'d>),
        two: (Side, &NormalizedSchema<'d>),
    ) -> Overlap {
        self.overlap_within(one, two, (DEPTH, true))
    }

    fn overlap_within(
        &mut self,
        one: (Side, &NormalizedSchema<'d>),
        two: (Side, &NormalizedSchema<'d>),
        (depth, is_asked): OverlapSearch,
    ) -> Overlap {
        let (a, b) = (one.1, two.1);
        let shared = a.types.and(b.types);
        if shared.is_empty() || a.never || b.never {
            return Overlap::None;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return Overlap::Possible;
        };
        let most = match (&a.values, &b.values) {
            (Some(a), Some(b)) if a.keys().any(|value| b.contains_key(value)) => Overlap::Certain,
            (Some(_), Some(_)) => Overlap::None,
            (Some(_), None) => listed(a, b),
            (None, Some(_)) => listed(b, a),
            (None, None) => {
                let mut most = scalars(a, b, shared);
                if shared.meets(Types::ARRAY) {
                    most = most.max(self.arrays(one, two, (depth, is_asked)));
                }
                if shared.meets(Types::OBJECT) {
                    most = most.max(self.objects(one, two, (depth, is_asked)));
                }
                most
            }
        };
        // Other constraints can only exclude more values.
        if is_plain(a) && is_plain(b) {
            most
        } else {
            most.min(Overlap::Possible)
        }
    }

    fn locations(
        &mut self,
        one: (Side, &SchemaUse<'d>),
        two: (Side, &SchemaUse<'d>),
        how: OverlapSearch,
    ) -> Overlap {
        match (
            self.normalized_at(one.0, one.1),
            self.normalized_at(two.0, two.1),
        ) {
            (Some(a), Some(b)) => self.overlap_within((one.0, &a), (two.0, &b), how),
            _ => Overlap::Possible,
        }
    }

    fn arrays(
        &mut self,
        one: (Side, &NormalizedSchema<'d>),
        two: (Side, &NormalizedSchema<'d>),
        how: OverlapSearch,
    ) -> Overlap {
        let (a, b) = (one.1, two.1);
        let is_bound = |of: &NormalizedSchema<'_>| {
            !of.prefix.is_empty() || !bounds(of, Types::ARRAY).is_empty()
        };
        if is_bound(a) || is_bound(b) {
            return Overlap::Possible;
        }
        match (&a.items, &b.items) {
            (Additional::Open, _) | (_, Additional::Open) => Overlap::Certain,
            // The empty list matches both.
            (Additional::Of(items), Additional::Of(others)) => self
                .locations((one.0, items), (two.0, others), how)
                .max(Overlap::Possible),
            _ => Overlap::Possible,
        }
    }

    /// Objects are open by default, so that most objects could match most schemas. An overlap is
    /// certain if one schema requires all that the other requires, or is described by the other.
    fn objects(
        &mut self,
        one: (Side, &NormalizedSchema<'d>),
        two: (Side, &NormalizedSchema<'d>),
        (depth, is_asked): OverlapSearch,
    ) -> Overlap {
        let (a, b) = (one.1, two.1);
        let refuses = |closed: &NormalizedSchema<'d>, other: &NormalizedSchema<'d>| {
            let mut needed = other.required.keys();
            matches!(closed.additional, Additional::Closed(_))
                && needed.any(|name| !closed.properties.contains_key(name))
        };
        if refuses(a, b) || refuses(b, a) {
            return Overlap::None;
        }
        let is_described = a
            .properties
            .keys()
            .all(|name| b.properties.contains_key(name));
        let has_evidence = !b.required.is_empty() || is_described && !a.properties.is_empty();
        let mut is_certain = is_asked
            && has_evidence
            && b.required.keys().all(|name| a.required.contains_key(name))
            && (is_described || matches!(b.additional, Additional::Open))
            && bounds(a, Types::OBJECT).is_empty()
            && bounds(b, Types::OBJECT).is_empty();
        let is_required =
            |name: &&str| a.required.contains_key(*name) || b.required.contains_key(*name);
        let shared = a.properties.iter();
        let shared = shared
            .filter_map(|(name, schema_use)| Some((name, schema_use, b.properties.get(name)?)));
        let (required, optional): (Vec<_>, Vec<_>) =
            shared.partition(|(name, ..)| is_required(name));
        for (_, schema_use, other) in required {
            let how = (depth, is_certain);
            match self.locations((one.0, schema_use), (two.0, other), how) {
                Overlap::None => return Overlap::None,
                Overlap::Possible => is_certain = false,
                Overlap::Certain => {}
            }
        }
        // An optional property matters only if no value matches both.
        for (_, schema_use, other) in optional {
            if !is_certain {
                break;
            }
            is_certain = self.locations((one.0, schema_use), (two.0, other), (depth, false))
                != Overlap::None;
        }
        if is_certain {
            Overlap::Certain
        } else {
            Overlap::Possible
        }
    }
}

/// Returns whether a schema has only keywords that are compared here.
fn is_plain(of: &NormalizedSchema<'_>) -> bool {
    of.unions.is_empty()
        && !of.is_constrained()
        && of.named_applicators.is_empty()
        && of.dependencies.is_empty()
        && of.unknown.is_empty()
}

/// Compares a list of values with a schema without a list.
fn listed(list: &NormalizedSchema<'_>, other: &NormalizedSchema<'_>) -> Overlap {
    let values = list.values.iter().flatten();
    values
        .filter(|(_, node)| other.admits_scalar(node.value))
        .map(|(_, node)| {
            let types = Types::of(node.value);
            let is_scalar = types.within(Types::SCALARS);
            if is_scalar && bounds(other, types).is_empty() {
                Overlap::Certain
            } else {
                Overlap::Possible
            }
        })
        .max()
        .unwrap_or(Overlap::None)
}

/// Compares scalars. Without restrictions on one side, the overlap is certain.
fn scalars(a: &NormalizedSchema<'_>, b: &NormalizedSchema<'_>, shared: Types) -> Overlap {
    [Types::BOOLEAN, Types::NUMBER, Types::STRING]
        .into_iter()
        .filter(|types| shared.meets(*types))
        .map(|types| {
            let (a, b) = (bounds(a, types), bounds(b, types));
            if a.is_empty() || b.is_empty() || a == b {
                Overlap::Certain
            } else {
                Overlap::Possible
            }
        })
        .max()
        .unwrap_or(Overlap::None)
}

/// Returns the restrictions on values of a type. Number formats do not count: all include small
/// numbers.
fn bounds(of: &NormalizedSchema<'_>, types: Types) -> Vec<String> {
    let limits = of.limits.0.iter();
    let mut bounds: Vec<String> = limits
        .filter(|(key, limit)| applies_to(key).meets(types) && !limit.is_implied())
        .map(|(key, limit)| format!("{key} {}", limit.node.value))
        .collect();
    if types.meets(Types::NUMBER) {
        let multiples = of.multiple.and(Some(&of.multiples)).into_iter().flatten();
        bounds.extend(multiples.map(|node| node.value.to_string()));
    }
    if types.meets(Types::STRING) {
        bounds.extend(of.formats.get("string").map(|node| node.value.to_string()));
        bounds.extend(of.content.values().map(|node| node.value.to_string()));
        bounds.extend(
            of.patterns
                .keys()
                .map(|pattern| format!("pattern {pattern}")),
        );
    }
    bounds
}
