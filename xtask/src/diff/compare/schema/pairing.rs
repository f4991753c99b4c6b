//! Pairs the variants of two unions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::compare::walk::Walk;
use crate::diff::model::context::Side;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{NormalizedSchema, Union};
use crate::diff::normalize::schema_use::SchemaUse;

/// The variants of one side.
pub struct Variants<'u, 'd> {
    pub list: &'u Node<'d>,
    /// The component that contains the union. A variant with its name is not the component itself.
    pub owner: Option<&'u str>,
    pub variants: &'u [SchemaUse<'d>],
    pub exclusive: bool,
    pub discriminator: Option<&'u Node<'d>>,
}

impl<'u, 'd> Variants<'u, 'd> {
    pub fn of(union: &'u Union<'d>) -> Self {
        Self {
            list: &union.node,
            owner: None,
            variants: &union.variants,
            exclusive: union.exclusive,
            discriminator: union.discriminator.as_ref(),
        }
    }
}

/// The paired variants of two unions.
pub struct VariantPairs {
    pub old: Vec<VariantIdentity>,
    pub new: Vec<VariantIdentity>,
    /// The index of the new variant, by the index of the old one.
    pub partners: Vec<Option<usize>>,
}

impl VariantPairs {
    /// Returns the partner of an old variant.
    pub fn partner(&self, old: usize) -> Option<usize> {
        self.partners.get(old).copied().flatten()
    }

    /// Returns the partner of a new variant.
    pub fn old_partner(&self, new: usize) -> Option<usize> {
        self.partners.iter().position(|it| *it == Some(new))
    }
}

/// The properties by which a variant is recognized.
pub struct VariantIdentity {
    /// The name of the component.
    pub name: Option<String>,
    /// Properties with one value, as `property=value`.
    constants: BTreeSet<String>,
    /// The discriminator values that are mapped to the variant.
    pub mapped: BTreeSet<String>,
    /// A hash of the schema, computed only for variants without a partner.
    shape: u64,
    types: Types,
    properties: BTreeSet<String>,
}

impl VariantIdentity {
    /// Returns the variant with a name that does not depend on its position.
    pub fn labelled<'d>(&self, schema_use: &SchemaUse<'d>) -> Node<'d> {
        let label = self
            .name
            .clone()
            .or_else(|| self.mapped.first().cloned())
            .or_else(|| self.constants.first().cloned())
            .unwrap_or_else(|| {
                let names: Vec<&str> = self.properties.iter().map(String::as_str).collect();
                format!("{} {}", self.types.to_value(), names.join(","))
            });
        match schema_use.0.first() {
            Some(node) => node.clone().labelled(label),
            // A use has at least one schema.
            None => Node {
                value: &Value::Null,
                pointer: crate::diff::model::document::Pointer::default(),
            },
        }
    }
}

/// Returns the identities of all variants of a side.
fn identities<'d>(walk: &mut Walk<'d>, side: Side, of: &Variants<'_, 'd>) -> Vec<VariantIdentity> {
    let mapped = mapping(walk.document(side), of.discriminator);
    of.variants
        .iter()
        .map(|schema_use| {
            let unwrapped = walk.unwrapped(side, schema_use);
            let name = unwrapped.component().filter(|name| of.owner != Some(name));
            let name = name.map(str::to_owned);
            let normalized = walk.normalized_core(side, &unwrapped.core);
            let address = unwrapped.core.first().map(Node::address);
            let mapped = mapped
                .iter()
                .filter(|(_, target)| Some(**target) == address)
                .map(|(value, _)| value.clone());
            let constants = normalized.as_ref().map(|it| constants(walk, side, it));
            VariantIdentity {
                name,
                mapped: mapped.collect(),
                constants: constants.unwrap_or_default(),
                shape: 0,
                types: normalized
                    .as_ref()
                    .map_or(Types::ANY, |normalized| normalized.types),
                properties: normalized
                    .iter()
                    .flat_map(|normalized| normalized.properties.keys())
                    .map(|name| (*name).to_owned())
                    .collect(),
            }
        })
        .collect()
}

/// Returns the discriminator values with the identities of their targets.
fn mapping(document: &Document<'_>, discriminator: Option<&Node<'_>>) -> BTreeMap<String, usize> {
    let mapping = discriminator.and_then(|node| node.get("mapping"));
    let entries = mapping.iter().flat_map(Node::entries);
    entries
        .filter_map(|(value, target)| {
            let pointer = self::target(target.value.as_str()?);
            Some((value.to_owned(), document.address_of(&pointer)?))
        })
        .collect()
}

/// Returns the reference of a mapping target, which is a name or a reference.
pub fn target(written: &str) -> String {
    if written.starts_with('#') {
        written.to_owned()
    } else {
        format!("#/components/schemas/{written}")
    }
}

/// Returns the properties with one value, which distinguish variants without a discriminator.
fn constants<'d>(walk: &mut Walk<'d>, side: Side, of: &NormalizedSchema<'d>) -> BTreeSet<String> {
    let mut tags = BTreeSet::new();
    for (name, schema_use) in &of.properties {
        if !of.required.contains_key(name) {
            continue;
        }
        let normalized = walk.normalized_at(side, schema_use);
        if let Some(values) = normalized
            .as_ref()
            .and_then(|normalized| normalized.values.as_ref())
            && values.len() == 1
        {
            tags.extend(values.keys().map(|value| format!("{name}={value}")));
        }
    }
    tags
}

