//! Reads the keywords for arrays.

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::Fact;
use crate::diff::inclusion::items::{Rule, at_least, at_most, list};
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::member::member;
use crate::diff::normalize::schema_use::is_anything;

/// Adds the rules of a keyword for arrays.
pub fn array_rules<'d>(
    rules: &mut Vec<Rule<'d>>,
    prover: &Prover<'_, 'd>,
    claim: Claim<'d>,
    (keyword, value): (&str, &'d Value),
) {
    let schema = |value: &'d Value| Claim {
        schema: value,
        ..claim
    };
    let tuple = |tuple: &'d Value| {
        let items = list(claim, tuple).into_iter().enumerate();
        items.map(|(index, item)| {
            let exists = Fact::AtLeast(index as f64 + 1.0, false);
            let fails = vec![vec![exists, Fact::At(index, item.not())]];
            Rule::facts(vec![Fact::At(index, item)], fails)
        })
    };
    let from = |index: usize, rest: &'d Value| {
        let rest = schema(rest);
        let fails = vec![vec![Fact::Somewhere(index, rest.not())]];
        Rule::facts(vec![Fact::From(index, rest)], fails)
    };
    match keyword {
        "minItems" => rules.extend(at_least(value)),
        "maxItems" => rules.extend(at_most(value)),
        "uniqueItems" if value == &Value::Bool(true) => {
            let fails = vec![vec![Fact::NotUnique]];
            rules.push(Rule::facts(vec![Fact::Unique], fails));
        }
        "prefixItems" => rules.extend(tuple(value)),
        "items" if value.is_array() => rules.extend(tuple(value)),
        "items" if !is_anything(value) => {
            let prefix = member(claim.schema, "prefixItems").and_then(Value::as_array);
            rules.push(from(prefix.map_or(0, Vec::len), value));
        }
        "unevaluatedItems" if !is_anything(value) => {
            rules.extend(match prover.evaluated_items(claim) {
                Some(Some(prefix)) => Some(from(prefix, value)),
                Some(None) => None,
                None => Some(Rule::unknown()),
            })
        }
        "contains" => {
            let count = |key| Some(member(claim.schema, key)?.as_u64()? as usize);
            let least = count("minContains").unwrap_or(1);
            let most = count("maxContains");
            let contained = schema(value);
            let mut holds = vec![Fact::Many(least, contained)];
            let mut fails = Vec::new();
            if let Some(fewer) = least.checked_sub(1) {
                fails.push(vec![Fact::Few(fewer, contained)]);
            }
            if let Some(most) = most {
                holds.push(Fact::Few(most, contained));
                fails.push(vec![Fact::Many(most + 1, contained)]);
            }
            rules.push(Rule::facts(holds, fails));
        }
        _ => {}
    }
}
