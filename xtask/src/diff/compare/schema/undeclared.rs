//! The schemas of properties that are not declared.

use regress::Regex;

use crate::diff::model::document::Node;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::SchemaUse;

/// Returns the schema of a property that is not declared: of the patterns that its name matches, or
/// else of additional properties.
pub fn undeclared<'d>(of: &NormalizedSchema<'d>, name: &str) -> Option<SchemaUse<'d>> {
    let patterns = of.named_applicators.iter();
    let matching = patterns.filter(|((key, pattern), _)| {
        *key == "patternProperties"
            && Regex::new(pattern).is_ok_and(|pattern| pattern.find(name).is_some())
    });
    let matching: Vec<Node<'d>> = matching
        .flat_map(|(_, schema_use)| schema_use.0.clone())
        .collect();
    if !matching.is_empty() {
        return Some(SchemaUse(matching));
    }
    match &of.additional {
        Additional::Of(schema_use) => Some(schema_use.clone()),
        Additional::Open | Additional::Closed(_) => None,
    }
}
