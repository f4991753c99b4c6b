//! Reads the keywords for objects.

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::{Fact, Rest, Stranger};
use crate::diff::inclusion::items::{Item, Rule, at_least, at_most};
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::member::member;
use crate::diff::normalize::schema_use::is_anything;

/// Adds the rules of a keyword for objects.
pub fn object_rules<'d>(
    rules: &mut Vec<Rule<'d>>,
    prover: &Prover<'_, 'd>,
    claim: Claim<'d>,
    (keyword, value): (&str, &'d Value),
) {
    let schema = |value: &'d Value| Claim {
        schema: value,
        ..claim
    };
    let names = |value: &'d Value| {
        let names = value.as_array().into_iter().flatten();
        names.filter_map(Value::as_str).collect::<Vec<&'d str>>()
    };
    let members = value.as_object().into_iter().flatten();
    let members = members.map(|(name, value)| (name.as_str(), value));
    let others = |rest: Rest<'d>| {
        let stranger = Stranger {
            rest: rest.clone(),
            pattern: None,
            value: Some(schema(value).not()),
            name: None,
        };
        let fails = vec![vec![Fact::Some(stranger)]];
        Rule::facts(vec![Fact::Others(rest, schema(value))], fails)
    };
    let nothing = Rest {
        names: Vec::new(),
        patterns: Vec::new(),
    };
    match keyword {
        "minProperties" => rules.extend(at_least(value)),
        "maxProperties" => rules.extend(at_most(value)),
        "required" => rules.extend(
            names(value)
                .into_iter()
                .map(|name| Rule::facts(vec![Fact::Present(name)], vec![vec![Fact::Absent(name)]])),
        ),
        "properties" => rules.extend(members.map(|(name, value)| {
            let inner = schema(value);
            let fails = vec![Fact::Present(name), Fact::Property(name, inner.not())];
            Rule::facts(vec![Fact::Property(name, inner)], vec![fails])
        })),
        "patternProperties" => rules.extend(members.map(|(pattern, value)| {
            let inner = schema(value);
            let stranger = Stranger {
                rest: nothing.clone(),
                pattern: Some(pattern),
                value: Some(inner.not()),
                name: None,
            };
            let fails = vec![vec![Fact::Some(stranger)]];
            Rule::facts(vec![Fact::Matching(pattern, inner)], fails)
        })),
        "additionalProperties" if !is_anything(value) => {
            let own = |key| {
                let own = member(claim.schema, key).and_then(Value::as_object);
                own.into_iter()
                    .flat_map(|own| own.keys().map(String::as_str))
                    .collect()
            };
            rules.push(others(Rest {
                names: own("properties"),
                patterns: own("patternProperties"),
            }));
        }
        "unevaluatedProperties" if !is_anything(value) => {
            rules.extend(match prover.evaluated_properties(claim) {
                Some(Some(rest)) => Some(others(rest)),
                Some(None) => None,
                None => Some(Rule::unknown()),
            })
        }
        "propertyNames" => {
            let inner = schema(value);
            let stranger = Stranger {
                rest: nothing,
                pattern: None,
                value: None,
                name: Some(inner.not()),
            };
            let fails = vec![vec![Fact::Some(stranger)]];
            rules.push(Rule::facts(vec![Fact::Names(inner)], fails));
        }
        "dependentRequired" => rules.extend(members.map(|(name, value)| {
            let needs = names(value);
            let fact = |fact| Item::Fact(fact);
            let mut present = vec![fact(Fact::Present(name))];
            present.extend(needs.iter().map(|need| fact(Fact::Present(need))));
            let fails = needs
                .iter()
                .map(|need| vec![fact(Fact::Present(name)), fact(Fact::Absent(need))]);
            Rule {
                holds: vec![vec![fact(Fact::Absent(name))], present],
                fails: fails.collect(),
            }
        })),
        "dependentSchemas" => rules.extend(members.map(|(name, value)| {
            let inner = schema(value);
            let present = Item::Fact(Fact::Present(name));
            Rule {
                holds: vec![
                    vec![Item::Fact(Fact::Absent(name))],
                    vec![present.clone(), Item::Claim(inner)],
                ],
                fails: vec![vec![present, Item::Claim(inner.not())]],
            }
        })),
        _ => {}
    }
}
