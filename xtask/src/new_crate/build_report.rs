//! The report of `spec build`.

use std::path::PathBuf;

use serde::Serialize;

/// The crate that was built, and how much of the document it covers.
#[derive(Debug, Serialize)]
pub struct BuildReport {
    pub document: PathBuf,
    pub package: String,
    pub version: String,
    pub operations: OperationCounts,
    pub schemas: SchemaCounts,
    /// The operations that are missing, as in `ledger.txt`.
    pub left_out: Vec<LeftOutOperation>,
    /// The number of lines of `ledger.txt`.
    pub ledger: usize,
    pub seconds: f64,
}

/// The number of operations in the document and in the crate.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct OperationCounts {
    #[serde(rename = "in")]
    pub all: usize,
    pub generated: usize,
    pub left_out: usize,
}

/// The number of component schemas in the document, and of those with exact types.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct SchemaCounts {
    #[serde(rename = "in")]
    pub all: usize,
    pub exact: usize,
    pub widened: usize,
}

/// An operation that could not be generated.
#[derive(Debug, Serialize)]
pub struct LeftOutOperation {
    pub pointer: String,
    pub rule: String,
    pub detail: String,
}
