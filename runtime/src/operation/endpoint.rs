//! The endpoint of a call: an operation, or a path that the caller wrote.

use std::fmt;

use percent_encoding::percent_decode_str;
use reqwest::Method;

use super::{Operation, Requirements, ResponseKind};
use crate::text::one_line::one_line;

/// The target of a call, named in errors: an operation, or a path of the caller.
#[derive(Debug, Clone)]
pub enum Endpoint {
    Operation(&'static Operation),
    /// A path of the caller.
    Path {
        method: Method,
        path: Box<str>,
        /// `true` if the document lists the path.
        is_known: bool,
        /// `true` if an operation that the path may be is sensitive.
        is_sensitive: bool,
        /// The credentials to send.
        security: Requirements,
        /// The end marker of the event stream, if the document lists the path.
        end_marker: Option<&'static str>,
    },
}

impl From<&'static Operation> for Endpoint {
    fn from(operation: &'static Operation) -> Self {
        Endpoint::Operation(operation)
    }
}

impl Endpoint {
    /// Returns the endpoint of a path that the caller wrote, of an API with these operations.
    /// `security` is for a path that the document lacks.
    pub(crate) fn path(
        operations: &'static [Operation],
        security: Requirements,
        method: Method,
        path: &str,
    ) -> Self {
        let documented = || documented(operations, &method, path);
        let known = most_specific(documented(), path);
        let is_sensitive = documented().any(|operation| operation.sensitive);
        let end_marker = documented().find_map(|operation| operation.end_marker);
        Endpoint::Path {
            path: path.into(),
            is_known: known.is_some(),
            is_sensitive,
            security: known.map_or(security, |operation| operation.security),
            end_marker,
            method,
        }
    }

    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        match self {
            Endpoint::Operation(operation) => Some(operation),
            Endpoint::Path { .. } => None,
        }
    }

    pub(crate) fn method(&self) -> &str {
        match self {
            Endpoint::Operation(operation) => operation.method,
            Endpoint::Path { method, .. } => method.as_str(),
        }
    }

    /// Returns the data of the event that ends a complete event stream, if declared.
    #[cfg(feature = "event-streams")]
    pub(crate) fn end_marker(&self) -> Option<&'static str> {
        match self {
            Endpoint::Operation(operation) => operation.end_marker,
            Endpoint::Path { end_marker, .. } => *end_marker,
        }
    }

    /// The credentials that it needs.
    pub(crate) fn security(&self) -> Requirements {
        match self {
            Endpoint::Operation(operation) => operation.security,
            Endpoint::Path { security, .. } => security,
        }
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        match self {
            Endpoint::Operation(operation) => operation.idempotent,
            Endpoint::Path { method, .. } => method.is_idempotent(),
        }
    }

    /// Returns whether the document marks part of the request or response as secret. Of the bodies
    /// of such an endpoint, only the reason of an error response is quoted, without the values of
    /// the request.
    pub(crate) fn is_sensitive(&self) -> bool {
        match self {
            Endpoint::Operation(operation) => operation.sensitive,
            Endpoint::Path { is_sensitive, .. } => *is_sensitive,
        }
    }

    /// Returns whether errors may quote values of a 2xx response: only if the document marks
    /// nothing as secret. Values of a path that the document lacks are not quoted; its error
    /// responses are, because they say what is wrong.
    pub(crate) fn is_quotable(&self) -> bool {
        let is_known = match self {
            Endpoint::Operation(_) => true,
            Endpoint::Path { is_known, .. } => *is_known,
        };
        is_known && !self.is_sensitive()
    }

    /// Returns whether the document promises a response without content.
    pub(crate) fn is_empty_response(&self) -> bool {
        self.operation()
            .is_some_and(|it| it.response == ResponseKind::Empty)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Operation(operation) => f.write_str(operation.name),
            // Before validation, the path is arbitrary text.
            Endpoint::Path { method, path, .. } => {
                f.write_str(&one_line(&format!("{method} {path}")))
            }
        }
    }
}

/// Returns the operations that a path of the caller may be.
fn documented(
    operations: &'static [Operation],
    method: &Method,
    path: &str,
) -> impl Iterator<Item = &'static Operation> {
    operations
        .iter()
        .filter(move |it| it.method == method.as_str() && fits(it.path, path))
}

