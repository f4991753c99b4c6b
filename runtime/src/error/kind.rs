//! What can go wrong, by kind, and which statuses may pass.

use reqwest::StatusCode;

/// What kind of failure an [`Error`](crate::Error) is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The client was not built: a setting or an environment variable is missing or wrong.
    Configuration,
    /// There is no credential for an operation that needs one, or the provider gave none, so the request was not sent, or
    /// not again after a 401.
    Credentials,
    /// Nothing was sent: a parameter, the path or the body is not valid.
    InvalidRequest,
    /// Nothing was sent: no connection was made.
    Connect,
    /// Nothing was sent: the server's certificate is not accepted, or the TLS handshake failed in another way that
    /// another attempt would not change.
    Tls,
    /// The connection broke before the reply was complete. The server may have carried the request out.
    Transport,
    /// A time limit passed, of an attempt or of the call; the text says which. The server may have carried the request out.
    Timeout,
    /// The caller gave up waiting for the work that a [`Run`](crate::Run) started. The server goes on with it.
    Cancelled,
    /// The server redirected to another origin, or too often.
    Redirect,
    /// The server replied with a status other than 2xx; see [`Error::api`](crate::Error::api).
    Api,
    /// The reply is larger than the client's limit.
    ResponseTooLarge,
    /// A file of the caller's cannot be read or written.
    File,
    /// The reply is not what the caller's type or the document says.
    Decode,
    /// The server does not go on from page to page as it should: it repeats a cursor or a page, or says that there is more
    /// and not where.
    Pagination,
}

impl ErrorKind {
    /// The value of the attribute `error.type` in traces.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Configuration => "configuration",
            ErrorKind::Credentials => "credentials",
            ErrorKind::InvalidRequest => "invalid_request",
            ErrorKind::Connect => "connect",
            ErrorKind::Tls => "tls",
            ErrorKind::Transport => "transport",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Cancelled => "cancelled",
            ErrorKind::Redirect => "redirect",
            ErrorKind::Api => "api",
            ErrorKind::ResponseTooLarge => "response_too_large",
            ErrorKind::File => "file",
            ErrorKind::Decode => "decode",
            ErrorKind::Pagination => "pagination",
        }
    }
}

/// Statuses that say that the same request may succeed later.
pub(crate) const RETRYABLE: [StatusCode; 5] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];
