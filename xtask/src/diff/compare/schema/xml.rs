//! XML bodies: at the root, an unrestricted string is the text of the document, and an unrestricted
//! object is any element.

use neo_client_codegen::openapi::pointer::unescape;
use serde_json::{Map, Value};

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

/// Returns what an XML Object says beside the defaults: the name of the property, and an element
/// for everything but lists. OpenAPI 3.2 spells attributes and wrappers as `nodeType`.
pub fn said(of: &NormalizedSchema<'_>) -> Map<String, Value> {
    let Some(xml) = &of.xml else {
        return Map::new();
    };
    let location = xml.location();
    let mut tokens = location.pointer.rsplit('/').skip(1);
    let name = tokens.next().map(unescape);
    let name = name.filter(|_| tokens.next() == Some("properties"));
    let usual = match of.types.meets(Types::ARRAY) {
        true => "none",
        false => "element",
    };
    let mut said = Map::new();
    for (key, value) in xml.value.as_object().into_iter().flatten() {
        let (key, value) = match (key.as_str(), value) {
            ("attribute" | "wrapped", Value::Bool(false)) => continue,
            ("attribute", Value::Bool(true)) => ("nodeType", "attribute".into()),
            ("wrapped", Value::Bool(true)) => ("nodeType", "element".into()),
            (key, value) => (key, value.clone()),
        };
        let is_default = match key {
            "name" => value
                .as_str()
                .is_some_and(|value| Some(value) == name.as_deref()),
            "nodeType" => value == usual,
            _ => false,
        };
        if !is_default {
            said.insert(key.to_owned(), value);
        }
    }
    said
}
