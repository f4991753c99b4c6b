//! How a parameter or header is serialized, and the schema that describes it.

use serde_json::Value;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::{SchemaUse, unwrap_schema};

/// The depth of lists within lists that are read.
const DEPTH: u8 = 4;

/// A schema that admits every value.
static ANYTHING: Value = Value::Bool(true);

/// Returns the schema that admits every value, with the pointer of an object without a schema.
pub fn anything<'d>(of: &Node<'d>) -> Node<'d> {
    Node {
        value: &ANYTHING,
        pointer: of.pointer.clone(),
    }
}

/// Returns the schema of a parameter or header, or of its content.
pub fn described<'d>(of: &Node<'d>) -> Node<'d> {
    let content = || {
        let (_, media_type) = of.get("content")?.entries().next()?;
        media_type.get("schema")
    };
    of.get("schema")
        .or_else(content)
        .unwrap_or_else(|| anything(of))
}

/// The serialization of a parameter or header.
#[derive(PartialEq, Eq)]
pub struct Serialization<'d> {
    pub name: &'d str,
    pub explode: bool,
}

impl Serialization<'_> {
    pub fn to_value(&self) -> Value {
        match self.name {
            "content" => self.name.into(),
            name => serde_json::json!({ "style": name, "explode": self.explode }),
        }
    }

    /// Returns whether values of some types are serialized alike in both ways. `explode` is about
    /// lists and objects, and lists of style `simple` have commas either way.
    pub fn is_alike(&self, other: &Self, types: Types) -> bool {
        if self == other {
            return true;
        }
        let is_plain = types.within(Types::SCALARS.or(Types::NULL));
        let is_list = types.within(Types::SCALARS.or(Types::NULL).or(Types::ARRAY));
        let repeats = |of: &Self| {
            of.explode && matches!(of.name, "form" | "spaceDelimited" | "pipeDelimited")
        };
        if self.name == other.name {
            // A style for objects has one form.
            is_plain || is_list && self.name == "simple" || self.name == "deepObject"
        } else {
            // One value has no delimiter, and an exploded list repeats the name.
            let in_query = |of: &Self| {
                matches!(
                    of.name,
                    "form" | "spaceDelimited" | "pipeDelimited" | "deepObject"
                )
            };
            is_plain && in_query(self) && in_query(other)
                || is_list && repeats(self) && repeats(other)
        }
    }
}

/// Returns the types of the values that a parameter or header can have.
pub fn types<'d>(document: &Document<'d>, of: &Node<'d>) -> Types {
    let core = unwrap_schema(document, &SchemaUse::one(described(of))).core;
    let Some(normalized) = NormalizedSchema::of(document, &core) else {
        return Types::ANY;
    };
    let mut types = normalized.types;
    if !normalized.unions.is_empty() || normalized.any {
        types = Types::ANY;
    }
    types
}

/// Returns the serialization with defaults filled in.
pub fn serialization<'d>(of: &Node<'d>) -> Serialization<'d> {
    if of.value.get("schema").is_none() && of.value.get("content").is_some() {
        return Serialization {
            name: "content",
            explode: false,
        };
    }
    let location = of.text("in").unwrap_or("header");
    let usual = match location {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = of.text("style").unwrap_or(usual);
    let explode = of.flag("explode").unwrap_or(style == "form");
    Serialization {
        name: style,
        explode,
    }
}

/// Returns whether reserved characters are sent as they are. Only values in queries that can
/// contain such characters are affected.
pub fn keeps_reserved(document: &Document<'_>, of: &Node<'_>) -> bool {
    let version = document.root().text("openapi").unwrap_or_default();
    let applies = match of.text("in") {
        Some("query") => true,
        Some("path" | "cookie") => version.starts_with("3.2"),
        _ => false,
    };
    applies && of.flag("allowReserved") == Some(true)
}

/// Returns whether a value can contain a reserved character (RFC 3986 section 2.2).
pub fn may_hold_reserved<'d>(document: &Document<'d>, of: &Node<'d>) -> bool {
    values_hold_reserved(document, &SchemaUse::one(described(of)), DEPTH)
}

fn values_hold_reserved<'d>(document: &Document<'d>, of: &SchemaUse<'d>, depth: u8) -> bool {
    const WITHOUT: [&str; 2] = ["uuid", "date"];
    let core = unwrap_schema(document, of).core;
    let Some(normalized) = NormalizedSchema::of(document, &core) else {
        return true;
    };
    if normalized.types == Types::ARRAY
        && normalized.prefix.is_empty()
        && let (Additional::Of(items), Some(depth)) = (&normalized.items, depth.checked_sub(1))
    {
        return values_hold_reserved(document, items, depth);
    }
    if let Some(values) = &normalized.values {
        let is_plain = |text: &str| {
            text.chars()
                .all(|character| character.is_alphanumeric() || "-._~".contains(character))
        };
        return !values.values().all(|node| match node.value {
            Value::String(text) => is_plain(text),
            other => !other.is_object() && !other.is_array(),
        });
    }
    let format = normalized.formats.get("string");
    let format = format.and_then(|node| node.value.as_str());
    let without_text = Types::SCALARS.without(Types::STRING).or(Types::NULL);
    !(normalized.types.within(without_text)
        || normalized.types.within(Types::SCALARS)
            && format.is_some_and(|format| WITHOUT.contains(&format)))
        || !normalized.unions.is_empty()
}
