//! What the document says about each operation, as data.

use std::fmt;

use reqwest::Method;

use crate::excerpt::one_line;
use crate::generated::OPERATIONS;
use crate::pages::Pagination;

/// One operation of the OpenAPI document.
///
/// [`OPERATIONS`](crate::OPERATIONS) lists them all; [`Error::operation`](crate::Error::operation) says which one failed.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The document's `operationId`, such as `get-v1-billing-credits`. Two entries share it when one operation can reply
    /// as JSON or as a stream.
    pub id: &'static str,
    /// The path in Rust, such as `billing.get_credit_balance`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, such as `/api/v1/tasks/{id}`.
    pub path: &'static str,
    /// The document's tag, such as `Billing`.
    pub tag: &'static str,
    /// Whether the document's `security` asks for credentials. Other operations are sent without any.
    pub authenticated: bool,
    /// Whether sending it twice has the same effect as once (RFC 9110 section 9.2.2).
    pub idempotent: bool,
    /// The header of the idempotency key that the document declares, in lower case. A request without one is given a
    /// random key, and with it the operation may be repeated.
    pub idempotency_key: Option<&'static str>,
    /// Whether the request or the reply holds a field that is marked secret. Errors never quote such a reply, nor a
    /// refusal that may echo the request.
    pub sensitive: bool,
    /// What a successful reply is.
    pub reply: Reply,
    /// How its list is read page by page. Such an operation has the methods `pages` and `items`.
    pub pagination: Option<Pagination>,
}

/// What the successful reply of an [`Operation`] is, by its media type.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    /// `application/json`.
    Json,
    /// No content.
    Empty,
    /// `text/event-stream`.
    EventStream,
    /// Any other media type, as bytes.
    Bytes,
    /// `text/*` of any other kind.
    Text,
}

impl Reply {
    /// The value of the `Accept` header (RFC 9110 section 12.5.1).
    pub(crate) fn accept(self) -> &'static str {
        match self {
            Reply::Json => "application/json",
            Reply::EventStream => "text/event-stream",
            Reply::Empty | Reply::Bytes | Reply::Text => "*/*",
        }
    }
}

/// What a call is for, to name it in errors: an operation, or a path that the caller wrote.
#[derive(Debug, Clone)]
pub(crate) enum Endpoint {
    Operation(&'static Operation),
    Path { method: Method, path: Box<str> },
}

impl From<&'static Operation> for Endpoint {
    fn from(operation: &'static Operation) -> Self {
        Endpoint::Operation(operation)
    }
}

impl Endpoint {
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
            Endpoint::Path { method, path } => documented(method, path).any(|it| it.sensitive),
        }
    }

    /// Whether errors may quote values of a 2xx reply: where the document says that it holds no secret. Of a path that the
    /// document lacks it says nothing, so its values are not quoted. Refusals of such a path are: they say what is wrong.
    pub(crate) fn is_quotable(&self) -> bool {
        let is_known = match self {
            Endpoint::Operation(_) => true,
            Endpoint::Path { method, path } => documented(method, path).next().is_some(),
        };
        is_known && !self.is_sensitive()
    }

    /// Whether the document promises a reply without content.
    pub(crate) fn is_empty_reply(&self) -> bool {
        self.operation().is_some_and(|it| it.reply == Reply::Empty)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Operation(operation) => f.write_str(operation.name),
            // Before the path was checked it is any text.
            Endpoint::Path { method, path } => f.write_str(&one_line(&format!("{method} {path}"))),
        }
    }
}

/// The operations that a path of the caller's own may be.
fn documented(method: &Method, path: &str) -> impl Iterator<Item = &'static Operation> {
    OPERATIONS
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
            (Method::GET, "/api/v1/user/apikey", true, false),
            (Method::GET, "/api/v1/user/%61pikey", true, false),
            (Method::GET, "/api/v1/billing/credits", false, true),
            (Method::GET, "/api/v1/user/apikey/", false, false),
            (Method::PUT, "/api/v1/billing/credits", false, false),
            (Method::GET, "/x", false, false),
        ] {
            let endpoint = Endpoint::Path {
                method,
                path: path.into(),
            };
            assert_eq!(endpoint.is_sensitive(), sensitive, "{endpoint}");
            assert_eq!(endpoint.is_quotable(), quotable, "{endpoint}");
        }
    }
}
