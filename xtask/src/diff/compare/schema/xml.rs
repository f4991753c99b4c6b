//! XML bodies: at the root, an unrestricted string is the text of the document, and an unrestricted
//! object is any element.

use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};

/// Returns whether every XML document of the narrow schema is valid in the wide schema.
pub fn is_subset(narrow: &NormalizedSchema<'_>, wide: &NormalizedSchema<'_>) -> bool {
    narrow.types == Types::OBJECT && wide.types == Types::STRING && is_bare(narrow) && is_bare(wide)
}

/// Returns whether a schema restricts only the type.
fn is_bare(of: &NormalizedSchema<'_>) -> bool {
    of.values.is_none()
        && of.extensible.is_none()
        && of.formats.is_empty()
        && of.limits.0.is_empty()
        && of.patterns.is_empty()
        && of.content.is_empty()
        && of.properties.is_empty()
        && of.required.is_empty()
        && matches!(of.additional, Additional::Open)
        && of.dependencies.is_empty()
        && of.named_applicators.is_empty()
        && !of.is_constrained()
        && of.unions.is_empty()
        && of.discriminator.is_none()
        && of.unknown.is_empty()
        && of.xml.is_none()
}
