//! The input of this stage.

use super::example::Examples;
use crate::lower::Model;
use crate::refine::Refined;
use crate::settings::Settings;

/// The input of this stage, and the names of the runtime in generated code.
pub(super) struct Context<'m> {
    pub(super) refined: Refined,
    pub(super) model: &'m Model,
    pub(super) settings: &'m Settings,
    /// `None` if the settings do not say how users name the generated code.
    pub(super) examples: Option<Examples<'m>>,
    pub(super) runtime: syn::Path,
    /// The import that each file begins with.
    pub(super) import: syn::Item,
}
