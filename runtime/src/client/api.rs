//! The description of one API, as static data.

use crate::auth::SecurityScheme;
use crate::error::ErrorBody;
use crate::operation::{Operation, Requirements, Server};

/// The description of one API, which generated code passes to the runtime.
///
/// ```
/// # use neo_client_runtime::Api;
/// # fn show(api: &'static Api) {
/// println!("{} {}: {} operations", api.title, api.version, api.operations.len());
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Api {
    /// The name of the generated crate.
    pub name: &'static str,
    /// The title of the document.
    pub title: &'static str,
    /// The version of the document.
    pub version: &'static str,
    /// The first server of the document, if its URL is absolute.
    pub default_server: Option<&'static str>,
    /// The servers of the document, the preferred first.
    pub servers: &'static [&'static Server],
    /// The beginning of the `User-Agent` header, such as `name/1.2.3`.
    pub user_agent: &'static str,
    /// Every operation that the client can call.
    pub operations: &'static [Operation],
    /// The security schemes of the document.
    pub security_schemes: &'static [SecurityScheme],
    /// The credentials for requests to paths that the document lacks.
    pub security: Requirements,
    /// The first remedy that an error about a missing credential names, such as environment
    /// variables.
    pub credential_hint: &'static str,
    /// The shape of error responses.
    pub error_body: ErrorBody,
}

/// Constructors for generated code.
impl Api {
    /// Returns an API without operations.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str, version: &'static str) -> Self {
        Self {
            name,
            title,
            version,
            default_server: None,
            servers: &[],
            user_agent: concat!("neo-client-runtime/", env!("CARGO_PKG_VERSION")),
            operations: &[],
            security_schemes: &[],
            security: &[],
            credential_hint: "",
            error_body: ErrorBody::new(),
        }
    }

    /// Sets [`default_server`](Api::default_server).
    #[doc(hidden)]
    #[must_use]
    pub const fn default_server(mut self, url: &'static str) -> Self {
        self.default_server = Some(url);
        self
    }

    /// Sets [`servers`](Api::servers).
    #[doc(hidden)]
    #[must_use]
    pub const fn servers(mut self, servers: &'static [&'static Server]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets [`user_agent`](Api::user_agent).
    #[doc(hidden)]
    #[must_use]
    pub const fn user_agent(mut self, name_and_version: &'static str) -> Self {
        self.user_agent = name_and_version;
        self
    }

    /// Sets [`operations`](Api::operations).
    #[doc(hidden)]
    #[must_use]
    pub const fn operations(mut self, operations: &'static [Operation]) -> Self {
        self.operations = operations;
        self
    }

    /// Sets [`security_schemes`](Api::security_schemes).
    #[doc(hidden)]
    #[must_use]
    pub const fn security_schemes(mut self, schemes: &'static [SecurityScheme]) -> Self {
        self.security_schemes = schemes;
        self
    }

    /// Sets [`security`](Api::security).
    #[doc(hidden)]
    #[must_use]
    pub const fn security(mut self, requirements: Requirements) -> Self {
        self.security = requirements;
        self
    }

    /// Sets [`credential_hint`](Api::credential_hint), which ends with `, or `.
    #[doc(hidden)]
    #[must_use]
    pub const fn credential_hint(mut self, hint: &'static str) -> Self {
        self.credential_hint = hint;
        self
    }

    pub(crate) fn security_scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.security_schemes
            .iter()
            .find(|scheme| scheme.name == name)
    }

    /// Sets [`error_body`](Api::error_body).
    #[doc(hidden)]
    #[must_use]
    pub const fn error_body(mut self, shape: ErrorBody) -> Self {
        self.error_body = shape;
        self
    }
}
