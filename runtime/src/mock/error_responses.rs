//! Builds error responses in the shape of the API's own.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::response::WholeResponse;
use crate::error::ErrorBody;

/// The shape of error responses.
pub(super) struct ErrorResponses {
    /// The required properties, as the document samples them.
    template: Map<String, Value>,
    shape: &'static ErrorBody,
}

impl ErrorResponses {
    pub(super) fn new(template: Map<String, Value>, shape: &'static ErrorBody) -> Self {
        Self { template, shape }
    }

    /// Returns an error response with this code and message.
    pub(super) fn response(&self, status: StatusCode, code: &str, message: &str) -> WholeResponse {
        let mut body = self.template.clone();
        set(
            &mut body,
            self.shape.message,
            &format!("{message} (mock server)"),
        );
        set(&mut body, self.shape.code, code);
        WholeResponse::json(status, &Value::Object(body))
    }
}

/// Sets the first of these properties that holds a string, at the top or in an object `error`.
/// Adds the first property if there is none of them. A property of another type stays.
fn set(body: &mut Map<String, Value>, names: &[&str], text: &str) {
    let is_free = |object: &Map<String, Value>| {
        let values = names.iter().filter_map(|name| object.get(*name));
        let mut others = values.filter(|value| !value.is_object());
        others.all(Value::is_string)
    };
    let has_string = |object: &Map<String, Value>| {
        let is_string = |name: &&str| object.get(*name).is_some_and(Value::is_string);
        names.iter().copied().find(is_string)
    };
    let top = has_string(body);
    let object = match body.get_mut("error") {
        Some(Value::Object(inner)) if top.is_none() => inner,
        _ => body,
    };
    let name = has_string(object).or_else(|| names.first().copied().filter(|_| is_free(object)));
    if let Some(name) = name {
        object.insert(name.to_owned(), Value::from(text));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn assert_body(template: Value, expected: Value) {
        static SHAPE: ErrorBody = ErrorBody::new();
        let Value::Object(template) = template else {
            panic!("no object");
        };
        let errors = ErrorResponses::new(template, &SHAPE);
        let response = errors.response(StatusCode::NOT_FOUND, "none", "no cat");
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body, expected);
    }

    #[test]
    fn code_and_message_are_set_where_the_document_has_them() {
        let message = "no cat (mock server)";
        assert_body(json!({}), json!({ "code": "none", "message": message }));
        assert_body(
            json!({ "title": "t", "kind": "k" }),
            json!({ "code": "none", "title": message, "kind": "k" }),
        );
        assert_body(
            json!({ "error": "e" }),
            json!({ "code": "none", "error": message }),
        );
        assert_body(
            json!({ "error": { "message": "m", "type": "t" } }),
            json!({ "error": { "code": "none", "message": message, "type": "t" } }),
        );
        assert_body(
            json!({ "code": 7, "message": "m" }),
            json!({ "code": 7, "message": message }),
        );
    }
}
