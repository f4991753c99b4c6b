//! What a schema means: which values are valid, whatever the words it says that in.
//!
//! A reference and what stands beside it, `allOf`, alternatives of one, alternatives that are only
//! types or only values, the spellings of `null` and of exclusive bounds, and types that go without
//! saying: all of them are one form here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;
use crate::diff::normalize::all_of::AllOfSchemas;
use crate::diff::normalize::collapse::{all_types, all_values, take_known};
use crate::diff::normalize::limits::Limits;
use crate::diff::normalize::schema_use::{
    Annotations, SchemaUse, is_null, schema_annotations, unwrap_schema,
};

/// Further properties or elements of a value.
#[derive(Clone)]
pub enum Additional<'d> {
    Open,
    Closed(Node<'d>),
    Of(SchemaUse<'d>),
}

/// `oneOf` or `anyOf` of more than one alternative, `null` apart.
pub struct Union<'d> {
    pub node: Node<'d>,
    /// Exactly one alternative holds.
    pub exclusive: bool,
    pub variants: Vec<SchemaUse<'d>>,
    pub discriminator: Option<Node<'d>>,
}

/// The meaning of the schemas that hold together at a place.
pub struct NormalizedSchema<'d> {
    /// Where it stands: the first of the schemas.
    pub node: Node<'d>,
    /// Without `null`.
    pub types: Types,
    /// Nothing says which type it has.
    pub any: bool,
    /// No value is valid.
    pub never: bool,
    pub nullable: bool,
    /// Its types go without saying, and so whether `null` is one of them.
    pub null_unsaid: bool,
    /// By the type they apply to: number or string.
    pub formats: BTreeMap<&'static str, Node<'d>>,
    /// The valid values but `null`, by their canonical text.
    pub values: Option<BTreeMap<String, Node<'d>>>,
    pub extensible: Option<BTreeMap<String, Node<'d>>>,
    /// Values that are named where any of their type is valid.
    pub known: BTreeMap<String, Node<'d>>,
    pub limits: Limits<'d>,
    pub patterns: BTreeMap<&'d str, Node<'d>>,
    pub multiple_of: Option<Node<'d>>,
    pub properties: BTreeMap<&'d str, SchemaUse<'d>>,
    /// Required properties, and the schema that says so.
    pub required: BTreeMap<&'d str, Node<'d>>,
    pub additional: Additional<'d>,
    pub prefix: Vec<SchemaUse<'d>>,
    pub items: Additional<'d>,
    pub unions: Vec<Union<'d>>,
    /// Which of the schemas that are composed of it a value is.
    pub discriminator: Option<Node<'d>>,
    /// Variants of one are among what holds together here.
    pub has_single_variants: bool,
    /// Variants that are only types or only values, and have been read as such.
    pub lists: Vec<Union<'d>>,
    /// Schemas under other keywords.
    pub applicators: BTreeMap<&'static str, SchemaUse<'d>>,
    /// Schemas under other keywords, by name: `patternProperties`, `dependentSchemas`.
    pub named_applicators: BTreeMap<(&'static str, &'d str), SchemaUse<'d>>,
    pub dependencies: BTreeMap<&'d str, Node<'d>>,
    /// `contentEncoding`, `contentMediaType`.
    pub content: BTreeMap<&'static str, Node<'d>>,
    /// It or what it is composed of stands for several, which a property tells apart.
    pub has_discriminator: bool,
    /// Components that it is composed of.
    pub names: BTreeSet<String>,
    /// Keywords that cannot be judged.
    pub unknown: BTreeMap<&'static str, Node<'d>>,
    pub annotations: Annotations<'d>,
    pub xml: Option<Node<'d>>,
}

