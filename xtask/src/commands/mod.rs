//! The subcommands, one file each.

pub mod build;
pub mod calls;
pub mod changelog;
pub mod check;
pub mod checks;
pub mod ci;
pub mod corpus;
pub mod diff;
pub mod exit_code;
pub mod fidelity;
pub mod lower;
pub mod oracle;
pub mod package;
pub mod pages;
pub mod refresh;
pub mod rules;
