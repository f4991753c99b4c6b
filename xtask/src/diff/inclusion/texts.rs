//! Contradictions between facts about texts.

use serde_json::Value;

use crate::diff::inclusion::facts::{Fact, counts, refute};
use crate::diff::inclusion::pattern_length;
use crate::diff::normalize::format_table;

pub fn contradict(facts: &[Fact<'_>]) -> bool {
    let (mut least, mut most) = counts(facts);
    let mut patterns = Vec::new();
    let mut formats = Vec::new();
    for fact in facts {
        match fact {
            Fact::Pattern(pattern) => patterns.push(*pattern),
            Fact::Format(format) => formats.push(*format),
            _ => {}
        }
    }
    for (low, high) in formats.iter().filter_map(|it| format_table::lengths(it)) {
        least = least.max(low);
        most = most.min(high);
    }
    for (low, high) in patterns.iter().filter_map(|it| pattern_length::lengths(it)) {
        least = least.max(low);
        most = most.min(high);
    }
    least > most
        || most == 0.0 && refute(facts, &Value::from(""))
        || facts.iter().any(|fact| match fact {
            Fact::NotPattern(pattern) => patterns.contains(pattern),
            Fact::NotFormat(wide) => formats
                .iter()
                .any(|narrow| format_table::holds(Some(wide), Some(narrow))),
            _ => false,
        })
}
