//! Forms as `application/x-www-form-urlencoded` (OpenAPI 3.1 section 4.8.15.1).

use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::model::encode;
use crate::request::parameter_style::{Escape, Style, add_pairs, joined, text};

/// How the document serializes one field.
pub struct Encoding {
    /// The property's name.
    pub field: &'static str,
    /// How its value is written.
    pub style: Style,
    /// Which characters are escaped.
    pub escape: Escape,
}

/// Sets the fields of `value` as the body of a request. Lists repeat the name and objects are JSON,
/// unless `encodings` says otherwise.
pub fn body(
    request: &mut Request,
    encodings: &[Encoding],
    value: &impl Serialize,
) -> Result<(), String> {
    let value = encode::to_value(value).map_err(|why| format!("body: {why}"))?;
    *request.body_mut() = Some(text_of(encodings, &value).into());
    let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(CONTENT_TYPE, media_type);
    Ok(())
}

/// Returns the fields of a form as text.
pub(crate) fn text_of(encodings: &[Encoding], value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut pairs = Vec::new();
            for (name, value) in fields {
                let encoding = encodings.iter().find(|encoding| encoding.field == name);
                let escape = encoding.map_or(Escape::AllButUnreserved, |it| it.escape);
                let style = match (encoding, value) {
                    (Some(encoding), _) => encoding.style,
                    (None, Value::Object(_)) => Style::Json,
                    (None, _) => Style::Form { explode: true },
                };
                add_pairs(name, style, escape, value, &mut pairs);
            }
            joined(&pairs, "&")
        }
        // A form that is not an object is a text that the caller encoded.
        other => text(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(encodings: &[Encoding], value: &Value) -> String {
        let url = reqwest::Url::parse("http://h/").unwrap();
        let mut request = Request::new(reqwest::Method::POST, url);
        body(&mut request, encodings, value).unwrap();
        let bytes = request.body().unwrap().as_bytes().unwrap().to_vec();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn urlencoded_field_follows_its_kind() {
        let value =
            json!({"at": {"x": 1}, "ids": [1, 2], "name": "a b&c", "none": null, "on": true});
        assert_eq!(
            written(&[], &value),
            "at=%7B%22x%22%3A1%7D&ids=1&ids=2&name=a%20b%26c&on=true"
        );
    }

    #[test]
    fn urlencoded_encoding_overrides_default() {
        let encoding = |field, style| Encoding {
            field,
            style,
            escape: Escape::AllButUnreserved,
        };
        let encodings = [
            encoding("at", Style::DeepObject),
            encoding("ids", Style::Form { explode: false }),
            encoding("all", Style::Json),
        ];
        let value = json!({"all": [1], "at": {"x": {"y": 1}}, "ids": [1, 2]});
        assert_eq!(
            written(&encodings, &value),
            "all=%5B1%5D&at%5Bx%5D%5By%5D=1&ids=1,2"
        );
    }
}
