//! Contradictions between facts about objects.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::{Fact, Stranger, counts, matches};
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::types::Types;

/// The properties that the facts name.
struct Named<'d> {
    present: BTreeSet<&'d str>,
    absent: BTreeSet<&'d str>,
    all: BTreeSet<&'d str>,
    /// The claims about the names of properties.
    names: Vec<Claim<'d>>,
}

impl<'d> Named<'d> {
    fn of(facts: &[Fact<'d>]) -> Self {
        let mut named = Self {
            present: BTreeSet::new(),
            absent: BTreeSet::new(),
            all: BTreeSet::new(),
            names: Vec::new(),
        };
        for fact in facts {
            match fact {
                Fact::Present(name) => {
                    named.present.insert(name);
                    named.all.insert(name);
                }
                Fact::Absent(name) => {
                    named.absent.insert(name);
                    named.all.insert(name);
                }
                Fact::Property(name, _) => {
                    named.all.insert(name);
                }
                Fact::Others(rest, _) => named.all.extend(&rest.names),
                Fact::Some(stranger) => named.all.extend(&stranger.rest.names),
                Fact::Names(claim) => named.names.push(*claim),
                _ => {}
            }
        }
        named
    }
}

/// Returns the claims about the value of a property.
fn claims<'d>(facts: &[Fact<'d>], name: &str) -> Vec<Claim<'d>> {
    let claims = facts.iter().filter_map(|fact| match fact {
        Fact::Property(known, claim) => (*known == name).then_some(*claim),
        Fact::Others(rest, claim) => rest.holds(name).then_some(*claim),
        Fact::Matching(pattern, claim) => matches(pattern, name).then_some(*claim),
        _ => None,
    });
    claims.collect()
}

/// Returns the claims about the value of a property whose name is unknown.
fn claims_of_stranger<'d>(facts: &[Fact<'d>], stranger: &Stranger<'d>) -> Vec<Claim<'d>> {
    let claims = facts.iter().filter_map(|fact| match fact {
        Fact::Others(rest, claim) => {
            let excluded = &stranger.rest.patterns;
            let mut patterns = rest.patterns.iter();
            patterns.all(|it| excluded.contains(it)).then_some(*claim)
        }
        Fact::Matching(pattern, claim) => (stranger.pattern == Some(*pattern)).then_some(*claim),
        _ => None,
    });
    claims.chain(stranger.value).collect()
}

impl<'d> Prover<'_, 'd> {
    /// Returns whether no object satisfies the facts.
    pub fn objects(&mut self, facts: &[Fact<'d>]) -> bool {
        let named = Named::of(facts);
        let mut barred = named.absent.clone();
        for name in named.all.difference(&named.absent) {
            if self.is_barred(facts, &named, name) {
                barred.insert(name);
            }
        }
        if !named.present.is_disjoint(&barred) {
            return true;
        }
        let (least, mut most) = counts(facts);
        let allowed = self.allowed(facts);
        if let Some(allowed) = &allowed {
            most = most.min(allowed.difference(&barred).count() as f64);
        }
        let count = named.present.len() as f64;
        if least.max(count) > most {
            return true;
        }
        facts.iter().any(|fact| {
            let Fact::Some(stranger) = fact else {
                return false;
            };
            let is_candidate = |name: &&&str| {
                stranger.rest.holds(name) && stranger.pattern.is_none_or(|it| matches(it, name))
            };
            let mut candidates = named.all.iter().filter(is_candidate);
            let is_named = !candidates.all(|name| {
                barred.contains(name)
                    || !named.present.contains(name) && count + 1.0 > most
                    || stranger.value.is_some_and(|value| {
                        let mut claims = claims(facts, name);
                        claims.push(value);
                        self.none(&claims)
                    })
                    || stranger
                        .name
                        .is_some_and(|it| self.is_refused(&named, name, Some(it)))
            });
            !is_named
                && (count + 1.0 > most
                    || allowed.is_some()
                    || self.none(&claims_of_stranger(facts, stranger))
                    || stranger.name.is_some_and(|it| {
                        let mut names = named.names.clone();
                        names.push(it);
                        self.none_of(Types::STRING, &names, Vec::new())
                    }))
        })
    }

    /// Returns whether no object that satisfies the facts has a property.
    fn is_barred(&mut self, facts: &[Fact<'d>], named: &Named<'d>, name: &'d str) -> bool {
        self.none(&claims(facts, name)) || self.is_refused(named, name, None)
    }

    /// Returns whether the claims about names exclude a name.
    fn is_refused(&mut self, named: &Named<'d>, name: &str, more: Option<Claim<'d>>) -> bool {
        let claims: Vec<Claim<'d>> = named.names.iter().copied().chain(more).collect();
        let is = Fact::OneOf(vec![Cow::Owned(Value::from(name))]);
        !claims.is_empty() && self.none_of(Types::STRING, &claims, vec![is])
    }

    /// Returns the only names that properties can have.
    fn allowed(&mut self, facts: &[Fact<'d>]) -> Option<BTreeSet<&'d str>> {
        let mut allowed: Option<BTreeSet<&'d str>> = None;
        for fact in facts {
            if let Fact::Others(rest, claim) = fact
                && rest.patterns.is_empty()
                && self.none(&[*claim])
            {
                let names = rest.names.iter().copied().collect();
                allowed = Some(match allowed {
                    None => names,
                    Some(known) => known.intersection(&names).copied().collect(),
                });
            }
        }
        allowed
    }
}
