//! Errors of generation as a whole. A failure in one place is a ledger entry instead.

use crate::overlay::OverlayError;

/// The reason why no client could be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON and, where YAML is accepted, not YAML.
    #[error("{0}")]
    Syntax(String),

    /// The overlay is invalid or does not fit the document.
    #[error("overlay: {0}")]
    Overlay(#[from] OverlayError),

    /// The document is not an OpenAPI 3.x description.
    #[error("document at `{pointer}`: {problem}")]
    Document {
        /// The location, as a JSON pointer.
        pointer: String,
        /// The problem, and what is expected.
        problem: String,
    },

    /// progenitor rejected the lowered document, and no single schema or operation is at fault.
    #[error("progenitor could not generate from the lowered document: {0}")]
    Generate(String),

    /// progenitor's output does not have the form that this crate can refine.
    #[error("generated code could not be refined: {0}")]
    Refine(String),

    /// A stage panicked or could not be started.
    #[error("code generation stopped unexpectedly: {0}")]
    Interrupted(String),
}

impl Error {
    pub(crate) fn document(pointer: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Document {
            pointer: pointer.into(),
            problem: problem.into(),
        }
    }
}
