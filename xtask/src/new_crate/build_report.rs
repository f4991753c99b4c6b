//! The report of `spec build`.

use std::path::PathBuf;

use neo_client_codegen::TypeReport;
use serde::Serialize;

/// The crate that was built, and how much of the document it covers.
#[derive(Debug, Serialize)]
pub struct BuildReport {
    pub document: PathBuf,
    pub package: String,
    pub version: String,
    pub operations: OperationCounts,
    pub schemas: SchemaCounts,
    pub fields: FieldCounts,
    pub unions: UnionCounts,
    /// The components that are public types although no operation uses them, as JSON pointers.
    pub unused: Vec<String>,
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

/// The fields of the generated types, by how exactly they follow the document.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FieldCounts {
    pub all: usize,
    pub exact: usize,
    pub widened: usize,
    /// The fields that are any JSON value although the document describes them, as JSON pointers.
    pub untyped: Vec<String>,
    /// The fields that are any JSON value because the document does not describe them.
    pub undescribed: Vec<String>,
}

/// The unions, by how their variants are told apart.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UnionCounts {
    pub by_discriminator: usize,
    pub by_constant: usize,
    pub by_json_type: usize,
    pub by_properties: usize,
    pub by_decoding: usize,
    /// The unions with variants that look the same, as JSON pointers.
    pub not_told_apart: Vec<String>,
}

impl FieldCounts {
    pub fn of(report: &TypeReport) -> Self {
        Self {
            all: report.fields(),
            exact: report.exact,
            widened: report.widened,
            untyped: report.untyped.clone(),
            undescribed: report.undescribed.clone(),
        }
    }
}

impl UnionCounts {
    pub fn of(report: &TypeReport) -> Self {
        let unions = &report.unions;
        Self {
            by_discriminator: unions.discriminator,
            by_constant: unions.constant,
            by_json_type: unions.json_type,
            by_properties: unions.properties,
            by_decoding: unions.decoding,
            not_told_apart: unions.not_told_apart.clone(),
        }
    }
}

/// An operation that could not be generated.
#[derive(Debug, Serialize)]
pub struct LeftOutOperation {
    pub pointer: String,
    pub rule: String,
    pub detail: String,
}
