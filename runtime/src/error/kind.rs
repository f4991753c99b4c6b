//! The kinds of errors.

/// The kind of an [`Error`](crate::Error).
///
/// ```
/// # use neo_client_runtime::{Error, ErrorKind};
/// /// Returns the exit code of a program.
/// fn exit_code(error: &Error) -> u8 {
///     match error.kind() {
///         ErrorKind::Configuration | ErrorKind::Credentials => 2,
///         ErrorKind::Cancelled => 130,
///         _ if error.is_retryable() => 75,
///         _ => 1,
///     }
/// }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The client was not built: a setting or an environment variable is missing or invalid. Or the
    /// program lacks what a call needs, such as a tokio runtime; nothing was sent.
    Configuration,
    /// An operation needs a credential and the client has none, or the provider returned none. The
    /// request was not sent, or not sent again after a 401.
    Credentials,
    /// A parameter, the path or the body is invalid. Nothing was sent.
    InvalidRequest,
    /// No connection was made. Nothing was sent.
    Connect,
    /// The server's certificate was rejected, or the TLS handshake failed in another way that a
    /// retry would not change. Nothing was sent.
    Tls,
    /// The proxy refused to connect to the server, for example because it asks for a user and a
    /// password (407). Nothing was sent.
    Proxy,
    /// The connection broke before the response was complete. Unless the text says otherwise, the
    /// server may have carried out the request.
    Transport,
    /// A timeout of the attempt or of the call passed; the text says which one. The server may have
    /// carried out the request.
    Timeout,
    /// The caller stopped waiting for work, which the server continues.
    Cancelled,
    /// The work that the caller waited for ended without success; see
    /// [`Error::run_id`](crate::Error::run_id).
    WorkFailed,
    /// The server redirected to another origin, or too often.
    Redirect,
    /// The server responded with an error: a status other than 2xx, an error in place of the value
    /// of a 2xx response, or an event that reports an error. See [`Error::api`](crate::Error::api).
    Api,
    /// The response is larger than the client's limit.
    ResponseTooLarge,
    /// A file of the caller cannot be read or written.
    File,
    /// The response does not fit the requested type or the OpenAPI document.
    Decode,
    /// The server does not page as declared: it repeats a cursor or a page, or says that more items
    /// follow but not where.
    Pagination,
}

impl ErrorKind {
    /// Returns the value of the attribute `error.type` in traces.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Configuration => "configuration",
            ErrorKind::Credentials => "credentials",
            ErrorKind::InvalidRequest => "invalid_request",
            ErrorKind::Connect => "connect",
            ErrorKind::Tls => "tls",
            ErrorKind::Proxy => "proxy",
            ErrorKind::Transport => "transport",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Cancelled => "cancelled",
            ErrorKind::WorkFailed => "work_failed",
            ErrorKind::Redirect => "redirect",
            ErrorKind::Api => "api",
            ErrorKind::ResponseTooLarge => "response_too_large",
            ErrorKind::File => "file",
            ErrorKind::Decode => "decode",
            ErrorKind::Pagination => "pagination",
        }
    }
}

/// The company of a request on which the server did not act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unprocessed {
    /// No other request of the client was in flight, and none had a response in the meantime: the
    /// server may be unable to respond at all.
    Alone,
    /// The server deals with other requests of the client.
    AmongOthers,
}
