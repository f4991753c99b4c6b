//! From findings to changes: who is affected, how a change is named, what a project accepts.

pub mod findings;
pub mod fingerprint;
pub mod policy;
pub mod propagate;
