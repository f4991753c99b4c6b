//! Security schemes, and which of them a call requires.

use serde_json::Value;

use super::reference;

/// A security scheme of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scheme<'d> {
    /// The key in `components.securitySchemes`.
    pub name: &'d str,
    /// How the credential is sent.
    pub kind: SchemeKind<'d>,
    /// The description of the scheme, or an empty text.
    pub description: &'d str,
}

/// How the credential of a security scheme is sent (OpenAPI 3.1 section 4.8.27).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind<'d> {
    /// In the header of this name.
    Header(&'d str),
    /// In the query parameter of this name.
    Query(&'d str),
    /// In the cookie of this name.
    Cookie(&'d str),
    /// In `Authorization`, with this scheme as the document spells it, such as `basic` or `bearer`.
    Http(&'d str),
    /// A bearer token of an OAuth 2.0 flow.
    OAuth2,
    /// A bearer token of an OpenID Connect provider.
    OpenIdConnect,
    /// A client certificate.
    MutualTls,
    /// Any other `type`.
    Unknown(&'d str),
}

/// Lists the security schemes of a document, in its order. References are followed.
///
/// ```
/// use neo_client_codegen::openapi::security::{SchemeKind, schemes};
/// use serde_json::json;
///
/// let document = json!({ "components": { "securitySchemes": {
///     "Key": { "type": "apiKey", "in": "header", "name": "X-Token" },
///     "Token": { "type": "http", "scheme": "bearer" },
/// } } });
/// let kinds: Vec<SchemeKind> = schemes(&document).iter().map(|scheme| scheme.kind).collect();
/// assert_eq!(kinds, [SchemeKind::Header("X-Token"), SchemeKind::Http("bearer")]);
/// ```
pub fn schemes(document: &Value) -> Vec<Scheme<'_>> {
    let schemes = document.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object);
    schemes
        .into_iter()
        .flatten()
        .map(|(name, scheme)| {
            let target = reference::resolve(document, scheme).map_or(scheme, |target| target.value);
            let text = |key: &str| target.get(key).and_then(Value::as_str).unwrap_or_default();
            let kind = match (text("type"), text("in")) {
                ("apiKey", "header") => SchemeKind::Header(text("name")),
                ("apiKey", "query") => SchemeKind::Query(text("name")),
                ("apiKey", "cookie") => SchemeKind::Cookie(text("name")),
                ("http", _) => SchemeKind::Http(text("scheme")),
                ("oauth2", _) => SchemeKind::OAuth2,
                ("openIdConnect", _) => SchemeKind::OpenIdConnect,
                ("mutualTLS", _) => SchemeKind::MutualTls,
                (other, _) => SchemeKind::Unknown(other),
            };
            Scheme {
                name,
                kind,
                description: text("description"),
            }
        })
        .collect()
}

/// Returns what a call requires: alternatives, each a set of names of security schemes.
///
/// `own` is the `security` of the operation, which replaces that of the document. No alternative
/// means that no credential is required; an empty set among others means that a call without
/// credentials is allowed too. A malformed `own`, such as `null` or a list without any object, is
/// ignored, and of a list only the objects count. If the `security` of the document itself is
/// malformed, each scheme of the document is an alternative: a call is not sent anonymously by
/// mistake.
///
/// ```
/// use neo_client_codegen::openapi::security::requirements;
/// use serde_json::json;
///
/// let document = json!({ "security": [{ "Key": [] }, { "Id": [], "Secret": [] }] });
/// let operation = json!({ "security": [] });
/// assert_eq!(requirements(&document, None), [vec!["Key"], vec!["Id", "Secret"]]);
/// assert!(requirements(&document, operation.get("security")).is_empty());
/// assert_eq!(requirements(&document, Some(&json!([{}]))), [[""; 0]]);
/// assert_eq!(requirements(&document, Some(&json!(null))).len(), 2);
///
/// let schemes = json!({ "securitySchemes": { "Key": {}, "Token": {} } });
/// let malformed = json!({ "security": "Key", "components": schemes });
/// assert_eq!(requirements(&malformed, None), [["Key"], ["Token"]]);
/// ```
pub fn requirements<'d>(document: &'d Value, own: Option<&'d Value>) -> Vec<Vec<&'d str>> {
    let own = own.filter(|own| is_list(own));
    let security = own.or_else(|| document.get("security"));
    if security.is_some_and(|security| !is_list(security)) {
        let names = schemes(document).into_iter().map(|scheme| scheme.name);
        return names.map(|name| vec![name]).collect();
    }
    let alternatives = security.and_then(Value::as_array).into_iter().flatten();
    alternatives
        .filter_map(Value::as_object)
        .map(|schemes| schemes.keys().map(String::as_str).collect())
        .collect()
}

/// Returns whether a `security` states alternatives, or none by an empty list.
pub(crate) fn is_list(security: &Value) -> bool {
    let alternatives = security.as_array();
    alternatives.is_some_and(|all| all.is_empty() || all.iter().any(Value::is_object))
}

/// Returns whether a `security` is a list of objects only.
pub(crate) fn is_well_formed(security: &Value) -> bool {
    let alternatives = security.as_array();
    alternatives.is_some_and(|all| all.iter().all(Value::is_object))
}
