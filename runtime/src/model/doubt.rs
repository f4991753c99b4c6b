//! Doubts: the help that decoding a value needed, which lets a union choose the variant that needs
//! least.
//!
//! Decoding accepts an unknown enumeration value, or `null` for a list. A union prefers a variant
//! that decodes without such help, so decoding notes each of them.

use std::cell::Cell;

/// The number of times that decoding needed help. Fewer is better, and the earlier field decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubts {
    /// Required properties that were missing, and `null` for a list.
    repaired: u32,
    /// Enumeration values, and values of unions, that this version does not know.
    unknown: u32,
}

impl Doubts {
    /// Returns whether as many values were repaired.
    pub fn is_repaired_as(self, other: Self) -> bool {
        self.repaired == other.repaired
    }
}

thread_local! {
    static DOUBTS: Cell<Doubts> = const { Cell::new(Doubts { repaired: 0, unknown: 0 }) };
}

fn change(change: impl FnOnce(&mut Doubts)) {
    DOUBTS.with(|doubts| {
        let mut all = doubts.get();
        change(&mut all);
        doubts.set(all);
    });
}

/// Notes that a required property was missing, or that `null` was read as an empty list.
pub fn repaired() {
    change(|all| all.repaired = all.repaired.saturating_add(1));
}

/// Notes a value that this version does not know.
pub fn unknown() {
    change(|all| all.unknown = all.unknown.saturating_add(1));
}

/// Returns the result of `decode`, with the doubts that it noted. They do not count for the value
/// around it, unless they are passed to [`add`].
pub fn watch<T>(decode: impl FnOnce() -> T) -> (T, Doubts) {
    let before = DOUBTS.with(|doubts| doubts.replace(Doubts::default()));
    let result = decode();
    (result, DOUBTS.with(|doubts| doubts.replace(before)))
}

/// Adds doubts to those of the value around.
pub fn add(doubts: Doubts) {
    change(|all| {
        all.repaired = all.repaired.saturating_add(doubts.repaired);
        all.unknown = all.unknown.saturating_add(doubts.unknown);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watched_doubts_count_only_when_added() {
        let ((), outer) = watch(|| {
            unknown();
            let ((), inner) = watch(|| {
                unknown();
                repaired();
            });
            assert_eq!((inner.repaired, inner.unknown), (1, 1));
            add(inner);
            let (_, _) = watch(unknown);
        });
        assert_eq!((outer.repaired, outer.unknown), (1, 2));
        assert!(
            outer
                > Doubts {
                    repaired: 0,
                    unknown: 9
                }
        );
    }
}
