//! The subcommands, one file each. `each_document` is the loop of those that measure documents.

pub mod build;
pub mod calls;
pub mod changelog;
pub mod check;
pub mod checks;
pub mod ci;
pub mod corpus;
pub mod diff;
pub mod each_document;
pub mod exit_code;
pub mod fidelity;
pub mod lower;
pub mod oracle;
pub mod package;
pub mod pages;
pub mod refresh;
pub mod rules;
