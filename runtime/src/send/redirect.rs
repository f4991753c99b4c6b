//! Redirects, which are followed within the origin of the request and without a change of method.
//!
//! An HTTP client that follows redirects would drop only `Authorization` on the way to another
//! origin, no other credential header, and would turn a POST into a GET, whose response says
//! nothing about the POST.

use std::fmt;

use futures_core::future::BoxFuture;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, Request, Response, StatusCode, Url};

use super::exchange;
use super::template::Template;
use crate::call::context::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::text::one_line::showable;

/// The maximum number of redirects that one request follows.
pub(crate) const LIMIT: usize = 5;

/// The host in the URL of a `reqwest::Response` that was made without one.
const NO_URL: &str = "no.url.provided.local";

/// Sends a request and follows redirects within its origin.
///
/// `request` is a copy of `template`.
///
/// The future is boxed, so that the futures of calls stay small and are cheap to move. Its type is
/// the same for all responses, so the compiler proves once that it is `Send`.
///
/// # Errors
/// Fails if no response arrives, and with the kind `Redirect` if a redirect may not be followed.
pub(super) fn send<'a>(
    client: &'a Client,
    call: &'a mut Call,
    template: &'a mut Template,
    request: Request,
) -> BoxFuture<'a, Result<Response, Error>> {
    Box::pin(send_unboxed(client, call, template, request))
}

async fn send_unboxed(
    client: &Client,
    call: &mut Call,
    template: &mut Template,
    mut request: Request,
) -> Result<Response, Error> {
    call.begin_attempt();
    let settings = client.settings();
    let mut followed = 0;
    loop {
        let method = request.method().clone();
        // The HTTP client of this crate responds with the URL of the request.
        let is_guarded = settings.transport.is_none() && !settings.http.is_of_caller();
        let asked = (!is_guarded).then(|| request.url().clone());
        let response = exchange::exchange(client, call, request).await?;
        let status = response.status();
        let refuse = |why: RefusedRedirect| {
            let what = showable(&why.to_string(), &call.secrets());
            let error = call.error(ErrorKind::Redirect, what).status_is(status);
            match why.remedy() {
                Some(remedy) => error.advised(remedy),
                None => error.explained(),
            }
        };
        let asked = match &asked {
            None => response.url(),
            Some(asked) if is_elsewhere(response.url(), asked, settings.transport.is_some()) => {
                let followed = RefusedRedirect::FollowedByHttpClient(origin_of(response.url()));
                return Err(refuse(followed));
            }
            Some(asked) => asked,
        };
        let target = target(&method, asked, status, response.headers()).map_err(refuse)?;
        let Some(target) = target else {
            return Ok(response);
        };
        if followed == LIMIT {
            return Err(refuse(RefusedRedirect::TooMany));
        }
        if !template.can_resend() {
            return Err(refuse(RefusedRedirect::SpentBody));
        }
        followed += 1;
        request = template.copy(client, call, Some(target))?;
    }
}

/// Returns whether a response is one of another request. A transport of the caller may change the
/// path and the query, such as to sign a request, and its responses may have no URL.
fn is_elsewhere(responded: &Url, asked: &Url, is_of_transport: bool) -> bool {
    match is_of_transport {
        true => responded.host_str() != Some(NO_URL) && responded.origin() != asked.origin(),
        false => responded.as_str() != asked.as_str(),
    }
}

/// Returns the target of a redirect; `None` if the response is not a redirect or names no target.
///
/// After 301, 302 and 303, methods other than GET and HEAD would become a GET (RFC 9110 section
/// 15.4). Such redirects are rejected.
pub(crate) fn target(
    method: &Method,
    asked: &Url,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Url>, RefusedRedirect> {
    let keeps_method = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            matches!(*method, Method::GET | Method::HEAD)
        }
        _ => return Ok(None),
    };
    let location = headers
        .get(LOCATION)
        .and_then(|location| std::str::from_utf8(location.as_bytes()).ok())
        .and_then(|location| asked.join(location).ok());
    let Some(mut target) = location else {
        return Ok(None);
    };
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
#[derive(Debug)]
pub(crate) enum RefusedRedirect {
    OtherOrigin(String),
    ChangesMethod(StatusCode, Method),
    SpentBody,
    TooMany,
    /// An HTTP client of the caller followed a redirect.
    FollowedByHttpClient(String),
}

impl fmt::Display for RefusedRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherOrigin(origin) => write!(
                f,
                "the server redirects to another origin, {origin}, and credentials stay with the \
                 origin of the base URL"
            ),
            Self::ChangesMethod(status, method) => write!(
                f,
                "the server redirects with {status}, which would turn the {method} into a GET"
            ),
            Self::SpentBody => {
                f.write_str("the server redirects a request whose body cannot be sent again")
            }
            Self::TooMany => write!(f, "the server redirects more than {LIMIT} times"),
            Self::FollowedByHttpClient(url) => write!(
                f,
                "the HTTP client followed a redirect by itself, to {url}, and may have sent the \
                 credential to another origin: build it with `redirect::Policy::none()`, or use \
                 `ClientBuilder::http`"
            ),
        }
    }
}

impl std::error::Error for RefusedRedirect {}

impl RefusedRedirect {
    /// Returns what to do next; `None` if the text says so.
    fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::OtherOrigin(_) => Some("if the API moved there, set `base_url` to it"),
            Self::ChangesMethod(..) | Self::TooMany => Some("check the base URL"),
            Self::SpentBody => Some("send the body from memory, or to the target"),
            Self::FollowedByHttpClient(_) => None,
        }
    }
}
