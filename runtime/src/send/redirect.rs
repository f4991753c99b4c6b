//! Redirects, which are followed within the origin of the request and without a change of method.
//!
//! An HTTP client that follows redirects would drop only `Authorization` on the way to another
//! origin, no other credential header, and would turn a POST into a GET, whose response says
//! nothing about the POST.

use reqwest::header::LOCATION;
use reqwest::{Method, Response, StatusCode, Url};

/// The maximum number of redirects that one request follows.
pub(crate) const LIMIT: usize = 5;

/// Returns the target of a redirect; `None` if the response is not a redirect or names no target.
///
/// After 301, 302 and 303, methods other than GET and HEAD would become a GET (RFC 9110 section
/// 15.4). Such redirects are rejected.
pub(crate) fn target(method: &Method, response: &Response) -> Result<Option<Url>, RefusedRedirect> {
    let status = response.status();
    let keeps_method = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            matches!(*method, Method::GET | Method::HEAD)
        }
        _ => return Ok(None),
    };
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|location| std::str::from_utf8(location.as_bytes()).ok())
        .and_then(|location| response.url().join(location).ok());
    let Some(mut target) = location else {
        return Ok(None);
    };
    let asked = response.url();
    // A `blob:` URL contains the origin of another URL.
    if target.origin() != asked.origin() || target.scheme() != asked.scheme() {
        return Err(RefusedRedirect::OtherOrigin(origin_of(&target)));
    }
    // User info would become part of the authority of an HTTP/2 request, which RFC 9113 section
    // 8.3.1 forbids.
    if target.set_username("").is_err() || target.set_password(None).is_err() {
        return Ok(None);
    }
    if !keeps_method {
        return Err(RefusedRedirect::ChangesMethod(status, method.clone()));
    }
    Ok(Some(target))
}

/// Returns the origin of a URL as text, without path, query and user info, which may hold secrets.
pub(crate) fn origin_of(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    format!("{}://{host}{}", url.scheme(), port.unwrap_or_default())
}

/// The reason why a redirect was not followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RefusedRedirect {
    #[error(
        "the server redirects to another origin, {0}, and credentials stay with the origin of the base URL"
    )]
    OtherOrigin(String),
    #[error("the server redirects with {0}, which would turn the {1} into a GET")]
    ChangesMethod(StatusCode, Method),
    #[error("the server redirects a request whose body cannot be sent again")]
    SpentBody,
    #[error("the server redirects more than {LIMIT} times")]
    TooMany,
}
