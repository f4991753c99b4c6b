//! Contradictions between facts about arrays.

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::{Fact, counts};
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;

/// The most elements that are compared with each other.
const FEW: usize = 5;

/// The positions of an array: those with facts of their own, and one for all others.
struct Positions<'d> {
    own: Vec<Vec<Claim<'d>>>,
    rest: Vec<Claim<'d>>,
}

impl<'d> Positions<'d> {
    fn of(facts: &[Fact<'d>]) -> Self {
        let end = |fact: &Fact<'d>| match fact {
            Fact::At(index, _) => index + 1,
            Fact::From(index, _) | Fact::Somewhere(index, _) => *index,
            _ => 0,
        };
        let count = facts.iter().map(end).max().unwrap_or_default();
        let at = |position: usize| {
            let claims = facts.iter().filter_map(|fact| match fact {
                Fact::At(index, claim) => (*index == position).then_some(*claim),
                Fact::From(index, claim) => (*index <= position).then_some(*claim),
                _ => None,
            });
            claims.collect()
        };
        Self {
            own: (0..count).map(at).collect(),
            rest: at(count),
        }
    }

    /// Iterates over the claims about positions below a length, each with the number of elements
    /// that they are about.
    fn below(&self, length: f64) -> impl Iterator<Item = (&[Claim<'d>], f64)> {
        let own = self.own.iter().map(|claims| (claims.as_slice(), 1.0));
        let rest = (length - self.own.len() as f64).max(0.0);
        let counted = own.chain([(self.rest.as_slice(), rest)]);
        counted
            .enumerate()
            .filter(move |(index, (_, count))| (*index as f64) < length && *count > 0.0)
            .map(|(_, it)| it)
    }
}

fn with<'d>(claims: &[Claim<'d>], more: &[Claim<'d>]) -> Vec<Claim<'d>> {
    claims.iter().chain(more).copied().collect()
}

impl<'d> Prover<'_, 'd> {
    /// Returns whether no array satisfies the facts.
    pub fn arrays(&mut self, facts: &[Fact<'d>]) -> bool {
        let (mut least, mut most) = counts(facts);
        let positions = Positions::of(facts);
        let all = positions.own.iter().chain([&positions.rest]);
        let blocked = all
            .enumerate()
            .find(|(index, claims)| (*index as f64) < most && self.none(claims));
        if let Some((index, _)) = blocked {
            most = index as f64;
        }
        let is_unique = facts.iter().any(|fact| matches!(fact, Fact::Unique));
        if is_unique && positions.own.is_empty() {
            most = most.min(self.variety(&positions.rest));
        }
        let mut many = Vec::new();
        for fact in facts {
            match fact {
                Fact::Somewhere(index, _) => least = least.max(*index as f64 + 1.0),
                Fact::Many(count, claim) => {
                    least = least.max(*count as f64);
                    many.push((*count, *claim));
                }
                Fact::NotUnique => least = least.max(2.0),
                _ => {}
            }
        }
        least = least.max(self.apart(&many));
        if least > most {
            return true;
        }
        facts.iter().any(|fact| match fact {
            Fact::NotUnique => is_unique || self.differ(&positions, most),
            Fact::Somewhere(index, claim) => {
                let mut below = positions.below(most).enumerate();
                below.all(|(position, (claims, _))| {
                    position < *index && position < positions.own.len()
                        || self.none(&with(claims, &[*claim]))
                })
            }
            Fact::Many(count, claim) => {
                let fitting = positions.below(most).filter(|(claims, _)| {
                    let claims = with(claims, &[*claim]);
                    !self.none(&claims)
                });
                fitting.map(|(_, count)| count).sum::<f64>() < *count as f64
            }
            Fact::Few(count, claim) => {
                let forced = positions.below(least).filter(|(claims, _)| {
                    let claims = with(claims, &[claim.not()]);
                    self.none(&claims)
                });
                let forced = forced.map(|(_, count)| count).sum::<f64>();
                forced > *count as f64
                    || many.iter().any(|(more, narrow)| {
                        more > count
                            && positions.below(most).all(|(claims, _)| {
                                self.none(&with(claims, &[*narrow, claim.not()]))
                            })
                    })
            }
            _ => false,
        })
    }

    /// Returns the number of elements that some claims need. Elements that satisfy one of them
    /// satisfy no other one, or else the number is 0.
    fn apart(&mut self, many: &[(usize, Claim<'d>)]) -> f64 {
        let mut total = 0.0;
        for (index, (count, claim)) in many.iter().enumerate() {
            let mut others = many.iter().skip(index + 1);
            if !others.all(|(_, other)| self.none(&[*claim, *other])) {
                return 0.0;
            }
            total += *count as f64;
        }
        total
    }

    /// Returns whether no two elements of an array of few can be equal.
    fn differ(&mut self, positions: &Positions<'d>, most: f64) -> bool {
        if most > FEW as f64 {
            return false;
        }
        let mut each: Vec<&[Claim<'d>]> = Vec::new();
        for (claims, count) in positions.below(most) {
            each.extend(std::iter::repeat_n(claims, count as usize));
        }
        let mut pairs = each.iter().enumerate().flat_map(|(index, one)| {
            let others = each.iter().skip(index + 1);
            others.map(move |other| with(one, other))
        });
        pairs.all(|claims| self.none(&claims))
    }

    /// Returns how many values satisfy some claims at most.
    fn variety(&self, claims: &[Claim<'d>]) -> f64 {
        let valid = claims.iter().filter(|claim| claim.holds);
        let size = valid.map(|claim| {
            let target = claim.schema.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|it| self.document(claim.side).target(it));
            let schema = target.map_or(claim.schema, |node| node.value);
            let list = schema.get("enum").and_then(Value::as_array);
            let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
            match (list, schema.get("const"), declared(schema)) {
                _ if is_nullable => f64::INFINITY,
                (Some(list), ..) => list.len() as f64,
                (_, Some(_), _) | (.., Some(Types::NULL)) => 1.0,
                (.., Some(Types::BOOLEAN)) => 2.0,
                _ => f64::INFINITY,
            }
        });
        size.fold(f64::INFINITY, f64::min)
    }
}
