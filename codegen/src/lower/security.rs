//! Security schemes of the document, and the alternatives of them that each operation needs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::model::Operation;
use crate::ledger::{Effect, Ledger};
use crate::names::{Taken, snake};
use crate::openapi::header;
use crate::openapi::pointer::join;
use crate::openapi::security::{SchemeKind, is_list, is_well_formed, requirements, schemes};

/// Alternatives, each a set of names of security schemes.
pub(crate) type Requirements = Vec<Vec<String>>;

/// A security scheme that the runtime can satisfy.
#[derive(Debug, Clone)]
pub(crate) struct SecurityScheme {
    /// The key in `components.securitySchemes`.
    pub(crate) name: String,
    /// The setter of the client's builder.
    pub(crate) setter: String,
    pub(crate) kind: SecuritySchemeKind,
    /// `true` if hand-written code sets the credential (`x-setter-by-hand`): no setter is emitted.
    pub(crate) is_by_hand: bool,
    /// Markdown, or an empty text.
    pub(crate) description: String,
}

/// The place of a credential in a request: the runtime's enum of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecuritySchemeKind {
    Header(String),
    Query(String),
    Cookie(String),
    Basic,
    Bearer,
    Authorization(String),
    MutualTls,
}

/// Methods of the builder that no setter of a credential or of a variable may be called.
pub(crate) const BUILDER_METHODS: &[&str] = &[
    "allow_insecure_http",
    "attempt_timeout",
    "base_url",
    "build",
    "clone",
    "connect_timeout",
    "credential",
    "credentials",
    "credentials_provider",
    "default",
    "from",
    "header",
    "http",
    "http_client",
    "into",
    "max_concurrent_requests",
    "new",
    "options",
    "response_limit",
    "retry_budget",
    "retry_policy",
    "secret",
    "server",
    "server_url",
    "server_variable",
    "timeout",
    "transport",
    "user_agent_suffix",
    "user_and_password",
    "without_credentials",
];

/// Returns the schemes of the document. A scheme of an unknown kind is a line of the ledger.
pub(super) fn known_schemes(document: &Value, ledger: &mut Ledger) -> Vec<SecurityScheme> {
    let mut taken = Taken::with(BUILDER_METHODS);
    let mut known = Vec::new();
    for scheme in schemes(document) {
        let kind = match scheme.kind {
            SchemeKind::Header(name) if header::is_name(name) && !header::is_framing(name) => {
                SecuritySchemeKind::Header(name.to_owned())
            }
            SchemeKind::Query(name) if !name.is_empty() => {
                SecuritySchemeKind::Query(name.to_owned())
            }
            // The name of a cookie is a token, as that of a header is (RFC 6265 section 4.1.1).
            SchemeKind::Cookie(name) if header::is_name(name) => {
                SecuritySchemeKind::Cookie(name.to_owned())
            }
            SchemeKind::Http(word) if word.eq_ignore_ascii_case("basic") => {
                SecuritySchemeKind::Basic
            }
            SchemeKind::Http(word) if word.eq_ignore_ascii_case("bearer") => {
                SecuritySchemeKind::Bearer
            }
            SchemeKind::Http(word) if header::is_name(word) => {
                SecuritySchemeKind::Authorization(word.to_owned())
            }
            // A flow of either gives a bearer token.
            SchemeKind::OAuth2 | SchemeKind::OpenIdConnect => SecuritySchemeKind::Bearer,
            SchemeKind::MutualTls => SecuritySchemeKind::MutualTls,
            SchemeKind::Unknown(_)
            | SchemeKind::Header(_)
            | SchemeKind::Query(_)
            | SchemeKind::Cookie(_)
            | SchemeKind::Http(_) => {
                let place = join("/components/securitySchemes", scheme.name);
                let detail = match scheme.kind {
                    SchemeKind::Header(name) if header::is_framing(name) => {
                        format!(
                            "the header `{name}` belongs to the HTTP client, not to a credential"
                        )
                    }
                    _ => "the client cannot send a credential of this kind".to_owned(),
                };
                ledger.add(place, RULE, Effect::Dropped, detail);
                continue;
            }
        };
        // An overlay may name the setter as the users of the API know the credential.
        let place = join("/components/securitySchemes", scheme.name);
        let chosen = document.pointer(&join(&place, "x-setter-name"));
        let wanted = snake(chosen.and_then(Value::as_str).unwrap_or(scheme.name));
        let setter = match taken.contains(&wanted) {
            true => taken.unique(&format!("{wanted}_auth")),
            false => taken.unique(&wanted),
        };
        known.push(SecurityScheme {
            name: scheme.name.to_owned(),
            setter,
            kind,
            is_by_hand: document.pointer(&join(&place, "x-setter-by-hand"))
                == Some(&Value::Bool(true)),
            description: scheme.description.to_owned(),
        });
    }
    known
}

