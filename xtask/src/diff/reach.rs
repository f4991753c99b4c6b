//! Which operations a change reaches, and in which directions they feel it.

use std::rc::Rc;

use super::change::Felt;

/// The operations that a change reaches, by their names, and the directions in which each feels it.
/// Mostly many changes reach the same ones, and share this.
#[derive(Debug, Clone)]
pub struct Reach {
    names: Rc<[Rc<str>]>,
    /// By the index of the name.
    felt: Rc<[(u32, Felt)]>,
    anywhere: Felt,
}

impl Reach {
    pub(super) fn new(names: &Rc<[Rc<str>]>, felt: Vec<(u32, Felt)>) -> Self {
        Self {
            names: Rc::clone(names),
            anywhere: felt
                .iter()
                .fold(Felt::default(), |all, (_, felt)| all.and(*felt)),
            felt: felt.into(),
        }
    }

    pub fn nothing() -> Self {
        Self::new(&Rc::from([]), Vec::new())
    }

    /// In the order of the names, each with an index that is its own in all that a comparison found.
    pub fn indexed(&self) -> impl Iterator<Item = (u32, &str, Felt)> {
        let felt = self.felt.iter();
        felt.filter_map(|(index, felt)| Some((*index, &**self.names.get(*index as usize)?, *felt)))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, Felt)> {
        self.indexed().map(|(_, name, felt)| (name, felt))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    pub fn len(&self) -> usize {
        self.felt.len()
    }

    pub fn is_empty(&self) -> bool {
        self.felt.is_empty()
    }

    pub fn contains(&self, name: &str) -> bool {
        let place = |(index, _): &(u32, Felt)| {
            let known = self.names.get(*index as usize);
            known.map_or(std::cmp::Ordering::Less, |known| (**known).cmp(name))
        };
        self.felt.binary_search_by(place).is_ok()
    }

    /// The directions in which it is felt anywhere.
    pub fn felt(&self) -> Felt {
        self.anywhere
    }

    /// What changes that share it have in common.
    pub fn address(&self) -> usize {
        self.felt.as_ptr() as usize
    }
}

impl PartialEq for Reach {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.felt, &other.felt) || self.iter().eq(other.iter())
    }
}
