//! Tests whether two schemas are equivalent, and whether one includes the other. Pairs variants
//! without name and discriminator value.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diff::compare::walk::Walk;
use crate::diff::model::context::Side;
use crate::diff::model::document::Node;
use crate::diff::model::types::Types;
use crate::diff::normalize::format_table;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::SchemaUse;

/// The depth to which schemas are compared.
const DEPTH: u8 = 5;

impl<'d> Walk<'d> {
    /// Returns a hash that equivalent schemas share. Names and annotations do not count.
    pub fn shape(&mut self, side: Side, schema_use: &SchemaUse<'d>, depth: u8) -> u64 {
        let unwrapped = self.unwrapped(side, schema_use);
        let mut hasher = DefaultHasher::new();
        unwrapped.nullable.hash(&mut hasher);
        let addresses = unwrapped.core.iter().map(Node::address).collect();
        let key = (side == Side::Base, addresses, depth);
        let inner = match self.shapes.get(&key) {
            Some(known) => *known,
            None => {
                let normalized = self.normalized_core(side, &unwrapped.core);
                let inner =
                    normalized.map_or(0, |normalized| self.inner_shape(side, &normalized, depth));
                self.shapes.insert(key, inner);
                inner
            }
        };
        inner.hash(&mut hasher);
        hasher.finish()
    }

