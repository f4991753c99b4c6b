//! Redirects, which are followed within the origin of the request and without a change of method.
//!
//! An HTTP client that follows redirects would drop only `Authorization` on the way to another
//! origin, no other credential header, and would turn a POST into a GET, whose response says
//! nothing about the POST.

use reqwest::header::LOCATION;
use reqwest::{Method, Request, Response, StatusCode, Url};

use super::exchange;
use crate::call::context::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::text::one_line::showable;

/// The maximum number of redirects that one request follows.
pub(crate) const LIMIT: usize = 5;

/// Sends a request and follows redirects within its origin.
///
/// # Errors
/// Fails if no response arrives, and with the kind `Redirect` if a redirect may not be followed.
pub(super) async fn send(
    client: &Client,
    call: &mut Call,
    mut request: Request,
) -> Result<Response, Error> {
    call.begin_attempt();
    let mut followed = 0;
    loop {
        let (method, asked) = (request.method().clone(), request.url().clone());
        let again = request.try_clone();
        let response = exchange::exchange(client, call, request).await?;
        let status = response.status();
        let refuse = |why: RefusedRedirect| {
            let what = showable(&why.to_string(), &call.secrets());
            call.error(ErrorKind::Redirect, what).status_is(status)
        };
        if response.url().as_str() != asked.as_str() {
            let followed = RefusedRedirect::FollowedByHttpClient(origin_of(response.url()));
            return Err(refuse(followed));
        }
        let Some(target) = target(&method, &response).map_err(refuse)? else {
            return Ok(response);
        };
        if followed == LIMIT {
            return Err(refuse(RefusedRedirect::TooMany));
        }
        followed += 1;
        request = again.ok_or_else(|| refuse(RefusedRedirect::SpentBody))?;
        *request.url_mut() = target;
        // The query of the target may lack the API key, or repeat the key.
        for issued in &call.issued {
            issued.apply_to_query(&mut request);
        }
    }
}

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
    /// An HTTP client of the caller followed a redirect.
    #[error(
        "the HTTP client followed a redirect by itself, to {0}, and may have sent the credential to another origin: \
         build it with `redirect::Policy::none()`, or use `ClientBuilder::http`"
    )]
    FollowedByHttpClient(String),
}
