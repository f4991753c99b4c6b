//! Checks whether a request has the credentials that its operation requires.

use hyper::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use hyper::http::request;

use crate::auth::{SecurityScheme, SecuritySchemeKind};
use crate::client::Api;
use crate::operation::Operation;
use crate::text::query::{in_query, only_query};

/// The credentials of an API. Any value that is not empty counts.
pub(super) struct ExpectedCredentials {
    api: &'static Api,
    headers: Vec<HeaderName>,
    /// The names of query parameters.
    queries: Vec<&'static str>,
}

impl ExpectedCredentials {
    pub(super) fn of(api: &'static Api) -> Self {
        let of_schemes = api.security_schemes.iter();
        let of_schemes = of_schemes.filter_map(|scheme| scheme.kind.header()?.parse().ok());
        let mut headers = vec![AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE];
        headers.extend(of_schemes);
        let queries = api.security_schemes.iter();
        let queries = queries.filter_map(|scheme| match scheme.kind {
            SecuritySchemeKind::Query(name) => Some(name),
            _ => None,
        });
        Self {
            api,
            headers,
            queries: queries.collect(),
        }
    }

    /// The headers that hold credentials.
    pub(super) fn headers(&self) -> &[HeaderName] {
        &self.headers
    }

    /// The query parameters that hold credentials.
    pub(super) fn queries(&self) -> &[&'static str] {
        &self.queries
    }

    /// Returns the values of `WWW-Authenticate` for an operation without credentials (RFC 9110
    /// section 11.6.1), one for each authentication scheme that the operation accepts. An API key
    /// has no registered scheme.
    pub(super) fn challenges(&self, operation: Option<&Operation>) -> Vec<HeaderValue> {
        let names = operation
            .iter()
            .flat_map(|it| it.security)
            .copied()
            .flatten();
        let mut challenges = Vec::new();
        for scheme in names.filter_map(|name| self.api.security_scheme(name)) {
            let word = match scheme.kind {
                SecuritySchemeKind::Basic => "Basic",
                SecuritySchemeKind::Bearer => "Bearer",
                SecuritySchemeKind::Authorization(word) => word,
                SecuritySchemeKind::MutualTls => continue,
                SecuritySchemeKind::Header(_)
                | SecuritySchemeKind::Query(_)
                | SecuritySchemeKind::Cookie(_) => "ApiKey",
            };
            // Only `Basic` needs a realm (RFC 7617 section 2).
            let challenge = match word {
                "Basic" => "Basic realm=\"mock\"",
                word => word,
            };
            let challenge = HeaderValue::from_str(challenge).ok();
            challenges.extend(challenge.filter(|it| !challenges.contains(it)));
        }
        challenges
    }

    /// Returns whether a request has the credentials of its operation.
    pub(super) fn are_in(&self, request: &request::Parts, operation: &Operation) -> bool {
        let is_sent = |name: &&str| {
            let scheme = self.api.security_scheme(name);
            scheme.is_some_and(|scheme| is_sent(scheme, request))
        };
        let mut alternatives = operation.security.iter();
        operation.security.is_empty() || alternatives.any(|names| names.iter().all(is_sent))
    }
}

/// Returns whether a request has a credential for a scheme.
fn is_sent(scheme: &SecurityScheme, request: &request::Parts) -> bool {
    let header = |name: &str| request.headers.get(name)?.to_str().ok();
    let after_word = |word: &str| {
        let (scheme, credential) = header("authorization")?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case(word)
            .then(|| credential.to_owned())
    };
    let value = match scheme.kind {
        SecuritySchemeKind::Header(name) => header(name).map(str::to_owned),
        SecuritySchemeKind::Query(name) => {
            only_query(request.uri.query()).and_then(|url| in_query(&url, name))
        }
        SecuritySchemeKind::Cookie(name) => header("cookie").and_then(|cookies| {
            let pairs = cookies
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='));
            let mut found = pairs.filter(|(key, _)| *key == name);
            found.next().map(|(_, value)| value.to_owned())
        }),
        SecuritySchemeKind::Basic => after_word("basic"),
        SecuritySchemeKind::Bearer => after_word("bearer"),
        SecuritySchemeKind::Authorization(word) => after_word(word),
        // The server speaks no TLS.
        SecuritySchemeKind::MutualTls => return true,
    };
    value.is_some_and(|value| !value.trim().is_empty())
}
