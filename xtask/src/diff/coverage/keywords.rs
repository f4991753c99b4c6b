//! Proves that every keyword of a schema has a row in the table of edits, or a waiver.

use super::schema_edits;
use super::subschemas::subschemas;

/// Keywords of JSON Schema 2020-12 and of Schema Objects that have no row, with the reason.
const WAIVED: [(&str, &str); 12] = [
    ("$id", "changes what references mean; reported as unknown"),
    ("$schema", "names the dialect"),
    (
        "$anchor",
        "names a schema, which is compared where it is used",
    ),
    ("$dynamicRef", "cannot be judged; reported as unknown"),
    (
        "$dynamicAnchor",
        "changes what references mean; reported as unknown",
    ),
    ("$vocabulary", "only in meta-schemas"),
    (
        "$defs",
        "holds schemas, which are compared where they are used",
    ),
    (
        "definitions",
        "holds schemas, which are compared where they are used",
    ),
    ("discriminator", "has pairs of its own in tests/pairs"),
    (
        "nullable",
        "only in OpenAPI 3.0; has pairs of its own in tests/pairs",
    ),
    ("x-extensible-enum", "has pairs of its own in tests/pairs"),
    ("x-sunset", "has pairs of its own in tests/pairs"),
];

#[test]
fn every_keyword_has_a_row_or_a_waiver() {
    const KEYWORDS: &str = "$id $schema $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment \
        $defs definitions allOf anyOf oneOf not if then else dependentSchemas prefixItems items \
        contains properties patternProperties additionalProperties propertyNames unevaluatedItems \
        unevaluatedProperties type enum const multipleOf maximum exclusiveMaximum minimum \
        exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxContains \
        minContains maxProperties minProperties required dependentRequired title description \
        default deprecated readOnly writeOnly examples example externalDocs xml format \
        contentEncoding contentMediaType contentSchema discriminator nullable x-extensible-enum \
        x-sunset";
    let table = neo_client_codegen::read(include_str!("schemas.yaml")).unwrap();
    let mut rows = std::collections::BTreeSet::new();
    for schema in table["units"].as_object().unwrap().values() {
        let mut pointers = Vec::new();
        subschemas(schema, String::new(), &mut pointers);
        for pointer in pointers {
            let edits = schema_edits::edits(schema.pointer(&pointer).unwrap().as_object().unwrap());
            rows.extend(
                edits
                    .iter()
                    .map(|edit| edit.name.split(' ').next().unwrap().to_owned()),
            );
        }
    }
    let mut unclaimed: Vec<&str> = KEYWORDS.split_whitespace().collect();
    println!(
        "{} keywords, {} of them waived",
        unclaimed.len(),
        WAIVED.len()
    );
    unclaimed.retain(|keyword| {
        !rows.contains(*keyword) && !WAIVED.iter().any(|(waived, _)| waived == keyword)
    });
    assert!(
        unclaimed.is_empty(),
        "neither a row nor a waiver: {unclaimed:?}"
    );
}
