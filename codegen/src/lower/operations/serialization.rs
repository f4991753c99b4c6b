//! Parameter serialization: `style`, `explode`, `allowReserved` and `content`.

use serde_json::{Map, Value};

use crate::lower::model::{Location, Serialization, Style};

/// Returns the serialization of a parameter, and the keywords that have no meaning for its
/// location.
pub(super) fn of_parameter(
    parameter: &Map<String, Value>,
    location: Location,
) -> (Serialization, Vec<&'static str>) {
    let mut unknown = Vec::new();
    let explode = parameter.get("explode").and_then(Value::as_bool);
    let simple = Style::Simple {
        explode: explode.unwrap_or(false),
    };
    let form = Style::Form {
        explode: explode.unwrap_or(true),
    };
    let default = match location {
        Location::Path | Location::Header => simple,
        Location::Query | Location::Cookie => form,
    };
    let style = match (location, parameter.get("style").and_then(Value::as_str)) {
        (_, None) => default,
        (Location::Path | Location::Header, Some("simple")) => simple,
        (Location::Query | Location::Cookie, Some("form")) => form,
        (Location::Path, Some("label")) => Style::Label {
            explode: explode.unwrap_or(false),
        },
        (Location::Path, Some("matrix")) => Style::Matrix {
            explode: explode.unwrap_or(false),
        },
        (Location::Query, Some(style)) => of_query(style, explode).unwrap_or_else(|| {
            unknown.push("style");
            default
        }),
        (_, Some(_)) => {
            unknown.push("style");
            default
        }
    };
    let reserved = parameter.get("allowReserved") == Some(&Value::Bool(true));
    if reserved && location != Location::Query {
        unknown.push("allowReserved");
    }
    let serialization = Serialization {
        style,
        reserved: reserved && location == Location::Query,
    };
    (serialization, unknown)
}

/// Returns the serialization of a form field; `None` if the document does not specify one.
pub(super) fn of_encoding(encoding: &Value) -> Option<Serialization> {
    let style = encoding.get("style").and_then(Value::as_str);
    let explode = encoding.get("explode").and_then(Value::as_bool);
    let reserved = encoding.get("allowReserved").and_then(Value::as_bool);
    if style.is_none() && explode.is_none() && reserved.is_none() {
        return None;
    }
    let form = Style::Form {
        explode: explode.unwrap_or(true),
    };
    Some(Serialization {
        style: style
            .and_then(|style| of_query(style, explode))
            .unwrap_or(form),
        reserved: reserved == Some(true),
    })
}

fn of_query(style: &str, explode: Option<bool>) -> Option<Style> {
    match style {
        "form" => Some(Style::Form {
            explode: explode.unwrap_or(true),
        }),
        "deepObject" => Some(Style::DeepObject),
        // An exploded value has nothing to delimit.
        "spaceDelimited" | "pipeDelimited" if explode == Some(true) => {
            Some(Style::Form { explode: true })
        }
        "spaceDelimited" => Some(Style::SpaceDelimited),
        "pipeDelimited" => Some(Style::PipeDelimited),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn style_applies_in_matching_location() {
        let read = |location, parameter: Value| {
            let (serialization, unknown) = of_parameter(parameter.as_object().unwrap(), location);
            (serialization.style, serialization.reserved, unknown)
        };
        for (location, parameter, expected) in [
            (
                Location::Query,
                json!({}),
                (Style::Form { explode: true }, false, vec![]),
            ),
            (
                Location::Path,
                json!({}),
                (Style::Simple { explode: false }, false, vec![]),
            ),
            (
                Location::Path,
                json!({"style": "matrix", "explode": true}),
                (Style::Matrix { explode: true }, false, vec![]),
            ),
            (
                Location::Query,
                json!({"style": "pipeDelimited", "allowReserved": true}),
                (Style::PipeDelimited, true, vec![]),
            ),
            (
                Location::Query,
                json!({"style": "spaceDelimited", "explode": true}),
                (Style::Form { explode: true }, false, vec![]),
            ),
            (
                Location::Header,
                json!({"style": "form", "allowReserved": true}),
                (
                    Style::Simple { explode: false },
                    false,
                    vec!["style", "allowReserved"],
                ),
            ),
            (
                Location::Query,
                json!({"style": "tabDelimited", "explode": false}),
                (Style::Form { explode: false }, false, vec!["style"]),
            ),
        ] {
            assert_eq!(read(location, parameter.clone()), expected, "{parameter}");
        }
    }

    #[test]
    fn empty_encoding_has_no_serialization() {
        assert_eq!(of_encoding(&json!({"contentType": "text/plain"})), None);
        let deep = of_encoding(&json!({"style": "deepObject"})).unwrap();
        assert_eq!(deep.style, Style::DeepObject);
        let joined = of_encoding(&json!({"explode": false})).unwrap();
        assert_eq!(joined.style, Style::Form { explode: false });
    }
}