/// Pairs the variants of two unions. Also returns the indices of the new variants without a
/// partner.
pub fn pair<'d>(
    walk: &mut Walk<'d>,
    from: &Variants<'_, 'd>,
    to: &Variants<'_, 'd>,
) -> (VariantPairs, BTreeSet<usize>) {
    let mut paired = VariantPairs {
        old: identities(walk, Side::Base, from),
        new: identities(walk, Side::Revision, to),
        partners: vec![None; from.variants.len()],
    };
    let mut free: BTreeSet<usize> = (0..paired.new.len()).collect();
    // A component in both unions is the same variant; a mapping is only a hint.
    for rule in [by_constant, by_name, by_mapping] {
        apply(rule, walk, &mut paired, &mut free);
    }
    if free.is_empty() || paired.partners.iter().all(Option::is_some) {
        return (paired, free);
    }
    // Hashes of schemas are slow, and needed only for variants without a partner.
    let old = paired.old.iter_mut().zip(from.variants);
    for ((identity, schema_use), partner) in old.zip(&paired.partners) {
        if partner.is_none() {
            identity.shape = walk.shape(Side::Base, schema_use, 4);
        }
    }
    let new = paired.new.iter_mut().zip(to.variants);
    for (index, (identity, schema_use)) in new.enumerate() {
        if free.contains(&index) {
            identity.shape = walk.shape(Side::Revision, schema_use, 4);
        }
    }
    for rule in [by_shape, by_likeness] {
        apply(rule, walk, &mut paired, &mut free);
    }
    (paired, free)
}

type PairingRule =
    fn(&Walk<'_>, &VariantIdentity, &[VariantIdentity], &BTreeSet<usize>) -> Option<usize>;

fn apply(
    rule: PairingRule,
    walk: &Walk<'_>,
    paired: &mut VariantPairs,
    free: &mut BTreeSet<usize>,
) {
    for (identity, partner) in paired.old.iter().zip(&mut paired.partners) {
        if partner.is_none() {
            *partner = rule(walk, identity, &paired.new, free);
            if let Some(taken) = partner {
                free.remove(taken);
            }
        }
    }
}

/// Finds the only variant with the same constant.
fn by_constant(
    _: &Walk<'_>,
    old: &VariantIdentity,
    new: &[VariantIdentity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    only(free, |index| {
        new.get(index)
            .is_some_and(|new| !old.constants.is_disjoint(&new.constants))
    })
}

/// Finds the only variant with the same discriminator value.
fn by_mapping(
    _: &Walk<'_>,
    old: &VariantIdentity,
    new: &[VariantIdentity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    only(free, |index| {
        new.get(index)
            .is_some_and(|new| !old.mapped.is_disjoint(&new.mapped))
    })
}

fn only(free: &BTreeSet<usize>, is_subset: impl Fn(usize) -> bool) -> Option<usize> {
    let mut found = free.iter().copied().filter(|index| is_subset(*index));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn by_name(
    _: &Walk<'_>,
    old: &VariantIdentity,
    new: &[VariantIdentity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    old.name.as_ref()?;
    let same = |index: &usize| new.get(*index).is_some_and(|new| new.name == old.name);
    free.iter().copied().find(same)
}

fn by_shape(
    walk: &Walk<'_>,
    old: &VariantIdentity,
    new: &[VariantIdentity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    let same = |index: &usize| {
        new.get(*index)
            .is_some_and(|new| new.shape == old.shape && may_be_renamed(walk, old, new))
    };
    free.iter().copied().find(same)
}

/// Finds the variant that shares the most properties, with a common type.
fn by_likeness(
    walk: &Walk<'_>,
    old: &VariantIdentity,
    new: &[VariantIdentity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    free.iter()
        .copied()
        .filter_map(|index| {
            let new = new.get(index)?;
            let tags_differ = [(&old.constants, &new.constants), (&old.mapped, &new.mapped)]
                .into_iter()
                .any(|(old, new)| !old.is_empty() && !new.is_empty() && old.is_disjoint(new));
            let shared = old.properties.intersection(&new.properties).count();
            let is_like = new.types.meets(old.types)
                && (shared * 2 > old.properties.len().min(new.properties.len())
                    || old.properties.is_empty() && new.properties.is_empty());
            (is_like && !tags_differ && may_be_renamed(walk, old, new)).then_some((shared, index))
        })
        .max_by_key(|(shared, index)| (*shared, std::cmp::Reverse(*index)))
        .map(|(_, index)| index)
}

/// Returns whether one component may be the other renamed. Components that are in both documents
/// are not.
fn may_be_renamed(walk: &Walk<'_>, old: &VariantIdentity, new: &VariantIdentity) -> bool {
    match (&old.name, &new.name) {
        (Some(from), Some(to)) => {
            from == to || !walk.revision.has_schema(from) && !walk.base.has_schema(to)
        }
        _ => true,
    }
}
