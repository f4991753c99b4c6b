//! Parameter serialization: `style`, `explode`, `allowReserved` and `content`.

use serde_json::{Map, Value};

use crate::lower::model::{Escape, Location, Serialization, Style};
use crate::openapi::media_type::is_json;

/// Returns the serialization of a parameter, and the keywords that have no meaning for its
/// location. In a path, `allowReserved` has a meaning since OpenAPI 3.2.
pub(super) fn of_parameter(
    parameter: &Map<String, Value>,
    location: Location,
    is_3_2: bool,
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
        Location::Query | Location::Querystring | Location::Cookie => form,
    };
    let is_cookie_style = is_3_2 && parameter.get("style") == Some(&Value::from("cookie"));
    let style = match (location, parameter.get("style").and_then(Value::as_str)) {
        (_, None) => default,
        (Location::Path | Location::Header, Some("simple")) => simple,
        (Location::Query | Location::Cookie, Some("form")) => form,
        (Location::Cookie, Some("cookie")) if is_cookie_style => form,
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
    let escape = match location {
        Location::Query if reserved => Escape::ToDelimiters,
        Location::Path if reserved && is_3_2 => Escape::ToPathEnd,
        Location::Cookie if is_cookie_style => Escape::Nothing,
        _ => {
            if reserved {
                unknown.push("allowReserved");
            }
            Escape::AllButUnreserved
        }
    };
    let serialization = Serialization { style, escape };
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
        escape: match reserved {
            Some(true) => Escape::ToDelimiters,
            _ => Escape::AllButUnreserved,
        },
    })
}

/// Returns the fields of a form that have another serialization than the default.
pub(super) fn of_fields(encoding: Option<&Map<String, Value>>) -> Vec<(String, Serialization)> {
    encoding
        .into_iter()
        .flatten()
        .filter_map(|(name, encoding)| {
            let is_json_text = encoding
                .get("contentType")
                .and_then(Value::as_str)
                .is_some_and(is_json);
            let serialization = match of_encoding(encoding) {
                None if is_json_text => Serialization {
                    style: Style::Json,
                    escape: Escape::AllButUnreserved,
                },
                other => other?,
            };
            Some((name.clone(), serialization))
        })
        .collect()
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
            let parameter = parameter.as_object().unwrap();
            let (serialization, unknown) = of_parameter(parameter, location, true);
            (serialization.style, serialization.escape, unknown)
        };
        let all = Escape::AllButUnreserved;
        for (location, parameter, expected) in [
            (
                Location::Query,
                json!({}),
                (Style::Form { explode: true }, all, vec![]),
            ),
            (
                Location::Path,
                json!({}),
                (Style::Simple { explode: false }, all, vec![]),
            ),
            (
                Location::Path,
                json!({"style": "matrix", "explode": true}),
                (Style::Matrix { explode: true }, all, vec![]),
            ),
            (
                Location::Query,
                json!({"style": "pipeDelimited", "allowReserved": true}),
                (Style::PipeDelimited, Escape::ToDelimiters, vec![]),
            ),
            (
                Location::Query,
                json!({"style": "spaceDelimited", "explode": true}),
                (Style::Form { explode: true }, all, vec![]),
            ),
            (
                Location::Header,
                json!({"style": "form", "allowReserved": true}),
                (
                    Style::Simple { explode: false },
                    all,
                    vec!["style", "allowReserved"],
                ),
            ),
            (
                Location::Query,
                json!({"style": "tabDelimited", "explode": false}),
                (Style::Form { explode: false }, all, vec!["style"]),
            ),
        ] {
            assert_eq!(read(location, parameter.clone()), expected, "{parameter}");
        }
    }

    #[test]
    fn styles_of_openapi_3_2_need_that_version() {
        let read = |location, parameter: &Value, is_3_2| {
            let parameter = parameter.as_object().unwrap();
            let (serialization, unknown) = of_parameter(parameter, location, is_3_2);
            (serialization.escape, unknown)
        };
        let all = Escape::AllButUnreserved;
        let reserved = json!({"allowReserved": true});
        assert_eq!(
            read(Location::Path, &reserved, true),
            (Escape::ToPathEnd, vec![])
        );
        assert_eq!(
            read(Location::Path, &reserved, false),
            (all, vec!["allowReserved"])
        );
        let cookie = json!({"style": "cookie"});
        assert_eq!(
            read(Location::Cookie, &cookie, true),
            (Escape::Nothing, vec![])
        );
        assert_eq!(read(Location::Cookie, &cookie, false), (all, vec!["style"]));
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
