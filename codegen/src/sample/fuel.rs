//! Limits for one sample, so that dense or hostile schemas end in bounded time and size.

use std::cell::Cell;

/// How many values one sample holds before optional properties and array items are left out.
const MAX_VALUES: usize = 1_000;

/// How many steps one sample may take: schemas read and values checked.
const MAX_STEPS: usize = 100_000;

/// The remaining budget of one sample.
pub(super) struct Fuel {
    values: Cell<usize>,
    steps: Cell<usize>,
}

impl Fuel {
    /// Returns the fuel for a sample that shows optional properties.
    pub(super) fn full() -> Self {
        Self {
            values: Cell::new(MAX_VALUES),
            steps: Cell::new(MAX_STEPS),
        }
    }

    /// Returns the fuel for a sample that holds only required values.
    pub(super) fn required_only() -> Self {
        Self {
            values: Cell::new(0),
            steps: Cell::new(MAX_STEPS),
        }
    }

    /// Counts one value.
    pub(super) fn count_value(&self) {
        self.values.set(self.values.get().saturating_sub(1));
    }

    /// Returns whether optional values may be added.
    pub(super) fn allows_optional(&self) -> bool {
        self.values.get() > 0
    }

    /// Spends steps. Returns false when none are left: the sample must be given up.
    #[must_use]
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.is_some()
    }
}