const RULE: &str = "security-scheme";

/// Leaves out the alternatives that name an unknown scheme, and returns the requirements of
/// requests to paths that the document lacks: those of the document, or any that an operation has,
/// which are then optional.
///
/// If no alternative is left, all of them stay: without any, the call would be sent anonymously,
/// and with them the client reports the scheme that it cannot send. A scheme that the document does
/// not describe says nothing about a credential, so the call is sent without one.
pub(super) fn resolve(
    document: &Value,
    known: &[SecurityScheme],
    operations: &mut [Operation],
    ledger: &mut Ledger,
) -> Requirements {
    let is_known = |name: &str| known.iter().any(|scheme| scheme.name == name);
    let described = schemes(document);
    let is_described = |name: &str| described.iter().any(|scheme| scheme.name == name);
    let mut reported = BTreeSet::new();
    let mut resolved = |place: &str, alternatives: Requirements, ledger: &mut Ledger| {
        let (kept, unknown): (Requirements, Requirements) = alternatives
            .into_iter()
            .partition(|schemes| schemes.iter().all(|name| is_known(name)));
        let is_open = kept.is_empty()
            && !unknown.is_empty()
            && !unknown.iter().flatten().any(|name| is_described(name));
        for name in unknown.iter().flatten().filter(|name| !is_known(name)) {
            if reported.insert((place.to_owned(), name.clone())) {
                let detail = match kept.is_empty() {
                    true if is_open => {
                        format!("`{name}` is not described: calls are sent without a credential")
                    }
                    true => format!(
                        "the client cannot satisfy `{name}`, nor any other alternative: calls fail"
                    ),
                    false => format!(
                        "the alternative with `{name}` is left out: the client cannot satisfy it"
                    ),
                };
                ledger.add(place, RULE, Effect::Dropped, detail);
            }
        }
        match kept.is_empty() {
            true if is_open => vec![Vec::new()],
            true => unknown,
            false => kept,
        }
    };
    let malformed = "the list of alternatives is malformed: anything but an object is ignored";
    let is_malformed = |security: &Value| !is_well_formed(security);
    if let Some(security) = document.get("security").filter(|it| is_malformed(it)) {
        let detail = match is_list(security) {
            true => malformed,
            false => {
                "the list of alternatives is malformed: a call needs a credential of any scheme"
            }
        };
        ledger.add("/security", RULE, Effect::Dropped, detail);
    }
    for operation in operations.iter_mut() {
        let own = join(&operation.pointer, "security");
        if document.pointer(&own).is_some_and(is_malformed) {
            ledger.add(own.as_str(), RULE, Effect::Dropped, malformed);
        }
        let place = match document.pointer(&own) {
            Some(_) => own.as_str(),
            None => "/security",
        };
        operation.security = resolved(place, std::mem::take(&mut operation.security), ledger);
    }
    let of_document = requirements(document, None);
    if !of_document.is_empty() {
        return resolved("/security", owned(of_document), ledger);
    }
    let mut any: Requirements = Vec::new();
    for alternative in operations.iter().flat_map(|operation| &operation.security) {
        if !any.contains(alternative) {
            any.push(alternative.clone());
        }
    }
    if !any.is_empty() && !any.contains(&Vec::new()) {
        any.push(Vec::new());
    }
    any
}

