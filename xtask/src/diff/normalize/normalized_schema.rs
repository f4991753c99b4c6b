//! The normalized schema: the set of valid values, independent of spelling.
//!
//! References with siblings, `allOf`, unions with one variant, unions of types or values, the
//! spellings of `null` and of exclusive bounds, and implied types all become one form.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::model::decimal::Decimal;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;
use crate::diff::normalize::all_of::AllOfSchemas;
use crate::diff::normalize::constraints::{Condition, Contains, Dependency};
use crate::diff::normalize::declared_types::declared_types;
use crate::diff::normalize::limits::Limits;
use crate::diff::normalize::schema_use::{Annotations, SchemaUse, schema_annotations};

/// The schema of additional properties or elements.
#[derive(Clone)]
pub enum Additional<'d> {
    Open,
    Closed(Node<'d>),
    Of(SchemaUse<'d>),
}

/// A `oneOf` or `anyOf` with more than one variant besides `null`.
pub struct Union<'d> {
    pub node: Node<'d>,
    /// `oneOf`: exactly one variant matches.
    pub exclusive: bool,
    pub variants: Vec<SchemaUse<'d>>,
    pub discriminator: Option<Node<'d>>,
}

/// The normalized form of all schemas that apply to a value.
pub struct NormalizedSchema<'d> {
    /// The first of the schemas, for locations.
    pub node: Node<'d>,
    /// The admitted types without `null`.
    pub types: Types,
    /// No keyword restricts the type.
    pub any: bool,
    /// The types are declared, here or by another schema for the same values.
    pub is_typed: bool,
    /// No value is valid.
    pub never: bool,
    pub nullable: bool,
    /// The types are implied by other keywords, so that `null` is undecided.
    pub null_unsaid: bool,
    /// The formats by the type they apply to, `number` or `string`.
    pub formats: BTreeMap<&'static str, Node<'d>>,
    /// The valid values without `null`, by their canonical text.
    pub values: Option<BTreeMap<String, Node<'d>>>,
    pub extensible: Option<BTreeMap<String, Node<'d>>>,
    /// Values that are listed although every value of their type is valid.
    pub known: BTreeMap<String, Node<'d>>,
    pub limits: Limits<'d>,
    pub patterns: BTreeMap<&'d str, Node<'d>>,
    /// The values of `multipleOf`, all of which apply.
    pub multiples: Vec<Node<'d>>,
    /// The least common multiple of `multiples`, unless every value of the type is one.
    pub multiple: Option<Decimal>,
    pub properties: BTreeMap<&'d str, SchemaUse<'d>>,
    /// Schemas of additional properties in other parts than those that declare the property.
    pub cousins: BTreeMap<&'d str, Vec<Node<'d>>>,
    /// Required properties with the schema that requires each.
    pub required: BTreeMap<&'d str, Node<'d>>,
    pub additional: Additional<'d>,
    /// Keywords that leave no property or element unevaluated.
    pub evaluating: BTreeSet<&'static str>,
    pub prefix: Vec<SchemaUse<'d>>,
    pub items: Additional<'d>,
    pub unions: Vec<Union<'d>>,
    /// The discriminator of a base schema, without `oneOf` and `anyOf`.
    pub discriminator: Option<Node<'d>>,
    /// A union with one variant is part of the schema.
    pub has_single_variants: bool,
    /// Unions that were collapsed into types or values.
    pub lists: Vec<Union<'d>>,
    /// Subschemas under other keywords.
    pub applicators: BTreeMap<&'static str, SchemaUse<'d>>,
    /// Subschemas under `patternProperties` and `dependentSchemas`, by name.
    pub named_applicators: BTreeMap<(&'static str, &'d str), SchemaUse<'d>>,
    pub dependencies: BTreeMap<&'d str, Dependency<'d>>,
    pub nots: Vec<SchemaUse<'d>>,
    pub conditions: Vec<Condition<'d>>,
    pub contains: Vec<Contains<'d>>,
    /// `contentEncoding` and `contentMediaType`.
    pub content: BTreeMap<&'static str, Node<'d>>,
    /// One of the schemas has a discriminator.
    pub has_discriminator: bool,
    /// The components among the schemas.
    pub names: BTreeSet<String>,
    /// Keywords that the comparison cannot judge.
    pub unknown: BTreeMap<&'static str, Node<'d>>,
    pub annotations: Annotations<'d>,
    pub xml: Option<Node<'d>>,
}

