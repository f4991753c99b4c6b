//! Discriminators: the property and its values, which select the variants.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::compare::schema::mapping::{report, targets};
use crate::diff::compare::schema::pairing::{VariantIdentity, VariantPairs, target};
use crate::diff::compare::schema::subtypes;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::Side;
use crate::diff::model::document::{Document, Node};
use crate::diff::normalize::normalized_schema::Union;
use crate::diff::normalize::schema_use::SchemaUse;

type Discriminator<'n, 'd> = Option<&'n Node<'d>>;

/// Compares the discriminators of two unions whose variants are paired.
pub fn of_unions<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (from, to): (&Union<'d>, &Union<'d>),
    paired: &VariantPairs,
) {
    let both = (from.discriminator.as_ref(), to.discriminator.as_ref());
    let Some((was, is)) = same_property(walk, sides, both) else {
        return;
    };
    let property = was.text("propertyName").unwrap_or_default();
    let old = values(walk, Side::Base, (from, was), &paired.old, property);
    let new = values(walk, Side::Revision, (to, is), &paired.new, property);
    let names = |values: &DiscriminatorValues, index: Option<usize>| {
        index.is_some()
            && values
                .values()
                .any(|value_name| value_name.variant == index)
    };
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for value_name in all {
        let check = match (old.get(value_name), new.get(value_name)) {
            (Some(was), Some(is)) => {
                let partner = was.variant.and_then(|index| paired.partner(index));
                let is_same = partner.is_some() && partner == is.variant
                    || was.pointer == is.pointer
                    || is_renamed(walk, &was.pointer, &is.pointer);
                if is_same {
                    continue;
                }
                &checks::DISCRIMINATOR_VALUE_REDIRECTED
            }
            // A value that was added or removed with its variant has been reported.
            (Some(was), None) => {
                let partner = was.variant.and_then(|index| paired.partner(index));
                if !names(&new, partner) {
                    continue;
                }
                &checks::DISCRIMINATOR_VALUE_REMOVED
            }
            (None, Some(is)) => {
                let partner = is.variant.and_then(|index| paired.old_partner(index));
                if !names(&old, partner) {
                    continue;
                }
                &checks::DISCRIMINATOR_VALUE_ADDED
            }
            (None, None) => continue,
        };
        let shown = |values: &DiscriminatorValues| {
            values
                .get(value_name)
                .map(|value_name| value_name.pointer.clone())
        };
        report(
            walk,
            sides,
            check,
            (was, is),
            value_name,
            (shown(&old), shown(&new)),
        );
    }
}

/// Compares the discriminators of two base schemas.
pub fn of_schemas<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let both = (
        sides.old.discriminator.as_ref(),
        sides.new.discriminator.as_ref(),
    );
    let Some((was, is)) = same_property(walk, sides, both) else {
        return;
    };
    subtypes::compare(walk, sides, (was, is));
    let (old, new) = (targets(was), targets(is));
    let all: BTreeSet<&&str> = old.keys().chain(new.keys()).collect();
    for value_name in all {
        let check = match (old.get(value_name), new.get(value_name)) {
            (Some(from), Some(to)) if from == to || is_renamed(walk, from, to) => continue,
            (Some(_), Some(_)) => &checks::DISCRIMINATOR_VALUE_REDIRECTED,
            (Some(_), None) => &checks::DISCRIMINATOR_VALUE_REMOVED,
            _ => &checks::DISCRIMINATOR_VALUE_ADDED,
        };
        let shown = |targets: &BTreeMap<&str, String>| targets.get(*value_name).cloned();
        report(
            walk,
            sides,
            check,
            (was, is),
            value_name,
            (shown(&old), shown(&new)),
        );
    }
}

/// Returns both discriminators if they name the same property.
fn same_property<'n, 'd>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    both: (Discriminator<'n, 'd>, Discriminator<'n, 'd>),
) -> Option<(&'n Node<'d>, &'n Node<'d>)> {
    let name = |node: Discriminator<'_, 'd>| node.and_then(|node| node.get("propertyName"));
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
    let (from, to) = (name(both.0), name(both.1));
    match both {
        (Some(was), Some(is)) if value(&from) == value(&to) => return Some((was, is)),
        (None, None) => {}
        (Some(_), Some(_)) => {
            let check = &checks::DISCRIMINATOR_PROPERTY;
            walk.report(
                sides.pair,
                check,
                (from.as_ref(), to.as_ref()),
                value(&from),
                value(&to),
            );
        }
        (was, is) => {
            let value = |node: Discriminator<'_, 'd>| node.map(|node| node.shown());
            let location = (was.or(Some(&sides.old.node)), is.or(Some(&sides.new.node)));
            walk.report(
                sides.pair,
                &checks::DISCRIMINATOR_CHANGED,
                location,
                value(was),
                value(is),
            );
        }
    }
    None
}

/// The target of a discriminator value.
struct DiscriminatorValue {
    /// The index of the variant, if the target is a variant.
    variant: Option<usize>,
    pointer: String,
}

type DiscriminatorValues = BTreeMap<String, DiscriminatorValue>;

/// Returns the discriminator values: those of the mapping, or else component names. Variants that
/// list their values are left out: the property is compared with the variant.
fn values<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    (union, discriminator): (&Union<'d>, &Node<'d>),
    identities: &[VariantIdentity],
    property: &str,
) -> DiscriminatorValues {
    let mut values = DiscriminatorValues::new();
    for (value_name, pointer) in targets(discriminator) {
        let variant = None;
        values.insert(
            value_name.to_owned(),
            DiscriminatorValue { variant, pointer },
        );
    }
    for (index, (identity, variant)) in identities.iter().zip(&union.variants).enumerate() {
        if lists_values(walk, side, variant, property) {
            values.retain(|value_name, _| !identity.mapped.contains(value_name));
            continue;
        }
        let named = identity.name.as_ref();
        let unmapped = named.filter(|_| identity.mapped.is_empty());
        for value_name in identity.mapped.iter().chain(unmapped) {
            let pointer = values
                .remove(value_name)
                .map(|value_name| value_name.pointer);
            let pointer = pointer.or_else(|| named.map(|name| target(name)));
            if let Some(pointer) = pointer {
                let variant = Some(index);
                values.insert(value_name.clone(), DiscriminatorValue { variant, pointer });
            }
        }
    }
    values
}

/// Returns whether a variant lists the values of the discriminator property.
fn lists_values<'d>(walk: &mut Walk<'d>, side: Side, of: &SchemaUse<'d>, property: &str) -> bool {
    let normalized = walk.normalized_at(side, of);
    let location = normalized
        .as_ref()
        .and_then(|of| of.properties.get(property));
    location
        .and_then(|location| walk.normalized_at(side, location))
        .is_some_and(|of| of.values.is_some())
}

/// Returns whether a component was renamed.
fn is_renamed(walk: &Walk<'_>, from: &str, to: &str) -> bool {
    let has = |document: &Document<'_>, pointer: &str| document.address_of(pointer).is_some();
    !has(&walk.revision, from) && !has(&walk.base, to)
}
