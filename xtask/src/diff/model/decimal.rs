//! Exact decimal fractions, for `multipleOf`: floating point cannot tell that 0.3 is a multiple of
//! 0.1.

use serde_json::Value;

/// A decimal fraction: `units` divided by ten to the power of `places`.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i128,
    places: u32,
}

/// The most decimal places that are compared.
const MAX_PLACES: u32 = 15;

impl Decimal {
    pub const ONE: Self = Self {
        units: 1,
        places: 0,
    };

    /// Reads a number. Returns `None` for numbers with too many digits.
    pub fn of(value: &Value) -> Option<Self> {
        let text = value.as_number()?.to_string();
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        let places = i32::try_from(fraction.len()).ok()? - exponent;
        if places < 0 {
            let factor = 10_i128.checked_pow(places.unsigned_abs())?;
            return Some(Self {
                units: units.checked_mul(factor)?,
                places: 0,
            });
        }
        let places = u32::try_from(places).ok()?;
        (places <= MAX_PLACES).then_some(Self { units, places })
    }

    /// Returns both numbers in units of the same size.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let places = self.places.max(other.places);
        let scaled = |of: Self| {
            of.units
                .checked_mul(10_i128.checked_pow(places - of.places)?)
        };
        Some((scaled(self)?, scaled(other)?))
    }

    /// Returns whether the number is a multiple of another one.
    pub fn is_multiple_of(self, other: Self) -> bool {
        self.aligned(other)
            .is_some_and(|(number, of)| of != 0 && number % of == 0)
    }

    /// Returns the smallest number that is a multiple of both.
    pub fn common_multiple(self, other: Self) -> Option<Self> {
        let (a, b) = self.aligned(other)?;
        let (mut divisor, mut rest) = (a.abs(), b.abs());
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        let units = a.checked_div(divisor)?.checked_mul(b)?.abs();
        Some(Self {
            units,
            places: self.places.max(other.places),
        })
    }

    /// Returns the multiple nearest to a number, at or above it or at or below it.
    pub fn nearest(self, number: Self, is_above: bool) -> Option<f64> {
        let (step, number) = self.aligned(number)?;
        let mut count = number.checked_div_euclid(step)?;
        if is_above && number.checked_rem_euclid(step)? != 0 {
            count += 1;
        }
        let scale = 10_f64.powi(i32::try_from(self.places).ok()?);
        // Exact for the limits of documents, which are far below 2^53.
        Some(count as f64 * self.units as f64 / scale)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.aligned(*other).is_some_and(|(a, b)| a == b)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fractions_are_compared_exactly() {
        let of = |value: f64| Decimal::of(&json!(value)).unwrap();
        assert!(of(0.3).is_multiple_of(of(0.1)));
        assert!(!of(0.3).is_multiple_of(of(0.2)));
        assert_eq!(of(0.4).common_multiple(of(0.6)), Some(of(1.2)));
        assert_eq!(Decimal::of(&json!(1e3)), Decimal::of(&json!(1000)));
        assert_eq!(of(0.5).nearest(of(1.2), true), Some(1.5));
        assert_eq!(of(3.0).nearest(of(10.0), false), Some(9.0));
    }
}
