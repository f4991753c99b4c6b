//! Unions: their variants, and the shapes of values that select a variant.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Union {
    pub(crate) description: String,
    /// The property of the document's `discriminator`.
    pub(crate) property: Option<String>,
    /// In the order of the fields of the struct that progenitor sees.
    pub(crate) branches: Vec<UnionVariant>,
    pub(crate) told_apart: ToldApart,
}

/// How the variants of a union are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ToldApart {
    /// By the discriminator of the document.
    Discriminator,
    /// By a property with another constant in each variant.
    Constant,
    /// By the JSON type of the value.
    Type,
    /// By required properties and constants.
    Properties,
    /// By decoding: the variant that keeps most of the value.
    Decoding,
    /// Two variants look the same; the first one is taken.
    Not,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnionVariant {
    pub(crate) variant: String,
    /// The component of the variant.
    pub(crate) component: Option<String>,
    /// The discriminator values of the variant.
    pub(crate) tags: Vec<String>,
    /// `true` if the union must ensure that the content has its discriminator value.
    pub(crate) writes_tag: bool,
    /// The variant of objects without a known discriminator value.
    pub(crate) is_default: bool,
    /// The statuses and media types of the responses that have this variant as their schema.
    pub(crate) responses: Vec<(String, String)>,
    pub(crate) shapes: Vec<Shape>,
}

/// The JSON type of a value, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ShapeKind {
    Any,
    Array,
    Boolean,
    /// A string with a format.
    Format,
    Integer,
    Null,
    Number,
    Object,
    String,
}

/// The outer shape of the values of a variant; the runtime has a type of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) kind: ShapeKind,
    pub(crate) required: Vec<String>,
    pub(crate) optional: Vec<String>,
    pub(crate) constants: BTreeMap<String, Vec<String>>,
    pub(crate) texts: Vec<String>,
}

impl Shape {
    pub(crate) fn of(kind: ShapeKind) -> Self {
        Self {
            kind,
            required: Vec::new(),
            optional: Vec::new(),
            constants: BTreeMap::new(),
            texts: Vec::new(),
        }
    }

    pub(crate) fn knows(&self, property: &str) -> bool {
        let is_it = |name: &String| name == property;
        self.required.iter().any(is_it) || self.optional.iter().any(is_it)
    }
}
