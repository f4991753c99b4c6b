//! Unions bypass typify, which takes the first variant that decodes. typify sees a struct with a
//! field for each variant. The refine stage moves the types into an enum that selects the variant.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::alike::Alike;
use super::shapes::Shapes;
use super::union_cycles;
use crate::ledger::Ledger;
use crate::lower::component_ref::target;
use crate::lower::model::{Model, Shape, ShapeKind, ToldApart, Union, UnionVariant};
use crate::lower::notes::UNION;
use crate::names::{Taken, pascal};

/// The number of variants that are compared with a later one.
const COMPARED: usize = 64;

/// Replaces every union in the schemas.
pub(super) fn take(schemas: &mut Map<String, Value>, model: &mut Model, ledger: &mut Ledger) {
    union_cycles::cut(schemas, model, ledger);
    let names: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| is_union(schema))
        .map(|(name, _)| name.clone())
        .collect();
    let read: Vec<(String, Union, Value)> = names
        .into_iter()
        .filter_map(|name| {
            let (union, stand_in) = Reader { schemas, model }.read(&name)?;
            Some((name, union, stand_in))
        })
        .collect();
    default_tags(&read, model);
    for (name, union, stand_in) in read {
        schemas.insert(name.clone(), stand_in);
        model.unions.insert(name, union);
    }
}

fn is_union(schema: &Value) -> bool {
    schema.get("oneOf").is_some_and(Value::is_array)
}

struct Reader<'a> {
    schemas: &'a Map<String, Value>,
    model: &'a Model,
}

/// A variant as read, before it has its place in the enum.
struct Read<'a> {
    schema: &'a Value,
    name: Option<&'a str>,
    tags: Vec<String>,
    is_default: bool,
    shapes: Vec<Shape>,
}

impl Read<'_> {
    fn objects(&self) -> impl Iterator<Item = &Shape> {
        self.shapes
            .iter()
            .filter(|shape| shape.kind == ShapeKind::Object)
    }

    fn is_object(&self) -> bool {
        self.shapes
            .iter()
            .all(|shape| shape.kind == ShapeKind::Object)
    }

    fn variant(&self, index: usize) -> String {
        let kind = self
            .shapes
            .first()
            .map_or(ShapeKind::Any, |shape| shape.kind);
        let named = self.name.map(pascal);
        let tagged = match self.tags.as_slice() {
            [only] => Some(pascal(only)),
            _ => None,
        };
        named.or(tagged).unwrap_or_else(|| match kind {
            _ if self.shapes.len() > 1 => format!("Variant{index}"),
            ShapeKind::Object if target(self.schema).is_some() => format!("Variant{index}"),
            ShapeKind::Object => "Object".to_owned(),
            ShapeKind::Array => "List".to_owned(),
            ShapeKind::String => "String".to_owned(),
            ShapeKind::Format => pascal(&text(self.schema, "format")),
            ShapeKind::Integer => "Integer".to_owned(),
            ShapeKind::Number => "Number".to_owned(),
            ShapeKind::Boolean => "Boolean".to_owned(),
            _ => "Json".to_owned(),
        })
    }

    /// The properties that distinguish the variant from others; only the discriminator values, if
    /// they suffice.
    fn shapes(
        &self,
        tag: Option<&str>,
        tags: &[String],
        decides: bool,
        shared: &BTreeSet<String>,
    ) -> Vec<Shape> {
        let tag = tag.filter(|_| !tags.is_empty());
        let mut shapes = match tag {
            Some(_) if decides && self.is_object() => vec![Shape::of(ShapeKind::Object)],
            _ => self.shapes.clone(),
        };
        for shape in shapes
            .iter_mut()
            .filter(|shape| shape.kind == ShapeKind::Object)
        {
            // If several values are known, a future value may differ.
            shape
                .constants
                .retain(|name, values| values.len() == 1 && !shared.contains(name));
            if let Some(tag) = tag {
                shape.constants.insert(tag.to_owned(), tags.to_vec());
            }
        }
        shapes
    }
}

