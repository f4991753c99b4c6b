//! Schemas whose effect on the values is not their own: under `not`, a narrower schema admits more
//! values; under `if`, and under `contains` with a limit on both sides, it can do both.

use crate::diff::compare::walk::{PairId, Walk};
use crate::diff::model::change::Change;
use crate::diff::model::checks::{self, Check};
use crate::diff::model::context::Polarity;
use crate::diff::model::verdict::Wire;
use crate::diff::normalize::schema_use::SchemaUse;

/// The effect of several changes together.
enum Sum {
    Nothing,
    Words,
    Unknown,
    Sets { narrows: bool, widens: bool },
}

/// The proven effect of a change on the values of a schema.
pub struct Kept {
    /// Every value is still valid.
    pub all: bool,
    /// No other value is valid.
    pub only: bool,
}

/// Reports the changes of two schemas by their polarity. `None` means that the nesting is too deep
/// to judge.
pub fn report<'d>(
    walk: &mut Walk<'d>,
    pair: PairId,
    (from, to): (&SchemaUse<'d>, &SchemaUse<'d>),
    (polarity, kept): (Polarity, Kept),
    changes: Option<&[Change<'d>]>,
) {
    let sum = match changes.map_or(Sum::Unknown, sum) {
        Sum::Sets { narrows, widens } => Sum::Sets {
            narrows: narrows && !kept.all,
            widens: widens && !kept.only,
        },
        Sum::Unknown if kept.all && kept.only => Sum::Nothing,
        sum => sum,
    };
    let Some(check) = judge(sum, polarity) else {
        return;
    };
    let location = (from.0.first(), to.0.first());
    let value = |of: &SchemaUse<'d>| of.0.first().map(|node| node.shown());
    walk.report(pair, check, location, value(from), value(to));
}

fn sum(changes: &[Change<'_>]) -> Sum {
    let mut sum = Sum::Nothing;
    for check in changes.iter().map(|change| change.check) {
        if check.is_unknown() {
            return Sum::Unknown;
        }
        let (narrows, widens) = (check.effect.narrows(), check.effect.widens());
        sum = match sum {
            _ if check.worst() == Wire::None => continue,
            Sum::Nothing if check.worst() == Wire::DocsOnly => Sum::Words,
            Sum::Sets {
                narrows: known,
                widens: also,
            } => Sum::Sets {
                narrows: narrows || known,
                widens: widens || also,
            },
            _ if narrows || widens => Sum::Sets { narrows, widens },
            known => known,
        };
    }
    sum
}

fn judge(sum: Sum, polarity: Polarity) -> Option<&'static Check> {
    let (narrows, widens) = match sum {
        Sum::Nothing => return None,
        Sum::Words => return Some(&checks::SCHEMA_DOCS),
        Sum::Unknown => return Some(&checks::UNKNOWN_CHANGE),
        Sum::Sets {
            narrows: false,
            widens: false,
        } => return None,
        Sum::Sets { narrows, widens } => (narrows, widens),
    };
    let [tightened, relaxed, changed] = match polarity {
        Polarity::Not => [
            &checks::EXCLUSION_TIGHTENED,
            &checks::EXCLUSION_RELAXED,
            &checks::EXCLUSION_CHANGED,
        ],
        _ => [
            &checks::CONSTRAINT_TIGHTENED,
            &checks::CONSTRAINT_RELAXED,
            &checks::CONSTRAINT_CHANGED,
        ],
    };
    Some(match (polarity, narrows, widens) {
        (_, true, true) | (Polarity::Both, ..) => changed,
        (Polarity::Same, true, _) | (Polarity::Not | Polarity::Reversed, false, _) => tightened,
        (Polarity::Same, false, _) | (Polarity::Not | Polarity::Reversed, true, _) => relaxed,
    })
}
