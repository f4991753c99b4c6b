//! The waits between requests for the details of a job.

use std::time::Duration;

use crate::client::retry_policy::backoff;

/// The waits between requests. Their bound doubles from the first to the maximum wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) first: Duration,
    pub(super) max: Duration,
    /// The number of waits since the beginning.
    waits: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(Duration::from_secs(1), Duration::from_secs(30))
    }
}

impl Pace {
    pub(super) fn new(first: Duration, max: Duration) -> Self {
        Self {
            first: first.min(max),
            max,
            waits: 0,
        }
    }

    /// Returns the next wait: random, between half of its bound and its bound.
    pub(super) fn next(&mut self) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(self.waits));
        let half = doubled.min(self.max) / 2;
        self.waits = self.waits.saturating_add(1);
        half + backoff(half, half, 0)
    }

    /// Begins with the first wait again.
    pub(super) fn restart(&mut self) {
        self.waits = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_in_the_upper_half_of_their_bound() {
        let (first, max) = (Duration::from_millis(50), Duration::from_millis(400));
        let mut pace = Pace::new(first, max);
        let mut drawn = Vec::new();
        for bound in [50, 100, 200].into_iter().chain([400; 60]) {
            let bound = Duration::from_millis(bound);
            let wait = pace.next();
            assert!(wait >= bound / 2 && wait <= bound, "{wait:?} of {bound:?}");
            drawn.push(wait);
        }
        drawn.dedup();
        assert!(drawn.len() > 10, "not random: {drawn:?}");
        pace.restart();
        assert!(pace.next() <= first);
    }

    #[test]
    fn waits_of_any_length_are_computed() {
        for (first, max) in [
            (Duration::ZERO, Duration::ZERO),
            (Duration::MAX, Duration::ZERO),
            (Duration::MAX, Duration::MAX),
        ] {
            let mut pace = Pace::new(first, max);
            for _ in 0..100 {
                assert!(pace.next() <= max);
            }
        }
    }
}
