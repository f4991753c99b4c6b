//! Compares how the properties of forms are encoded: media types, headers and styles of the parts.

use std::collections::BTreeSet;

use crate::diff::compare::operation::media_types::is_form;
use crate::diff::compare::operation::parameters;
use crate::diff::compare::operation::serialization::Serialization;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::{SchemaUse, unwrap_schema};
use neo_client_codegen::openapi::media_type::{covers, essence};

/// The keywords of OpenAPI 3.2 for parts without a name.
const BY_POSITION: [&str; 2] = ["prefixEncoding", "itemEncoding"];

/// Compares the encodings of two media types.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    name: &str,
    (old, new): (&Node<'d>, &Node<'d>),
) {
    if !is_form(name) {
        return;
    }
    by_position(walk, of, (old, new));
    let is_multipart = essence(name).starts_with("multipart/");
    let (from, to) = (properties(&walk.base, old), properties(&walk.revision, new));
    let (Some(from), Some(to)) = (from, to) else {
        return;
    };
    let named = |node: &Node<'d>| -> BTreeSet<&'d str> {
        let encodings = node.get("encoding");
        encodings
            .iter()
            .flat_map(Node::entries)
            .map(|(name, _)| name)
            .collect()
    };
    for property in named(old).union(&named(new)) {
        // An encoding of a property that is not declared has no effect.
        let both = (from.properties.get(property), to.properties.get(property));
        let (Some(was), Some(is)) = both else {
            continue;
        };
        let old = Part::of(&walk.base, old, property, was);
        let new = Part::of(&walk.revision, new, property, is);
        part(walk, of, (&old, &new), is_multipart);
    }
}

/// Compares the encodings of parts without a name.
fn by_position<'d>(walk: &mut Walk<'d>, of: &OperationUse, (old, new): (&Node<'d>, &Node<'d>)) {
    for key in BY_POSITION {
        let (was, is) = (old.get(key), new.get(key));
        let value = |node: &Option<Node<'d>>| node.as_ref().map(Node::shown);
        if value(&was) != value(&is) {
            let location = (was.as_ref().or(Some(old)), is.as_ref().or(Some(new)));
            let check = &checks::ENCODING_CHANGED;
            walk.report_for(of, check, location, value(&was), value(&is));
        }
    }
}

fn properties<'d>(document: &Document<'d>, of: &Node<'d>) -> Option<NormalizedSchema<'d>> {
    let schema = SchemaUse::one(of.get("schema")?);
    NormalizedSchema::of(document, &unwrap_schema(document, &schema).core)
}

/// A property of a form, with its encoding.
struct Part<'d> {
    /// The encoding, or the media type without one.
    node: Node<'d>,
    encoding: Option<Node<'d>>,
    types: Types,
    media_types: BTreeSet<String>,
}

impl<'d> Part<'d> {
    fn of(
        document: &Document<'d>,
        media_type: &Node<'d>,
        name: &str,
        schema: &SchemaUse<'d>,
    ) -> Self {
        let encodings = media_type.get("encoding");
        let encoding = encodings
            .iter()
            .flat_map(Node::entries)
            .find(|(property, _)| *property == name)
            .map(|(_, encoding)| encoding);
        let normalized = NormalizedSchema::of(document, &unwrap_schema(document, schema).core);
        let types = normalized.as_ref().map_or(Types::ANY, |of| of.types);
        let written = encoding
            .as_ref()
            .and_then(|encoding| encoding.text("contentType"));
        let usual = || usual_type(document, normalized.as_ref()).to_owned();
        let written = written.map(str::to_owned).unwrap_or_else(usual);
        let media_types = written
            .split(',')
            .map(essence)
            .filter(|it| !it.is_empty())
            .collect();
        Self {
            node: encoding.clone().unwrap_or_else(|| media_type.clone()),
            encoding,
            types,
            media_types,
        }
    }

    fn style(&self) -> Serialization<'d> {
        let text = |key| {
            self.encoding
                .as_ref()
                .and_then(|encoding| encoding.text(key))
        };
        let name = text("style").unwrap_or("form");
        let explode = self
            .encoding
            .as_ref()
            .and_then(|encoding| encoding.flag("explode"));
        Serialization {
            name,
            explode: explode.unwrap_or(name == "form"),
        }
    }

    fn keeps_reserved(&self) -> bool {
        let encoding = self.encoding.as_ref();
        encoding.and_then(|encoding| encoding.flag("allowReserved")) == Some(true)
    }

    /// Returns whether a style is stated, so that the media type has no effect.
    fn has_style(&self) -> bool {
        let encoding = self.encoding.as_ref();
        encoding.is_some_and(|encoding| {
            ["style", "explode", "allowReserved"]
                .iter()
                .any(|key| encoding.value.get(*key).is_some())
        })
    }
}

/// Returns the default media type of a property.
fn usual_type<'d>(document: &Document<'d>, of: Option<&NormalizedSchema<'d>>) -> &'static str {
    let Some(of) = of else {
        return "application/octet-stream";
    };
    let format = of
        .formats
        .get("string")
        .and_then(|node| node.value.as_str());
    if of.any || !of.content.is_empty() || matches!(format, Some("binary" | "byte")) {
        return "application/octet-stream";
    }
    if of.types.meets(Types::OBJECT) {
        return "application/json";
    }
    if of.types == Types::ARRAY {
        return match &of.items {
            Additional::Of(items) => {
                let core = unwrap_schema(document, items).core;
                usual_type(document, NormalizedSchema::of(document, &core).as_ref())
            }
            _ => "application/octet-stream",
        };
    }
    "text/plain"
}

fn part<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    (old, new): (&Part<'d>, &Part<'d>),
    is_multipart: bool,
) {
    let location = (Some(&old.node), Some(&new.node));
    let (style, now_style) = (old.style(), new.style());
    let types = old.types.or(new.types);
    let has_style = old.has_style() || new.has_style();
    let is_text = types.meets(Types::STRING.or(Types::ARRAY).or(Types::OBJECT));
    let is_restyled = !is_multipart || old.has_style() && new.has_style();
    if has_style && is_restyled && !style.is_alike(&now_style, types)
        || !is_multipart && is_text && old.keeps_reserved() != new.keeps_reserved()
    {
        let (before, after) = (old.shown(), new.shown());
        walk.report_for(of, &checks::ENCODING_CHANGED, location, before, after);
    } else if old.media_types != new.media_types && !has_style {
        let holds = |wide: &Part<'d>, narrow: &Part<'d>| {
            let mut all = narrow.media_types.iter();
            all.all(|narrow| wide.media_types.iter().any(|wide| covers(wide, narrow)))
        };
        let check = match (holds(new, old), holds(old, new)) {
            (true, true) => return,
            (true, false) => &checks::MEDIA_TYPE_WIDENED,
            (false, true) => &checks::MEDIA_TYPE_NARROWED,
            (false, false) => &checks::ENCODING_CHANGED,
        };
        let list = |of: &Part<'d>| {
            let all: Vec<&str> = of.media_types.iter().map(String::as_str).collect();
            Some(all.join(", ").into())
        };
        walk.report_for(of, check, location, list(old), list(new));
    }
    if is_multipart {
        parameters::headers(walk, of, &old.node, &new.node);
    }
}

impl<'d> Part<'d> {
    fn shown(&self) -> Option<crate::diff::model::shown_value::ShownValue<'d>> {
        self.encoding.as_ref().map(Node::shown)
    }
}
