//! Whether two schemas mean the same or one describes the values of the other: what pairs
//! alternatives that no name and no tag pairs.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::meaning::{Meaning, Rest};
use super::place::{Place, peel};
use super::types::Types;
use super::walk::Walk;

/// How deep two schemas are compared to call them the same.
const DEPTH: u8 = 5;

/// Shapes by side, schemas, depth and whether `null` counts.
pub type Memo = HashMap<(bool, Vec<usize>, u8), u64>;

/// One of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Base,
    Revision,
}

impl<'d> Walk<'d> {
    /// Whether two schemas mean the same, as deep as it is looked.
    pub fn alike(&mut self, base: &Place<'d>, revision: &Place<'d>) -> bool {
        self.shape(Side::Base, base, DEPTH) == self.shape(Side::Revision, revision, DEPTH)
    }

    /// A number that two schemas of the same meaning share; names and words do not count.
    pub fn shape(&mut self, side: Side, place: &Place<'d>, depth: u8) -> u64 {
        let peeled = match side {
            Side::Base => peel(&self.base, place),
            Side::Revision => peel(&self.revision, place),
        };
        let mut hasher = DefaultHasher::new();
        peeled.nullable.hash(&mut hasher);
        let addresses = peeled
            .core
            .iter()
            .map(super::document::Node::address)
            .collect();
        let key = (side == Side::Base, addresses, depth);
        let inner = match self.likeness.get(&key) {
            Some(known) => *known,
            None => {
                let meaning = self.meaning(side, &peeled.core);
                let inner = meaning.map_or(0, |meaning| self.inner_shape(side, &meaning, depth));
                self.likeness.insert(key, inner);
                inner
            }
        };
        inner.hash(&mut hasher);
        hasher.finish()
    }

    /// What stands at a place of one of the documents means.
    pub fn meaning_at(
        &mut self,
        side: Side,
        place: &Place<'d>,
    ) -> Option<std::rc::Rc<Meaning<'d>>> {
        let peeled = match side {
            Side::Base => peel(&self.base, place),
            Side::Revision => peel(&self.revision, place),
        };
        self.meaning(side, &peeled.core)
    }

    fn meaning(
        &mut self,
        side: Side,
        core: &[super::document::Node<'d>],
    ) -> Option<std::rc::Rc<Meaning<'d>>> {
        match side {
            Side::Base => self.base_meaning(core),
            Side::Revision => self.revision_meaning(core),
        }
    }

    fn inner_shape(&mut self, side: Side, of: &Meaning<'d>, depth: u8) -> u64 {
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
            (key, limit.node.value.to_string()).hash(&mut hasher);
        }
        of.patterns
            .keys()
            .for_each(|pattern| pattern.hash(&mut hasher));
        of.required.keys().for_each(|name| name.hash(&mut hasher));
        let Some(depth) = depth.checked_sub(1) else {
            of.properties.keys().for_each(|name| name.hash(&mut hasher));
            return hasher.finish();
        };
        for (name, place) in &of.properties {
            (name, self.shape(side, place, depth)).hash(&mut hasher);
        }
        for rest in [&of.additional, &of.items] {
            match rest {
                Rest::Open => 0_u64,
                Rest::Closed(_) => 1,
                Rest::Of(place) => self.shape(side, place, depth),
            }
            .hash(&mut hasher);
        }
        for place in &of.prefix {
            self.shape(side, place, depth).hash(&mut hasher);
        }
        for (key, place) in &of.conditions {
            (key, self.shape(side, place, depth)).hash(&mut hasher);
        }
        for (key, place) in &of.maps {
            (key, self.shape(side, place, depth)).hash(&mut hasher);
        }
        for union in &of.unions {
            let mut shapes: Vec<u64> = union
                .branches
                .iter()
                .map(|branch| self.shape(side, branch, depth))
                .collect();
            shapes.sort_unstable();
            shapes.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Whether who knows `wide` can read all that `narrow` describes, but for `null`, which is
    /// compared by itself.
    pub fn fits(&mut self, narrow: (Side, &Place<'d>), wide: (Side, &Place<'d>)) -> bool {
        self.fits_within(narrow, wide, DEPTH)
    }

    fn fits_within(
        &mut self,
        narrow: (Side, &Place<'d>),
        wide: (Side, &Place<'d>),
        depth: u8,
    ) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return self.shape(narrow.0, narrow.1, 1) == self.shape(wide.0, wide.1, 1);
        };
        let read = |walk: &mut Self, (side, place): (Side, &Place<'d>)| {
            let peeled = match side {
                Side::Base => peel(&walk.base, place),
                Side::Revision => peel(&walk.revision, place),
            };
            let meaning = walk.meaning(side, &peeled.core)?;
            Some((peeled.nullable || meaning.nullable, meaning))
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
            super::formats::holds(wide.value.as_str(), narrow)
        });
        let null_fits = depth + 1 == DEPTH || old_null || !new_null;
        if !(new.types.within(old.types) && values_fit && formats_fit && null_fits) {
            return false;
        }
        let has_required = new.types.without(Types::OBJECT) == new.types
            || old
                .required
                .keys()
                .all(|name| new.required.contains_key(name));
        let properties_fit = new.properties.iter().all(|(name, place)| {
            old.properties
                .get(name)
                .is_none_or(|known| self.fits_within((narrow.0, place), (wide.0, known), depth))
        });
        let rest_fits = [(&new.items, &old.items), (&new.additional, &old.additional)]
            .into_iter()
            .all(|pair| match pair {
                (_, Rest::Open) => true,
                (Rest::Of(new), Rest::Of(old)) => {
                    self.fits_within((narrow.0, new), (wide.0, old), depth)
                }
                (Rest::Closed(_), _) => true,
                _ => false,
            });
        has_required && properties_fit && rest_fits
    }
}
