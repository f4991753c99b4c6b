//! Component schemas: lowered, hoisted, named for Rust, and completed once every use is known.

mod alike;
mod all_of_cycles;
mod boxes;
mod hoist;
mod properties;
mod shapes;
mod tags;
mod told_apart;
mod tuples;
mod union_cycles;
mod unions;
mod variant;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::component_ref::{PREFIX, is_component, reference, target};
use super::model::{Model, Operation};
use super::notes::{SECRET, children, take_notes};
use super::references::References;
use super::schema;
use super::untyped;
use crate::ledger::{Effect, Ledger};
use crate::names::Taken;
use crate::openapi::pointer::last_token;
use properties::Directions;

/// Names that generated code uses unqualified, which a type must not shadow.
const RESERVED: &[&str] = &[
    "Ok",
    "Err",
    "Some",
    "None",
    "Default",
    "Result",
    "Option",
    "String",
    "Vec",
    "Box",
    "Display",
    "ConversionError",
    "Given",
    "Into",
    "TryInto",
    "TryFrom",
    "IntoIterator",
    "Self",
];

/// The component schemas of the lowered document, to which operations add theirs.
pub(crate) struct Components<'d> {
    /// The lowered and hoisted schemas, by Rust name.
    pub(super) schemas: Map<String, Value>,
    pub(super) taken: Taken,
    pub(super) model: Model,
    /// The components of forms, by their origin.
    pub(super) forms: BTreeMap<String, String>,
    /// Returns the component that is a composition of others.
    pub(super) compositions: BTreeMap<String, String>,
    /// The component whose only value is `null`, if there is one.
    null: Option<String>,
    references: References<'d>,
}

impl<'d> Components<'d> {
    pub(super) fn read(document: &'d Value, ledger: &mut Ledger) -> Self {
        let mut taken = Taken::with(RESERVED);
        let references = References::read(document, &mut taken);
        let all = references.all();
        for (pointer, rust) in &all {
            let name = last_token(pointer);
            if is_component(pointer) && *rust != name {
                let detail = format!("`{name}` is the type `{rust}`");
                ledger.add(pointer, "type-name", Effect::Rewritten, detail);
            }
        }
        let mut components = Self {
            schemas: Map::new(),
            taken,
            model: Model::default(),
            forms: BTreeMap::new(),
            compositions: BTreeMap::new(),
            null: None,
            references,
        };
        for (pointer, rust) in all {
            components.read_one(pointer, rust, ledger);
        }
        components
    }

    fn read_one(&mut self, pointer: String, rust: String, ledger: &mut Ledger) {
        let behind = self
            .references
            .resolve_alias(&pointer)
            .filter(|behind| *behind != pointer);
        if let Some(same) = behind.and_then(|behind| self.references.rust_name(&behind)) {
            let detail = format!("another name of the type `{same}`");
            ledger.add(pointer, "alias", Effect::Rewritten, detail);
            self.model.aliases.insert(rust, same.to_owned());
            return;
        }
        let Some(original) = self.references.value(&pointer) else {
            return;
        };
        let lowered = schema::lower(original, &pointer, true, &self.references, ledger);
        self.insert(rust, lowered, pointer, ledger);
    }

    /// Lowers a schema of a parameter, body or response. `hint` names the schemas that are hoisted.
    pub(super) fn inline(
        &mut self,
        schema: &Value,
        pointer: &str,
        hint: &str,
        ledger: &mut Ledger,
    ) -> Value {
        let lowered = schema::lower(schema, pointer, false, &self.references, ledger);
        self.hoist(lowered, hint, pointer, ledger)
    }

    /// Applies the rules that need every use of every component.
    pub(super) fn finish(
        mut self,
        paths: &mut Value,
        operations: &[Operation],
        ledger: &mut Ledger,
    ) -> (Map<String, Value>, Model) {
        all_of_cycles::cut(&mut self.schemas, &self.model, ledger);
        self.push_nullability(paths, ledger);
        let directions = Directions::of(&self.schemas, paths, operations);
        properties::relax_one_way(&mut self.schemas, &directions, &self.model, ledger);
        tuples::take(&mut self.schemas, &mut self.model, ledger);
        tags::describe(&mut self.schemas, paths, &mut self.model, ledger);
        properties::tell_absence(&mut self.schemas, &mut self.model, ledger);
        self.collect_secrets();
        unions::take(&mut self.schemas, &mut self.model, ledger);
        properties::collect_constants(&self.schemas, &mut self.model);
        properties::name_all(&mut self.schemas, &mut self.model, ledger);
        for schema in self.schemas.values_mut() {
            take_notes(schema);
        }
        untyped::report(&self.schemas, &self.model, ledger);
        self.model.boxed = boxes::find(&self.schemas);
        (self.schemas, self.model)
    }

