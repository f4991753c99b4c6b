//! Proves that every value of one schema is valid in another.
//!
//! A schema includes another one if no value is valid in the narrow schema and invalid in the wide
//! one. The search for such a value expands both schemas into facts about one type at a time, and
//! splits into branches where a value has a choice (an analytic tableau). The proof succeeds if the
//! facts of each branch contradict each other.
//!
//! The prover is sound and incomplete: a proof holds, and a failed search means nothing.

mod array_rules;
mod arrays;
mod claim;
mod facts;
mod items;
mod numbers;
mod object_rules;
mod objects;
mod pattern_length;
pub mod prover;
mod rules;
mod scalar_rules;
mod texts;
mod unevaluated;
