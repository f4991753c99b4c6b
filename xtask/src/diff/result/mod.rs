//! From findings to results: merging, affected operations, fingerprints and policy.

pub mod findings;
pub mod fingerprint;
pub mod policy;
pub mod propagate;
