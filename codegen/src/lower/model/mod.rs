//! Facts about the API that the lowered OpenAPI 3.0 document cannot express.

mod operation;
mod pagination;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::api::Api;
pub(crate) use operation::{
    Body, BodyKind, Escape, EventForm, Form, FormField, Location, Operation, Parameter,
    ResponseKind, Serialization, Style, ValueKind, placeholder, placeholder_index,
};
pub(crate) use pagination::{EXTENSION, Pagination, PaginationFlaw, PaginationStyle};
pub(crate) use union::{Shape, ShapeKind, ToldApart, Union, UnionVariant};

/// The name of the field of a type that consists of nothing but another type.
pub(crate) const WHOLE: &str = "";

/// The facts that lowering passes to the stages behind progenitor.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) operations: Vec<Operation>,
    /// The document as a whole.
    pub(crate) api: Api,
    /// Enumerations by component name; progenitor sees plain strings.
    pub(crate) enums: BTreeMap<String, Enum>,
    /// Unions by component name; progenitor sees a struct with a field for each variant.
    pub(crate) unions: BTreeMap<String, Union>,
    /// Aliases of types.
    pub(crate) aliases: BTreeMap<String, String>,
    /// Names of properties in the document, by component and field, where the two differ.
    pub(crate) fields: BTreeMap<String, BTreeMap<String, String>>,
    /// The only value of a property, by component and property; a builder sets the value.
    pub(crate) constants: BTreeMap<String, BTreeMap<String, Value>>,
    /// Properties for which `null` and absence differ, by component.
    pub(crate) nullable: BTreeMap<String, BTreeSet<String>>,
    /// Required properties, by component.
    pub(crate) required: BTreeMap<String, BTreeSet<String>>,
    /// Components whose only value is `null`.
    pub(crate) nulls: BTreeSet<String>,
    /// Components that are arrays with a type for each element; progenitor sees a struct.
    pub(crate) tuples: BTreeSet<String>,
    /// Fields that are boxed, by component.
    pub(crate) boxed: BTreeMap<String, BTreeSet<String>>,
    /// Properties that `Debug` never shows, by component.
    pub(crate) secrets: BTreeMap<String, BTreeSet<String>>,
    /// Components that are secret as a whole.
    pub(crate) secret_types: BTreeSet<String>,
    /// Components that are the body of a `multipart` request.
    pub(crate) forms: BTreeMap<String, Form>,
    /// The origin of each component, as a JSON pointer into the original document.
    pub(crate) origins: BTreeMap<String, String>,
}

impl Model {
    /// Returns the facts about these components, with these operations only.
    pub(crate) fn restricted_to(
        &self,
        components: &BTreeSet<&str>,
        operations: Vec<Operation>,
    ) -> Self {
        fn part<T: Clone>(
            all: &BTreeMap<String, T>,
            components: &BTreeSet<&str>,
        ) -> BTreeMap<String, T> {
            let of = |name: &&str| Some(((*name).to_owned(), all.get(*name)?.clone()));
            components.iter().filter_map(of).collect()
        }
        fn names(all: &BTreeSet<String>, components: &BTreeSet<&str>) -> BTreeSet<String> {
            let is_present = |name: &&String| components.contains(name.as_str());
            all.iter().filter(is_present).cloned().collect()
        }
        // No `..`, so that new fields cannot be forgotten here.
        let Self {
            operations: _,
            api,
            enums,
            unions,
            aliases,
            fields,
            constants,
            nullable,
            required,
            nulls,
            tuples,
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
            required: part(required, components),
            nulls: names(nulls, components),
            tuples: names(tuples, components),
            boxed: part(boxed, components),
            secrets: part(secrets, components),
            secret_types: names(secret_types, components),
            forms: part(forms, components),
            origins: part(origins, components),
        }
    }

    /// Returns whether two models have the same facts about a component, apart from its other
    /// names.
    pub(crate) fn agrees_on(&self, component: &str, other: &Self) -> bool {
        fn same<T: PartialEq>(
            component: &str,
            one: &BTreeMap<String, T>,
            other: &BTreeMap<String, T>,
        ) -> bool {
            one.get(component) == other.get(component)
        }
        let both = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            one.contains(component) == other.contains(component)
        };
        // No `..`, so that new fields cannot be forgotten here.
        let Self {
            operations: _,
            api: _,
            enums,
            unions,
            aliases: _,
            fields,
            constants,
            nullable,
            required,
            nulls,
            tuples,
            boxed,
            secrets,
            secret_types,
            forms,
            origins,
        } = self;
        same(component, enums, &other.enums)
            && same(component, unions, &other.unions)
            && same(component, fields, &other.fields)
            && same(component, constants, &other.constants)
            && same(component, nullable, &other.nullable)
            && same(component, required, &other.required)
            && same(component, boxed, &other.boxed)
            && same(component, secrets, &other.secrets)
            && same(component, forms, &other.forms)
            && same(component, origins, &other.origins)
            && both(nulls, &other.nulls)
            && both(tuples, &other.tuples)
            && both(secret_types, &other.secret_types)
    }

    /// Forgets the facts about a component that became any JSON value, except that it is secret.
    pub(crate) fn forget(&mut self, component: &str) {
        self.enums.remove(component);
        self.unions.remove(component);
        self.forms.remove(component);
        self.nulls.remove(component);
        self.tuples.remove(component);
        if self.secrets.remove(component).is_some() {
            self.secret_types.insert(component.to_owned());
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enum {
    pub(crate) description: String,
    /// The values as sent, each with the name of its variant.
    pub(crate) values: Vec<(String, String)>,
}
