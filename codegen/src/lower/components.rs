//! Component schemas: lowered, hoisted, named for Rust, and finished once every use is known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::cycles;
use super::model::Model;
use super::schema::{self, COMPONENT, SECRET};
use crate::ledger::{Effect, Ledger, join};
use crate::names::{Taken, pascal};

/// Names that generated code uses unqualified and a type must not shadow.
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

/// The component schemas of the lowered document, while operations add theirs.
pub(crate) struct Components {
    /// Lowered and hoisted, by Rust name.
    pub(super) schemas: Map<String, Value>,
    pub(super) taken: Taken,
    pub(super) model: Model,
    /// The Rust name for each component's name in the document.
    rust_names: BTreeMap<String, String>,
    /// Components of forms, by what they were made of.
    pub(super) forms: BTreeMap<String, String>,
}

impl Components {
    pub(super) fn read(root: &Map<String, Value>, ledger: &mut Ledger) -> Self {
        let empty = Map::new();
        let originals = root
            .get("components")
            .and_then(|components| components.get("schemas"))
            .and_then(Value::as_object)
            .unwrap_or(&empty);

        let mut taken = Taken::with(RESERVED);
        let mut rust_names = BTreeMap::new();
        for name in originals.keys() {
            let rust = taken.unique(&pascal(name));
            if &rust != name {
                let pointer = join("/components/schemas", name);
                let detail = format!("`{name}` is the type `{rust}`");
                ledger.add(pointer, "type-name", Effect::Rewritten, detail);
            }
            rust_names.insert(name.clone(), rust);
        }

        let mut components = Self {
            schemas: Map::new(),
            taken,
            model: Model::default(),
            rust_names,
            forms: BTreeMap::new(),
        };
        for (name, original) in originals {
            let pointer = join("/components/schemas", name);
            let lowered = components.lower(original, &pointer, ledger);
            let Some(rust) = components.rust_names.get(name).cloned() else {
                continue;
            };
            components.insert(rust, lowered, pointer, ledger);
        }
        components
    }

    /// Lowers a schema that stands in a parameter, body or reply; `hint` names what is hoisted.
    pub(super) fn inline(
        &mut self,
        schema: &Value,
        pointer: &str,
        hint: &str,
        ledger: &mut Ledger,
    ) -> Value {
        let lowered = self.lower(schema, pointer, ledger);
        self.hoist(lowered, hint, pointer, ledger)
    }

    fn lower(&self, schema: &Value, pointer: &str, ledger: &mut Ledger) -> Value {
        let known = |name: &str| self.rust_names.contains_key(name);
        let mut lowered = schema::lower(schema, pointer, &known, ledger);
        rename(&mut lowered, &self.rust_names);
        lowered
    }

    /// The component that a lowered schema refers to, if it is nothing but a reference.
    pub(super) fn referred(&self, schema: &Value) -> Option<&Value> {
        self.schemas.get(reference(schema)?)
    }

    /// Applies what needs every use of every component, over components and paths.
    pub(super) fn finish(
        mut self,
        paths: &mut Value,
        ledger: &mut Ledger,
    ) -> (Map<String, Value>, Model) {
        cycles::cut(&mut self.schemas, &self.model, ledger);
        self.push_nullability(paths, ledger);
        self.open_request_lists(paths, ledger);
        self.collect_secrets();
        self.inherit_secrets();
        (self.schemas, self.model)
    }

