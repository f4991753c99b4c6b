//! Translates errors of the HTTP library: what happened, and whether the server may have acted.

use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use reqwest::StatusCode;

use crate::call::context::Call;
use crate::client::Client;
use crate::error::{BoxError, Error, ErrorKind, Unprocessed};
use crate::text::one_line::showable;

/// The error of a connection through a proxy, which hyper-util does not name.
type TunnelError = <Tunnel<HttpConnector> as tower_service::Service<hyper::Uri>>::Error;

/// How much of a request was sent before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Not the end of the request: the server cannot have acted on it.
    Nothing,
    /// All of a request with an empty body over HTTP/1, and not the end of the request over HTTP/2.
    Head,
    /// The beginning of the body.
    Part,
    All,
    /// The caller's stream of the body failed.
    BodyFailed,
}

/// How a request failed, besides its error.
pub(crate) struct Circumstances {
    pub(crate) sent: Sent,
    pub(crate) company: Unprocessed,
    /// The status with which the proxy refused to connect, if it is known.
    pub(crate) proxy_status: Option<StatusCode>,
}

/// Returns whether a proxy refused to connect, with a status that the HTTP library dropped.
pub(crate) fn is_refused_tunnel(error: &reqwest::Error) -> bool {
    matches!(find(error), Some(TunnelError::TunnelUnsuccessful))
}

/// Returns the error of a request without a response.
pub(crate) fn before_response(
    call: &Call,
    client: &Client,
    error: reqwest::Error,
    circumstances: &Circumstances,
) -> Error {
    let Circumstances { sent, company, .. } = *circumstances;
    if error.is_connect() {
        return not_connected(call, client, error, circumstances.proxy_status);
    }
    if let Some(what) = refused_certificate(&error) {
        let host = client.settings().base.host();
        return call
            .error(ErrorKind::Tls, format!("{what} (host `{host}`)"))
            .caused_by(error.without_url())
            .advised("set a client certificate with `ClientBuilder::http`");
    }
    if sent == Sent::BodyFailed {
        // The error of the caller's stream, without the layers above it.
        let cause = innermost(&error).to_string();
        let what = "the request body could not be read";
        return call
            .error(ErrorKind::File, what)
            .caused_by(cause)
            .advised("check the stream or the file that the body comes from");
    }
    if let Some(what) = unprocessed(client, &error, sent) {
        let error = call
            .error(ErrorKind::Transport, what)
            .caused_by(error.without_url());
        return error.was_unprocessed(company);
    }
    if sent == Sent::Part && !error.is_timeout() {
        let what = "the server closed the connection while the request body was sent, which may be too large for it";
        return call
            .error(ErrorKind::Transport, what)
            .caused_by(error.without_url());
    }
    broken(call, error)
}

