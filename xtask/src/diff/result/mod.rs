//! From findings to results: merging, affected operations, fingerprints and policy.

pub mod findings;
pub mod fingerprint;
mod kept;
mod mode;
pub mod policy;
pub mod propagate;
