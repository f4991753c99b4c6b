//! Reads `oneOf` and `anyOf` into the normalized schema. A union of values becomes a list, a union
//! of plain types becomes types, and a union within a union of its kind becomes one union.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;
use crate::diff::normalize::collapse::{all_types, all_values, take_known};
use crate::diff::normalize::declared_types::declared_types;
use crate::diff::normalize::keyword_types::restricted;
use crate::diff::normalize::normalized_schema::{NormalizedSchema, Union};
use crate::diff::normalize::schema_use::{
    SchemaUse, is_anything, is_null, schema_annotations, unwrap_schema, variants,
};
use crate::diff::normalize::validity::{admits, is_null_ambiguous};

/// The depth of unions within unions that become one union.
const MAX_NESTED: usize = 8;

/// The types of a schema, as far as its unions say them.
pub struct UnionTypes {
    /// A union determines the types.
    pub are_typed: bool,
    /// The types that all unions admit, besides `null`.
    pub types: Types,
    /// Every union has a variant for `null`.
    pub hold_null: bool,
    /// Every union admits `null`, if the types are declared beside the unions.
    pub admit_null: bool,
    /// `null` matches several variants of a `oneOf`.
    pub exclude_null: bool,
}

/// The variants of one union, without those for `null` alone.
struct Flattened<'d> {
    variants: Vec<SchemaUse<'d>>,
    holds_null: bool,
    /// A variant without a type of its own admits `null`.
    admits_null: bool,
    /// A variant admits every value.
    holds_all: bool,
    /// A union of the other kind is among the variants.
    is_mixed: bool,
    /// The nested unions and their wrappers, for their annotations.
    nested: Vec<Node<'d>>,
}

impl<'d> NormalizedSchema<'d> {
    /// Reads the unions with at least `fewest` variants.
    pub(super) fn read_unions(
        &mut self,
        document: &Document<'d>,
        nodes: &[Node<'d>],
        fewest: usize,
    ) -> UnionTypes {
        let mut types = UnionTypes {
            are_typed: false,
            types: Types::ANY,
            hold_null: true,
            admit_null: true,
            exclude_null: false,
        };
        for node in nodes {
            for key in ["oneOf", "anyOf"] {
                let Some(list) = node.get(key) else { continue };
                let mut flat = Flattened {
                    variants: Vec::new(),
                    holds_null: false,
                    admits_null: false,
                    holds_all: false,
                    is_mixed: false,
                    nested: Vec::new(),
                };
                flatten(document, &list, key, &mut flat, MAX_NESTED);
                types.exclude_null |= key == "oneOf" && is_null_ambiguous(document, &list);
                for node in &flat.nested {
                    for (key, values) in schema_annotations(node.value) {
                        self.annotations.entry(key).or_default().extend(values);
                    }
                }
                types.hold_null &= flat.holds_null || flat.holds_all;
                types.admit_null &= flat.holds_null || flat.holds_all || flat.admits_null;
                self.never |= flat.variants.is_empty() && !flat.holds_null;
                types.types = types.types.and(declared_types(document, &flat.variants));
                if flat.variants.is_empty() && flat.holds_null {
                    types.are_typed = true;
                    self.types = Types::NONE;
                }
                // A union with one variant has been read as that variant.
                let is_read = flat.variants.len() < fewest && variants(&list).nth(1).is_none();
                if is_read || flat.variants.is_empty() || flat.holds_all && key == "anyOf" {
                    continue;
                }
                let discriminator = node.get("discriminator");
                types.are_typed |= self.add_union(document, list, key, flat, discriminator);
            }
        }
        types
    }

    /// Adds a union. Returns whether it determines the types.
    fn add_union(
        &mut self,
        document: &Document<'d>,
        list: Node<'d>,
        key: &str,
        mut flat: Flattened<'d>,
        discriminator: Option<Node<'d>>,
    ) -> bool {
        if key == "anyOf" {
            self.known.extend(take_known(document, &mut flat.variants));
        }
        let values = all_values(document, &flat.variants);
        let types = all_types(document, &flat.variants);
        let union = Union {
            node: list.clone(),
            exclusive: key == "oneOf" && !flat.is_mixed,
            variants: flat.variants,
            discriminator,
        };
        if let Some(mut values) = values {
            if flat.holds_null {
                values.insert("null".to_owned(), list);
            }
            self.values = Some(match self.values.take() {
                Some(known) => met(known, &values),
                None => values,
            });
            self.lists.push(union);
        } else if let Some((types, formats)) = types {
            self.types = self.types.and(types.without(Types::NULL));
            self.formats.extend(formats);
            self.lists.push(union);
        } else {
            self.unions.push(union);
            return false;
        }
        true
    }
}

/// Returns the values of a list that another list contains.
fn met<'d>(
    list: BTreeMap<String, Node<'d>>,
    other: &BTreeMap<String, Node<'d>>,
) -> BTreeMap<String, Node<'d>> {
    list.into_iter()
        .filter(|(value, _)| other.contains_key(value))
        .collect()
}

