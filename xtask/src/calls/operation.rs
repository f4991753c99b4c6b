//! The operations of a document, as far as requests show them.

use neo_client_codegen::openapi::path_template::{Piece, pieces};
use neo_client_codegen::openapi::pointer::join;
use neo_client_codegen::openapi::reference::resolve;
use regress::Regex;
use serde_json::{Map, Value};

/// An operation of a document.
pub struct Operation<'d> {
    pub method: String,
    pub path: String,
    pattern: Option<Regex>,
    pub value: &'d Value,
    /// The pointer to the operation.
    pub pointer: String,
    pub parameters: Vec<&'d Value>,
}

impl Operation<'_> {
    /// Returns whether the path of a request, without that of the server, is one of the operation.
    pub fn matches(&self, method: &str, path: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
            && self
                .pattern
                .as_ref()
                .is_some_and(|pattern| pattern.find(path).is_some())
    }

    /// Returns the parameters at a location, each with its name.
    pub fn parameters_in(&self, location: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.parameters.iter().filter_map(move |parameter| {
            let text = |keyword: &str| parameter.get(keyword).and_then(Value::as_str);
            (text("in") == Some(location)).then_some((text("name")?, *parameter))
        })
    }
}

/// Returns the operations of a document, those with the fewest parameters in their path first.
pub fn all(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        let Ok(item) = resolve(document, item) else {
            continue;
        };
        let at = item.pointer.clone().unwrap_or_else(|| join("/paths", path));
        let Some(fields) = item.value.as_object() else {
            continue;
        };
        for (method, value, place) in methods(fields) {
            let mut pointer = at.clone();
            place
                .iter()
                .for_each(|token| pointer = join(&pointer, token));
            operations.push(Operation {
                method: method.to_owned(),
                path: path.clone(),
                pattern: pattern(path),
                value,
                pointer,
                parameters: parameters(document, fields, value),
            });
        }
    }
    operations.sort_by_key(|operation| operation.path.matches('{').count());
    operations
}

fn methods(item: &Map<String, Value>) -> Vec<(&str, &Value, Vec<&str>)> {
    let of_item = item.iter().filter_map(|(name, value)| {
        let known = [
            "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
        ];
        known
            .contains(&name.as_str())
            .then(|| (name.as_str(), value, vec![name.as_str()]))
    });
    let additional = item.get("additionalOperations").and_then(Value::as_object);
    let additional = additional.into_iter().flatten().map(|(name, value)| {
        (
            name.as_str(),
            value,
            vec!["additionalOperations", name.as_str()],
        )
    });
    of_item.chain(additional).collect()
}

/// Returns the parameters of an operation. Those of the operation replace those of the path item.
fn parameters<'d>(
    document: &'d Value,
    item: &'d Map<String, Value>,
    operation: &'d Value,
) -> Vec<&'d Value> {
    let mut all: Vec<&Value> = Vec::new();
    for listed in [operation.get("parameters"), item.get("parameters")] {
        for parameter in listed.and_then(Value::as_array).into_iter().flatten() {
            let Ok(parameter) = resolve(document, parameter) else {
                continue;
            };
            let key = |parameter: &Value| {
                let text = |keyword: &str| parameter.get(keyword).and_then(Value::as_str);
                (
                    text("name").map(str::to_owned),
                    text("in").map(str::to_owned),
                )
            };
            if !all.iter().any(|known| key(known) == key(parameter.value)) {
                all.push(parameter.value);
            }
        }
    }
    all
}

/// Returns the pattern of the paths of a template. A value has no slash.
fn pattern(path: &str) -> Option<Regex> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut pattern = String::new();
    for piece in pieces(path) {
        match piece {
            Piece::Literal(text) => {
                for character in text.chars() {
                    if !character.is_ascii_alphanumeric() && character.is_ascii() {
                        pattern.push('\\');
                    }
                    pattern.push(character);
                }
            }
            Piece::Parameter(_) => pattern += "[^/]+",
        }
    }
    Regex::new(&format!("^{pattern}$")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn literal_path_goes_before_template() {
        let document = json!({ "paths": {
            "/a/{id}": { "get": {}, "parameters": [{ "name": "id", "in": "path" }] },
            "/a/b.c": { "get": { "parameters": [{ "name": "q", "in": "query" }] } },
        } });
        let operations = all(&document);
        let found = |path: &str| {
            let found = operations.iter().find(|it| it.matches("GET", path));
            found.map(|operation| operation.path.as_str())
        };
        assert_eq!(found("/a/b.c"), Some("/a/b.c"));
        assert_eq!(found("/a/bxc"), Some("/a/{id}"));
        assert_eq!(found("/a/b/c"), None);
        assert_eq!(operations[0].parameters_in("query").count(), 1);
        assert_eq!(operations[1].pointer, "/paths/~1a~1{id}/get");
    }
}
