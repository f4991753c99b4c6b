//! Unions: which variants one has, and how a value of each looks.

use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub(crate) struct Union {
    pub(crate) description: String,
    /// The discriminator that the document names.
    pub(crate) property: Option<String>,
    /// In the order of the fields of the struct that progenitor sees.
    pub(crate) branches: Vec<Branch>,
}

#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) variant: String,
    /// The component of the variant.
    pub(crate) component: Option<String>,
    /// The discriminator values of the variant.
    pub(crate) tags: Vec<String>,
    /// `true` if the union must ensure that the content has its discriminator value.
    pub(crate) writes_tag: bool,
    pub(crate) shapes: Vec<Shape>,
}

/// The outer shape of the values of a variant; the runtime has a type of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The constant of the runtime.
    pub(crate) kind: &'static str,
    pub(crate) required: Vec<String>,
    pub(crate) optional: Vec<String>,
    pub(crate) constants: BTreeMap<String, Vec<String>>,
    pub(crate) texts: Vec<String>,
}

impl Shape {
    pub(crate) fn of(kind: &'static str) -> Self {
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

    /// `true` if a value of this shape always has one of these values there.
    pub(crate) fn writes(&self, property: &str, values: &[String]) -> bool {
        self.required.iter().any(|name| name == property)
            && self
                .constants
                .get(property)
                .is_some_and(|own| own.len() == 1 && own.iter().all(|one| values.contains(one)))
    }
}
