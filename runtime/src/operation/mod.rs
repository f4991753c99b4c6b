//! Facts about each operation of an OpenAPI document, as static data.

pub(crate) mod endpoint;
mod pagination;
mod parameter;
mod path_with;
mod server;

use reqwest::Method;

pub(crate) use endpoint::Endpoint;
pub use pagination::{PageStyle, Pagination};
pub use parameter::{Parameter, ParameterLocation, RequestBody, ValueKind};
pub use server::{Server, ServerVariable};

/// Alternatives, each a set of names of security schemes. A call needs credentials for all schemes
/// of one alternative.
///
/// Without alternatives no credential is sent. An empty set among the alternatives makes
/// credentials optional.
pub type Requirements = &'static [&'static [&'static str]];

/// An operation of the OpenAPI document.
///
/// [`Api::operations`](field@crate::Api::operations) lists all operations;
/// [`Error::operation`](crate::Error::operation) returns the one that failed.
///
/// The table is enough for a generic caller, such as a command line or the tool list of an agent.
/// [`path_with`](Operation::path_with) makes the path of a call.
///
/// ```
/// # fn show(operation: &neo_client_runtime::Operation) {
/// println!("{}: {}", operation.name, operation.summary);
/// for parameter in operation.parameters {
///     let mark = if parameter.required { "" } else { "?" };
///     println!("  {}{mark}: {} in {}", parameter.name, parameter.kind, parameter.location);
/// }
/// if let Some(body) = &operation.body {
///     println!("  body: {}", body.media_type);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The `operationId` of the document, such as `get-v1-billing-credits`. Two entries share an id
    /// if one operation can respond with JSON or a stream.
    pub id: &'static str,
    /// The path in Rust, such as `billing.get_credit_balance`.
    pub name: &'static str,
    /// The HTTP method as sent, such as `GET`. [`method`](Operation::method) converts it.
    pub method: &'static str,
    /// The path template, such as `/api/v1/tasks/{id}`.
    pub path: &'static str,
    /// The server of the path or operation, if the document gives one of its own.
    pub server: Option<&'static Server>,
    /// The tag of the document, such as `Billing`.
    pub tag: &'static str,
    /// The summary in the document: one line.
    pub summary: &'static str,
    /// The description in the document, in Markdown; empty if it only repeats the summary.
    pub description: &'static str,
    /// `true` if the document deprecates the operation.
    pub deprecated: bool,
    /// The parameters: those of the path first, in the order of the path.
    pub parameters: &'static [Parameter],
    /// The request body.
    pub body: Option<RequestBody>,
    /// The security requirements. An operation without requirements is sent without credentials.
    pub security: Requirements,
    /// `true` if sending the request twice has the same effect as sending it once (RFC 9110 section
    /// 9.2.2).
    pub idempotent: bool,
    /// The header of the idempotency key that the document declares, in lower case. A request
    /// without a key gets a random one, and can then be retried.
    pub idempotency_key: Option<&'static str>,
    /// `true` if the request or the response contains a property that is marked secret. Errors
    /// never quote such a response. They quote the reason of an error response without the values
    /// of the request.
    pub sensitive: bool,
    /// The kind of a successful response.
    pub response: ResponseKind,
    /// The value of the `Accept` header: the media types of the document that have this kind.
    pub accept: &'static str,
    /// How the list is paged. Such an operation has the methods `pages` and `items`.
    pub pagination: Option<Pagination>,
    /// The data of the event that ends a complete event stream, as declared by `x-end-marker`. A
    /// stream that ends without this event is an error.
    pub end_marker: Option<&'static str>,
}

/// The kind of a successful response of an [`Operation`], by media type.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseKind {
    /// `application/json`.
    Json,
    /// No content.
    Empty,
    /// `text/event-stream`.
    EventStream,
    /// A sequence of JSON values: JSON Lines, NDJSON or JSON text sequences.
    JsonLines,
    /// Any other media type, as bytes.
    Bytes,
    /// Any other `text/*`, as a string.
    Text,
}

