//! Makes valid instances of the schemas of an OpenAPI document, and finds what a generated type
//! changes in them.
//!
//! The generator reads schemas by itself and shares no code with the rest of this crate, so that
//! both cannot have the same fault. The `jsonschema` crate judges validity.

mod compare;
mod debug_text;
mod dialect;
mod flat;
mod generator;
mod growth;
mod making;
mod random;
mod scalar;
mod value;
mod variants;

pub use compare::{Differences, compare};
pub use generator::{Generator, Instance};
pub use growth::{Grown, grown};
pub use making::Choice;
pub use variants::{Verdict, verdicts};
