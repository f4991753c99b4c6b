//! The path of an operation with values in place of its parameters, for generic callers.

use std::fmt::Display;

use percent_encoding::utf8_percent_encode;

use super::Operation;
use crate::model::ConversionError;
use crate::text::path_value::{UNRESERVED, decoded, flaw, has_dot_segment};

impl Operation {
    /// Returns the [`path`](Operation::path) with values in place of its parameters, for
    /// [`Client::request`](crate::Client::request). The values are percent-encoded, so that none of
    /// them can lead to another operation. Values of other parameters are ignored.
    ///
    /// ```
    /// # use neo_client_runtime::{Client, Error, Operation, serde_json::Value};
    /// # async fn call(client: &Client, operation: &Operation, id: &str) -> Result<Value, Error> {
    /// let path = operation.path_with([("id", id)])?;
    /// client.request(operation.method(), path).send_as().await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if a parameter of the path has no value, or if a value is empty, or holds a backslash
    /// or a segment `.` or `..`.
    pub fn path_with<V: Display>(
        &self,
        values: impl IntoIterator<Item = (impl AsRef<str>, V)>,
    ) -> Result<String, ConversionError> {
        let values: Vec<_> = values.into_iter().collect();
        let wrong = |why: String| ConversionError::from(format!("{}: {why}", self.name));
        let mut path = String::new();
        let mut rest = self.path;
        while let Some((before, (name, after))) = next_parameter(rest) {
            let mut found = values.iter().filter(|(of, _)| of.as_ref() == name);
            let (_, value) = found
                .next()
                .ok_or_else(|| wrong(format!("the path parameter `{name}` is required")))?;
            let text = value.to_string();
            if let Some(why) = flaw(&text) {
                return Err(wrong(format!("the path parameter `{name}` {why}")));
            }
            path.push_str(before);
            path.extend(utf8_percent_encode(&text, UNRESERVED));
            rest = after;
        }
        path.push_str(rest);
        // Values that are harmless alone may form `..` together, as in `/{name}{suffix}`.
        match has_dot_segment(&decoded(&path)) {
            false => Ok(path),
            true => {
                let why = "the path parameters make a segment `.` or `..`";
                Err(wrong(why.to_owned()))
            }
        }
    }
}

/// Returns the text before the first parameter of a template, its name, and the text behind it.
fn next_parameter(template: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = template.split_once('{')?;
    Some((before, rest.split_once('}')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    static FILE: Operation = Operation::new("f", "files.get", "GET", "/v1/{dir}/files/{a}{b}.txt");
    static PAIR: Operation = Operation::new("p", "pairs.get", "GET", "/v1/{a}{b}");

    #[test]
    fn values_are_percent_encoded() {
        let values = [("dir", "a/b c"), ("a", "ä"), ("b", "?#%"), ("other", "")];
        let path = FILE.path_with(values).unwrap();
        assert_eq!(path, "/v1/a%2Fb%20c/files/%C3%A4%3F%23%25.txt");
        assert_eq!(PAIR.path_with([("a", 1), ("b", 2)]).unwrap(), "/v1/12");
    }

    #[test]
    fn values_cannot_change_the_path() {
        for (a, b, expected) in [
            (
                "..",
                "x",
                "pairs.get: the path parameter `a` must not hold a segment `.` or `..`",
            ),
            (
                "x/../y",
                "x",
                "pairs.get: the path parameter `a` must not hold a segment `.` or `..`",
            ),
            (
                "",
                "x",
                "pairs.get: the path parameter `a` must not be empty",
            ),
            (
                "x",
                "\\",
                "pairs.get: the path parameter `b` must not hold a backslash",
            ),
            (
                "/.",
                "./",
                "pairs.get: the path parameter `a` must not hold a segment `.` or `..`",
            ),
            (
                "x/.",
                "./y",
                "pairs.get: the path parameter `a` must not hold a segment `.` or `..`",
            ),
        ] {
            let error = PAIR.path_with([("a", a), ("b", b)]).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        let error = PAIR.path_with([("a", "x/"), ("b", "/y")]).unwrap();
        assert_eq!(error, "/v1/x%2F%2Fy");
        let error = PAIR.path_with([("a", "1")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "pairs.get: the path parameter `b` is required"
        );
    }
}
