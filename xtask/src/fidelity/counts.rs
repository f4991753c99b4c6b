//! The outcome of a measurement.

use std::collections::BTreeMap;

use serde::Serialize;

/// How many examples of each problem are kept.
const EXAMPLES: usize = 5;

/// A fault that a measurement finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The instance does not decode.
    Undecodable,
    /// A value is missing after encoding.
    Lost,
    /// A `null` is missing after encoding.
    NullLost,
    /// A value is there that was not.
    Invented,
    /// A value is different.
    Changed,
    /// A union decoded a variant that does not accept the value.
    WrongVariant,
    /// A union kept a valid value as JSON.
    Json,
}

impl Problem {
    /// All problems, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Undecodable,
        Self::Lost,
        Self::NullLost,
        Self::Invented,
        Self::Changed,
        Self::WrongVariant,
        Self::Json,
    ];

    /// Returns the heading of the table's column.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::Lost => "lost",
            Self::NullLost => "nulls lost",
            Self::Invented => "invented",
            Self::Changed => "changed",
            Self::WrongVariant => "wrong variant",
            Self::Json => "kept as JSON",
        }
    }
}

/// The counts of one document.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    pub schemas: usize,
    /// Schemas for which no valid instance was found.
    pub without_instances: usize,
    pub instances: usize,
    /// Values of unions.
    pub unions: usize,
    pub problems: BTreeMap<Problem, usize>,
    /// The first examples of each problem.
    pub examples: Vec<String>,
}

impl Counts {
    /// Counts a problem. `detail` says which value has the problem.
    pub fn add(&mut self, problem: Problem, detail: impl FnOnce() -> String) {
        let count = self.problems.entry(problem).or_default();
        *count += 1;
        if *count <= EXAMPLES {
            self.examples
                .push(format!("{}: {}", problem.heading(), detail()));
        }
    }

    /// Returns the number of problems of one kind.
    pub fn of(&self, problem: Problem) -> usize {
        self.problems.get(&problem).copied().unwrap_or_default()
    }

    /// Returns whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.problems.values().all(|count| *count == 0)
    }
}
