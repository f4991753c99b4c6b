//! The operations that a change affects, and the directions in which it does.

use std::rc::Rc;

use crate::diff::model::verdict::Directions;

/// The operations that a change affects, by name, with the directions in each.
/// Changes that affect the same operations share one value.
#[derive(Debug, Clone)]
pub struct AffectedOperations {
    names: Rc<[Rc<str>]>,
    /// Indices of `names`, sorted.
    directions: Rc<[(u32, Directions)]>,
    anywhere: Directions,
}

impl AffectedOperations {
    pub fn new(names: &Rc<[Rc<str>]>, directions: Vec<(u32, Directions)>) -> Self {
        Self {
            names: Rc::clone(names),
            anywhere: directions
                .iter()
                .fold(Directions::default(), |all, (_, directions)| {
                    all.and(*directions)
                }),
            directions: directions.into(),
        }
    }

    pub fn nothing() -> Self {
        Self::new(&Rc::from([]), Vec::new())
    }

    /// Iterates in the order of the names. The index of an operation is the same in all changes.
    pub fn indexed(&self) -> impl Iterator<Item = (u32, &str, Directions)> {
        let directions = self.directions.iter();
        directions.filter_map(|(index, directions)| {
            Some((*index, &**self.names.get(*index as usize)?, *directions))
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, Directions)> {
        self.indexed()
            .map(|(_, name, directions)| (name, directions))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    pub fn len(&self) -> usize {
        self.directions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.directions.is_empty()
    }

    pub fn contains(&self, name: &str) -> bool {
        let location = |(index, _): &(u32, Directions)| {
            let known = self.names.get(*index as usize);
            known.map_or(std::cmp::Ordering::Less, |known| (**known).cmp(name))
        };
        self.directions.binary_search_by(location).is_ok()
    }

    /// Returns the union of the directions of all operations.
    pub fn directions(&self) -> Directions {
        self.anywhere
    }

    /// Returns an identity that changes with the same operations share.
    pub fn address(&self) -> usize {
        self.directions.as_ptr() as usize
    }
}

impl PartialEq for AffectedOperations {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.directions, &other.directions) || self.iter().eq(other.iter())
    }
}
