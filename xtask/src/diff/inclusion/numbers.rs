//! Contradictions between facts about numbers.

use serde_json::{Value, json};

use crate::diff::inclusion::facts::{Fact, bounds, refute};
use crate::diff::model::decimal::Decimal;
use crate::diff::model::types::Types;
use crate::diff::normalize::format_table;

/// The most numbers that are tried one by one.
const FEW: usize = 64;

pub fn contradict(facts: &[Fact<'_>], types: Types) -> bool {
    let mut multiple = (types == Types::INTEGER).then_some(Decimal::ONE);
    for fact in facts {
        if let Fact::Multiple(of) = fact {
            multiple = match multiple {
                None => Some(*of),
                Some(known) => known.common_multiple(*of).or(Some(known)),
            };
        }
    }
    let is_excluded = facts.iter().any(|fact| match fact {
        Fact::NotMultiple(of) => multiple.is_some_and(|it| it.is_multiple_of(*of)),
        _ => false,
    });
    if is_excluded
        || types == Types::FRACTION && multiple.is_some_and(|it| it.is_multiple_of(Decimal::ONE))
    {
        return true;
    }
    let (mut least, mut most) = bounds(facts);
    let formats = || {
        facts.iter().filter_map(|fact| match fact {
            Fact::Format(format) => Some(*format),
            _ => None,
        })
    };
    for (low, high) in formats().filter_map(format_table::range) {
        least = if low > least.0 { (low, false) } else { least };
        most = if high < most.0 { (high, false) } else { most };
    }
    let is_of_format = facts.iter().any(|fact| match fact {
        Fact::NotFormat(wide) => {
            formats().any(|narrow| format_table::holds(Some(wide), Some(narrow)))
                || types == Types::INTEGER
                    && format_table::range(wide)
                        .is_some_and(|(low, high)| least.0 >= low && most.0 <= high)
        }
        _ => false,
    });
    is_of_format
        || is_empty(least, most, types)
        || all_excluded(facts, types, multiple, (least.0, most.0))
}

fn is_empty(least: (f64, bool), most: (f64, bool), types: Types) -> bool {
    least.0 > most.0
        || least.0 == most.0
            && (least.1 || most.1 || types == Types::FRACTION && least.0.fract() == 0.0)
}

/// Tries the multiples within bounds, if they are few.
fn all_excluded(
    facts: &[Fact<'_>],
    types: Types,
    multiple: Option<Decimal>,
    (least, most): (f64, f64),
) -> bool {
    let Some(step) = multiple.filter(|_| least.is_finite() && most.is_finite()) else {
        return false;
    };
    let above = |number: f64| step.nearest(Decimal::of(&number_value(number))?, true);
    let Some(size) = step.nearest(step, true) else {
        return false;
    };
    if !(size > 0.0 && (most - least) / size < FEW as f64) {
        return false;
    }
    let mut next = above(least);
    while let Some(number) = next.filter(|number| *number <= most) {
        let is_whole = number.fract() == 0.0;
        let is_of_type = is_whole == (types == Types::INTEGER);
        if is_of_type && !refute(facts, &number_value(number)) {
            return false;
        }
        next = above(number + size / 2.0);
    }
    next.is_some()
}

fn number_value(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        json!(number as i64)
    } else {
        json!(number)
    }
}
