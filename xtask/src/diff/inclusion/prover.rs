//! The search for a contradiction in every branch.

use std::collections::HashMap;

use crate::diff::compare::unchanged::{Unchanged, same};
use crate::diff::inclusion::claim::{Claim, ClaimKey};
use crate::diff::inclusion::facts::{self, Fact};
use crate::diff::inclusion::items::{Choice, Item, Way};
use crate::diff::inclusion::{numbers, texts};
use crate::diff::model::context::Side;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;

/// The steps of one proof. A proof that needs more fails.
const STEPS: usize = 4_000;

/// The steps of all proofs of a comparison.
const MOST_STEPS: usize = 200_000;

/// The depth of values within values.
const DEPTH: usize = 24;

/// The types that are searched one by one.
const TYPES: [Types; 7] = [
    Types::NULL,
    Types::BOOLEAN,
    Types::INTEGER,
    Types::FRACTION,
    Types::STRING,
    Types::ARRAY,
    Types::OBJECT,
];

/// The question whether no value satisfies some claims.
type Question = Vec<ClaimKey>;

/// The facts about values of one type.
#[derive(Clone)]
struct Branch<'d> {
    types: Types,
    seen: Vec<Claim<'d>>,
    facts: Vec<Fact<'d>>,
    choices: Vec<Choice<'d>>,
}

/// Searches for proofs between two documents.
pub struct Prover<'p, 'd> {
    base: &'p Document<'d>,
    revision: &'p Document<'d>,
    unchanged: &'p Unchanged,
    /// Exactly one variant of `oneOf` matches. Otherwise, open objects may match several.
    pub is_exact: bool,
    steps: usize,
    spent: usize,
    /// The questions that are being answered. A value within the value of such a question is
    /// smaller, so that the answer may be assumed for it (induction).
    asked: Vec<Question>,
    /// The outermost question whose answer was assumed.
    assumed: usize,
    known: HashMap<Question, bool>,
}

impl<'p, 'd> Prover<'p, 'd> {
    pub fn new(
        (base, revision): (&'p Document<'d>, &'p Document<'d>),
        unchanged: &'p Unchanged,
        is_exact: bool,
    ) -> Self {
        Self {
            base,
            revision,
            unchanged,
            is_exact,
            steps: 0,
            spent: 0,
            asked: Vec::new(),
            assumed: usize::MAX,
            known: HashMap::new(),
        }
    }

