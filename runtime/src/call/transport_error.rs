//! Translates errors of the HTTP library: what happened, and whether anything was sent.

use std::error::Error as StdError;
use std::io;

use crate::call::context::Call;
use crate::client::Settings;
use crate::error::{Error, ErrorKind};

/// Returns the error of a request without a response.
pub(crate) fn before_response(call: &Call, settings: &Settings, error: reqwest::Error) -> Error {
    if !error.is_connect() {
        return broken(call, error);
    }
    let (host, port) = (settings.base.host(), settings.base.port());
    // The operating system has a limit of its own, which it reports with an error code.
    let os_error = find::<io::Error>(&error).and_then(io::Error::raw_os_error);
    let is_connect_timeout = error.is_timeout() && os_error.is_none();
    let (kind, what) = if is_connect_timeout {
        let limit = settings.connect_timeout.map(|limit| {
            let limit = limit.as_secs_f64();
            format!("within {limit} s, the connect timeout")
        });
        let limit = limit.unwrap_or("within the connect timeout of the HTTP client".to_owned());
        let what = format!("no connection to `{host}` on port {port} {limit}");
        (ErrorKind::Connect, what)
    } else if error.is_dns() {
        (
            ErrorKind::Connect,
            format!("the host `{host}` was not found"),
        )
    } else if let Some(what) = tls_problem(&error) {
        (ErrorKind::Tls, format!("{what} (host `{host}`)"))
    } else {
        let what = format!("no connection to `{host}` on port {port}");
        (ErrorKind::Connect, what)
    };
    call.error(kind, what).caused_by(error.without_url())
}

/// Returns the error of a connection that broke, or sent invalid HTTP, before the response was
/// complete.
pub(crate) fn broken(call: &Call, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let io = find::<io::Error>(&error).map(io::Error::kind);
    let hyper = find::<hyper::Error>(&error);
    let (kind, what) = if error.is_timeout() {
        (ErrorKind::Timeout, "the HTTP client's timeout passed")
    } else if hyper.is_some_and(hyper::Error::is_parse)
        || matches!(
            io,
            Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
        )
    {
        (ErrorKind::Transport, "the response is not valid HTTP")
    } else if hyper.is_some_and(hyper::Error::is_incomplete_message) {
        (
            ErrorKind::Transport,
            "the server closed the connection before the response was complete",
        )
    } else if io == Some(io::ErrorKind::ConnectionReset) {
        (
            ErrorKind::Transport,
            "the connection was reset before the response was complete",
        )
    } else {
        (
            ErrorKind::Transport,
            "the connection broke before the response was complete",
        )
    };
    call.error(kind, what).caused_by(error)
}

/// Returns the TLS failure, if the handshake failed in a way that a retry would not change; `None`
/// for a connection that broke during the handshake.
#[cfg(feature = "rustls")]
fn tls_problem(error: &reqwest::Error) -> Option<String> {
    let problem = match find::<rustls::Error>(error)? {
        rustls::Error::InvalidCertificate(problem) => {
            return Some(format!(
                "the server's certificate is not accepted: {problem}"
            ));
        }
        problem => problem,
    };
    Some(format!("the TLS handshake failed: {problem}"))
}

/// Without rustls, the caller provides the TLS library, whose error types are unknown.
#[cfg(not(feature = "rustls"))]
fn tls_problem(_: &reqwest::Error) -> Option<String> {
    None
}

/// Returns the innermost `T` among the causes of `error`.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut found = None;
    let mut next = Some(error);
    while let Some(error) = next {
        found = error.downcast_ref::<T>().or(found);
        // The inner error of an I/O error is not its source; the I/O error exposes the inner
        // error's source as its own.
        let carried = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match carried {
            Some(carried) => Some(carried),
            None => error.source(),
        };
    }
    found
}
