//! Values that are of several variants at once.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::composition::{Composer, DocumentUnion, DocumentVariant};
use super::discriminator::{constants, origin_of, target_of};
use super::known_properties::KnownProperties;
use crate::lower::notes::ORIGIN;

/// The maximum number of variants of a combination of unions.
const COMBINED: usize = 64;

/// The maximum number of variants of an `anyOf` that may all hold at once.
const AT_ONCE: usize = 3;

/// How many properties are compared to tell variants apart.
const COMPARED: usize = 16;

/// How many schemas are visited to find the constants of a property.
const LOOKED_AT: usize = 1_000;

/// The cost of a newly composed variant, in properties: it is a type, and may lead to more types.
pub(super) const COST: usize = 10;

/// Combines the variants of two unions that both apply. Variants whose constants differ do not
/// apply together.
pub(super) fn combined(
    one: DocumentUnion,
    other: DocumentUnion,
    composer: &mut Composer<'_>,
) -> DocumentUnion {
    let named = [one.property.clone(), other.property.clone()];
    let properties = named.into_iter().flatten().collect();
    let left = Constants::of(&one.branches, &properties, composer);
    let right = Constants::of(&other.branches, &properties, composer);
    let mut pairs = Vec::new();
    for (left, one) in left.iter().zip(&one.branches) {
        for (right, other) in right.iter().zip(&other.branches) {
            if left.agrees(right) {
                pairs.push(pair(one, other, composer));
            }
        }
    }
    if pairs.is_empty() || pairs.len() > COMBINED {
        return opened(one, composer);
    }
    let composed = pairs
        .iter()
        .filter(|pair| pair.schema.get("allOf").is_some());
    if !composer.references.try_expand(composed.count() * COST) {
        return opened(one, composer);
    }
    let by_left = one.property.is_some();
    let branches = pairs
        .into_iter()
        .map(|pair| DocumentVariant {
            tags: if by_left { pair.left } else { pair.right },
            name: pair.name,
            is_default: pair.is_default,
            responses: Value::Null,
            schema: pair.schema,
        })
        .collect();
    DocumentUnion {
        branches,
        property: one.property.or(other.property),
    }
}

/// Two variants that apply together.
struct Pair {
    schema: Value,
    name: Option<String>,
    left: Vec<String>,
    right: Vec<String>,
    is_default: bool,
}

fn pair(one: &DocumentVariant, other: &DocumentVariant, composer: &Composer<'_>) -> Pair {
    let (left, right) = (
        target_of(&one.schema, composer),
        target_of(&other.schema, composer),
    );
    let includes = |outer: &Option<String>, inner: &Option<String>| {
        let (Some(outer), Some(inner)) = (outer, inner) else {
            return false;
        };
        outer == inner || composer.references.all_of_children(inner).contains(outer)
    };
    let (schema, name) = if includes(&left, &right) {
        (one.schema.clone(), one.name.clone())
    } else if includes(&right, &left) {
        (other.schema.clone(), other.name.clone())
    } else {
        let name = match (&one.name, &other.name) {
            (Some(left), Some(right)) => Some(format!("{left} {right}")),
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        let at = origin_of(&one.schema, composer);
        let both = json!({ "allOf": [one.schema, other.schema], ORIGIN: at });
        (both, name)
    };
    Pair {
        schema,
        name,
        left: one.tags.clone(),
        right: other.tags.clone(),
        is_default: one.is_default && other.is_default,
    }
}

/// Keeps the properties of a union that is not checked: each variant of the other takes any
/// property.
fn opened(mut one: DocumentUnion, composer: &mut Composer<'_>) -> DocumentUnion {
    let detail = "two unions apply at once; one of them is not checked, its properties are kept";
    composer.report(composer.pointer, "all-of", detail);
    let cost = one.branches.len() * COST;
    if composer.references.try_expand(cost) {
        for branch in &mut one.branches {
            let at = origin_of(&branch.schema, composer).to_owned();
            let open = json!({ "type": "object", "additionalProperties": true });
            branch.schema = json!({ "allOf": [branch.schema.take(), open], ORIGIN: at });
        }
    }
    one
}

/// The constants of a variant, by property.
struct Constants(BTreeMap<String, Vec<String>>);

impl Constants {
    fn of(
        branches: &[DocumentVariant],
        properties: &BTreeSet<String>,
        composer: &Composer<'_>,
    ) -> Vec<Self> {
        let mut properties = properties.clone();
        if let Some(first) = branches.first() {
            let known = known(&first.schema, composer);
            properties.extend(known.names.into_iter().take(COMPARED));
        }
        let of_branch = |branch: &DocumentVariant| {
            let value = |property: &String| {
                let at = origin_of(&branch.schema, composer);
                let left = Cell::new(LOOKED_AT);
                let found = constants(
                    &branch.schema,
                    at,
                    property,
                    composer.references,
                    (0, &left),
                )?;
                Some((property.clone(), found))
            };
            Self(properties.iter().filter_map(value).collect())
        };
        branches.iter().map(of_branch).collect()
    }

    /// Returns whether one value can have the constants of both.
    fn agrees(&self, other: &Self) -> bool {
        self.0.iter().all(|(property, values)| {
            let others = other.0.get(property);
            others.is_none_or(|others| values.iter().any(|value| others.contains(value)))
        })
    }
}

fn known(schema: &Value, composer: &Composer<'_>) -> KnownProperties {
    let mut known = KnownProperties::default();
    known.collect(schema, composer.pointer, composer.references);
    known
}

/// Returns the variant for values that are of all variants of an `anyOf` at once, if each variant
/// has properties that the others lack.
pub(super) fn all_at_once(
    branches: &[DocumentVariant],
    composer: &Composer<'_>,
) -> Option<DocumentVariant> {
    if !(2..=AT_ONCE).contains(&branches.len()) {
        return None;
    }
    let known: Vec<KnownProperties> = branches
        .iter()
        .map(|branch| known(&branch.schema, composer))
        .collect();
    let all: BTreeSet<&String> = known.iter().flat_map(|known| &known.names).collect();
    let is_object = |known: &KnownProperties| !known.is_scalar && !known.names.is_empty();
    if !known.iter().all(is_object) || known.iter().any(|known| known.names.len() == all.len()) {
        return None;
    }
    let constants = Constants::of(branches, &all.into_iter().cloned().collect(), composer);
    let agree = constants.iter().enumerate().all(|(index, one)| {
        constants
            .iter()
            .skip(index + 1)
            .all(|other| one.agrees(other))
    });
    if !agree || !composer.references.try_expand(COST) {
        return None;
    }
    let schemas: Vec<&Value> = branches.iter().map(|branch| &branch.schema).collect();
    // No schema of the document: the place behind the last variant.
    let at = format!("{}/anyOf/{}", composer.pointer, branches.len());
    Some(DocumentVariant {
        schema: json!({ "allOf": schemas, ORIGIN: at }),
        name: Some("All".to_owned()),
        tags: Vec::new(),
        is_default: false,
        responses: Value::Null,
    })
}
