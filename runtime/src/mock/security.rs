//! The credentials that an operation asks for (`security` and `components.securitySchemes` of the
//! document).

use hyper::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use hyper::http::request;
use serde_json::Value;

use super::sample::resolve;

/// The alternatives of a `security` list; any one of them is enough, and an empty list asks for
/// nothing.
pub(super) struct Security(Vec<Vec<Credential>>);

/// One place where a credential is expected. Any value that is not empty is good.
#[derive(Clone)]
pub(super) enum Credential {
    /// `Authorization: <scheme> <value>` (RFC 9110 section 11.6.2).
    Authorization(String),
    Header(HeaderName),
    Query(String),
    Cookie(String),
    /// Nothing that a request shows, such as a client certificate.
    Unseen,
}

impl Security {
    /// The security of an operation, which stands in for the document's own.
    pub(super) fn new(document: &Value, operation: &Value) -> Self {
        let alternatives = operation
            .get("security")
            .or_else(|| document.get("security"))
            .and_then(Value::as_array);
        let alternative = |requirement: &Value| {
            let names = requirement
                .as_object()
                .into_iter()
                .flat_map(|schemes| schemes.keys());
            names.map(|name| Credential::new(document, name)).collect()
        };
        Self(
            alternatives
                .into_iter()
                .flatten()
                .map(alternative)
                .collect(),
        )
    }

    /// Whether a request brings what is asked for.
    pub(super) fn is_satisfied_by(&self, request: &request::Parts) -> bool {
        let enough = |alternative: &Vec<Credential>| {
            alternative
                .iter()
                .all(|credential| credential.is_in(request))
        };
        self.0.is_empty() || self.0.iter().any(enough)
    }

    /// The headers that carry credentials.
    pub(super) fn headers(&self) -> impl Iterator<Item = HeaderName> {
        self.0
            .iter()
            .flatten()
            .filter_map(|credential| match credential {
                Credential::Header(name) => Some(name.clone()),
                _ => None,
            })
    }
}

impl Credential {
    fn new(document: &Value, scheme: &str) -> Self {
        let schemes = document
            .get("components")
            .and_then(|components| components.get("securitySchemes"));
        let scheme = schemes
            .and_then(|schemes| schemes.get(scheme))
            .map(|scheme| resolve(document, scheme));
        let field = |name| {
            scheme
                .and_then(|scheme| scheme.get(name))
                .and_then(Value::as_str)
        };
        let name = field("name").unwrap_or_default().to_owned();
        match (field("type"), field("in")) {
            (Some("apiKey"), Some("query")) => Self::Query(name),
            (Some("apiKey"), Some("cookie")) => Self::Cookie(name),
            (Some("apiKey"), _) => HeaderName::try_from(name).map_or(Self::Unseen, Self::Header),
            (Some("mutualTLS"), _) => Self::Unseen,
            // OAuth 2.0 and OpenID Connect end in a bearer token too (RFC 6750 section 2.1).
            _ => Self::Authorization(field("scheme").unwrap_or("Bearer").to_owned()),
        }
    }

    fn is_in(&self, request: &request::Parts) -> bool {
        let values = |name| {
            request
                .headers
                .get_all(name)
                .iter()
                .filter_map(|value| value.to_str().ok())
        };
        match self {
            Self::Authorization(scheme) => values(&AUTHORIZATION).any(|value| {
                let credentials = value
                    .split_once(' ')
                    .filter(|(given, _)| given.eq_ignore_ascii_case(scheme));
                credentials.is_some_and(|(_, credentials)| !credentials.trim().is_empty())
            }),
            Self::Header(name) => request
                .headers
                .get_all(name)
                .iter()
                .any(|value| !is_blank(value)),
            Self::Query(name) => {
                let pairs = request.uri.query().unwrap_or_default().split('&');
                pairs
                    .filter_map(|pair| pair.split_once('='))
                    .any(|(key, value)| key == name && !value.is_empty())
            }
            Self::Cookie(name) => {
                let pairs = values(&COOKIE).flat_map(|cookies| cookies.split(';'));
                let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
                pairs.any(|(key, value)| key == name && !value.is_empty())
            }
            Self::Unseen => true,
        }
    }
}

fn is_blank(value: &HeaderValue) -> bool {
    value.as_bytes().iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use hyper::Request;
    use serde_json::{Value, json};

    use super::Security;

    fn accepts(security: &Value, headers: &[(&str, &str)], uri: &str) -> bool {
        let document = json!({ "components": { "securitySchemes": {
            "Bearer": { "type": "http", "scheme": "bearer" },
            "Basic": { "type": "http", "scheme": "basic" },
            "Key": { "type": "apiKey", "in": "header", "name": "X-Api-Key" },
            "Query": { "type": "apiKey", "in": "query", "name": "key" },
            "Cookie": { "type": "apiKey", "in": "cookie", "name": "session" },
            "OAuth": { "type": "oauth2", "flows": {} },
            "Certificate": { "type": "mutualTLS" },
        } }, "security": [{ "Key": [] }] });
        let operation = if security.is_null() {
            json!({})
        } else {
            json!({ "security": security })
        };
        let request = headers
            .iter()
            .fold(Request::get(uri), |request, (name, value)| {
                request.header(*name, *value)
            });
        Security::new(&document, &operation)
            .is_satisfied_by(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn any_alternative_is_enough_and_each_needs_all_its_schemes() {
        let either = json!([{ "Bearer": [] }, { "Key": [], "Basic": [] }]);
        assert!(!accepts(&either, &[], "/"));
        assert!(accepts(&either, &[("authorization", "bearer x")], "/"));
        assert!(!accepts(&either, &[("authorization", "Bearer ")], "/"));
        assert!(!accepts(&either, &[("authorization", "Bearer")], "/"));
        assert!(!accepts(&either, &[("x-api-key", "x")], "/"));
        assert!(accepts(
            &either,
            &[("x-api-key", "x"), ("authorization", "Basic eDp5")],
            "/"
        ));
    }

    #[test]
    fn the_operation_stands_in_for_the_document() {
        assert!(!accepts(&Value::Null, &[], "/"));
        assert!(accepts(&Value::Null, &[("x-api-key", "x")], "/"));
        assert!(!accepts(&Value::Null, &[("x-api-key", " ")], "/"));
        assert!(accepts(&json!([]), &[], "/"));
        assert!(accepts(&json!([{}, { "Key": [] }]), &[], "/"));
    }

    #[test]
    fn every_place_of_a_credential() {
        assert!(accepts(&json!([{ "Query": [] }]), &[], "/?a=b&key=x"));
        assert!(!accepts(&json!([{ "Query": [] }]), &[], "/?key="));
        assert!(accepts(
            &json!([{ "Cookie": [] }]),
            &[("cookie", "a=b; session=x")],
            "/"
        ));
        assert!(!accepts(
            &json!([{ "Cookie": [] }]),
            &[("cookie", "a=b")],
            "/"
        ));
        assert!(accepts(
            &json!([{ "OAuth": ["read"] }]),
            &[("authorization", "Bearer x")],
            "/"
        ));
        assert!(accepts(&json!([{ "Certificate": [] }]), &[], "/"));
    }
}
