//! Which operations a change reaches, and in which directions they feel it.

use std::collections::HashSet;

use super::walk::{PairId, Walk};

impl Walk<'_> {
    /// Gives each change the operations that reach it.
    pub(super) fn spread(&mut self) {
        let leads = self.leading_to_changes();
        let roots = std::mem::take(&mut self.roots);
        for (root, operation, direction, is_draft) in roots {
            let mut seen = HashSet::new();
            let mut pending = vec![(root, !is_draft)];
            while let Some((id, is_felt)) = pending.pop() {
                if leads.get(id) != Some(&true) || !seen.insert((id, is_felt)) {
                    continue;
                }
                let Some(pair) = self.pairs.get(id) else {
                    continue;
                };
                for index in &pair.changes {
                    if let Some(change) = self.changes.get_mut(*index) {
                        let felt = change.reach.entry(operation.clone()).or_default();
                        if is_felt {
                            *felt = felt.with(direction);
                        }
                    }
                }
                for (child, sent) in &pair.edges {
                    pending.push((*child, is_felt && sent.in_direction(direction)));
                }
            }
        }
    }

    /// For each pair whether a change is in it or behind it.
    fn leading_to_changes(&self) -> Vec<bool> {
        let mut users: Vec<Vec<PairId>> = vec![Vec::new(); self.pairs.len()];
        let mut leads = vec![false; self.pairs.len()];
        let mut pending = Vec::new();
        for (id, pair) in self.pairs.iter().enumerate() {
            for (child, _) in &pair.edges {
                if let Some(users) = users.get_mut(*child) {
                    users.push(id);
                }
            }
            if !pair.changes.is_empty() {
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
