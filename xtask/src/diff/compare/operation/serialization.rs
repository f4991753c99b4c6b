//! How a parameter or header is serialized, and the schema that describes it.

use serde_json::Value;

use crate::diff::model::document::Node;

/// The schema of what no schema describes.
static ANYTHING: Value = Value::Bool(true);

/// Anything, at a place where nothing is described.
pub fn anything<'d>(of: &Node<'d>) -> Node<'d> {
    Node {
        value: &ANYTHING,
        pointer: of.pointer.clone(),
    }
}

/// The schema, also that of a content; what is not described is anything.
pub fn described<'d>(of: &Node<'d>) -> Node<'d> {
    let content = || {
        let (_, media_type) = of.get("content")?.entries().next()?;
        media_type.get("schema")
    };
    of.get("schema")
        .or_else(content)
        .unwrap_or_else(|| anything(of))
}

/// How a parameter or header is written.
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

/// How a parameter or header is written, defaults filled in.
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