impl<'d> NormalizedSchema<'d> {
    /// Reads the schemas that hold together at a peeled place.
    pub fn of(document: &Document<'d>, core: &[Node<'d>]) -> Option<Self> {
        Self::read(document, core, AllOfSchemas::default())
    }

    /// As [`Self::of`], but that alternatives of one are alternatives.
    pub fn with_single_variants(document: &Document<'d>, core: &[Node<'d>]) -> Option<Self> {
        Self::read(document, core, AllOfSchemas::keeping_single_variants())
    }

    fn read(
        document: &Document<'d>,
        core: &[Node<'d>],
        mut all_of: AllOfSchemas<'d>,
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
        let mut typed = false;
        let mut null_typed = true;
        for (index, node) in all_of.nodes.iter().enumerate() {
            normalized.never |= node.value == &Value::Bool(false);
            if let Some(types) = declared(node.value) {
                typed = true;
                normalized.types = normalized.types.and(types.without(Types::NULL));
                null_typed &= types.meets(Types::NULL) || node.flag("nullable") == Some(true);
            }
            // Of the outermost schema: `nullable` beside `allOf` means the whole.
            normalized.nullable |= index == 0 && node.flag("nullable") == Some(true);
            normalized.read_scalars(node);
            normalized.read_structure(node);
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
        // Parts have no order.
        for values in normalized
            .annotations
            .values_mut()
            .filter(|values| values.len() > 1)
        {
            values.sort_by_cached_key(|value| value.to_string());
            values.dedup();
        }
        let fewest = if all_of.keeps_single_variants { 1 } else { 2 };
        let listed = normalized.read_unions(document, &all_of.nodes, fewest);
        typed |= listed;
        if !typed {
            let implied = normalized.implied();
            normalized.any = implied.is_none() && normalized.unions.is_empty();
            normalized.nullable |= normalized.any;
            normalized.null_unsaid = implied.is_some() && normalized.values.is_none();
            normalized.types = implied.unwrap_or(normalized.types);
        } else if null_typed && !listed {
            normalized.nullable = true;
        }
        if let Some(values) = &mut normalized.values {
            normalized.nullable |= values.remove("null").is_some();
            let of_values = values
                .values()
                .fold(Types::NONE, |all, node| all.or(Types::of(node.value)));
            if !values.is_empty() {
                normalized.types = normalized.types.and(of_values);
            }
        }
        if normalized.types.and(Types::NUMBER) == Types::INTEGER {
            normalized.limits.of_integers();
        }
        Some(normalized)
    }

    fn anything(node: Node<'d>) -> Self {
        Self {
            node,
            types: Types::ANY.without(Types::NULL),
            any: false,
            never: false,
            nullable: false,
            null_unsaid: false,
            formats: BTreeMap::new(),
            values: None,
            extensible: None,
            known: BTreeMap::new(),
            limits: Limits::default(),
            patterns: BTreeMap::new(),
            multiple_of: None,
            properties: BTreeMap::new(),
            required: BTreeMap::new(),
            additional: Additional::Open,
            prefix: Vec::new(),
            items: Additional::Open,
            unions: Vec::new(),
            discriminator: None,
            has_single_variants: false,
            lists: Vec::new(),
            applicators: BTreeMap::new(),
            named_applicators: BTreeMap::new(),
            dependencies: BTreeMap::new(),
            content: BTreeMap::new(),
            has_discriminator: false,
            names: BTreeSet::new(),
            unknown: BTreeMap::new(),
            annotations: Annotations::new(),
            xml: None,
        }
    }

    /// The type that goes without saying, by the keywords that apply to it alone.
    fn implied(&self) -> Option<Types> {
        let mut types = Types::NONE;
        if !self.properties.is_empty()
            || !self.required.is_empty()
            || !matches!(self.additional, Additional::Open)
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
        if self.values.is_some() {
            return Some(self.types);
        }
        (!types.is_empty()).then_some(types)
    }

    /// Reads the alternatives; tells whether they said which types there are.
    fn read_unions(&mut self, document: &Document<'d>, nodes: &[Node<'d>], fewest: usize) -> bool {
        let mut typed = false;
        for node in nodes {
            for key in ["oneOf", "anyOf"] {
                let Some(list) = node.get(key) else { continue };
                let mut variants: Vec<SchemaUse<'d>> = Vec::new();
                for variant in list.items() {
                    if is_null(variant.value) {
                        self.nullable = true;
                        continue;
                    }
                    let schema_use = SchemaUse::one(variant);
                    let unwrapped = unwrap_schema(document, &schema_use);
                    self.nullable |= unwrapped.nullable
                        || unwrapped.core.iter().any(|node| {
                            node.flag("nullable") == Some(true)
                                || declared(node.value)
                                    .is_some_and(|types| types.meets(Types::NULL))
                        });
                    variants.push(schema_use);
                }
                // One alternative is none, and has been gathered with the rest.
                if variants.len() < fewest {
                    continue;
                }
                if key == "anyOf" {
                    self.known.extend(take_known(document, &mut variants));
                }
                let (values, types) = (
                    all_values(document, &variants),
                    all_types(document, &variants),
                );
                let union = Union {
                    node: list,
                    exclusive: key == "oneOf",
                    variants,
                    discriminator: node.get("discriminator"),
                };
                if let Some(values) = values {
                    typed = true;
                    self.values = Some(values);
                    self.lists.push(union);
                } else if let Some((types, formats)) = types {
                    typed = true;
                    self.types = self.types.and(types.without(Types::NULL));
                    self.formats.extend(formats);
                    self.lists.push(union);
                } else {
                    self.unions.push(union);
                }
            }
        }
        typed
    }
}
