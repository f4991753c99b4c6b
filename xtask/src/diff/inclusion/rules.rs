//! Reads the keywords of a schema: the ways in which a value of a type satisfies each keyword, and
//! the ways in which it violates the keyword.

use std::borrow::Cow;

use serde_json::Value;

use crate::diff::inclusion::array_rules::array_rules;
use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::Fact;
use crate::diff::inclusion::items::{Item, Rule, all, each, each_not, list, none};
use crate::diff::inclusion::object_rules::object_rules;
use crate::diff::inclusion::prover::Prover;
use crate::diff::inclusion::scalar_rules::{is_of_class, scalar_rules};
use crate::diff::model::member::member;
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;
use crate::diff::normalize::keyword_types::restricted;
use crate::diff::normalize::validity::is_union_of_objects;

impl<'d> Prover<'_, 'd> {
    /// Returns the rules of the schema of a claim for values of a type.
    pub fn rules(&self, claim: Claim<'d>, types: Types) -> Vec<Rule<'d>> {
        let holding = Claim {
            holds: true,
            ..claim
        };
        let object = match claim.schema {
            Value::Bool(false) => return vec![Rule::never()],
            Value::Object(object) => object,
            _ => return Vec::new(),
        };
        let is_nullable = member(claim.schema, "nullable") == Some(&Value::Bool(true));
        if types == Types::NULL && is_nullable {
            return Vec::new();
        }
        let mut rules = Vec::new();
        if declared(claim.schema).is_some_and(|declared| !types.within(declared)) {
            rules.push(Rule::never());
        }
        for (keyword, value) in object {
            match restricted(keyword) {
                Some(restricted) if !restricted.meets(types) => {}
                Some(_) if types == Types::OBJECT => {
                    object_rules(&mut rules, self, holding, (keyword, value));
                }
                Some(_) if types == Types::ARRAY => {
                    array_rules(&mut rules, self, holding, (keyword, value));
                }
                Some(_) if keyword == "format" && !is_of_class(value, types) => {}
                Some(_) => scalar_rules(&mut rules, holding, (keyword, value)),
                None => self.composition(&mut rules, (holding, types), (keyword, value)),
            }
        }
        rules
    }

    /// Reads a keyword that can restrict values of every type.
    fn composition(
        &self,
        rules: &mut Vec<Rule<'d>>,
        (claim, types): (Claim<'d>, Types),
        (keyword, value): (&str, &'d Value),
    ) {
        let schema = |value: &'d Value| Claim {
            schema: value,
            ..claim
        };
        rules.push(match keyword {
            "type" | "x-extensible-enum" | "discriminator" => return,
            "enum" | "const" => {
                let listed = match (keyword, value) {
                    ("enum", Value::Array(values)) => values.iter().collect(),
                    _ => vec![value],
                };
                let values = listed.iter().map(|it| Cow::Borrowed(*it)).collect();
                Rule::facts(vec![Fact::OneOf(values)], vec![vec![Fact::NoneOf(listed)]])
            }
            "$ref" => match value
                .as_str()
                .and_then(|text| self.document(claim.side).target(text))
            {
                Some(target) => {
                    let target = schema(target.value);
                    Rule {
                        holds: each(&[target]),
                        fails: each_not(&[target]),
                    }
                }
                None => Rule::unknown(),
            },
            "allOf" => {
                let parts = list(claim, value);
                Rule {
                    holds: vec![all(&parts)],
                    fails: each_not(&parts),
                }
            }
            "oneOf"
                if self.is_exact
                    || types == Types::NULL
                        && !is_union_of_objects(self.document(claim.side), value) =>
            {
                exactly_one(&list(claim, value))
            }
            "anyOf" | "oneOf" => {
                let variants = list(claim, value);
                Rule {
                    holds: each(&variants),
                    fails: vec![none(&variants)],
                }
            }
            "not" => Rule {
                holds: each_not(&[schema(value)]),
                fails: each(&[schema(value)]),
            },
            "if" => {
                let branch = |key| member(claim.schema, key).map(schema);
                condition(schema(value), branch("then"), branch("else"))
            }
            "then" | "else" | "$defs" | "definitions" | "$schema" => return,
            _ => Rule::unknown(),
        });
    }
}

fn exactly_one<'d>(variants: &[Claim<'d>]) -> Rule<'d> {
    let others = |index: usize| {
        let others = variants.iter().enumerate();
        others.filter(move |(other, _)| *other != index)
    };
    let holds = variants.iter().enumerate().map(|(index, claim)| {
        let mut way = vec![Item::Claim(*claim)];
        way.extend(others(index).map(|(_, other)| Item::Claim(other.not())));
        way
    });
    let mut fails = vec![none(variants)];
    for (index, claim) in variants.iter().enumerate() {
        let later = others(index).filter(|(other, _)| *other > index);
        fails.extend(later.map(|(_, other)| all(&[*claim, *other])));
    }
    Rule {
        holds: holds.collect(),
        fails,
    }
}

fn condition<'d>(
    test: Claim<'d>,
    then: Option<Claim<'d>>,
    otherwise: Option<Claim<'d>>,
) -> Rule<'d> {
    let branches = [(test, then), (test.not(), otherwise)];
    let holds = branches.map(|(test, branch)| {
        let claims: Vec<Claim<'d>> = [test].into_iter().chain(branch).collect();
        all(&claims)
    });
    let fails = branches
        .into_iter()
        .filter_map(|(test, branch)| Some(all(&[test, branch?.not()])));
    Rule {
        holds: holds.into(),
        fails: fails.collect(),
    }
}
