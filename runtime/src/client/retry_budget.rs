//! The retry budget that all clones of a client share.

use std::time::Duration;

use tower::retry::budget::{Budget as _, TpsBudget};

/// The retries that all clones of a client may use, so that an outage is not multiplied: three a
/// second, plus one for every five calls of the last ten seconds.
pub(crate) struct RetryBudget(TpsBudget);

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self(TpsBudget::new(Duration::from_secs(10), 3, 0.2))
    }

    /// Counts a call.
    pub(crate) fn deposit(&self) {
        self.0.deposit();
    }

    pub(crate) fn withdraw(&self) -> bool {
        self.0.withdraw()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_is_exhausted_by_failures() {
        let budget = RetryBudget::new();
        let taken = |calls: u32| {
            (0..calls).for_each(|_| budget.deposit());
            (0..1000).take_while(|_| budget.withdraw()).count()
        };
        assert_eq!(taken(0), 30);
        assert_eq!(taken(200), 40);
        assert_eq!(taken(0), 0);
    }
}