    /// A nullable component generates a type that does not compile; nullable uses compile.
    fn push_nullability(&mut self, paths: &mut Value, ledger: &mut Ledger) {
        let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, schema) in &self.schemas {
            for of in union_cycles::one_of_refs(schema) {
                users.entry(of.to_owned()).or_default().push(name.clone());
            }
        }
        let mut nullable = BTreeSet::new();
        let mut pending: VecDeque<String> = self.schemas.keys().cloned().collect();
        while let Some(name) = pending.pop_front() {
            let Some(Value::Object(schema)) = self.schemas.get_mut(&name) else {
                continue;
            };
            let is_nullable = schema.shift_remove("nullable").is_some();
            if (is_nullable | take_from_branches(schema, &nullable))
                && nullable.insert(name.clone())
            {
                let pointer = self.model.origins.get(&name).cloned().unwrap_or_default();
                let detail = "nullable wherever it is used";
                ledger.add(pointer, "nullable-component", Effect::Rewritten, detail);
                pending.extend(users.remove(&name).into_iter().flatten());
            }
        }
        if nullable.is_empty() {
            return;
        }
        for schema in self.schemas.values_mut() {
            make_uses_nullable(schema, &nullable);
        }
        make_uses_nullable(paths, &nullable);
        for parameter in path_parameters(paths) {
            if let Some(Value::Object(schema)) = parameter.get_mut("schema") {
                schema.shift_remove("nullable");
            }
        }
    }

    fn collect_secrets(&mut self) {
        for (name, schema) in &mut self.schemas {
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                for (property, schema) in properties {
                    if take_marks(schema) {
                        let secrets = self.model.secrets.entry(name.clone()).or_default();
                        secrets.insert(property.clone());
                    }
                }
            }
            if take_marks(schema) {
                self.model.secret_types.insert(name.clone());
            }
        }
    }
}

/// Returns whether a lowered operation contains the mark of a secret outside of its components.
pub(super) fn is_marked(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_marked),
        Value::Object(object) => object.contains_key(SECRET) || object.values().any(is_marked),
        _ => false,
    }
}

/// Returns the lowered parameters in the path, where `null` cannot be expressed.
fn path_parameters(paths: &mut Value) -> impl Iterator<Item = &mut Value> {
    paths
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
        .filter_map(|operation| operation.get_mut("parameters")?.as_array_mut())
        .flatten()
        .filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some("path"))
}

/// Removes nullability from the variants of a union. Returns whether there was any.
fn take_from_branches(schema: &mut Map<String, Value>, nullable: &BTreeSet<String>) -> bool {
    let Some(Value::Array(branches)) = schema.get_mut("oneOf") else {
        // A wrapper of a nullable component is nullable as well.
        return schema
            .get("allOf")
            .and_then(|members| reference(members.get(0)?))
            .or_else(|| schema.get("$ref")?.as_str()?.strip_prefix(PREFIX))
            .is_some_and(|name| nullable.contains(name));
    };
    let mut taken = false;
    for branch in branches {
        let behind = target(branch);
        taken |= behind.is_some_and(|name| nullable.contains(name));
        if let Value::Object(branch) = branch {
            taken |= branch.shift_remove("nullable").is_some();
        }
    }
    taken
}

fn make_uses_nullable(value: &mut Value, nullable: &BTreeSet<String>) {
    if reference(value).is_some_and(|name| nullable.contains(name)) {
        *value = json!({ "allOf": [value.take()], "nullable": true });
        return;
    }
    match value {
        Value::Array(items) => {
            for item in items {
                make_uses_nullable(item, nullable);
            }
        }
        Value::Object(object) => {
            let wraps = match object
                .get("allOf")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
            {
                Some([only]) => reference(only).is_some_and(|name| nullable.contains(name)),
                _ => false,
            };
            if wraps {
                object.insert("nullable".to_owned(), Value::Bool(true));
                return;
            }
            for (keyword, value) in object {
                match value {
                    // The union is nullable in place of its variants, but not of their parts.
                    Value::Array(branches) if keyword == "oneOf" => {
                        let parts = branches.iter_mut().filter(|it| target(it).is_none());
                        parts.for_each(|branch| make_uses_nullable(branch, nullable));
                    }
                    other => make_uses_nullable(other, nullable),
                }
            }
        }
        _ => {}
    }
}

/// Removes the marks of secrets from a schema and its inline parts. Returns whether there were any.
fn take_marks(schema: &mut Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    let mut marked = object.shift_remove(SECRET).is_some();
    children(object, &mut |child, _| marked |= take_marks(child));
    marked
}
