//! The ledger: what lowering and generation rewrote, widened or dropped, and where.

use std::collections::BTreeSet;
use std::fmt;

/// The effect of a rule on a construct of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Expressed in another way, without a loss for the client.
    Rewritten,
    /// The Rust type is exact, and the client does not check a limit, a pattern or a format: the
    /// server decides.
    Unchecked,
    /// The Rust type says less than the document.
    Widened,
    /// The construct has no counterpart in the generated code.
    Dropped,
    /// An operation is missing from the generated client.
    LeftOut,
}

impl Effect {
    /// Returns the effect as printed in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rewritten => "rewritten",
            Self::Unchecked => "unchecked",
            Self::Widened => "widened",
            Self::Dropped => "dropped",
            Self::LeftOut => "left-out",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Entry {
    /// The location, as a JSON pointer (RFC 6901) into the document after the overlay.
    pub pointer: String,
    /// The rule that applied, by its name in [`crate::RULES`].
    pub rule: &'static str,
    /// The effect on the construct.
    pub effect: Effect,
    /// The consequence for users of the generated client.
    pub detail: String,
}

impl Entry {
    pub(crate) fn new(
        pointer: impl Into<String>,
        rule: &'static str,
        effect: Effect,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            rule,
            effect,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<9} {:<19} {}  {}",
            self.effect, self.rule, self.pointer, self.detail
        )
    }
}

/// Everything that generation changed about a document.
///
/// `Display` prints one line for each entry, except that the unchecked parts of one component or
/// operation share a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// Returns the entries in the order in which they were added.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the operations that are missing from the generated client.
    pub fn left_out(&self) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.effect == Effect::LeftOut)
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    pub(crate) fn add(
        &mut self,
        pointer: impl Into<String>,
        rule: &'static str,
        effect: Effect,
        detail: impl Into<String>,
    ) {
        self.push(Entry::new(pointer, rule, effect, detail));
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut owners = BTreeSet::new();
        for entry in &self.entries {
            if entry.effect != Effect::Unchecked {
                writeln!(f, "{entry}")?;
                continue;
            }
            let (owner, _) = owned(&entry.pointer);
            if owners.insert(owner) {
                let unchecked = self.unchecked(owner).join("; ");
                writeln!(
                    f,
                    "{:<9} {:<19} {owner}  {unchecked}",
                    entry.effect, "limits"
                )?;
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// Returns what is not checked in a component or an operation, with the place in it.
    fn unchecked(&self, owner: &str) -> Vec<String> {
        let entries = self.entries.iter();
        let unchecked = entries.filter(|entry| entry.effect == Effect::Unchecked);
        let mut parts: Vec<String> = unchecked
            .filter_map(|entry| {
                let (of, within) = owned(&entry.pointer);
                let detail = entry
                    .detail
                    .trim_start_matches("documented, not checked: ")
                    .trim_start_matches("not checked: ");
                let place = within.replace("/properties/", ".").replace("/items", "[]");
                let place = place.trim_start_matches(['.', '/']);
                (of == owner).then(|| match place {
                    "" => detail.to_owned(),
                    place => format!("{place}: {detail}"),
                })
            })
            .collect();
        parts.dedup();
        parts
    }
}

/// Splits a pointer into that of the component or operation, and the rest.
fn owned(pointer: &str) -> (&str, &str) {
    let mut slashes = pointer.match_indices('/').map(|(index, _)| index);
    pointer.split_at(slashes.nth(3).unwrap_or(pointer.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ledger_prints_one_line_per_entry() {
        let mut ledger = Ledger::default();
        ledger.add("/a", "const", Effect::Widened, "any value is accepted");
        ledger.add("/b", "callback", Effect::LeftOut, "gone");
        assert_eq!(
            ledger.to_string(),
            "widened   const               /a  any value is accepted\n\
             left-out  callback            /b  gone\n"
        );
        assert_eq!(ledger.left_out().count(), 1);
    }

    #[test]
    fn unchecked_parts_of_a_schema_share_a_line() {
        let mut ledger = Ledger::default();
        let schema = "/components/schemas/Pet";
        for (property, detail) in [("name", "maxLength"), ("size", "minimum, maximum")] {
            let pointer = format!("{schema}/properties/{property}");
            let detail = format!("documented, not checked: {detail}");
            ledger.add(pointer, "limits", Effect::Unchecked, detail);
        }
        let line = "name: maxLength; size: minimum, maximum";
        let expected = format!("unchecked limits              {schema}  {line}\n");
        assert_eq!(ledger.to_string(), expected);
    }
}
