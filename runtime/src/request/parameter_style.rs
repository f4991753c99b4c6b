//! Parameter serialization: the styles of OpenAPI (OpenAPI 3.1 section 4.8.12.2.1, after RFC 6570).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

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
    /// Like `AllButUnreserved`, but the reserved characters of a query stay, except those that would
    /// end the value (`allowReserved`). Percent-encoded triples stay as well (RFC 6570 section
    /// 3.2.3).
    ToDelimiters,
    /// Like `ToDelimiters`, in a path: `/` stays, and `?` does not.
    ToPathEnd,
    /// Nothing: headers have no such encoding.
    Nothing,
}

/// All but the unreserved characters (RFC 3986 section 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

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
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
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
    let items: Vec<String> = match value {
        Value::Null => return String::new(),
        Value::Array(items) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(|item| match escape.value(item) {
                item if is_matrix && explode => format!("{name}={item}"),
                item => item,
            })
            .collect(),
        Value::Object(fields) => keys_and_values(fields, escape, if explode { "=" } else { "," }),
        scalar => vec![match escape.value(scalar) {
            text if is_matrix && explode => format!("{name}={text}"),
            text => text,
        }],
    };
    if items.is_empty() {
        return String::new();
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
    let pair = |name: &str, value: String| (escape.apply(name), value);
    let delimiter = match (style, escape) {
        (Style::SpaceDelimited, Escape::Nothing) => " ",
        (Style::SpaceDelimited, _) => "%20",
        (Style::PipeDelimited, Escape::Nothing) => "|",
        (Style::PipeDelimited, _) => "%7C",
        _ => ",",
    };
    match (style, value) {
        (_, Value::Null) => Vec::new(),
        (Style::Json, value) => vec![pair(name, escape.apply(&value.to_string()))],
        (Style::DeepObject, Value::Array(_) | Value::Object(_)) => {
            let mut pairs = Vec::new();
            deep(name, value, &mut |name, value| {
                pairs.push(pair(name, escape.value(value)));
            });
            pairs
        }
        (Style::Form { explode: true }, Value::Array(items)) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(|item| pair(name, escape.value(item)))
            .collect(),
        (Style::Form { explode: true }, Value::Object(fields)) => fields
            .iter()
            .flat_map(|(key, value)| match value {
                // One level only: the fields of a nested object would lose their parent.
                Value::Object(_) => vec![pair(key, escape.value(value))],
                value => pairs(key, style, escape, value),
            })
            .collect(),
        (_, Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .filter(|item| !item.is_null())
                .map(|item| escape.value(item))
                .collect();
            match items.is_empty() {
                true => Vec::new(),
                false => vec![pair(name, items.join(delimiter))],
            }
        }
        (_, Value::Object(fields)) => match keys_and_values(fields, escape, delimiter) {
            all if all.is_empty() => Vec::new(),
            all => vec![pair(name, all.join(delimiter))],
        },
        (_, scalar) => vec![pair(name, escape.value(scalar))],
    }
}

/// Joins pairs as `name=value`, separated by `between`.
pub fn joined(pairs: &[(String, String)], between: &str) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join(between)
}

fn keys_and_values(fields: &Map<String, Value>, escape: Escape, between: &str) -> Vec<String> {
    fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| format!("{}{between}{}", escape.apply(key), escape.value(value)))
        .collect()
}

/// Returns the leaves of a value with their names in brackets. A list in an object repeats the
/// name. Elements are numbered if a list holds more than texts, or is the whole value.
fn deep(name: &str, value: &Value, leaf: &mut impl FnMut(&str, &Value)) {
    let mut pending = vec![(name.to_owned(), value, true)];
    while let Some((name, value, is_top)) = pending.pop() {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                let fields = fields.iter().rev();
                pending.extend(fields.map(|(key, value)| (format!("{name}[{key}]"), value, false)));
            }
            Value::Array(items) if is_top || items.iter().any(is_compound) => {
                let items = items.iter().enumerate().rev();
                pending.extend(items.map(|(at, value)| (format!("{name}[{at}]"), value, false)));
            }
            Value::Array(items) => items
                .iter()
                .filter(|item| !item.is_null())
                .for_each(|item| leaf(&name, item)),
            scalar => leaf(&name, scalar),
        }
    }
}