    /// Returns whether every value of some types that is valid in all schemas of `narrow` is valid
    /// in all schemas of `wide`.
    pub fn includes(
        &mut self,
        wide: (Side, &[Node<'d>]),
        narrow: (Side, &[Node<'d>]),
        within: Option<Types>,
    ) -> bool {
        let claim = |side: Side, node: &Node<'d>, holds: bool| Claim {
            side,
            holds,
            schema: node.value,
        };
        self.steps = STEPS.min(MOST_STEPS.saturating_sub(self.spent));
        let before = self.steps;
        let valid = narrow.1.iter().map(|node| claim(narrow.0, node, true));
        let valid: Vec<Claim<'d>> = valid.collect();
        let is_proven = wide.1.iter().all(|node| {
            let mut claims = valid.clone();
            claims.push(claim(wide.0, node, false));
            match within {
                None => self.none(&claims),
                Some(types) => TYPES
                    .into_iter()
                    .filter(|it| types.meets(*it))
                    .all(|it| self.none_of(it, &claims, Vec::new())),
            }
        });
        self.spent += before - self.steps;
        is_proven
    }

    pub fn document(&self, side: Side) -> &'p Document<'d> {
        match side {
            Side::Base => self.base,
            Side::Revision => self.revision,
        }
    }

    /// Returns whether no value satisfies all claims.
    pub fn none(&mut self, claims: &[Claim<'d>]) -> bool {
        if claims.is_empty() {
            return false;
        }
        let mut question: Question = claims.iter().map(Claim::key).collect();
        question.sort_unstable();
        question.dedup();
        if let Some(known) = self.known.get(&question) {
            return *known;
        }
        if let Some(index) = self.asked.iter().position(|asked| *asked == question) {
            self.assumed = self.assumed.min(index);
            return true;
        }
        if self.asked.len() == DEPTH {
            return false;
        }
        self.asked.push(question);
        let outer = std::mem::replace(&mut self.assumed, usize::MAX);
        let is_none = TYPES
            .into_iter()
            .all(|types| self.none_of(types, claims, Vec::new()));
        let question = self.asked.pop().unwrap_or_default();
        if self.assumed >= self.asked.len() {
            self.assumed = usize::MAX;
            if self.steps > 0 {
                self.known.insert(question, is_none);
            }
        }
        self.assumed = self.assumed.min(outer);
        is_none
    }

    /// Returns whether no value of a type satisfies all claims and facts.
    pub fn none_of(&mut self, types: Types, claims: &[Claim<'d>], facts: Vec<Fact<'d>>) -> bool {
        let branch = Branch {
            types,
            seen: Vec::new(),
            facts,
            choices: Vec::new(),
        };
        let items = claims.iter().map(|claim| Item::Claim(*claim)).collect();
        self.is_closed(branch, items)
    }

    /// Returns whether some items contradict each other or the facts of a branch, in every way to
    /// choose.
    fn is_closed(&mut self, mut branch: Branch<'d>, items: Way<'d>) -> bool {
        self.steps = self.steps.saturating_sub(1);
        if self.steps == 0 {
            return false;
        }
        if !self.add(&mut branch, items) || self.contradict(&branch) {
            return true;
        }
        let mut choices = Vec::new();
        for choice in std::mem::take(&mut branch.choices) {
            // Each choice alone first: most proofs need one only.
            let mut open = choice;
            open.retain(|way| !self.is_closed(branch.clone(), way.clone()));
            if open.is_empty() {
                return true;
            }
            choices.push(open);
        }
        choices.sort_by_key(Vec::len);
        if choices.len() < 2 {
            return false;
        }
        let first = choices.remove(0);
        branch.choices = choices;
        first
            .into_iter()
            .all(|way| self.is_closed(branch.clone(), way))
    }

    /// Adds items to a branch. Returns false if a claim contradicts another one.
    fn add(&mut self, branch: &mut Branch<'d>, items: Way<'d>) -> bool {
        let mut pending = items;
        while let Some(item) = pending.pop() {
            let claim = match item {
                Item::Fact(fact) => {
                    branch.facts.push(fact);
                    continue;
                }
                Item::Claim(claim) => claim,
            };
            if branch.seen.iter().any(|it| it.key() == claim.key()) {
                continue;
            }
            if branch.seen.iter().any(|it| self.exclude(*it, claim)) {
                return false;
            }
            branch.seen.push(claim);
            let rules = self.rules(claim, branch.types);
            if claim.holds {
                for mut rule in rules {
                    match (rule.holds.pop(), rule.holds.is_empty()) {
                        (None, _) => return false,
                        (Some(only), true) => pending.extend(only),
                        (Some(last), false) => {
                            rule.holds.push(last);
                            branch.choices.push(rule.holds);
                        }
                    }
                }
                continue;
            }
            let mut ways: Choice<'d> = rules.into_iter().flat_map(|rule| rule.fails).collect();
            match (ways.pop(), ways.is_empty()) {
                (None, _) => return false,
                (Some(only), true) => pending.extend(only),
                (Some(last), false) => {
                    ways.push(last);
                    // A way without items can always be gone.
                    if !ways.iter().any(Vec::is_empty) {
                        branch.choices.push(ways);
                    }
                }
            }
        }
        true
    }

    /// Returns whether one claim is the opposite of another.
    fn exclude(&self, one: Claim<'d>, other: Claim<'d>) -> bool {
        one.holds != other.holds
            && match (one.side, other.side) {
                (Side::Base, Side::Revision) => self.unchanged.value(one.schema, other.schema),
                (Side::Revision, Side::Base) => self.unchanged.value(other.schema, one.schema),
                _ => same(one.schema, other.schema),
            }
    }

    /// Returns whether the facts of a branch contradict each other.
    fn contradict(&mut self, branch: &Branch<'d>) -> bool {
        let facts = &branch.facts;
        if facts.is_empty() {
            return false;
        }
        if let Some(values) = facts::listed(facts, branch.types)
            && values.iter().all(|value| facts::refute(facts, value))
        {
            return true;
        }
        match branch.types {
            Types::INTEGER | Types::FRACTION => numbers::contradict(facts, branch.types),
            Types::STRING => texts::contradict(facts) || self.embedded(facts),
            Types::ARRAY => self.arrays(facts),
            Types::OBJECT => self.objects(facts),
            _ => false,
        }
    }

    /// Returns whether no value that a text encodes satisfies the facts.
    fn embedded(&mut self, facts: &[Fact<'d>]) -> bool {
        let claims = facts.iter().filter_map(|fact| match fact {
            Fact::Embedded(claim) => Some(*claim),
            _ => None,
        });
        let claims: Vec<Claim<'d>> = claims.collect();
        self.none(&claims)
    }
}