impl<'d> NormalizedSchema<'d> {
    /// Normalizes the schemas of an unwrapped use.
    pub fn of(document: &Document<'d>, core: &[Node<'d>]) -> Option<Self> {
        Self::within(document, core, None)
    }

    /// Normalizes like [`Self::of`], for values of some types.
    ///
    /// `within` has the types that another schema for the same values admits, with `null`. Without
    /// it, keywords imply the type of a schema without `type`.
    pub fn within(
        document: &Document<'d>,
        core: &[Node<'d>],
        within: Option<Types>,
    ) -> Option<Self> {
        Self::read(document, core, AllOfSchemas::default(), within)
    }

    /// Normalizes like [`Self::of`], but keeps unions with one variant.
    pub fn with_single_variants(
        document: &Document<'d>,
        core: &[Node<'d>],
        within: Option<Types>,
    ) -> Option<Self> {
        let keeping = AllOfSchemas::keeping_single_variants();
        Self::read(document, core, keeping, within)
    }

    fn read(
        document: &Document<'d>,
        core: &[Node<'d>],
        mut all_of: AllOfSchemas<'d>,
        within: Option<Types>,
    ) -> Option<Self> {
        let first = core.first()?;
        for node in core {
            all_of.add(document, node);
        }
        let mut normalized = Self::anything(first.clone());
        normalized.names = all_of.names;
        normalized.has_single_variants = all_of.has_single_variants;
        if let Some(("schemas", name)) = first.pointer.component() {
            normalized.names.insert(name.to_owned());
        }
        normalized.unknown = all_of.dangling;
        let mut typed = within.is_some();
        let mut null_typed = within.is_none_or(|types| types.meets(Types::NULL));
        if let Some(types) = within {
            normalized.types = normalized.types.and(types.without(Types::NULL));
        }
        for (index, node) in all_of.nodes.iter().enumerate() {
            normalized.never |= node.value == &Value::Bool(false);
            if let Some(types) = declared(node.value) {
                typed = true;
                normalized.types = normalized.types.and(types.without(Types::NULL));
                null_typed &= types.meets(Types::NULL)
                    || node.flag("nullable") == Some(true)
                    || all_of.beside_null.contains(&node.address());
            }
            // Only of the outermost schema: `nullable` beside `allOf` applies to the whole.
            normalized.nullable |= index == 0 && node.flag("nullable") == Some(true);
            normalized.read_scalars(node);
            normalized.read_structure(node, node.is_among(core));
            for (key, values) in schema_annotations(node.value) {
                normalized
                    .annotations
                    .entry(key)
                    .or_default()
                    .extend(values);
            }
        }
        normalized.discriminator = core
            .iter()
            .filter(|node| node.get("oneOf").or_else(|| node.get("anyOf")).is_none())
            .find_map(|node| node.get("discriminator"));
        // `allOf` has no order.
        for values in normalized
            .annotations
            .values_mut()
            .filter(|values| values.len() > 1)
        {
            values.sort_by_cached_key(|value| value.to_string());
            values.dedup();
        }
        let fewest = if all_of.keeps_single_variants { 1 } else { 2 };
        let unions = normalized.read_unions(document, &all_of.nodes, fewest);
        normalized.restrict_cousins(&all_of.nodes, core);
        normalized.restrict_prefix(&all_of.nodes);
        normalized.close();
        normalized.is_typed = typed;
        let hold_null = unions.hold_null || typed && unions.admit_null;
        if typed || unions.are_typed {
            normalized.types = normalized.types.and(unions.types);
            let types = normalized.types;
            for union in &mut normalized.unions {
                // The type excludes variants of other types.
                union.variants.retain(|variant| {
                    declared_types(document, std::slice::from_ref(variant)).meets(types)
                });
            }
            normalized.never |= normalized.types.is_empty() && !(null_typed && hold_null);
        }
        let is_flagged = normalized.nullable;
        if !typed && !unions.are_typed {
            let of_unions = Some(normalized.types.and(unions.types));
            let is_said = !normalized.unions.is_empty()
                && !unions.types.without(Types::NULL).is_empty()
                && unions.types.or(Types::NULL) != Types::ANY;
            let implied = if is_said {
                of_unions
            } else {
                normalized.implied()
            };
            normalized.any = implied.is_none() && normalized.unions.is_empty();
            normalized.nullable |=
                normalized.any || !normalized.unions.is_empty() && unions.hold_null;
            normalized.null_unsaid = implied.is_some() && normalized.values.is_none() && !is_said;
            normalized.types = implied.unwrap_or(normalized.types);
        } else {
            normalized.nullable |= null_typed && hold_null;
        }
        normalized.nullable &= (is_flagged || null_typed) && !unions.exclude_null;
        normalized.any &= !unions.exclude_null;
        if let Some(values) = &mut normalized.values {
            let is_listed = values.remove("null").is_some();
            normalized.nullable =
                (is_flagged || is_listed && null_typed && hold_null) && !unions.exclude_null;
            let of_values = values
                .values()
                .fold(Types::NONE, |all, node| all.or(Types::of(node.value)));
            if !values.is_empty() {
                normalized.types = normalized.types.and(of_values);
            } else if normalized.nullable {
                // A list of nothing but `null` is the type `null`.
                normalized.types = Types::NONE;
                normalized.is_typed = true;
                normalized.values = None;
            }
        }
        normalized.exclude_types(document);
        normalized.keep_valid_values(document, core);
        normalized.simplify();
        Some(normalized)
    }

    fn anything(node: Node<'d>) -> Self {
        Self {
            node,
            types: Types::ANY.without(Types::NULL),
            any: false,
            is_typed: false,
            never: false,
            nullable: false,
            null_unsaid: false,
            formats: BTreeMap::new(),
            values: None,
            extensible: None,
            known: BTreeMap::new(),
            limits: Limits::default(),
            patterns: BTreeMap::new(),
            multiples: Vec::new(),
            multiple: None,
            properties: BTreeMap::new(),
            cousins: BTreeMap::new(),
            required: BTreeMap::new(),
            additional: Additional::Open,
            evaluating: BTreeSet::new(),
            prefix: Vec::new(),
            items: Additional::Open,
            unions: Vec::new(),
            discriminator: None,
            has_single_variants: false,
            lists: Vec::new(),
            applicators: BTreeMap::new(),
            named_applicators: BTreeMap::new(),
            dependencies: BTreeMap::new(),
            nots: Vec::new(),
            conditions: Vec::new(),
            contains: Vec::new(),
            content: BTreeMap::new(),
            has_discriminator: false,
            names: BTreeSet::new(),
            unknown: BTreeMap::new(),
            annotations: Annotations::new(),
            xml: None,
        }
    }

    /// Returns whether keywords other than types, lists, limits, properties, elements and unions
    /// restrict the values.
    pub fn is_constrained(&self) -> bool {
        !(self.applicators.is_empty()
            && self.nots.is_empty()
            && self.conditions.is_empty()
            && self.contains.is_empty())
    }

    /// Returns the types that other keywords imply.
    fn implied(&self) -> Option<Types> {
        let mut types = Types::NONE;
        if !self.properties.is_empty()
            || !self.required.is_empty()
            || !matches!(self.additional, Additional::Open)
            || !self.dependencies.is_empty()
            || !self.named_applicators.is_empty()
        {
            types = types.or(Types::OBJECT);
        }
        if !self.prefix.is_empty() || !matches!(self.items, Additional::Open) {
            types = types.or(Types::ARRAY);
        }
        if !self.patterns.is_empty() {
            types = types.or(Types::STRING);
        }
        types = types.or(self.limits.implied());
        if !self.contains.is_empty() {
            types = types.or(Types::ARRAY);
        }
        if self.values.is_some() {
            return Some(self.types);
        }
        (!types.is_empty()).then_some(types)
    }
}