impl ResponseKind {
    /// Returns the value of the `Accept` header (RFC 9110 section 12.5.1).
    pub(crate) const fn accept(self) -> &'static str {
        match self {
            ResponseKind::Json => "application/json",
            ResponseKind::EventStream => "text/event-stream",
            ResponseKind::JsonLines => "application/jsonl",
            ResponseKind::Empty | ResponseKind::Bytes | ResponseKind::Text => "*/*",
        }
    }
}

impl Operation {
    /// Returns the HTTP method.
    ///
    /// ```
    /// # use neo_client_runtime::Method;
    /// # fn show(operation: &neo_client_runtime::Operation) {
    /// let is_safe = operation.method() == Method::GET;
    /// # }
    /// ```
    pub fn method(&self) -> Method {
        // Generated code holds valid methods only.
        Method::from_bytes(self.method.as_bytes()).unwrap_or_default()
    }
}

/// Constructors for generated code.
impl Operation {
    /// Returns an operation without credentials, idempotency, secrets or pages, whose response is
    /// empty.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        id: &'static str,
        name: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            id,
            name,
            method,
            path,
            server: None,
            tag: "",
            summary: "",
            description: "",
            deprecated: false,
            parameters: &[],
            body: None,
            security: &[],
            idempotent: false,
            idempotency_key: None,
            sensitive: false,
            response: ResponseKind::Empty,
            accept: ResponseKind::Empty.accept(),
            pagination: None,
            end_marker: None,
        }
    }

    /// Sets [`server`](Operation::server).
    #[doc(hidden)]
    #[must_use]
    pub const fn server(mut self, server: &'static Server) -> Self {
        self.server = Some(server);
        self
    }

    /// Sets [`tag`](Operation::tag).
    #[doc(hidden)]
    #[must_use]
    pub const fn tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// Sets [`summary`](Operation::summary) and [`description`](Operation::description).
    #[doc(hidden)]
    #[must_use]
    pub const fn documentation(mut self, summary: &'static str, description: &'static str) -> Self {
        self.summary = summary;
        self.description = description;
        self
    }

    /// Sets [`deprecated`](Operation::deprecated).
    #[doc(hidden)]
    #[must_use]
    pub const fn deprecated(mut self, deprecated: bool) -> Self {
        self.deprecated = deprecated;
        self
    }

    /// Sets [`parameters`](Operation::parameters).
    #[doc(hidden)]
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets [`body`](Operation::body).
    #[doc(hidden)]
    #[must_use]
    pub const fn body(mut self, body: RequestBody) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets [`security`](Operation::security).
    #[doc(hidden)]
    #[must_use]
    pub const fn security(mut self, requirements: Requirements) -> Self {
        self.security = requirements;
        self
    }

    /// Sets [`idempotent`](Operation::idempotent).
    #[doc(hidden)]
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets [`idempotency_key`](Operation::idempotency_key), in lower case.
    #[doc(hidden)]
    #[must_use]
    pub const fn idempotency_key(mut self, header: &'static str) -> Self {
        self.idempotency_key = Some(header);
        self
    }

    /// Sets [`sensitive`](Operation::sensitive).
    #[doc(hidden)]
    #[must_use]
    pub const fn sensitive(mut self, sensitive: bool) -> Self {
        self.sensitive = sensitive;
        self
    }

    /// Sets [`response`](Operation::response), and [`accept`](Operation::accept) to the value of
    /// the kind.
    #[doc(hidden)]
    #[must_use]
    pub const fn response(mut self, kind: ResponseKind) -> Self {
        self.response = kind;
        self.accept = kind.accept();
        self
    }

    /// Sets [`accept`](Operation::accept).
    #[doc(hidden)]
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = media_types;
        self
    }

    /// Sets [`pagination`](Operation::pagination).
    #[doc(hidden)]
    #[must_use]
    pub const fn pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = Some(pagination);
        self
    }

    /// Sets [`end_marker`](Operation::end_marker).
    #[doc(hidden)]
    #[must_use]
    pub const fn end_marker(mut self, data: &'static str) -> Self {
        self.end_marker = Some(data);
        self
    }
}
