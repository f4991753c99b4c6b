//! The ledger: what lowering and generation rewrote, widened or dropped, and where.

use std::fmt;

/// The effect of a rule on a construct of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Expressed in another way, without a loss for the client.
    Rewritten,
    /// The Rust type accepts more than the document allows.
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
/// `Display` prints one line for each entry.
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
        self.entries
            .iter()
            .try_for_each(|entry| writeln!(f, "{entry}"))
    }
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
}
