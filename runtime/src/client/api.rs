//! The description of one API, as static data.

use crate::error::ErrorBody;
use crate::operation::Operation;

/// The description of one API, which generated code passes to the runtime.
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
    /// The beginning of the `User-Agent` header, such as `name/1.2.3`.
    pub user_agent: &'static str,
    /// Every operation that the client can call.
    pub operations: &'static [Operation],
    /// The shape of error responses.
    pub error_body: ErrorBody,
}

/// Constructors for generated code.
impl Api {
    /// Returns an API without operations.
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str, version: &'static str) -> Self {
        Self {
            name,
            title,
            version,
            default_server: None,
            user_agent: concat!("neo-client-runtime/", env!("CARGO_PKG_VERSION")),
            operations: &[],
            error_body: ErrorBody::new(),
        }
    }

    /// Sets [`default_server`](Api::default_server).
    #[must_use]
    pub const fn default_server(mut self, url: &'static str) -> Self {
        self.default_server = Some(url);
        self
    }

    /// Sets [`user_agent`](Api::user_agent).
    #[must_use]
    pub const fn user_agent(mut self, name_and_version: &'static str) -> Self {
        self.user_agent = name_and_version;
        self
    }

    /// Sets [`operations`](Api::operations).
    #[must_use]
    pub const fn operations(mut self, operations: &'static [Operation]) -> Self {
        self.operations = operations;
        self
    }

    /// Sets [`error_body`](Api::error_body).
    #[must_use]
    pub const fn error_body(mut self, shape: ErrorBody) -> Self {
        self.error_body = shape;
        self
    }
}
