//! Which operations a change reaches, and in which directions they feel it.

use std::rc::Rc;

use crate::diff::model::verdict::Directions;

/// The operations that a change reaches, by their names, and the directions in which each feels it.
/// Mostly many changes reach the same ones, and share this.
#[derive(Debug, Clone)]
pub struct AffectedOperations {
    names: Rc<[Rc<str>]>,
    /// By the index of the name.
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

    /// In the order of the names, each with an index that is its own in all that a comparison found.
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

    /// The directions in which it is felt anywhere.
    pub fn directions(&self) -> Directions {
        self.anywhere
    }

    /// What changes that share it have in common.
    pub fn address(&self) -> usize {
        self.directions.as_ptr() as usize
    }
}

impl PartialEq for AffectedOperations {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.directions, &other.directions) || self.iter().eq(other.iter())
    }
}