/// Returns the error of a request for which no connection was made.
fn not_connected(
    call: &Call,
    client: &Client,
    error: reqwest::Error,
    proxy_status: Option<StatusCode>,
) -> Error {
    let settings = client.settings();
    let (host, port) = (settings.base.host(), settings.base.port());
    // The operating system has a limit of its own, which it reports with an error code.
    let os_error = find::<io::Error>(&error).and_then(io::Error::raw_os_error);
    let is_connect_timeout = error.is_timeout() && os_error.is_none();
    let tunnel = find::<TunnelError>(&error);
    let (kind, what) = if let Some(what) = proxy_of_other_kind(client) {
        (ErrorKind::Proxy, what)
    } else if is_connect_timeout {
        let limit = settings.http.connect_timeout().map(|limit| {
            let limit = limit.as_secs_f64();
            format!("within {limit} s, the connect timeout")
        });
        let limit = limit.unwrap_or("within the connect timeout of the HTTP client".to_owned());
        let what = match proxy(client) {
            Some(proxy) => {
                format!("no connection to `{host}` on port {port} through {proxy} {limit}")
            }
            None => format!("no connection to `{host}` on port {port} {limit}"),
        };
        (ErrorKind::Connect, what)
    } else if let Some(tunnel) = tunnel {
        let proxy = proxy(client).unwrap_or("the proxy".to_owned());
        match tls_problem(&error) {
            Some(what) => (ErrorKind::Tls, format!("{proxy}: {what}")),
            None => through_proxy(tunnel, &proxy, host, proxy_status),
        }
    } else if let Some(proxy) = proxy(client).filter(|_| !settings.base.is_https()) {
        // A request over plain http goes to the proxy itself.
        (ErrorKind::Connect, format!("no connection to {proxy}"))
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

/// Returns the kind and the text of an error of a proxy.
fn through_proxy(
    error: &TunnelError,
    proxy: &str,
    host: &str,
    status: Option<StatusCode>,
) -> (ErrorKind, String) {
    match (error, status) {
        (TunnelError::TunnelUnsuccessful, Some(status)) if status.is_server_error() => (
            ErrorKind::Connect,
            format!("{proxy} responded {status} when asked to connect to `{host}`"),
        ),
        (TunnelError::TunnelUnsuccessful, Some(status)) => (
            ErrorKind::Proxy,
            format!(
                "{proxy} responded {status} when asked to connect to `{host}`: \
                 ask whoever runs it to permit the host"
            ),
        ),
        (error, _) => without_status(error, proxy, host),
    }
}

fn without_status(error: &TunnelError, proxy: &str, host: &str) -> (ErrorKind, String) {
    match error {
        TunnelError::ProxyAuthRequired => (
            ErrorKind::Proxy,
            format!(
                "{proxy} responded 407 Proxy Authentication Required: \
                 give it a user and a password, as in `http://user:password@proxy:3128`"
            ),
        ),
        TunnelError::ConnectFailed(_) => (ErrorKind::Connect, format!("no connection to {proxy}")),
        TunnelError::Io(_) | TunnelError::TunnelUnexpectedEof => (
            ErrorKind::Connect,
            format!("{proxy} closed the connection before it was connected to `{host}`"),
        ),
        TunnelError::TunnelUnsuccessful
        | TunnelError::ProxyHeadersTooLong
        | TunnelError::MissingHost => (
            ErrorKind::Proxy,
            format!(
                "{proxy} refused to connect to `{host}`: ask whoever runs it to permit the host"
            ),
        ),
    }
}

/// Returns the reason why the proxy cannot be used at all, such as a SOCKS proxy.
fn proxy_of_other_kind(client: &Client) -> Option<String> {
    let settings = client.settings();
    let proxy = settings.http.proxy(&settings.base)?;
    let scheme = proxy.uri.scheme_str()?;
    if ["http", "https"].contains(&scheme) {
        return None;
    }
    let name = proxy.name()?;
    Some(format!(
        "{name} is of the kind `{scheme}`, which this client does not speak: use an HTTP proxy, or give \
         `http_client` a client that speaks it"
    ))
}

/// Names the proxy for the base URL, if it is known.
fn proxy(client: &Client) -> Option<String> {
    let settings = client.settings();
    settings.http.proxy(&settings.base)?.name()
}

/// Returns why the server did not act on a request; `None` if it may have.
fn unprocessed(client: &Client, error: &reqwest::Error, sent: Sent) -> Option<&'static str> {
    const ENDED: &str = "the server closed the connection before it processed the request";
    if let Some(h2) = find::<h2::Error>(error)
        && h2.is_remote()
    {
        // RFC 9113 section 8.7.
        if h2.is_reset() && h2.reason() == Some(h2::Reason::REFUSED_STREAM) {
            return Some("the server refused the request before it processed it");
        }
        // RFC 9113 section 6.8: only streams after the last one that the server names, and streams
        // that were not opened, end with the GOAWAY frame of the server.
        if h2.is_go_away() {
            return Some(ENDED);
        }
    }
    let hyper = find::<hyper::Error>(error)?;
    let is_unsent = match sent {
        Sent::Nothing => true,
        // A request that waits for its turn on an HTTP/2 connection is dropped when the connection
        // ends ("dispatch task is gone").
        Sent::Head if client.settings().http.has_http2() && hyper.is_user() => true,
        // hyper hands the request back.
        _ => hyper.is_canceled(),
    };
    is_unsent.then_some(ENDED)
}

/// Returns the error of a transport of the caller that is no error of the HTTP library.
pub(crate) fn of_transport(call: &Call, error: BoxError) -> Error {
    let error: &(dyn StdError + 'static) = &*error;
    let is_connect = find::<reqwest::Error>(error).is_some_and(reqwest::Error::is_connect);
    let kind = match is_connect {
        true => ErrorKind::Connect,
        false => ErrorKind::Transport,
    };
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        // The HTTP library tells the URL, which may hold a credential.
        if !cause.is::<reqwest::Error>() {
            causes.push(cause.to_string());
        }
        next = cause.source();
    }
    let causes = showable(&causes.join(": "), &call.secrets());
    let what = "the transport gave no response";
    let error = call.error(kind, what);
    let error = error.advised("check the service that `ClientBuilder::transport` set");
    match causes.is_empty() {
        true => error,
        false => error.caused_by(causes),
    }
}

/// Returns the error of a connection that broke, or sent invalid HTTP, before the response was
/// complete.
pub(crate) fn broken(call: &Call, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let io = find::<io::Error>(&error).map(io::Error::kind);
    let hyper = find::<hyper::Error>(&error);
    let (kind, what) = if error.is_timeout() {
        (
            ErrorKind::Timeout,
            "the timeout of the caller's HTTP client passed",
        )
    } else if hyper.is_some_and(is_head_too_large) {
        (
            ErrorKind::Transport,
            "the head of the response is too large, or has more than 100 headers",
        )
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

/// Returns whether the head of a response exceeds the limits of hyper. The predicate of hyper needs
/// its feature `server`.
fn is_head_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string().contains("head is too large")
}

/// Returns the TLS failure, if the handshake failed in a way that a retry would not change; `None`
/// for a connection that broke during the handshake.
#[cfg(feature = "rustls-no-provider")]
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

/// Returns the alert of a server that does not accept the certificate of the client, or its
/// absence. With TLS 1.3, the alert comes after the handshake of the client.
#[cfg(feature = "rustls-no-provider")]
fn refused_certificate(error: &reqwest::Error) -> Option<String> {
    use rustls::AlertDescription as Alert;

    let rustls::Error::AlertReceived(alert) = find::<rustls::Error>(error)? else {
        return None;
    };
    let is_refusal = matches!(
        alert,
        Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
    );
    is_refusal.then(|| format!("the server does not accept the client's certificate: {alert:?}"))
}

/// Without rustls, alerts are unknown.
#[cfg(not(feature = "rustls-no-provider"))]
fn refused_certificate(_: &reqwest::Error) -> Option<String> {
    None
}

/// Without rustls, the caller provides the TLS library, whose error types are unknown.
#[cfg(not(feature = "rustls-no-provider"))]
fn tls_problem(_: &reqwest::Error) -> Option<String> {
    None
}

/// Returns the last of the causes of `error`.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last
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