fn is_compound(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn query(name: &str, style: Style, escape: Escape, value: &Value) -> String {
        joined(&pairs(name, style, escape, value), "&")
    }

    /// The examples of OpenAPI 3.1 section 4.8.12.2.2; fields come in the order of their names,
    /// which not every build of serde_json keeps otherwise.
    #[test]
    fn style_matches_the_specification() {
        let list = json!(["blue", "black", "brown"]);
        let object = json!({"B": 150, "G": 200, "R": 100});
        for (style, of_text, of_list, of_object) in [
            (
                Style::Matrix { explode: false },
                ";color=blue",
                ";color=blue,black,brown",
                ";color=B,150,G,200,R,100",
            ),
            (
                Style::Matrix { explode: true },
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";B=150;G=200;R=100",
            ),
            (
                Style::Label { explode: false },
                ".blue",
                ".blue,black,brown",
                ".B,150,G,200,R,100",
            ),
            (
                Style::Label { explode: true },
                ".blue",
                ".blue.black.brown",
                ".B=150.G=200.R=100",
            ),
            (
                Style::Simple { explode: false },
                "blue",
                "blue,black,brown",
                "B,150,G,200,R,100",
            ),
            (
                Style::Simple { explode: true },
                "blue",
                "blue,black,brown",
                "B=150,G=200,R=100",
            ),
        ] {
            let written = |value: &Value| inline("color", style, Escape::AllButUnreserved, value);
            assert_eq!(written(&json!("blue")), of_text, "{style:?}");
            assert_eq!(written(&list), of_list, "{style:?}");
            assert_eq!(written(&object), of_object, "{style:?}");
            assert_eq!(written(&json!([])), "", "{style:?}");
        }
        for (style, of_text, of_list, of_object) in [
            (
                Style::Form { explode: false },
                "color=blue",
                "color=blue,black,brown",
                "color=B,150,G,200,R,100",
            ),
            (
                Style::Form { explode: true },
                "color=blue",
                "color=blue&color=black&color=brown",
                "B=150&G=200&R=100",
            ),
            (
                Style::SpaceDelimited,
                "color=blue",
                "color=blue%20black%20brown",
                "color=B%20150%20G%20200%20R%20100",
            ),
            (
                Style::PipeDelimited,
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=B%7C150%7CG%7C200%7CR%7C100",
            ),
        ] {
            let written = |value: &Value| query("color", style, Escape::AllButUnreserved, value);
            assert_eq!(written(&json!("blue")), of_text, "{style:?}");
            assert_eq!(written(&list), of_list, "{style:?}");
            assert_eq!(written(&object), of_object, "{style:?}");
            assert_eq!(written(&json!([])), "", "{style:?}");
            assert_eq!(written(&Value::Null), "", "{style:?}");
        }
    }

    #[test]
    fn deep_object_keeps_every_field() {
        let value = json!({
            "name": "a&b", "range": {"from": 1, "to": null}, "sort": [{"by": "age"}], "tags": ["x", "y"], "void": {},
        });
        let written = query("f", Style::DeepObject, Escape::ToDelimiters, &value);
        assert_eq!(
            written,
            "f[name]=a%26b&f[range][from]=1&f[sort][0][by]=age&f[tags]=x&f[tags]=y"
        );
        let written = |escape, value| query("f", Style::DeepObject, escape, &value);
        let (all, some) = (Escape::AllButUnreserved, Escape::ToDelimiters);
        assert_eq!(written(some, json!(["a", "b"])), "f[0]=a&f[1]=b");
        assert_eq!(written(all, json!(true)), "f=true");
        assert_eq!(written(all, json!({"a": 1})), "f%5Ba%5D=1");
    }

    #[test]
    fn value_beyond_the_style_is_json() {
        let value = json!({"a": {"b": 1}, "c": [1, 2]});
        let form = Style::Form { explode: true };
        assert_eq!(
            query("x", form, Escape::Nothing, &value),
            "a={\"b\":1}&c=1&c=2"
        );
        assert_eq!(
            query("x", Style::Json, Escape::AllButUnreserved, &json!("a b")),
            "x=%22a%20b%22"
        );
    }

    #[test]
    fn reserved_expansion_keeps_triples() {
        for (text, in_query, in_path) in [
            (
                "a/b?c=d&e#f [x]",
                "a/b?c%3Dd%26e%23f%20[x]",
                "a/b%3Fc=d&e%23f%20%5Bx%5D",
            ),
            ("%41%2f%zz%4", "%41%2f%25zz%254", "%41%2f%25zz%254"),
            ("100%é+", "100%25%C3%A9%2B", "100%25%C3%A9+"),
            ("", "", ""),
        ] {
            assert_eq!(Escape::ToDelimiters.apply(text), in_query);
            assert_eq!(Escape::ToPathEnd.apply(text), in_path);
        }
    }

    #[test]
    fn delimiter_in_value_is_escaped() {
        let hostile = json!(["a,b", "c&d=e#f+g", "%2c;."]);
        for style in [
            Style::Simple { explode: false },
            Style::Matrix { explode: true },
        ] {
            let written = inline("x", style, Escape::AllButUnreserved, &hostile);
            assert!(
                written.contains("a%2Cb") && written.contains("%252c%3B."),
                "{written}"
            );
        }
        for escape in [Escape::AllButUnreserved, Escape::ToDelimiters] {
            let written = query("x&y", Style::Form { explode: true }, escape, &hostile);
            assert_eq!(written.matches('&').count(), 2, "{written}");
            assert!(!written.contains(['#', '+']), "{written}");
        }
    }
}