    /// A nullable component generates a type that does not compile; nullable uses do.
    fn push_nullability(&mut self, paths: &mut Value, ledger: &mut Ledger) {
        let mut nullable = BTreeSet::new();
        for (name, schema) in &mut self.schemas {
            let Some(schema) = schema.as_object_mut() else {
                continue;
            };
            if schema.shift_remove("nullable").is_some() {
                nullable.insert(name.clone());
                let pointer = self.model.origins.get(name).cloned().unwrap_or_default();
                let detail = "nullable wherever it is used";
                ledger.add(pointer, "nullable-component", Effect::Rewritten, detail);
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

    /// typify never sends an empty optional list; as an `Option` it is sent when it is given.
    fn open_request_lists(&mut self, paths: &Value, ledger: &mut Ledger) {
        let mut sent = BTreeSet::new();
        for operation in operations(paths) {
            if let Some(body) = operation.get("requestBody") {
                sent.extend(reachable(&self.schemas, body));
            }
        }
        for name in sent {
            let Some(Value::Object(schema)) = self.schemas.get_mut(&name) else {
                continue;
            };
            let required = schema.get("required").cloned().unwrap_or(json!([]));
            let is_required = |name: &String| {
                required
                    .as_array()
                    .is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
            };
            let Some(Value::Object(properties)) = schema.get_mut("properties") else {
                continue;
            };
            let origin = self.model.origins.get(&name).cloned().unwrap_or_default();
            for (property, schema) in properties {
                let Some(schema) = schema.as_object_mut() else {
                    continue;
                };
                if schema.contains_key("nullable") && !is_required(property) {
                    let pointer = join(&join(&origin, "properties"), property);
                    let detail = "`None` leaves it out; `null` cannot be sent";
                    ledger.add(pointer, "null-or-absent", Effect::Dropped, detail);
                }
                let several = matches!(
                    schema.get("type").and_then(Value::as_str),
                    Some("array" | "object")
                );
                if several && !is_required(property) && !schema.contains_key("nullable") {
                    schema.insert("nullable".to_owned(), Value::Bool(true));
                    let pointer = join(&join(&origin, "properties"), property);
                    let detail = "absent and empty are told apart";
                    ledger.add(pointer, "request-list", Effect::Rewritten, detail);
                }
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

    /// typify writes the fields of `allOf` members into the whole, where they are as secret.
    fn inherit_secrets(&mut self) {
        let mut inherited = Vec::new();
        for (name, schema) in &self.schemas {
            let Some(members) = schema.get("allOf") else {
                continue;
            };
            let mut secrets = BTreeSet::new();
            for member in reachable(&self.schemas, members) {
                secrets.extend(
                    self.model
                        .secrets
                        .get(&member)
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
            }
            if !secrets.is_empty() {
                inherited.push((name.clone(), secrets));
            }
        }
        for (name, secrets) in inherited {
            self.model.secrets.entry(name).or_default().extend(secrets);
        }
    }
}

/// Whether a lowered operation holds the mark of a secret outside its components.
pub(super) fn is_marked(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_marked),
        Value::Object(object) => object.contains_key(SECRET) || object.values().any(is_marked),
        _ => false,
    }
}

/// Takes every mark of a secret off lowered operations.
pub(super) fn take_all_marks(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(take_all_marks),
        Value::Object(object) => {
            object.shift_remove(SECRET);
            object.values_mut().for_each(take_all_marks);
        }
        _ => {}
    }
}

/// The operations of a lowered `paths` object.
pub(super) fn operations(paths: &Value) -> impl Iterator<Item = &Value> {
    paths
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object)
        .flat_map(Map::values)
}

/// The lowered parameters that are part of the path, where nothing can stand for `null`.
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

/// Names of the components that a value refers to, directly or through others.
pub(crate) fn reachable(schemas: &Map<String, Value>, from: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => {
                if let Some(name) = reference(value)
                    && found.insert(name.to_owned())
                {
                    pending.extend(schemas.get(name));
                }
                pending.extend(object.values());
            }
            _ => {}
        }
    }
    found
}

/// The name of the component that a lowered `$ref` names.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(COMPONENT)
}

pub(super) fn refer(name: &str) -> Value {
    json!({ "$ref": format!("{COMPONENT}{name}") })
}

fn rename(value: &mut Value, rust_names: &BTreeMap<String, String>) {
    let rust = reference(value).and_then(|name| rust_names.get(&schema::unescape(name)));
    if let Some(rust) = rust {
        *value = refer(rust);
        return;
    }
    if let Value::Object(object) = value {
        schema::children(object, &mut |child, _| rename(child, rust_names));
    }
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
            for value in object.values_mut() {
                make_uses_nullable(value, nullable);
            }
        }
        _ => {}
    }
}

/// Takes the marks of secrets off a schema and what is inline in it; tells whether there were any.
fn take_marks(schema: &mut Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    let mut marked = object.shift_remove(SECRET).is_some();
    schema::children(object, &mut |child, _| marked |= take_marks(child));
    marked
}
