//! The endpoint of a call: an operation, or a path that the caller wrote.

use std::fmt;

use reqwest::Method;

use super::{Operation, ResponseKind};
use crate::text::one_line::one_line;

/// What a call is for, to name it in errors: an operation, or a path that the caller wrote.
#[derive(Debug, Clone)]
pub enum Endpoint {
    Operation(&'static Operation),
    /// A path of the caller.
    Path {
        method: Method,
        path: Box<str>,
        /// Whether the document lists it.
        is_known: bool,
        /// Whether an operation that it may be is sensitive.
        is_sensitive: bool,
    },
}

impl From<&'static Operation> for Endpoint {
    fn from(operation: &'static Operation) -> Self {
        Endpoint::Operation(operation)
    }
}

impl Endpoint {
    /// Returns the endpoint of a path that the caller wrote, of an API with these operations.
    pub(crate) fn path(operations: &'static [Operation], method: Method, path: &str) -> Self {
        let is_known = documented(operations, &method, path).next().is_some();
        let is_sensitive = documented(operations, &method, path).any(|it| it.sensitive);
        Endpoint::Path {
            method,
            path: path.into(),
            is_known,
            is_sensitive,
        }
    }

    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        match self {
            Endpoint::Operation(operation) => Some(operation),
            Endpoint::Path { .. } => None,
        }
    }

    pub(crate) fn method(&self) -> &Method {
        match self {
            Endpoint::Operation(operation) => &operation.method,
            Endpoint::Path { method, .. } => method,
        }
    }

    /// A path of the caller's own is sent with credentials: there is no document to say otherwise.
    pub(crate) fn is_authenticated(&self) -> bool {
        self.operation().is_none_or(|it| it.authenticated)
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        match self {
            Endpoint::Operation(operation) => operation.idempotent,
            Endpoint::Path { method, .. } => method.is_idempotent(),
        }
    }

    /// Whether the document says that the reply holds a secret. No body of such an endpoint is quoted, whatever its status.
    pub(crate) fn is_sensitive(&self) -> bool {
        match self {
            Endpoint::Operation(operation) => operation.sensitive,
            Endpoint::Path { is_sensitive, .. } => *is_sensitive,
        }
    }

    /// Whether errors may quote values of a 2xx reply: where the document says that it holds no secret. Of a path that the
    /// document lacks it says nothing, so its values are not quoted. Refusals of such a path are: they say what is wrong.
    pub(crate) fn is_quotable(&self) -> bool {
        let is_known = match self {
            Endpoint::Operation(_) => true,
            Endpoint::Path { is_known, .. } => *is_known,
        };
        is_known && !self.is_sensitive()
    }

    /// Whether the document promises a reply without content.
    pub(crate) fn is_empty_reply(&self) -> bool {
        self.operation()
            .is_some_and(|it| it.response == ResponseKind::Empty)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Operation(operation) => f.write_str(operation.name),
            // Before the path was checked it is any text.
            Endpoint::Path { method, path, .. } => {
                f.write_str(&one_line(&format!("{method} {path}")))
            }
        }
    }
}

/// The operations that a path of the caller's own may be.
fn documented(
    operations: &'static [Operation],
    method: &Method,
    path: &str,
) -> impl Iterator<Item = &'static Operation> {
    operations
        .iter()
        .filter(move |it| it.method == *method && fits(it.path, path))
}

/// Whether `path` may be an instance of `template`, segment by segment.
fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(template, segment)| {
            let is_parameter = template.contains('{') && !segment.is_empty();
            // What is escaped may be any text once the server has decoded it.
            template == segment || is_parameter || segment.contains('%')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATIONS: &[Operation] = &[
        Operation::new("get-key", "user.get_key", Method::GET, "/user/key").sensitive(true),
        Operation::new("get-credits", "credits.get", Method::GET, "/credits"),
    ];

    #[test]
    fn a_path_fits_a_template_segment_by_segment() {
        for path in [
            "/v1/tasks/7/logs",
            "/v1/tasks/a%20b/logs",
            "/v1/t%61sks/7/logs",
        ] {
            assert!(fits("/v1/tasks/{id}/logs", path), "{path}");
        }
        for path in [
            "/v1/tasks//logs",
            "/v1/tasks/7",
            "/v1/tasks/7/logs/",
            "/v1/Tasks/7/logs",
            "/",
        ] {
            assert!(!fits("/v1/tasks/{id}/logs", path), "{path}");
        }
    }

    #[test]
    fn what_may_be_quoted_of_a_path() {
        for (method, path, sensitive, quotable) in [
            (Method::GET, "/user/key", true, false),
            (Method::GET, "/user/%6bey", true, false),
            (Method::GET, "/credits", false, true),
            (Method::GET, "/user/key/", false, false),
            (Method::PUT, "/credits", false, false),
            (Method::GET, "/x", false, false),
        ] {
            let endpoint = Endpoint::path(OPERATIONS, method, path);
            assert_eq!(endpoint.is_sensitive(), sensitive, "{endpoint}");
            assert_eq!(endpoint.is_quotable(), quotable, "{endpoint}");
        }
    }
}
