//! Parameter serialization: the styles of OpenAPI (OpenAPI 3.1 section 4.8.12.2.1, after RFC 6570).

use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::text::path_value::UNRESERVED;

/// How a list or an object is serialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// In a path or header: `a,b`; an object is `k,v`, exploded `k=v`.
    Simple {
        /// `true` if each item and property has a name of its own.
        explode: bool,
    },
    /// In a path: `.a,b`, exploded `.a.b`.
    Label {
        /// `true` if each item and property has a name of its own.
        explode: bool,
    },
    /// In a path: `;name=a,b`, exploded `;name=a;name=b`.
    Matrix {
        /// `true` if each item and property has a name of its own.
        explode: bool,
    },
    /// In a query or form: `name=a,b`, exploded `name=a&name=b`; an exploded object is `k=v`.
    Form {
        /// `true` if each item and property has a name of its own.
        explode: bool,
    },
    /// In a query: `name=a b`.
    SpaceDelimited,
    /// In a query: `name=a|b`.
    PipeDelimited,
    /// In a query or form: `name[key]=value`, at any depth.
    DeepObject,
    /// Anywhere: JSON.
    Json,
}

/// The characters that are percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Everything except the unreserved characters of RFC 3986.
    AllButUnreserved,
    /// Like `AllButUnreserved`, but the reserved characters of a query stay, except those that
    /// would end the value (`allowReserved`). Percent-encoded triples stay as well (RFC 6570
    /// section 3.2.3).
    ToDelimiters,
    /// Like `ToDelimiters`, in a path: `/` stays, and `?` does not.
    ToPathEnd,
    /// Nothing: headers have no such encoding.
    Nothing,
}

/// Like [`UNRESERVED`], with the reserved characters that have no meaning in a query.
const RESERVED: &AsciiSet = &UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'[')
    .remove(b']');

/// Like [`UNRESERVED`], with the reserved characters that have no meaning in a path (RFC 3986
/// section 3.3).
const RESERVED_IN_PATH: &AsciiSet = &RESERVED
    .remove(b'&')
    .remove(b'+')
    .remove(b'=')
    .add(b'?')
    .add(b'[')
    .add(b']');

/// Escapes the characters of `set`, except in percent-encoded triples.
fn escape_but_triples(text: &str, set: &'static AsciiSet) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        escaped.extend(utf8_percent_encode(before, set));
        let is_triple = |triple: &&str| triple.bytes().skip(1).all(|it| it.is_ascii_hexdigit());
        match from.get(..3).filter(is_triple) {
            Some(triple) => {
                escaped.push_str(triple);
                rest = from.get(3..).unwrap_or_default();
            }
            None => {
                escaped.push_str("%25");
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    escaped.extend(utf8_percent_encode(rest, set));
    escaped
}

impl Escape {
    /// Escapes `text`.
    pub fn apply(self, text: &str) -> String {
        match self {
            Escape::AllButUnreserved => utf8_percent_encode(text, UNRESERVED).to_string(),
            Escape::ToDelimiters => escape_but_triples(text, RESERVED),
            Escape::ToPathEnd => escape_but_triples(text, RESERVED_IN_PATH),
            Escape::Nothing => text.to_owned(),
        }
    }

    fn value(self, value: &Value) -> String {
        self.apply(&text(value))
    }
}

/// Serializes a value as one text. Values that are nested deeper than the style supports are JSON.
///
/// A whole number has no fraction, although `f64` writes one: many documents call a page or a count
/// a `number`, and servers read it as an integer.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            let text = number.to_string();
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        }
        other => other.to_string(),
    }
}

/// Returns the value with its delimiters, as written in a path or header; empty if there is no
/// value.
pub fn inline(name: &str, style: Style, escape: Escape, value: &Value) -> String {
    let (explode, first, between) = match style {
        Style::Label { explode: true } => (true, ".", "."),
        Style::Label { explode: false } => (false, ".", ","),
        Style::Matrix { explode: true } => (true, ";", ";"),
        Style::Matrix { explode: false } => (false, ";", ","),
        Style::Json => return escape.apply(&value.to_string()),
        Style::Simple { explode } | Style::Form { explode } => (explode, "", ","),
        Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject => (false, "", ","),
    };
    let is_matrix = matches!(style, Style::Matrix { .. });
    let name = escape.apply(name);
    let mut items = match value {
        Value::Null => return String::new(),
        Value::Array(items) => texts(items, escape),
        Value::Object(fields) => keys_and_values(fields, escape, if explode { "=" } else { "," }),
        scalar => vec![escape.value(scalar)],
    };
    if items.is_empty() {
        return String::new();
    }
    if is_matrix && explode && !value.is_object() {
        for item in &mut items {
            *item = format!("{name}={item}");
        }
    }
    let items = items.join(between);
    if is_matrix && !explode {
        format!("{first}{name}={items}")
    } else {
        format!("{first}{items}")
    }
}

