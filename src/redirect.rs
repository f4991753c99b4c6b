//! Redirects: only within the origin that was asked, because only `Authorization` is dropped on the way to another one.

use reqwest::Url;
use reqwest::redirect::Policy;

/// The most redirects that one request follows.
const LIMIT: usize = 5;

/// The redirect policy of this crate's own HTTP client: at most 5 redirects, all within the origin of the first URL.
///
/// **Put it on the client you give to [`http_client`](crate::ClientBuilder::http_client).** reqwest's default policy
/// follows redirects to any host and removes only `Authorization` on the way, so an API key in `X-Api-Key` would reach
/// whoever the server, or someone on the way, points at.
///
/// ```
/// let http = neo_client::reqwest::Client::builder()
///     .redirect(neo_client::redirect_policy())
///     .referer(false)
///     .build()?;
/// let neo = neo_client::Client::builder().http_client(http).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn redirect_policy() -> Policy {
    Policy::custom(|attempt| {
        let origin = attempt.previous().first().map(Url::origin);
        if origin != Some(attempt.url().origin()) {
            let target = origin_of(attempt.url());
            attempt.error(RefusedRedirect::OtherOrigin(target))
        } else if attempt.previous().len() > LIMIT {
            attempt.error(RefusedRedirect::TooMany)
        } else {
            attempt.follow()
        }
    })
}

/// The origin of a URL as text: no path, query or user info, which may hold secrets.
pub(crate) fn origin_of(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    format!("{}://{host}{}", url.scheme(), port.unwrap_or_default())
}

/// Why a redirect was not followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RefusedRedirect {
    #[error(
        "the server redirects to another origin, {0}, and credentials stay with the origin of the base URL"
    )]
    OtherOrigin(String),
    #[error("the server redirects more than {LIMIT} times")]
    TooMany,
}
