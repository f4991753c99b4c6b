//! Computes which operations each change affects, from the pairs that operations send and receive
//! to all pairs within them.
//!
//! A pair is used in one of five modes: sent in requests, sent in responses, both also within a
//! pair that keeps its values, or not sent, like a `readOnly` property in a request. Pairs that
//! contain each other are used by the same operations and share one set of operations (Tarjan's
//! strongly connected components).

use std::collections::HashMap;
use std::rc::Rc;

use crate::diff::compare::walk::{PairId, Root, Walk};
use crate::diff::model::affected_operations::AffectedOperations;
use crate::diff::model::change::Change;
use crate::diff::model::verdict::Directions;
use crate::diff::result::kept::{KeptPairs, is_of_values};
use crate::diff::result::mode::Mode;

/// A set of operations with one bit for each.
type OperationSet = Rc<[u64]>;

/// A pair in a mode.
type ReachedState = usize;

fn state(pair: PairId, mode: Mode) -> ReachedState {
    pair * MODES + mode as usize
}

fn mode_of(state: ReachedState) -> Mode {
    let mut modes = Mode::ALL.into_iter();
    let found = modes.find(|mode| *mode as usize == state % MODES);
    found.unwrap_or(Mode::Unfelt)
}

const MODES: usize = Mode::ALL.len();

/// Gives each change the operations that it affects.
pub fn affected_operations(walk: &mut Walk<'_>) {
    walk.propagate();
}