impl Reader<'_> {
    /// Returns a union, and the struct that replaces it for typify.
    fn read(&self, name: &str) -> Option<(Union, Value)> {
        let schema = self.schemas.get(name)?;
        let info = schema.get(UNION);
        let property = info
            .and_then(|info| info.get("property"))
            .and_then(Value::as_str);
        let mut branches = self.branches(schema, info);
        let tag = match property {
            Some(property) => Some(property.to_owned()),
            None => infer_tag(&mut branches),
        };
        let decides = tag.is_some() && tags_differ(&branches);
        let shared = shared_constants(&branches);

        let mut taken = Taken::with(["Unknown"]);
        let mut union = Union {
            description: text(schema, "description"),
            property: property.map(str::to_owned),
            branches: Vec::new(),
            told_apart: told_apart(&branches, property.is_some(), decides),
        };
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (index, branch) in branches.iter().enumerate() {
            let declares = |tag| branch.objects().all(|shape| shape.knows(tag));
            let splits = property.is_some_and(|it| branch.tags.len() > 1 && !declares(it));
            // Content without its discriminator value becomes a variant for each value.
            let variants: Vec<(String, &[String])> = if splits {
                let tags = branch.tags.iter();
                tags.map(|tag| (pascal(tag), std::slice::from_ref(tag)))
                    .collect()
            } else {
                vec![(branch.variant(index), branch.tags.as_slice())]
            };
            for (variant, tags) in variants {
                let field = format!("b{:03}", union.branches.len());
                let mut content = branch.schema.clone();
                if let Value::Object(content) = &mut content {
                    content.shift_remove("nullable");
                }
                properties.insert(field.clone(), content);
                required.push(field);
                union.branches.push(UnionVariant {
                    variant: taken.unique(&variant),
                    component: target(branch.schema).map(str::to_owned),
                    tags: tags.to_vec(),
                    writes_tag: property.is_some_and(|it| {
                        !tags.is_empty() && branch.objects().next().is_some() && !declares(it)
                    }),
                    is_default: branch.is_default,
                    shapes: branch.shapes(tag.as_deref(), tags, decides, &shared),
                });
            }
        }
        let stand_in = json!({ "type": "object", "properties": properties, "required": required });
        Some((union, stand_in))
    }

    /// Returns whether an inline variant describes the same values as an earlier one.
    fn is_repeated(&self, branch: &Value, read: &[Read<'_>]) -> bool {
        target(branch).is_none()
            && read.len() < COMPARED
            && read
                .iter()
                .any(|earlier| Alike::are(earlier.schema, branch, self.schemas, self.model))
    }

    fn branches<'a>(&self, schema: &'a Value, info: Option<&'a Value>) -> Vec<Read<'a>> {
        let mut read: Vec<Read<'a>> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let branches = schema.get("oneOf").and_then(Value::as_array);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            let info = info.and_then(|info| info.get("branches")?.get(index));
            let tags: Vec<String> = info
                .and_then(|info| info.get("tags")?.as_array())
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            // Of variants with the same Rust type, one is enough.
            if tags.is_empty() && self.is_repeated(branch, &read) {
                continue;
            }
            let mut essence = essence(branch);
            essence.sort_all_objects();
            match seen.entry(essence.to_string()) {
                Entry::Occupied(same) => {
                    if let Some(same) = read.get_mut(*same.get()) {
                        same.tags.extend(tags);
                    }
                    continue;
                }
                Entry::Vacant(unseen) => unseen.insert(read.len()),
            };
            let shapes = Shapes {
                schemas: self.schemas,
                model: self.model,
            }
            .of(branch);
            read.push(Read {
                schema: branch,
                name: info.and_then(|info| info.get("name")?.as_str()),
                tags,
                is_default: info.and_then(|info| info.get("default")) == Some(&Value::Bool(true)),
                shapes,
            });
        }
        read
    }
}

