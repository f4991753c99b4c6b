//! What lowering knows of a document and an OpenAPI 3.0 document for progenitor cannot say.

mod operation;
mod pagination;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::api::Api;
pub(crate) use operation::{
    Body, BodyKind, Form, FormField, Location, Operation, Parameter, Reply, Serialization, Style,
    parameter_of, placeholder, placeholder_index,
};
pub(crate) use pagination::{EXTENSION, Pagination, PaginationFlaw, PaginationStyle};
pub(crate) use union::{Branch, Shape, Union};

/// The name of the field of a type that consists of nothing but another type.
pub(crate) const WHOLE: &str = "";

/// Handed from lowering to the stages behind progenitor.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) operations: Vec<Operation>,
    /// The document as a whole.
    pub(crate) api: Api,
    /// Enumerations by the name of their component; progenitor sees plain strings.
    pub(crate) enums: BTreeMap<String, Enum>,
    /// Unions by the name of their component; progenitor sees a struct with a field for each branch.
    pub(crate) unions: BTreeMap<String, Union>,
    /// Other names of types.
    pub(crate) aliases: BTreeMap<String, String>,
    /// Properties as the document names them, by component and field, where the two differ.
    pub(crate) fields: BTreeMap<String, BTreeMap<String, String>>,
    /// The only value of a property, by component and property: a builder sets it.
    pub(crate) constants: BTreeMap<String, BTreeMap<String, Value>>,
    /// Properties for which `null` and absence are told apart, by component.
    pub(crate) nullable: BTreeMap<String, BTreeSet<String>>,
    /// Fields that hold a box, by component.
    pub(crate) boxed: BTreeMap<String, BTreeSet<String>>,
    /// Properties never shown by `Debug`: component, then property.
    pub(crate) secrets: BTreeMap<String, BTreeSet<String>>,
    /// Components that are secret as a whole.
    pub(crate) secret_types: BTreeSet<String>,
    /// Components that are the body of a `multipart` request.
    pub(crate) forms: BTreeMap<String, Form>,
    /// Where a component came from, as a JSON pointer into the original document.
    pub(crate) origins: BTreeMap<String, String>,
}

impl Model {
    /// What is said of these components, and with these operations alone.
    pub(crate) fn part(&self, components: &BTreeSet<&str>, operations: Vec<Operation>) -> Self {
        fn part<T: Clone>(
            all: &BTreeMap<String, T>,
            components: &BTreeSet<&str>,
        ) -> BTreeMap<String, T> {
            let of = |name: &&str| Some(((*name).to_owned(), all.get(*name)?.clone()));
            components.iter().filter_map(of).collect()
        }
        // Without `..`, so that what is new here is not forgotten.
        let Self {
            operations: _,
            api,
            enums,
            unions,
            aliases,
            fields,
            constants,
            nullable,
            boxed,
            secrets,
            secret_types,
            forms,
            origins,
        } = self;
        let present = |(_, of): &(&String, &String)| components.contains(of.as_str());
        Self {
            operations,
            api: api.clone(),
            enums: part(enums, components),
            unions: part(unions, components),
            aliases: aliases
                .iter()
                .filter(present)
                .map(|(alias, of)| (alias.clone(), of.clone()))
                .collect(),
            fields: part(fields, components),
            constants: part(constants, components),
            nullable: part(nullable, components),
            boxed: part(boxed, components),
            secrets: part(secrets, components),
            secret_types: secret_types
                .iter()
                .filter(|name| components.contains(name.as_str()))
                .cloned()
                .collect(),
            forms: part(forms, components),
            origins: part(origins, components),
        }
    }

    /// Forgets what a component was, when it has become any JSON value. That it is secret stays.
    pub(crate) fn forget(&mut self, component: &str) {
        self.enums.remove(component);
        self.unions.remove(component);
        self.forms.remove(component);
        if self.secrets.remove(component).is_some() {
            self.secret_types.insert(component.to_owned());
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) description: String,
    /// Values as sent, each with its variant's name.
    pub(crate) values: Vec<(String, String)>,
}
