//! What can go wrong as a whole; what goes wrong in one place is a line of the ledger instead.

use crate::overlay::OverlayError;

/// Why no client could be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is neither JSON nor, where that is read, YAML.
    #[error("{0}")]
    Syntax(String),

    /// The overlay is not valid, or does not fit the document.
    #[error("overlay: {0}")]
    Overlay(#[from] OverlayError),

    /// The document is not an OpenAPI 3.x description.
    #[error("document at `{pointer}`: {problem}")]
    Document {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is wrong, and what is expected.
        problem: String,
    },

    /// progenitor refused the lowered document, and no single schema or operation is to blame.
    #[error("progenitor could not generate from the lowered document: {0}")]
    Generate(String),

    /// progenitor's output does not have the form that this crate knows how to refine.
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