/// Returns the operation that a server chooses for a path: the one whose template has the most
/// literal text, from the left (OpenAPI 3.1 section 4.8.8.2). Of equal templates, the first that
/// needs a credential.
fn most_specific(
    documented: impl Iterator<Item = &'static Operation>,
    path: &str,
) -> Option<&'static Operation> {
    let mut best: Option<(Vec<Match>, &Operation)> = None;
    for operation in documented {
        let matches = matches(operation.path, path);
        let is_better = best.as_ref().is_none_or(|(so_far, chosen)| {
            let gains_security = chosen.security.is_empty() && !operation.security.is_empty();
            matches > *so_far || (matches == *so_far && gains_security)
        });
        if is_better {
            best = Some((matches, operation));
        }
    }
    best.map(|(_, operation)| operation)
}

/// How a segment of a path matches that of a template, the loosest first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// Only if the server decodes the segment in an unusual way.
    Perhaps,
    Parameter,
    /// A parameter between literal texts, by their length.
    Part(usize),
    Literal,
}

fn matches(template: &str, path: &str) -> Vec<Match> {
    let mut matches = Vec::new();
    for (template, segment) in template.split('/').zip(path.split('/')) {
        matches.push(matching(template, segment));
    }
    matches
}

/// Returns how a segment of a path matches that of a template.
fn matching(template: &str, segment: &str) -> Match {
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    if template == segment || template == decoded {
        return Match::Literal;
    }
    let (Some(start), Some(end)) = (template.find('{'), template.rfind('}')) else {
        return Match::Perhaps;
    };
    let before = template.get(..start).unwrap_or_default();
    let after = template.get(end + 1..).unwrap_or_default();
    match before.len() + after.len() {
        0 => Match::Parameter,
        length if decoded.starts_with(before) && decoded.ends_with(after) => Match::Part(length),
        _ => Match::Perhaps,
    }
}

/// Returns whether `path` may be an instance of `template`, segment by segment.
fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(template, segment)| {
            let is_parameter = template.contains('{') && !segment.is_empty();
            // An escaped segment may be any text once the server decodes it.
            template == segment || is_parameter || segment.contains('%')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATIONS: &[Operation] = &[
        Operation::new("get-key", "user.get_key", "GET", "/user/key").sensitive(true),
        Operation::new("get-credits", "credits.get", "GET", "/credits"),
    ];

    #[test]
    fn path_matches_template_by_segment() {
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
    fn path_of_secret_operation_is_not_quoted() {
        for (method, path, sensitive, quotable) in [
            (Method::GET, "/user/key", true, false),
            (Method::GET, "/user/%6bey", true, false),
            (Method::GET, "/credits", false, true),
            (Method::GET, "/user/key/", false, false),
            (Method::PUT, "/credits", false, false),
            (Method::GET, "/x", false, false),
        ] {
            let endpoint = Endpoint::path(OPERATIONS, &[], method, path);
            assert_eq!(endpoint.is_sensitive(), sensitive, "{endpoint}");
            assert_eq!(endpoint.is_quotable(), quotable, "{endpoint}");
        }
    }

    const PUBLIC: Requirements = &[];
    const KEY: Requirements = &[&["Key"]];
    const TOKEN: Requirements = &[&["Token"]];

    const OVERLAPPING: &[Operation] = &[
        Operation::new("a", "a", "GET", "/files/{id}").security(KEY),
        Operation::new("b", "b", "GET", "/files/public").security(PUBLIC),
        Operation::new("c", "c", "GET", "/files/{name}.zip").security(TOKEN),
        Operation::new("d", "d", "GET", "/{kind}/public").security(TOKEN),
        Operation::new("e", "e", "GET", "/jobs/{id}").security(PUBLIC),
        Operation::new("f", "f", "GET", "/jobs/{name}").security(TOKEN),
    ];

    #[test]
    fn most_specific_template_decides_about_security() {
        for (path, expected) in [
            ("/files/public", PUBLIC),
            ("/files/%70ublic", PUBLIC),
            ("/files/private", KEY),
            ("/files/a%20b", KEY),
            ("/files/a.zip", TOKEN),
            ("/files/a%2Ezip", TOKEN),
            ("/other/public", TOKEN),
            ("/other/%70ublic", TOKEN),
            ("/jobs/7", TOKEN),
            ("/unknown", KEY),
        ] {
            let endpoint = Endpoint::path(OVERLAPPING, KEY, Method::GET, path);
            assert_eq!(endpoint.security(), expected, "{path}");
        }
    }
}
