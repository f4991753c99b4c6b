//! Items of a branch, and the rules that keywords state.

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::Fact;

/// A claim that is still to be expanded, or a fact.
#[derive(Clone)]
pub enum Item<'d> {
    Claim(Claim<'d>),
    Fact(Fact<'d>),
}

/// Items that all apply.
pub type Way<'d> = Vec<Item<'d>>;

/// Ways of which one applies at least.
pub type Choice<'d> = Vec<Way<'d>>;

/// The ways to satisfy a keyword, and the ways to violate it.
pub struct Rule<'d> {
    pub holds: Choice<'d>,
    pub fails: Choice<'d>,
}

impl<'d> Rule<'d> {
    /// Returns the rule of a keyword that states facts.
    pub fn facts(holds: Vec<Fact<'d>>, fails: Vec<Vec<Fact<'d>>>) -> Self {
        let items = |facts: Vec<Fact<'d>>| facts.into_iter().map(Item::Fact).collect();
        Self {
            holds: vec![items(holds)],
            fails: fails.into_iter().map(items).collect(),
        }
    }

    /// No value satisfies the keyword.
    pub fn never() -> Self {
        Self {
            holds: Vec::new(),
            fails: vec![Vec::new()],
        }
    }

    /// The keyword cannot be judged: a value may satisfy or violate it.
    pub fn unknown() -> Self {
        Self {
            holds: vec![Vec::new()],
            fails: vec![Vec::new()],
        }
    }
}

/// Returns the claims about the schemas that a keyword lists.
pub fn list<'d>(claim: Claim<'d>, value: &'d Value) -> Vec<Claim<'d>> {
    let schemas = value.as_array().into_iter().flatten();
    schemas.map(|schema| Claim { schema, ..claim }).collect()
}

/// Returns a way in which all claims hold.
pub fn all<'d>(claims: &[Claim<'d>]) -> Vec<Item<'d>> {
    claims.iter().map(|claim| Item::Claim(*claim)).collect()
}

/// Returns a way in which no claim holds.
pub fn none<'d>(claims: &[Claim<'d>]) -> Vec<Item<'d>> {
    claims
        .iter()
        .map(|claim| Item::Claim(claim.not()))
        .collect()
}

/// Returns a way for each claim in which the claim holds.
pub fn each<'d>(claims: &[Claim<'d>]) -> Choice<'d> {
    claims
        .iter()
        .map(|claim| vec![Item::Claim(*claim)])
        .collect()
}

/// Returns a way for each claim in which the claim does not hold.
pub fn each_not<'d>(claims: &[Claim<'d>]) -> Choice<'d> {
    let ways = claims.iter();
    ways.map(|claim| vec![Item::Claim(claim.not())]).collect()
}

/// Reads a lower bound of a length or count.
pub fn at_least<'d>(value: &Value) -> Option<Rule<'d>> {
    let least = value.as_f64().filter(|least| *least > 0.0)?;
    Some(Rule::facts(
        vec![Fact::AtLeast(least, false)],
        vec![vec![Fact::AtMost(least - 1.0, false)]],
    ))
}

/// Reads an upper bound of a length or count.
pub fn at_most<'d>(value: &Value) -> Option<Rule<'d>> {
    let most = value.as_f64()?;
    Some(Rule::facts(
        vec![Fact::AtMost(most, false)],
        vec![vec![Fact::AtLeast(most + 1.0, false)]],
    ))
}
