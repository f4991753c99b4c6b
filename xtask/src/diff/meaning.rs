//! What a schema means: which values are valid, whatever the words it says that in.
//!
//! A reference and what stands beside it, `allOf`, alternatives of one, alternatives that are only
//! types or only values, the spellings of `null` and of exclusive bounds, and types that go without
//! saying: all of them are one form here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{Document, Node, member};
use super::gathered::Gathered;
use super::limits::Limits;
use super::place::{Place, Words, is_annotation, is_null, peel, schema_words};
use super::simple::{all_types, all_values, take_known};
use super::types::Types;

/// Further properties or elements of a value.
#[derive(Clone)]
pub enum Rest<'d> {
    Open,
    Closed(Node<'d>),
    Of(Place<'d>),
}

/// `oneOf` or `anyOf` of more than one alternative, `null` apart.
pub struct Union<'d> {
    pub node: Node<'d>,
    /// Exactly one alternative holds.
    pub exclusive: bool,
    pub branches: Vec<Place<'d>>,
    pub discriminator: Option<Node<'d>>,
}

/// The meaning of the schemas that hold together at a place.
pub struct Meaning<'d> {
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
    pub properties: BTreeMap<&'d str, Place<'d>>,
    /// Required properties, and the schema that says so.
    pub required: BTreeMap<&'d str, Node<'d>>,
    pub additional: Rest<'d>,
    pub prefix: Vec<Place<'d>>,
    pub items: Rest<'d>,
    pub unions: Vec<Union<'d>>,
    /// Which of the schemas that are composed of it a value is.
    pub discriminator: Option<Node<'d>>,
    /// Alternatives of one are among what holds together here.
    pub has_singles: bool,
    /// Alternatives that are only types or only values, and have been read as such.
    pub lists: Vec<Union<'d>>,
    /// Schemas under other keywords.
    pub conditions: BTreeMap<&'static str, Place<'d>>,
    /// Schemas under other keywords, by name: `patternProperties`, `dependentSchemas`.
    pub maps: BTreeMap<(&'static str, &'d str), Place<'d>>,
    pub dependencies: BTreeMap<&'d str, Node<'d>>,
    /// `contentEncoding`, `contentMediaType`.
    pub content: BTreeMap<&'static str, Node<'d>>,
    /// It or what it is composed of stands for several, which a property tells apart.
    pub is_tagged: bool,
    /// Components that it is composed of.
    pub names: BTreeSet<String>,
    /// Keywords that cannot be judged.
    pub unknown: BTreeMap<&'static str, Node<'d>>,
    pub words: Words<'d>,
    pub xml: Option<Node<'d>>,
}

