//! Composition: `allOf` and the keywords beside a `$ref` become one schema, before any rule sees
//! it.

use serde_json::{Map, Value, json};

use super::composition::{Composer, STRUCTURE, Whole, has_structure};
use super::simplify::simplify;
use super::{conditions, merge, union};
use crate::ledger::Effect;
use crate::lower::notes::{COMPOSITION, ORIGIN, RECURSION, note_origins, take_origin};
use crate::openapi::keyword::{is_annotation, is_union};

impl Composer<'_> {
    /// Merges everything that a schema includes. A remaining `oneOf` or `anyOf` has no siblings.
    pub(super) fn compose(&mut self, schema: &mut Map<String, Value>) {
        self.drop_empty_members(schema);
        simplify(schema, self.references, self.pointer);
        if let Some(key) = self.composition(schema) {
            if self.active.contains(&key) {
                *schema = Map::new();
                schema.insert(RECURSION.to_owned(), Value::String(key));
                return;
            }
            schema.insert(COMPOSITION.to_owned(), Value::String(key));
        }
        if self.is_composed(schema) || is_union(schema) || conditions::is_in(schema) {
            let key = schema.shift_remove(COMPOSITION);
            let mut whole = Whole::default();
            let mut path = vec![self.pointer.to_owned()];
            let own = std::mem::take(schema);
            self.add(own, self.pointer, &mut whole, &mut path);
            *schema = self.finish(whole);
            if let Some(key) = key {
                schema.insert(COMPOSITION.to_owned(), key);
            }
        }
        if !self.is_named {
            return;
        }
        if schema.contains_key("properties")
            && !schema.contains_key("discriminator")
            && let Some(inherited) = union::inherited_discriminator(self)
        {
            schema.insert("discriminator".to_owned(), inherited);
        }
        if schema.contains_key("discriminator") {
            union::of_heirs(self, schema);
        }
    }

    /// Removes subschemas that only describe from an `allOf`. A wrapper of one reference stays a
    /// wrapper.
    fn drop_empty_members(&mut self, schema: &mut Map<String, Value>) {
        let Some(Value::Array(members)) = schema.shift_remove("allOf") else {
            return;
        };
        let mut kept = Vec::new();
        for member in members {
            match member {
                Value::Object(member) => {
                    let says = |keyword: &str| {
                        !is_annotation(keyword)
                            && !matches!(keyword, "description" | "nullable" | "default")
                    };
                    if member.keys().any(|keyword| says(keyword)) {
                        kept.push(Value::Object(member));
                        continue;
                    }
                    for (keyword, value) in member {
                        if keyword != ORIGIN {
                            schema.entry(keyword).or_insert(value);
                        }
                    }
                }
                Value::Bool(true) => {}
                other => kept.push(other),
            }
        }
        if !kept.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(kept));
        }
    }

    /// Returns the components that a schema includes, if it consists of nothing else.
    fn composition(&self, schema: &Map<String, Value>) -> Option<String> {
        let members = schema.get("allOf")?.as_array()?;
        let beside = STRUCTURE
            .iter()
            .any(|keyword| *keyword != "allOf" && schema.contains_key(*keyword));
        if members.len() < 2 || beside || schema.contains_key("$ref") {
            return None;
        }
        let mut targets = members
            .iter()
            .map(|member| {
                let member = member.as_object()?;
                if has_structure(member) {
                    return None;
                }
                let at = member
                    .get(ORIGIN)
                    .and_then(Value::as_str)
                    .unwrap_or(self.pointer);
                self.references.resolve(member.get("$ref")?.as_str()?, at)
            })
            .collect::<Option<Vec<String>>>()?;
        targets.sort();
        targets.dedup();
        Some(targets.join("&"))
    }

    fn is_composed(&self, schema: &Map<String, Value>) -> bool {
        if schema.contains_key("$ref") {
            return has_structure(schema);
        }
        let Some(members) = schema.get("allOf").and_then(Value::as_array) else {
            return false;
        };
        let beside = STRUCTURE
            .iter()
            .any(|keyword| *keyword != "allOf" && schema.contains_key(*keyword));
        let wraps = match members.as_slice() {
            [Value::Object(only)] => only.contains_key("$ref") && !has_structure(only),
            _ => false,
        };
        // A component that wraps another one is a type of its own, unless it only adds nullability.
        beside || !wraps || (self.is_named && !schema.contains_key("nullable"))
    }

    /// Adds a schema with everything that it includes.
    fn add(
        &mut self,
        mut schema: Map<String, Value>,
        at: &str,
        whole: &mut Whole,
        path: &mut Vec<String>,
    ) {
        let is_own = path.len() == 1;
        note_origins(&mut schema, at);
        simplify(&mut schema, self.references, at);
        if let Some(Value::String(target)) = schema.shift_remove("$ref") {
            self.add_target(&target, at, whole, path);
        }
        if let Some(Value::Array(members)) = schema.shift_remove("allOf") {
            for member in members {
                if let Value::Object(mut member) = member {
                    let at = take_origin(&mut member, at);
                    self.add_member(member, &at, whole, path);
                } else if member != Value::Bool(true) {
                    self.report(
                        at,
                        "boolean-schema",
                        "an `allOf` subschema is not a schema object",
                    );
                }
            }
        }
        conditions::fold(&mut schema, at, self.ledger);
        if let Some(choice) = union::take(&mut schema, self, path) {
            whole.unions.extend(choice);
        }
        if !is_own && !whole.unions.is_empty() {
            // The discriminator stays with its union.
            schema.shift_remove("discriminator");
        }
        merge::add(whole, schema, at, is_own, self);
    }

    fn add_member(
        &mut self,
        member: Map<String, Value>,
        at: &str,
        whole: &mut Whole,
        path: &mut Vec<String>,
    ) {
        let depth = path.len();
        // An inline schema is part of its parent: its description counts, and it closes no cycle.
        path.push(String::new());
        self.add(member, at, whole, path);
        path.truncate(depth);
    }

    fn add_target(&mut self, target: &str, at: &str, whole: &mut Whole, path: &mut Vec<String>) {
        let found = self
            .references
            .resolve(target, at)
            .and_then(|found| self.references.resolve_alias(&found));
        let Some(found) = found else {
            let detail = format!("{target:?} leads nowhere and is ignored in the composition");
            return self.report(at, "reference", &detail);
        };
        // Everything on the path was seen, except the schema itself. The path may be long.
        let is_new = path.first() != Some(&found) && whole.seen.insert(found.clone());
        if !is_new {
            if path.contains(&found) {
                let detail = format!("includes itself through `{target}`, which is left out");
                self.ledger.add(at, "all-of-cycle", Effect::Dropped, detail);
            }
            return;
        }
        if !self.references.try_expand(1) {
            let detail =
                format!("the expansion budget of the document is used up; `{target}` is left out");
            return self.ledger.add(at, "all-of", Effect::Dropped, detail);
        }
        if let Some(Value::Object(schema)) = self.references.value(&found) {
            let mut schema = schema.clone();
            // The annotations of a component that others include stay with that component.
            for keyword in ["description", "title", "deprecated"] {
                schema.shift_remove(keyword);
            }
            if !is_union(&schema) {
                schema.shift_remove("discriminator");
            }
            path.push(found.clone());
            self.add(schema, &found, whole, path);
            path.pop();
        }
    }

    fn finish(&mut self, mut whole: Whole) -> Map<String, Value> {
        let mut nullable = whole.nullable;
        if let Some(types) = &mut whole.types {
            nullable |= types.remove("null") && !types.is_empty();
            let kinds: Vec<&String> = types.iter().collect();
            let of = match kinds.as_slice() {
                [] => json!("null"),
                [only] => json!(only),
                several => json!(several),
            };
            whole.schema.insert("type".to_owned(), of);
        }
        union::distribute(&mut whole, self);
        let mut schema = whole.schema;
        if nullable {
            schema.insert("nullable".to_owned(), Value::Bool(true));
        }
        schema
    }
}
