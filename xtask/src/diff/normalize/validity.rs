//! Decides whether a listed value is valid in a schema, so that a list beside other keywords
//! becomes the list of its valid values.

use regress::Regex;
use serde_json::Value;

use crate::diff::model::decimal::Decimal;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::model::value::{canonical, declared};

/// The depth of schemas within schemas. Deeper ones are undecided.
const DEPTH: u8 = 12;

/// Returns whether a value is valid in a schema, or `None` if undecided. Formats do not count, and
/// the contents of arrays and objects are undecided.
pub fn admits<'d>(document: &Document<'d>, node: &Node<'d>, value: &Value) -> Option<bool> {
    within(document, node, value, DEPTH)
}

/// Returns whether `null` matches several variants of a `oneOf`, so that it is not valid.
pub fn is_null_ambiguous<'d>(document: &Document<'d>, list: &Node<'d>) -> bool {
    let admits_null = |variant: &Node<'d>| admits(document, variant, &Value::Null) == Some(true);
    list.items().filter(admits_null).nth(1).is_some() && !is_union_of_objects(document, list.value)
}

/// Returns whether two variants of a union may be objects. Documents say `oneOf` although objects
/// match several variants.
pub fn is_union_of_objects<'d>(document: &Document<'d>, list: &'d Value) -> bool {
    let may_be_object = |variant: &&'d Value| {
        let target = variant.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|text| document.target(text));
        let schema = target.map_or(*variant, |node| node.value);
        let is_listed = schema.get("enum").or_else(|| schema.get("const")).is_some();
        !is_listed && declared(schema).is_none_or(|types| types.meets(Types::OBJECT))
    };
    let variants = list.as_array().into_iter().flatten();
    variants.filter(may_be_object).nth(1).is_some()
}

fn within<'d>(document: &Document<'d>, node: &Node<'d>, value: &Value, depth: u8) -> Option<bool> {
    let depth = match (node.value, depth.checked_sub(1)) {
        (Value::Bool(all), _) => return Some(*all),
        (Value::Object(_), Some(depth)) => depth,
        _ => return None,
    };
    if value.is_null() && node.flag("nullable") == Some(true) {
        return Some(true);
    }
    let types = declared(node.value);
    let own = types.is_none_or(|types| Types::of(value).within(types)) && is_listed(node, value);
    let own = match value {
        Value::Number(_) => Some(own && admits_number(node, value)),
        Value::String(text) => both(Some(own), admits_text(node, text)),
        Value::Array(_) | Value::Object(_) if own && node.value.as_object()?.len() > 1 => None,
        _ => Some(own),
    };
    both(own, applied(document, node, value, depth))
}

fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn not(of: Option<bool>) -> Option<bool> {
    of.map(|of| !of)
}

fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    not(both(not(one), not(other)))
}

fn is_listed(node: &Node<'_>, value: &Value) -> bool {
    let text = canonical(value);
    let is_value = |listed: Node<'_>| canonical(listed.value) == text;
    node.get("const").is_none_or(is_value)
        && node
            .get("enum")
            .is_none_or(|list| list.items().any(is_value))
}

fn admits_number(node: &Node<'_>, value: &Value) -> bool {
    let number = value.as_f64().unwrap_or_default();
    let bound = |key| {
        let bound: Option<Node<'_>> = node.get(key);
        bound.and_then(|bound| bound.value.as_f64())
    };
    let is_multiple = node
        .get("multipleOf")
        .and_then(|of| Decimal::of(of.value))
        .is_none_or(|of| Decimal::of(value).is_none_or(|number| number.is_multiple_of(of)));
    // In OpenAPI 3.0, the exclusive bounds are flags.
    let least = (
        bound("minimum"),
        node.flag("exclusiveMinimum") == Some(true),
    );
    let most = (
        bound("maximum"),
        node.flag("exclusiveMaximum") == Some(true),
    );
    is_multiple
        && least
            .0
            .is_none_or(|least_value| number > least_value || number == least_value && !least.1)
        && most
            .0
            .is_none_or(|most_value| number < most_value || number == most_value && !most.1)
        && bound("exclusiveMinimum").is_none_or(|least| number > least)
        && bound("exclusiveMaximum").is_none_or(|most| number < most)
}

fn admits_text(node: &Node<'_>, text: &str) -> Option<bool> {
    let length = text.chars().count() as f64;
    let bound = |key| {
        let bound: Option<Node<'_>> = node.get(key);
        bound.and_then(|bound| bound.value.as_f64())
    };
    let is_within = bound("minLength").is_none_or(|least| length >= least)
        && bound("maxLength").is_none_or(|most| length <= most);
    let matches = match node.text("pattern") {
        Some(pattern) => Regex::new(pattern)
            .ok()
            .map(|pattern| pattern.find(text).is_some()),
        None => Some(true),
    };
    both(Some(is_within), matches)
}

/// Returns whether a value is valid in the schemas that a schema applies to the same value.
fn applied<'d>(document: &Document<'d>, node: &Node<'d>, value: &Value, depth: u8) -> Option<bool> {
    let valid = |schema: &Node<'d>| within(document, schema, value, depth);
    let list = |key: &'static str| -> Option<Vec<Option<bool>>> {
        let list = node.get(key)?;
        Some(list.items().map(|schema| valid(&schema)).collect())
    };
    let mut all = Some(true);
    if node.get("$ref").is_some() {
        let target = node.text("$ref").and_then(|text| document.target(text));
        all = both(all, target.and_then(|target| valid(&target)));
    }
    for part in list("allOf").into_iter().flatten() {
        all = both(all, part);
    }
    if let Some(variants) = list("anyOf") {
        all = both(all, variants.into_iter().fold(Some(false), either));
    }
    if let Some(variants) = list("oneOf") {
        let is_decided = variants.iter().all(Option::is_some);
        let matching = variants.iter().filter(|it| **it == Some(true)).count();
        let one = match (is_decided, matching) {
            (true, count) => Some(count == 1),
            (false, count) if count > 1 => Some(false),
            _ => None,
        };
        all = both(all, one);
    }
    if let Some(excluded) = node.get("not") {
        all = both(all, not(valid(&excluded)));
    }
    if let Some(test) = node.get("if") {
        let branch = |key| {
            let branch: Option<Node<'d>> = node.get(key);
            branch.map_or(Some(true), |branch| valid(&branch))
        };
        let holds = match valid(&test) {
            Some(true) => branch("then"),
            Some(false) => branch("else"),
            None => both(branch("then"), branch("else")).filter(|holds| *holds),
        };
        all = both(all, holds);
    }
    all
}