impl Walk<'_> {
    fn propagate(&mut self) {
        let own = std::mem::take(&mut self.operation_changes);
        let roots = std::mem::take(&mut self.roots);
        let mut names: Vec<Rc<str>> = own.iter().map(|own| Rc::clone(&own.operation)).collect();
        names.extend(roots.iter().map(|root| Rc::clone(&root.operation.name)));
        names.sort_unstable();
        names.dedup();
        let index = |name: &Rc<str>| names.binary_search(name).unwrap_or_default();
        let mode = |root: &Root| match root.operation.is_draft {
            true => Mode::Unfelt,
            false => Mode::of(root.operation.direction),
        };
        let kept = self.kept_pairs(roots.iter().map(|root| (root.pair, mode(root))));
        let states: Vec<(ReachedState, usize)> = roots
            .iter()
            .map(|root| {
                let mode = kept.enter(root.pair, mode(root));
                (state(root.pair, mode), index(&root.operation.name))
            })
            .collect();
        let sets = self.sets(&states, names.len(), &kept);
        let mut by_change: Vec<(usize, AffectedBy)> = Vec::new();
        let mut known: HashMap<[usize; MODES], u32> = HashMap::new();
        let mut sources: Vec<[Option<OperationSet>; MODES]> = Vec::new();
        for (id, pair) in self.pairs.iter().enumerate() {
            if pair.changes.is_empty() {
                continue;
            }
            let reached = Mode::ALL.map(|mode| sets.get(state(id, mode)).cloned().flatten());
            let address =
                |set: &Option<OperationSet>| set.as_ref().map_or(0, |set| set.as_ptr() as usize);
            let source = *known
                .entry(reached.each_ref().map(address))
                .or_insert_with(|| {
                    sources.push(reached);
                    sources.len() as u32 - 1
                });
            by_change.extend(pair.changes.iter().filter_map(|change| {
                let found = self.findings.changes.get(*change)?;
                Some((*change, AffectedBy::Pairs(source, is_of_values(found))))
            }));
        }
        for own in &own {
            let operation = index(&own.operation) as u32;
            by_change.push((own.change, AffectedBy::Operation(operation, own.directions)));
        }
        by_change.sort_unstable();
        by_change.dedup();
        let names: Rc<[Rc<str>]> = names.into();
        let mut made: HashMap<Vec<AffectedBy>, AffectedOperations> = HashMap::new();
        for group in by_change.chunk_by(|a, b| a.0 == b.0) {
            let key: Vec<AffectedBy> = group.iter().map(|(_, source)| *source).collect();
            let affected = made.entry(key).or_insert_with_key(|key| {
                let mut directions = Vec::new();
                for source in key {
                    source.add(&sources, &mut directions);
                }
                directions.sort_by_key(|(index, _)| *index);
                directions.dedup_by(|next, kept| {
                    let is_same = next.0 == kept.0;
                    if is_same {
                        kept.1 = kept.1.and(next.1);
                    }
                    is_same
                });
                AffectedOperations::new(&names, directions)
            });
            let change = group
                .first()
                .and_then(|(change, _)| self.findings.changes.get_mut(*change));
            if let Some(change) = change {
                change.affected = affected.clone();
            }
        }
    }

    /// Returns the operations that use each state.
    fn sets(
        &self,
        roots: &[(ReachedState, usize)],
        count: usize,
        kept: &KeptPairs,
    ) -> Vec<Option<OperationSet>> {
        let leads = self.leading_to(|_| true);
        let behind = |state| self.behind(state, &leads, kept);
        let cycles = self.cycles(roots.iter().map(|(state, _)| *state), &leads, behind);
        let mut cycle_of = vec![usize::MAX; self.pairs.len() * MODES];
        for (cycle, states) in cycles.iter().enumerate() {
            for state in states {
                if let Some(slot) = cycle_of.get_mut(*state) {
                    *slot = cycle;
                }
            }
        }
        let mut reached: Vec<Option<OperationSet>> = vec![None; cycles.len()];
        for (state, operation) in roots {
            let mut bits = vec![0; count.div_ceil(64)];
            if let Some(word) = bits.get_mut(operation / 64) {
                *word |= 1_u64 << (operation % 64);
            }
            let slot = cycle_of
                .get(*state)
                .and_then(|cycle| reached.get_mut(*cycle));
            if let Some(slot) = slot {
                merge(slot, &bits.into());
            }
        }
        let mut sets = vec![None; self.pairs.len() * MODES];
        // Components come after the components that they lead to.
        for (cycle, states) in cycles.iter().enumerate().rev() {
            let Some(set) = reached.get(cycle).cloned().flatten() else {
                continue;
            };
            for state in states {
                for next in behind(*state) {
                    let next = cycle_of.get(next).filter(|next| **next != cycle);
                    if let Some(slot) = next.and_then(|next| reached.get_mut(*next)) {
                        merge(slot, &set);
                    }
                }
                if let Some(slot) = sets.get_mut(*state) {
                    *slot = Some(Rc::clone(&set));
                }
            }
        }
        sets
    }

    /// Returns the pairs within a pair, each with the mode in which it is used.
    pub(super) fn within(&self, pair: PairId, mode: Mode) -> impl Iterator<Item = (PairId, Mode)> {
        let pair = self.pairs.get(pair).into_iter();
        pair.flat_map(move |pair| {
            let edges = pair.edges.iter();
            let edges = edges.map(move |(child, sent)| (*child, mode.through(*sent)));
            let subtypes = pair.subtypes.iter();
            edges.chain(subtypes.map(move |child| (*child, mode.apart())))
        })
    }

    /// Returns the states within a state that lead to changes.
    fn behind(&self, at: ReachedState, leads: &[bool], kept: &KeptPairs) -> Vec<ReachedState> {
        self.within(at / MODES, mode_of(at))
            .filter(|(child, _)| leads.get(*child) == Some(&true))
            .map(|(child, mode)| state(child, kept.enter(child, mode)))
            .collect()
    }

    /// Returns the strongly connected components of the states, each after those that it leads to
    /// (Tarjan).
    fn cycles(
        &self,
        roots: impl Iterator<Item = ReachedState>,
        leads: &[bool],
        behind: impl Fn(ReachedState) -> Vec<ReachedState>,
    ) -> Vec<Vec<ReachedState>> {
        #[derive(Clone, Copy)]
        struct Seen {
            order: u32,
            lowest: u32,
            is_open: bool,
        }
        let mut seen: Vec<Option<Seen>> = vec![None; self.pairs.len() * MODES];
        let mut count = 0;
        let mut cycles = Vec::new();
        let mut open: Vec<ReachedState> = Vec::new();
        for root in roots {
            let mut way: Vec<(ReachedState, Vec<ReachedState>)> = Vec::new();
            let mut next = Some(root).filter(|root| {
                seen.get(*root).is_some_and(Option::is_none)
                    && leads.get(root / MODES) == Some(&true)
            });
            loop {
                if let Some(state) = next.take() {
                    let order = count;
                    count += 1;
                    if let Some(seen) = seen.get_mut(state) {
                        let lowest = order;
                        let is_open = true;
                        *seen = Some(Seen {
                            order,
                            lowest,
                            is_open,
                        });
                    }
                    open.push(state);
                    way.push((state, behind(state)));
                }
                let Some((state, rest)) = way.last_mut() else {
                    break;
                };
                let state = *state;
                if let Some(child) = rest.pop() {
                    match seen.get(child).copied().flatten() {
                        None => next = Some(child),
                        Some(known) if known.is_open => {
                            if let Some(Some(seen)) = seen.get_mut(state) {
                                seen.lowest = seen.lowest.min(known.order);
                            }
                        }
                        Some(_) => {}
                    }
                    continue;
                }
                way.pop();
                let Some(found) = seen.get(state).copied().flatten() else {
                    break;
                };
                if let Some(Some(user)) = way.last().and_then(|(user, _)| seen.get_mut(*user)) {
                    user.lowest = user.lowest.min(found.lowest);
                }
                if found.lowest == found.order {
                    let from = open.iter().rposition(|it| *it == state).unwrap_or_default();
                    let cycle = open.split_off(from);
                    for state in &cycle {
                        if let Some(Some(seen)) = seen.get_mut(*state) {
                            seen.is_open = false;
                        }
                    }
                    cycles.push(cycle);
                }
            }
        }
        cycles
    }

    /// Returns for each pair whether it or a pair within it has one of some changes.
    pub(super) fn leading_to(&self, is_one: impl Fn(&Change<'_>) -> bool) -> Vec<bool> {
        let mut users: Vec<Vec<PairId>> = vec![Vec::new(); self.pairs.len()];
        let mut leads = vec![false; self.pairs.len()];
        let mut pending = Vec::new();
        for (id, pair) in self.pairs.iter().enumerate() {
            let children = pair.edges.iter().map(|(child, _)| child);
            for child in children.chain(&pair.subtypes) {
                if let Some(users) = users.get_mut(*child) {
                    users.push(id);
                }
            }
            let changes = pair.changes.iter();
            let mut changes = changes.filter_map(|it| self.findings.changes.get(*it));
            if changes.any(&is_one) {
                pending.push(id);
            }
        }
        while let Some(id) = pending.pop() {
            if let Some(lead) = leads.get_mut(id)
                && !std::mem::replace(lead, true)
            {
                pending.extend(users.get(id).into_iter().flatten());
            }
        }
        leads
    }
}