fn flatten<'d>(
    document: &Document<'d>,
    list: &Node<'d>,
    key: &str,
    flat: &mut Flattened<'d>,
    depth: usize,
) {
    let nulls = list.items().filter(|variant| is_null(variant.value));
    let before = flat.nested.len();
    flat.nested.extend(nulls);
    flat.holds_null |= flat.nested.len() > before;
    for variant in variants(list) {
        flat.holds_all |= is_anything(variant.value);
        let schema_use = SchemaUse::one(variant);
        let unwrapped = unwrap_schema(document, &schema_use);
        let is_null = |node: &Node<'d>| {
            declared(node.value).is_some_and(|types| types.meets(Types::NULL))
                && admits(document, node, &Value::Null) != Some(false)
        };
        let is_open = |node: &Node<'d>| {
            declared(node.value).is_none() && admits(document, node, &Value::Null) == Some(true)
        };
        flat.admits_null |= unwrapped.core.iter().any(is_open);
        flat.holds_null |= unwrapped.nullable
            || unwrapped
                .core
                .iter()
                .any(|node| node.flag("nullable") == Some(true) || is_null(node));
        match nested(document, unwrapped.core.as_slice()) {
            // Besides `null`, no value is valid.
            None if is_empty(unwrapped.core.as_slice()) => {}
            Some((inner_key, inner)) if depth > 0 => {
                flat.is_mixed |= inner_key != key;
                flat.nested.extend(unwrapped.wrappers);
                flat.nested.extend(unwrapped.core);
                flatten(document, &inner, key, flat, depth - 1);
            }
            _ => flat.variants.push(schema_use),
        }
    }
}

/// Returns whether a schema admits `null` at most.
fn is_empty(core: &[Node<'_>]) -> bool {
    core.iter()
        .any(|node| declared(node.value).is_some_and(|types| types.within(Types::NULL)))
}

/// Returns the union that a schema consists of. Keywords for other types than those of the variants
/// say nothing.
fn nested<'d>(document: &Document<'d>, core: &[Node<'d>]) -> Option<(&'static str, Node<'d>)> {
    let [node] = core else { return None };
    let key = ["oneOf", "anyOf"]
        .into_iter()
        .find(|key| node.get(key).is_some())?;
    let mut keys = node.value.as_object()?.keys();
    let list: Vec<_> = variants(&node.get(key)?).map(SchemaUse::one).collect();
    let types = declared_types(document, &list);
    let says_nothing = |it: &String| {
        it != "discriminator" && restricted(it).is_some_and(|restricted| !types.meets(restricted))
    };
    let is_alone = keys.all(|it| it == key || says_nothing(it));
    is_alone.then(|| Some((key, node.get(key)?))).flatten()
}
