//! The type report: how exactly the generated types follow the document.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ledger::{Effect, Ledger};
use crate::lower::{Lowered, Model, ToldApart, UNDESCRIBED, is_untyped, property_pointer};

/// How exactly the generated types follow the document.
///
/// A field is a property of a struct. The fields of multipart forms count as well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeReport {
    /// The fields whose type admits what the document admits.
    pub exact: usize,
    /// The fields with a ledger entry that says that their type admits more.
    pub widened: usize,
    /// The fields, as JSON pointers, that are any JSON value although the document describes them.
    pub untyped: Vec<String>,
    /// The fields, as JSON pointers, that are any JSON value because the document does not describe
    /// them.
    pub undescribed: Vec<String>,
    /// The unions by how their variants are told apart.
    pub unions: UnionReport,
}

/// The number of unions by how their variants are told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnionReport {
    /// By the discriminator of the document.
    pub discriminator: usize,
    /// By a property with another constant in each variant.
    pub constant: usize,
    /// By the JSON type of the value.
    pub json_type: usize,
    /// By required properties and constants.
    pub properties: usize,
    /// By decoding: the variant that keeps most of the value.
    pub decoding: usize,
    /// The unions, as JSON pointers, with variants that look the same; the first one is taken.
    pub not_told_apart: Vec<String>,
}

impl TypeReport {
    pub(crate) fn of(lowered: &Lowered, ledger: &Ledger) -> Self {
        let model = &lowered.model;
        let widened: BTreeSet<&str> = ledger
            .entries()
            .iter()
            .filter(|entry| matches!(entry.effect, Effect::Widened | Effect::Dropped))
            .map(|entry| entry.pointer.as_str())
            .collect();
        let undescribed: BTreeSet<&str> = ledger
            .entries()
            .iter()
            .filter(|entry| entry.rule == UNDESCRIBED)
            .map(|entry| entry.pointer.as_str())
            .collect();
        let mut report = Self {
            unions: unions(model),
            ..Self::default()
        };
        for (name, schema) in lowered.schemas() {
            if model.unions.contains_key(name) {
                continue;
            }
            let fields = schema.get("properties").and_then(Value::as_object);
            for (field, schema) in fields.into_iter().flatten() {
                let names = model.fields.get(name);
                let property = names.and_then(|names| names.get(field)).unwrap_or(field);
                let pointer = property_pointer(model, name, property);
                if is_untyped(schema, lowered.schemas()) {
                    if undescribed.contains(pointer.as_str()) {
                        report.undescribed.push(pointer);
                    } else {
                        report.untyped.push(pointer);
                    }
                } else if holds(&widened, &pointer) {
                    report.widened += 1;
                } else {
                    report.exact += 1;
                }
            }
        }
        report
    }

    /// Returns the number of fields.
    pub fn fields(&self) -> usize {
        self.exact + self.widened + self.untyped.len() + self.undescribed.len()
    }
}

/// Returns whether a set has a pointer, or one that leads further.
fn holds(pointers: &BTreeSet<&str>, pointer: &str) -> bool {
    let inside = format!("{pointer}/");
    let next = pointers.range(inside.as_str()..).next();
    pointers.contains(pointer) || next.is_some_and(|next| next.starts_with(&inside))
}

fn unions(model: &Model) -> UnionReport {
    let mut report = UnionReport::default();
    for (name, union) in &model.unions {
        match union.told_apart {
            ToldApart::Discriminator => report.discriminator += 1,
            ToldApart::Constant => report.constant += 1,
            ToldApart::Type => report.json_type += 1,
            ToldApart::Properties => report.properties += 1,
            ToldApart::Decoding => report.decoding += 1,
            ToldApart::Not => {
                let pointer = model.origins.get(name).cloned().unwrap_or_default();
                report.not_told_apart.push(pointer);
            }
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Settings, generate};

    #[test]
    fn fields_and_unions_are_counted() {
        let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let kind = |name: &str| json!({ "type": "object", "required": ["is"], "properties": { "is": { "const": name } } });
        let alike = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        let document = json!({
            "openapi": "3.1.0",
            "paths": {},
            "components": { "schemas": {
                "Fields": { "type": "object", "properties": {
                    "exact": { "type": "string" },
                    "widened": { "type": "integer", "enum": [1, 2] },
                    "any": {},
                    "anys": { "type": "array", "items": {} },
                    "odd": { "const": { "a": 1 } },
                } },
                "Cat": kind("cat"), "Dog": kind("dog"), "One": alike, "Other": alike,
                "Pet": { "oneOf": [refer("Cat"), refer("Dog")] },
                "Text": { "type": ["string", "integer"] },
                "Twins": { "oneOf": [refer("One"), refer("Other")] },
            } },
        });
        let output = generate(&document, None, &Settings::default()).unwrap();
        let report = output.type_report;
        assert_eq!((report.exact, report.widened, report.fields()), (5, 1, 9));
        assert_eq!(
            report.untyped,
            ["/components/schemas/Fields/properties/odd"]
        );
        assert_eq!(
            report.undescribed,
            ["any", "anys"].map(|name| format!("/components/schemas/Fields/properties/{name}"))
        );
        assert_eq!((report.unions.constant, report.unions.json_type), (1, 1));
        assert_eq!(report.unions.not_told_apart, ["/components/schemas/Twins"]);
        for pointer in report.untyped.iter().chain(&report.undescribed) {
            let entries = output.ledger.entries();
            assert!(
                entries
                    .iter()
                    .any(|entry| entry.pointer.starts_with(pointer)),
                "{pointer}"
            );
        }
    }
}
