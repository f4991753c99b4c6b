//! The data of a comparison: documents, checks, changes and verdicts.

pub mod affected_operations;
pub mod anchors;
pub mod change;
pub mod checks;
pub mod context;
pub mod decimal;
pub mod document;
pub mod location;
pub mod member;
pub mod operation;
pub mod paths;
pub mod shown_value;
pub mod subject;
pub mod subtypes;
pub mod types;
pub mod value;
pub mod verdict;
