//! Which alternative of one union stands for which of the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::compare::walk::Walk;
use crate::diff::model::context::Side;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{NormalizedSchema, Union};
use crate::diff::normalize::schema_use::SchemaUse;

/// The alternatives of one side.
pub struct Variants<'u, 'd> {
    pub list: &'u Node<'d>,
    /// The component that has them: one of them is another thing than itself.
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

/// Which alternatives of two unions stand for each other.
pub struct VariantPairs {
    pub old: Vec<VariantIdentity>,
    pub new: Vec<VariantIdentity>,
    /// By the index of the old one.
    pub partners: Vec<Option<usize>>,
}

impl VariantPairs {
    /// What stands for an old alternative.
    pub fn partner(&self, old: usize) -> Option<usize> {
        self.partners.get(old).copied().flatten()
    }

    /// What a new alternative stands for.
    pub fn old_partner(&self, new: usize) -> Option<usize> {
        self.partners.iter().position(|it| *it == Some(new))
    }
}

/// By what an alternative is known.
pub struct VariantIdentity {
    /// The component it is.
    pub name: Option<String>,
    /// Properties with one value: `property=value`.
    constants: BTreeSet<String>,
    /// Values of the discriminator that are mapped to it.
    pub mapped: BTreeSet<String>,
    /// Of those alone that nothing else pairs.
    shape: u64,
    types: Types,
    properties: BTreeSet<String>,
}

impl VariantIdentity {
    /// The alternative under a name that does not depend on its position.
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
            // A place has at least one schema.
            None => Node {
                value: &Value::Null,
                pointer: crate::diff::model::document::Pointer::default(),
            },
        }
    }
}

/// The identities of all alternatives of a side.
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

/// Values of the discriminator with what they name.
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

/// What a mapping names, by its name or by a reference.
pub fn target(written: &str) -> String {
    if written.starts_with('#') {
        written.to_owned()
    } else {
        format!("#/components/schemas/{written}")
    }
}

/// Properties with one value each: what tells alternatives apart without a discriminator.
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

/// Pairs the alternatives of two unions; also gives the indices of the new ones that are nobody's partner.
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
    // A mapping is a hint, while a component that is in both unions is what it was.
    for rule in [by_constant, by_name, by_mapping] {
        apply(rule, walk, &mut paired, &mut free);
    }
    if free.is_empty() || paired.partners.iter().all(Option::is_some) {
        return (paired, free);
    }
    // To tell a shape takes long, and is asked of few.
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

/// The only one with a constant of this one.
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

/// The only one that a value of the discriminator names that names this one.
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

/// The one that shares the most properties, of the same types.
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

/// Two components that are both in both documents are two things, however alike they are.
fn may_be_renamed(walk: &Walk<'_>, old: &VariantIdentity, new: &VariantIdentity) -> bool {
    match (&old.name, &new.name) {
        (Some(from), Some(to)) => {
            from == to || !walk.revision.has_schema(from) && !walk.base.has_schema(to)
        }
        _ => true,
    }
}