fn text(schema: &Value, keyword: &str) -> String {
    let text = schema.get(keyword).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Returns a schema without its annotations.
fn essence(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(object) = &mut schema {
        object.shift_remove("description");
        object.shift_remove("nullable");
    }
    match target(&schema) {
        Some(name) => Value::String(name.to_owned()),
        None => schema,
    }
}

/// Returns the property that every object has and whose values are all different.
fn infer_tag(branches: &mut [Read<'_>]) -> Option<String> {
    let objects = || {
        branches.iter().filter(|branch| {
            branch
                .shapes
                .iter()
                .any(|shape| shape.kind == ShapeKind::Object)
        })
    };
    if objects().count() < 2 {
        return None;
    }
    let first = objects().next()?.shapes.first()?;
    let mut candidates: Vec<String> = first.constants.keys().cloned().collect();
    // A property of the value itself goes before one further inside.
    candidates.sort_by_key(|path| path.matches('/').count());
    let is_tag = |property: &String| {
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        objects().all(|branch| {
            let own: Option<BTreeSet<&String>> = branch
                .shapes
                .iter()
                .filter(|shape| shape.kind == ShapeKind::Object)
                .map(|shape| shape.constants.get(property))
                .try_fold(BTreeSet::new(), |mut all, values| {
                    all.extend(values?);
                    Some(all)
                });
            own.is_some_and(|own| own.into_iter().all(|value| seen.insert(value)))
        })
    };
    let tag = candidates.into_iter().find(is_tag)?;
    for branch in branches {
        branch.tags = branch
            .shapes
            .iter()
            .filter_map(|shape| shape.constants.get(&tag))
            .flatten()
            .cloned()
            .collect();
    }
    Some(tag)
}

/// Returns how the variants of a union are told apart.
fn told_apart(branches: &[Read<'_>], has_discriminator: bool, decides: bool) -> ToldApart {
    let pairs = || {
        let rest = |index: usize| branches.iter().skip(index + 1);
        let each = branches.iter().enumerate();
        each.flat_map(move |(index, one)| rest(index).map(move |other| (one, other)))
    };
    if decides && has_discriminator {
        ToldApart::Discriminator
    } else if decides {
        ToldApart::Constant
    } else if pairs().all(|(one, other)| differ(one, other, kinds_differ)) {
        ToldApart::Type
    } else if pairs().all(|(one, other)| differ(one, other, shapes_differ)) {
        ToldApart::Properties
    } else if pairs().any(|(one, other)| one.shapes == other.shapes && one.is_object()) {
        ToldApart::Not
    } else {
        ToldApart::Decoding
    }
}

/// Returns whether all shapes of two variants differ.
fn differ(one: &Read<'_>, other: &Read<'_>, differ: fn(&Shape, &Shape) -> bool) -> bool {
    let mut shapes = one.shapes.iter();
    shapes.all(|left| other.shapes.iter().all(|right| differ(left, right)))
}

fn kinds_differ(left: &Shape, right: &Shape) -> bool {
    let kind = |shape: &Shape| match shape.kind {
        ShapeKind::Format => ShapeKind::String,
        ShapeKind::Integer => ShapeKind::Number,
        other => other,
    };
    kind(left) != kind(right) && kind(left) != ShapeKind::Any && kind(right) != ShapeKind::Any
}

fn shapes_differ(left: &Shape, right: &Shape) -> bool {
    let lacks = |one: &Shape, other: &Shape| one.required.iter().any(|name| !other.knows(name));
    let constants = |(name, values): (&String, &Vec<String>)| {
        let others = right.constants.get(name);
        others.is_some_and(|others| !values.iter().any(|value| others.contains(value)))
    };
    kinds_differ(left, right)
        || (lacks(left, right) && lacks(right, left))
        || left.constants.iter().any(constants)
}

/// Returns the properties that have the same only value in every object: they tell nothing apart.
fn shared_constants(branches: &[Read<'_>]) -> BTreeSet<String> {
    let mut objects = branches.iter().flat_map(Read::objects);
    let Some(first) = objects.next() else {
        return BTreeSet::new();
    };
    let mut shared = first.constants.clone();
    let mut count = 1;
    for object in objects {
        count += 1;
        shared.retain(|name, values| object.constants.get(name) == Some(values));
    }
    if count < 2 {
        return BTreeSet::new();
    }
    shared.into_keys().collect()
}

/// Returns whether no two variants share a discriminator value, and every object variant has one.
fn tags_differ(branches: &[Read<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    branches
        .iter()
        .filter(|branch| branch.objects().next().is_some())
        .all(|branch| !branch.tags.is_empty() && branch.tags.iter().all(|value| seen.insert(value)))
}

/// A discriminator property with only one value need not be set.
fn default_tags(read: &[(String, Union, Value)], model: &mut Model) {
    let mut tags: BTreeMap<(&String, &String), BTreeSet<&String>> = BTreeMap::new();
    for (_, union, _) in read {
        let Some(property) = &union.property else {
            continue;
        };
        for branch in &union.branches {
            if let Some(component) = &branch.component {
                tags.entry((component, property))
                    .or_default()
                    .extend(&branch.tags);
            }
        }
    }
    for ((component, property), tags) in tags {
        let mut tags = tags.into_iter();
        if let (Some(only), None) = (tags.next(), tags.next()) {
            model
                .constants
                .entry(component.clone())
                .or_default()
                .entry(property.clone())
                .or_insert_with(|| json!(only));
        }
    }
}