    fn inner_shape(&mut self, side: Side, of: &NormalizedSchema<'d>, depth: u8) -> u64 {
        let mut hasher = DefaultHasher::new();
        of.types.hash(&mut hasher);
        of.nullable.hash(&mut hasher);
        if let Some(values) = &of.values {
            values.keys().for_each(|value| value.hash(&mut hasher));
        }
        for format in of.formats.values() {
            format.value.as_str().hash(&mut hasher);
        }
        for (key, limit) in &of.limits.0 {
            (key, limit.value().to_bits()).hash(&mut hasher);
        }
        of.patterns
            .keys()
            .for_each(|pattern| pattern.hash(&mut hasher));
        of.required.keys().for_each(|name| name.hash(&mut hasher));
        let Some(depth) = depth.checked_sub(1) else {
            of.properties.keys().for_each(|name| name.hash(&mut hasher));
            return hasher.finish();
        };
        for (name, schema_use) in &of.properties {
            (name, self.shape(side, schema_use, depth)).hash(&mut hasher);
        }
        for rest in [&of.additional, &of.items] {
            match rest {
                Additional::Open => 0_u64,
                Additional::Closed(_) => 1,
                Additional::Of(schema_use) => self.shape(side, schema_use, depth),
            }
            .hash(&mut hasher);
        }
        for schema_use in &of.prefix {
            self.shape(side, schema_use, depth).hash(&mut hasher);
        }
        for (key, schema_use) in &of.applicators {
            (key, self.shape(side, schema_use, depth)).hash(&mut hasher);
        }
        self.constraint_shapes(side, of, depth).hash(&mut hasher);
        for (key, schema_use) in &of.named_applicators {
            (key, self.shape(side, schema_use, depth)).hash(&mut hasher);
        }
        for union in &of.unions {
            let mut shapes: Vec<u64> = union
                .variants
                .iter()
                .map(|variant| self.shape(side, variant, depth))
                .collect();
            shapes.sort_unstable();
            shapes.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Returns the hashes of constraints, whose order has no meaning.
    fn constraint_shapes(
        &mut self,
        side: Side,
        of: &NormalizedSchema<'d>,
        depth: u8,
    ) -> Vec<String> {
        let mut shapes = Vec::new();
        for not in &of.nots {
            shapes.push(format!("not {}", self.shape(side, not, depth)));
        }
        for condition in &of.conditions {
            let branches = [
                Some(&condition.test),
                condition.then.as_ref(),
                condition.otherwise.as_ref(),
            ];
            let branches = branches.map(|branch| branch.map(|it| self.shape(side, it, depth)));
            shapes.push(format!("if {branches:?}"));
        }
        for contains in &of.contains {
            let counts = (contains.at_least(), contains.at_most());
            let shape = self.shape(side, &contains.schema, depth);
            shapes.push(format!("contains {shape} {counts:?}"));
        }
        for (name, dependency) in &of.dependencies {
            shapes.push(format!("dependency {name} {:?}", dependency.names));
        }
        let multiple = of
            .multiple
            .map(|_| of.multiples.iter().map(|node| node.value.to_string()));
        shapes.extend(multiple.into_iter().flatten());
        shapes.sort_unstable();
        shapes
    }

    /// Returns whether a client of `wide` can read every value of `narrow`. `null` at the top is
    /// compared separately.
    pub fn is_subset(
        &mut self,
        narrow: (Side, &SchemaUse<'d>),
        wide: (Side, &SchemaUse<'d>),
    ) -> bool {
        self.is_subset_within(narrow, wide, DEPTH)
    }

    fn is_subset_within(
        &mut self,
        narrow: (Side, &SchemaUse<'d>),
        wide: (Side, &SchemaUse<'d>),
        depth: u8,
    ) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return self.shape(narrow.0, narrow.1, 1) == self.shape(wide.0, wide.1, 1);
        };
        let read = |walk: &mut Self, (side, schema_use): (Side, &SchemaUse<'d>)| {
            let unwrapped = walk.unwrapped(side, schema_use);
            let normalized = walk.normalized_core(side, &unwrapped.core)?;
            Some((unwrapped.nullable || normalized.nullable, normalized))
        };
        let (Some((new_null, new)), Some((old_null, old))) = (read(self, narrow), read(self, wide))
        else {
            return false;
        };
        if !old.unions.is_empty() || !new.unions.is_empty() {
            return self.shape(narrow.0, narrow.1, DEPTH) == self.shape(wide.0, wide.1, DEPTH);
        }
        let values_fit = match (&new.values, &old.values) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(new), Some(old)) => new.keys().all(|value| old.contains_key(value)),
        };
        let formats_fit = old.formats.iter().all(|(class, wide)| {
            let narrow = new.formats.get(class).and_then(|node| node.value.as_str());
            format_table::holds(wide.value.as_str(), narrow)
        });
        let limits_fit = old.limits.include(&new.limits, new.types)
            && (!new.types.meets(Types::STRING)
                || old
                    .patterns
                    .keys()
                    .all(|pattern| new.patterns.contains_key(pattern)))
            && (!new.types.meets(Types::NUMBER)
                || old.multiple.is_none_or(|of| {
                    new.multiple
                        .is_some_and(|multiple| multiple.is_multiple_of(of))
                }));
        let restricts_fit = match &new.values {
            Some(values) => values.values().all(|node| old.admits_scalar(node.value)),
            None => formats_fit && limits_fit,
        } && !old.is_constrained();
        let null_fits = depth + 1 == DEPTH || old_null || !new_null;
        if !(new.types.within(old.types) && values_fit && restricts_fit && null_fits) {
            return false;
        }
        let has_required = new.types.without(Types::OBJECT) == new.types
            || old
                .required
                .keys()
                .all(|name| new.required.contains_key(name));
        let properties_fit = new.properties.iter().all(|(name, schema_use)| {
            old.properties.get(name).is_none_or(|known| {
                self.is_subset_within((narrow.0, schema_use), (wide.0, known), depth)
            })
        });
        let rest_fits = [(&new.items, &old.items), (&new.additional, &old.additional)]
            .into_iter()
            .all(|pair| match pair {
                (_, Additional::Open) => true,
                (Additional::Of(new), Additional::Of(old)) => {
                    self.is_subset_within((narrow.0, new), (wide.0, old), depth)
                }
                (Additional::Closed(_), _) => true,
                _ => false,
            });
        has_required && properties_fit && rest_fits
    }
}