impl<'d> Meaning<'d> {
    /// Reads the schemas that hold together at a peeled place.
    pub fn of(document: &Document<'d>, core: &[Node<'d>]) -> Option<Self> {
        Self::read(document, core, Gathered::default())
    }

    /// As [`Self::of`], but that alternatives of one are alternatives.
    pub fn with_singles(document: &Document<'d>, core: &[Node<'d>]) -> Option<Self> {
        Self::read(document, core, Gathered::with_singles_apart())
    }

    fn read(
        document: &Document<'d>,
        core: &[Node<'d>],
        mut gathered: Gathered<'d>,
    ) -> Option<Self> {
        let first = core.first()?;
        for node in core {
            gathered.add(document, node);
        }
        let mut meaning = Self::anything(first.clone());
        meaning.names = gathered.names;
        meaning.has_singles = gathered.has_singles;
        if let Some(("schemas", name)) = first.pointer.component() {
            meaning.names.insert(name.to_owned());
        }
        meaning.unknown = gathered.dangling;
        let mut typed = false;
        let mut null_typed = true;
        for (index, node) in gathered.nodes.iter().enumerate() {
            meaning.never |= node.value == &Value::Bool(false);
            if let Some(types) = declared(node.value) {
                typed = true;
                meaning.types = meaning.types.and(types.without(Types::NULL));
                null_typed &= types.meets(Types::NULL) || node.flag("nullable") == Some(true);
            }
            // Of the outermost schema: `nullable` beside `allOf` means the whole.
            meaning.nullable |= index == 0 && node.flag("nullable") == Some(true);
            meaning.read_scalars(node);
            meaning.read_structure(node);
            for (key, values) in schema_words(node.value) {
                meaning.words.entry(key).or_default().extend(values);
            }
        }
        meaning.discriminator = core
            .iter()
            .filter(|node| node.get("oneOf").or_else(|| node.get("anyOf")).is_none())
            .find_map(|node| node.get("discriminator"));
        // Parts have no order.
        for values in meaning.words.values_mut().filter(|values| values.len() > 1) {
            values.sort_by_cached_key(|value| value.to_string());
            values.dedup();
        }
        let fewest = if gathered.singles_apart { 1 } else { 2 };
        let listed = meaning.read_unions(document, &gathered.nodes, fewest);
        typed |= listed;
        if !typed {
            let implied = meaning.implied();
            meaning.any = implied.is_none() && meaning.unions.is_empty();
            meaning.nullable |= meaning.any;
            meaning.null_unsaid = implied.is_some() && meaning.values.is_none();
            meaning.types = implied.unwrap_or(meaning.types);
        } else if null_typed && !listed {
            meaning.nullable = true;
        }
        if let Some(values) = &mut meaning.values {
            meaning.nullable |= values.remove("null").is_some();
            let of_values = values
                .values()
                .fold(Types::NONE, |all, node| all.or(Types::of(node.value)));
            if !values.is_empty() {
                meaning.types = meaning.types.and(of_values);
            }
        }
        if meaning.types.and(Types::NUMBER) == Types::INTEGER {
            meaning.limits.of_integers();
        }
        Some(meaning)
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
            additional: Rest::Open,
            prefix: Vec::new(),
            items: Rest::Open,
            unions: Vec::new(),
            discriminator: None,
            has_singles: false,
            lists: Vec::new(),
            conditions: BTreeMap::new(),
            maps: BTreeMap::new(),
            dependencies: BTreeMap::new(),
            content: BTreeMap::new(),
            is_tagged: false,
            names: BTreeSet::new(),
            unknown: BTreeMap::new(),
            words: Words::new(),
            xml: None,
        }
    }

    /// The type that goes without saying, by the keywords that apply to it alone.
    fn implied(&self) -> Option<Types> {
        let mut types = Types::NONE;
        if !self.properties.is_empty()
            || !self.required.is_empty()
            || !matches!(self.additional, Rest::Open)
        {
            types = types.or(Types::OBJECT);
        }
        if !self.prefix.is_empty() || !matches!(self.items, Rest::Open) {
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
                let mut branches: Vec<Place<'d>> = Vec::new();
                for branch in list.items() {
                    if is_null(branch.value) {
                        self.nullable = true;
                        continue;
                    }
                    let place = Place::one(branch);
                    let peeled = peel(document, &place);
                    self.nullable |= peeled.nullable
                        || peeled.core.iter().any(|node| {
                            node.flag("nullable") == Some(true)
                                || declared(node.value)
                                    .is_some_and(|types| types.meets(Types::NULL))
                        });
                    branches.push(place);
                }
                // One alternative is none, and has been gathered with the rest.
                if branches.len() < fewest {
                    continue;
                }
                if key == "anyOf" {
                    self.known.extend(take_known(document, &mut branches));
                }
                let (values, types) = (
                    all_values(document, &branches),
                    all_types(document, &branches),
                );
                let union = Union {
                    node: list,
                    exclusive: key == "oneOf",
                    branches,
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

/// The types that `type` names, `null` among them.
pub fn declared(schema: &Value) -> Option<Types> {
    match member(schema, "type")? {
        Value::String(name) => Types::named(name),
        Value::Array(names) => {
            let named = names
                .iter()
                .filter_map(Value::as_str)
                .filter_map(Types::named);
            named.reduce(Types::or)
        }
        _ => None,
    }
}

/// Whether a schema admits every value.
pub fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(all) => *all,
        Value::Object(object) => object
            .keys()
            .all(|key| is_annotation(key) || key == "nullable"),
        _ => false,
    }
}

/// A value as a text that does not depend on how its numbers and objects are written.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        Value::Object(_) => {
            let mut sorted = value.clone();
            sorted.sort_all_objects();
            sorted.to_string()
        }
        other => other.to_string(),
    }
}
