//! How a parameter or header is serialized, and the schema that describes it.

use serde_json::Value;

use crate::diff::model::document::Node;

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
