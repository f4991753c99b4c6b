//! Properties that move between a schema and the variants of its union.

use crate::diff::compare::schema::sent::report_sent;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Sent, Side};
use crate::diff::normalize::normalized_schema::{NormalizedSchema, Union};
use crate::diff::normalize::schema_use::SchemaUse;

/// A property of a variant, and whether the variant requires the property.
type VariantProperty<'d> = (SchemaUse<'d>, bool);

/// Compares a property that is no longer declared with the properties of the variants. Returns
/// false unless each variant of a union declares the property.
pub fn into_variants<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (name, from): (&str, &SchemaUse<'d>),
    sent: Sent,
) -> bool {
    let everywhere = sides.new.unions.iter().find_map(|union| {
        let found = declared(walk, Side::Revision, union, name);
        let found: Option<Vec<VariantProperty<'d>>> = found.into_iter().collect();
        found.filter(|found| !found.is_empty())
    });
    let Some(everywhere) = everywhere else {
        return false;
    };
    let requires = |of: &NormalizedSchema<'d>| of.required.contains_key(name);
    let is_required = requires(&sides.new) || everywhere.iter().all(|(_, required)| *required);
    if requires(&sides.old) && !is_required {
        let location = (from.0.first(), Some(&sides.new.node));
        let values = (Some(true.into()), Some(false.into()));
        let check = &checks::PROPERTY_OPTIONAL;
        report_sent(walk, sides, sent, check, location, values);
    }
    for (to, _) in &everywhere {
        walk.child(sides.pair, from, to, sides.encoding, sent);
    }
    true
}

/// Compares a new property with the properties of the same name that variants declared.
pub fn out_of_variants<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (name, to): (&str, &SchemaUse<'d>),
    sent: Sent,
) {
    for union in &sides.old.unions {
        for (from, _) in declared(walk, Side::Base, union, name)
            .into_iter()
            .flatten()
        {
            walk.child(sides.pair, &from, to, sides.encoding, sent);
        }
    }
}

/// Returns the property of each variant that declares a property of this name.
fn declared<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    union: &Union<'d>,
    name: &str,
) -> Vec<Option<VariantProperty<'d>>> {
    let variants = union.variants.iter();
    let properties = variants.map(|variant| {
        let variant = walk.normalized_at(side, variant)?;
        let property = variant.properties.get(name)?.clone();
        Some((property, variant.required.contains_key(name)))
    });
    properties.collect()
}