/// Returns the names and values of a query or form, escaped; none if there is no value.
pub fn pairs(name: &str, style: Style, escape: Escape, value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    add_pairs(name, style, escape, value, &mut pairs);
    pairs
}

/// Adds the [`pairs`] of a value to `all`.
pub(super) fn add_pairs(
    name: &str,
    style: Style,
    escape: Escape,
    value: &Value,
    all: &mut Vec<(String, String)>,
) {
    let mut add = |name: &str, value: String| all.push((escape.apply(name), value));
    let delimiter = match (style, escape) {
        (Style::SpaceDelimited, Escape::Nothing) => " ",
        (Style::SpaceDelimited, _) => "%20",
        (Style::PipeDelimited, Escape::Nothing) => "|",
        (Style::PipeDelimited, _) => "%7C",
        _ => ",",
    };
    match (style, value) {
        (_, Value::Null) => {}
        (Style::Json, value) => add(name, escape.apply(&value.to_string())),
        (Style::DeepObject, Value::Array(_) | Value::Object(_)) => {
            deep(name, value, &mut |name, value| {
                add(name, escape.value(value))
            });
        }
        (Style::Form { explode: true }, Value::Array(items)) => {
            for text in texts(items, escape) {
                add(name, text);
            }
        }
        (Style::Form { explode: true }, Value::Object(fields)) => {
            for (key, value) in fields {
                match value {
                    // One level only: the fields of a nested object would lose their parent.
                    Value::Object(_) => all.push((escape.apply(key), escape.value(value))),
                    value => add_pairs(key, style, escape, value, all),
                }
            }
        }
        (_, Value::Array(items)) => {
            let texts = texts(items, escape);
            if !texts.is_empty() {
                add(name, texts.join(delimiter));
            }
        }
        (_, Value::Object(fields)) => {
            let texts = keys_and_values(fields, escape, delimiter);
            if !texts.is_empty() {
                add(name, texts.join(delimiter));
            }
        }
        (_, scalar) => add(name, escape.value(scalar)),
    }
}

/// Joins pairs as `name=value`, separated by `between`.
pub fn joined(pairs: &[(String, String)], between: &str) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    text
}

/// Returns the items of a list as texts, escaped, without those that are `null`.
fn texts(items: &[Value], escape: Escape) -> Vec<String> {
    let mut texts = Vec::new();
    for item in items {
        if !item.is_null() {
            texts.push(escape.value(item));
        }
    }
    texts
}

fn keys_and_values(fields: &Map<String, Value>, escape: Escape, between: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for (key, value) in fields {
        if !value.is_null() {
            texts.push(escape.apply(key) + between + &escape.value(value));
        }
    }
    texts
}

/// Returns the leaves of a value with their names in brackets. A list in an object repeats the
/// name. Elements are numbered if a list holds more than texts, or is the whole value.
fn deep(name: &str, value: &Value, leaf: &mut impl FnMut(&str, &Value)) {
    let mut pending = vec![(name.to_owned(), value, true)];
    while let Some((name, value, is_top)) = pending.pop() {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                for (key, value) in fields.iter().rev() {
                    pending.push((format!("{name}[{key}]"), value, false));
                }
            }
            Value::Array(items) if is_top || items.iter().any(is_compound) => {
                for (at, value) in items.iter().enumerate().rev() {
                    pending.push((format!("{name}[{at}]"), value, false));
                }
            }
            Value::Array(items) => {
                for item in items {
                    if !item.is_null() {
                        leaf(&name, item);
                    }
                }
            }
            scalar => leaf(&name, scalar),
        }
    }
}

fn is_compound(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

#[cfg(test)]
mod tests;