/// The requirements of an operation as the document states them.
pub(super) fn of_operation(document: &Value, own: Option<&Value>) -> Requirements {
    owned(requirements(document, own))
}

fn owned(requirements: Vec<Vec<&str>>) -> Requirements {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    requirements.into_iter().map(owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scheme_kinds_and_setters() {
        let document = json!({ "components": { "securitySchemes": {
            "type": { "type": "apiKey", "in": "header", "name": "X-Token" },
            "Basic Auth": { "type": "http", "scheme": "Basic" },
            "build": { "type": "http", "scheme": "BEARER" },
            "sid": { "type": "apiKey", "in": "cookie", "name": "sid", "x-setter-name": "session" },
            "appid": { "type": "apiKey", "in": "query", "name": "app id" },
            "dpop": { "type": "http", "scheme": "DPoP" },
            "flow": { "type": "oauth2", "flows": {} },
            "oidc": { "type": "openIdConnect" },
            "cert": { "type": "mutualTLS" },
            "what": { "type": "telepathy" },
            "bad": { "type": "apiKey", "in": "header", "name": "X Token" },
            "host": { "type": "apiKey", "in": "header", "name": "Host" },
        } } });
        let mut ledger = Ledger::default();
        let known = known_schemes(&document, &mut ledger);
        let found = |name: &str| {
            let scheme = known.iter().find(|scheme| scheme.name == name).unwrap();
            (scheme.setter.clone(), scheme.kind.clone())
        };
        use SecuritySchemeKind::*;
        for (name, setter, kind) in [
            ("type", "type_", Header("X-Token".to_owned())),
            ("Basic Auth", "basic_auth", Basic),
            ("build", "build_auth", Bearer),
            ("sid", "session", Cookie("sid".to_owned())),
            ("appid", "appid", Query("app id".to_owned())),
            ("dpop", "dpop", Authorization("DPoP".to_owned())),
            ("flow", "flow", Bearer),
            ("oidc", "oidc", Bearer),
            ("cert", "cert", MutualTls),
        ] {
            assert_eq!(found(name), (setter.to_owned(), kind), "{name}");
        }
        assert_eq!(known.len(), 9);
        assert_eq!(ledger.entries().len(), 3);
    }

    #[test]
    fn undescribed_scheme_asks_for_no_credential() {
        let schemes = json!({ "odd": { "type": "telepathy" } });
        for (security, expected) in [
            (json!([{ "gone": [] }]), vec![vec![]]),
            (json!([{ "odd": [] }]), vec![vec!["odd".to_owned()]]),
        ] {
            let document = json!({
                "security": security,
                "components": { "securitySchemes": schemes },
            });
            let mut ledger = Ledger::default();
            let known = known_schemes(&document, &mut ledger);
            let found = resolve(&document, &known, &mut [], &mut ledger);
            assert_eq!(found, expected, "{security}");
            assert_eq!(ledger.entries().len(), 2);
        }
    }

    #[test]
    fn malformed_security_of_the_document_fails_closed() {
        for security in [
            json!(null),
            json!("Key"),
            json!({"Key": []}),
            json!(["Key"]),
        ] {
            let document = json!({
                "security": security,
                "components": {"securitySchemes": {"Key": {"type": "http", "scheme": "bearer"}}},
            });
            let mut ledger = Ledger::default();
            let known = known_schemes(&document, &mut ledger);
            let found = resolve(&document, &known, &mut [], &mut ledger);
            assert_eq!(found, [["Key"]], "{security}");
            assert_eq!(ledger.entries().len(), 1);
        }
    }
}
