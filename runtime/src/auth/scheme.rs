//! Security schemes: where the credentials of an API are sent, as static data.

/// A security scheme of an OpenAPI document.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityScheme {
    /// The key in `components.securitySchemes`.
    pub name: &'static str,
    /// The setter of the generated client's builder.
    pub setter: &'static str,
    /// The place of the credential in a request.
    pub kind: SecuritySchemeKind,
}

impl SecurityScheme {
    /// Returns a scheme. For generated code.
    #[must_use]
    pub const fn new(name: &'static str, setter: &'static str, kind: SecuritySchemeKind) -> Self {
        Self { name, setter, kind }
    }
}

/// The place of the credential of a [`SecurityScheme`] in a request.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecuritySchemeKind {
    /// In the header of this name.
    Header(&'static str),
    /// In the query parameter of this name.
    Query(&'static str),
    /// In the cookie of this name.
    Cookie(&'static str),
    /// As `Authorization: Basic`, a user name and a password.
    Basic,
    /// As `Authorization: Bearer`, a token.
    Bearer,
    /// In `Authorization`, after the name of this HTTP authentication scheme.
    Authorization(&'static str),
    /// As a client certificate, which the caller's HTTP client brings. Nothing else is sent.
    MutualTls,
}

impl SecuritySchemeKind {
    /// The header that carries the credential, if it is one of the scheme's own.
    pub(crate) fn header(self) -> Option<&'static str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Basic | Self::Bearer | Self::Authorization(_) => Some("authorization"),
            Self::Query(_) | Self::Cookie(_) | Self::MutualTls => None,
        }
    }
}

/// The headers that frame a message, or hold all cookies. No credential, and no header of the
/// caller, takes their place.
const FRAMING: [&str; 11] = [
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns whether a header frames the message, or holds all cookies.
pub(crate) fn is_framing(header: &str) -> bool {
    FRAMING.iter().any(|it| it.eq_ignore_ascii_case(header))
}