/// The source of the operations of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum AffectedBy {
    Operation(u32, Directions),
    /// Pairs, and whether the change is one of values.
    Pairs(u32, bool),
}

impl AffectedBy {
    fn add(
        self,
        sources: &[[Option<OperationSet>; MODES]],
        directions: &mut Vec<(u32, Directions)>,
    ) {
        match self {
            Self::Operation(operation, with) => directions.push((operation, with)),
            Self::Pairs(source, is_of_values) => {
                let modes = Mode::ALL.map(|mode| mode.directions(is_of_values));
                let sets = sources.get(source as usize).into_iter().flatten();
                for (set, with) in sets.zip(modes) {
                    for (location, word) in set.iter().flat_map(|set| set.iter().enumerate()) {
                        let bits = (0..64).filter(|bit| word >> bit & 1 == 1);
                        directions.extend(bits.map(|bit| (location as u32 * 64 + bit, with)));
                    }
                }
            }
        }
    }
}

/// Merges a set into a slot. The slot shares the set if the set includes all of the slot.
fn merge(slot: &mut Option<OperationSet>, set: &OperationSet) {
    let Some(known) = slot else {
        *slot = Some(Rc::clone(set));
        return;
    };
    if Rc::ptr_eq(known, set) {
        return;
    }
    let within =
        |a: &OperationSet, b: &OperationSet| a.iter().zip(b.iter()).all(|(a, b)| a & !b == 0);
    if within(known, set) {
        *known = Rc::clone(set);
    } else if !within(set, known) {
        *known = known.iter().zip(set.iter()).map(|(a, b)| a | b).collect();
    }
}
