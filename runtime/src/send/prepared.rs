//! A dry run: the request of a call as it would be sent, without credentials.

use std::fmt;

use reqwest::header::HeaderMap;
use reqwest::{Body, Method, Request, Url};

use super::CallRunner;
use super::template::Template;
use crate::call::context::Call;
use crate::client::extras::is_secret_name;
use crate::error::Error;
use crate::operation::Endpoint;
use crate::text::one_line::{EXCERPT_CHARS, one_line};

/// The request of a call as it would be sent, without credentials, which each attempt adds. A
/// generated request returns it by `to_request`, and [`RawRequest::to_request`] does.
///
/// `Debug` shows no value of a header or a query parameter whose name looks like a secret, and no
/// value at all if the OpenAPI document marks a part of the request or response as secret.
///
/// ```
/// # use neo_client_runtime::{Api, Client, Method};
/// # static API: Api = Api::new("pets", "Pets", "1").default_server("https://pets.example");
/// # let client = Client::builder(&API).build()?;
/// let request = client.request(Method::GET, "/v1/pets").query(&[("limit", 5)]);
/// let request = request.to_request()?;
/// assert_eq!(request.url().as_str(), "https://pets.example/v1/pets?limit=5");
/// # Ok::<(), neo_client_runtime::Error>(())
/// ```
///
/// [`RawRequest::to_request`]: crate::RawRequest::to_request
pub struct PreparedRequest {
    endpoint: Endpoint,
    request: Request,
}

impl PreparedRequest {
    /// Returns the method.
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// Returns the URL with its query.
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// Returns the headers. Headers that the HTTP library adds, such as `Host`, are missing.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns the body; `None` if there is none, or if it is a stream.
    pub fn body(&self) -> Option<&[u8]> {
        self.request.body().and_then(Body::as_bytes)
    }

    /// Returns the request, to be sent by another HTTP client.
    pub fn into_inner(self) -> Request {
        self.request
    }
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_hidden = |name: &str| self.endpoint.is_sensitive() || is_secret_name(name);
        let shown = |name: &str, value: &str| match is_hidden(name) {
            true => format!("{}=[redacted]", one_line(name)),
            false => format!("{}={}", one_line(name), one_line(value)),
        };
        let url = self.url();
        let mut query = Vec::new();
        for (name, value) in url.query_pairs() {
            query.push(shown(&name, &value));
        }
        let mut headers = Vec::new();
        for (name, value) in self.headers() {
            let value = match value.is_sensitive() {
                true => "[redacted]".into(),
                false => String::from_utf8_lossy(value.as_bytes()),
            };
            headers.push(shown(name.as_str(), &value));
        }
        let body = match (self.request.body(), self.body()) {
            (None, _) => "none".to_owned(),
            (Some(_), None) => "a stream".to_owned(),
            (Some(_), Some(body)) if !self.endpoint.is_quotable() => {
                format!("{} bytes", body.len())
            }
            (Some(_), Some(body)) => {
                let start = body.get(..4 * EXCERPT_CHARS).unwrap_or(body);
                one_line(&String::from_utf8_lossy(start))
            }
        };
        let mut fields = f.debug_struct("PreparedRequest");
        fields.field("endpoint", &format_args!("{}", self.endpoint));
        fields.field("method", &format_args!("{}", self.method()));
        if !self.endpoint.is_sensitive() {
            fields.field("path", &url.path());
        }
        fields.field("query", &query);
        fields.field("headers", &headers);
        fields.field("body", &format_args!("{body}"));
        fields.finish()
    }
}

impl CallRunner<'_> {
    /// Returns a request as it would be sent, if it could be built. `encodable` says whether a
    /// content coding of the response may be requested.
    ///
    /// # Errors
    /// Fails if the request cannot be sent.
    pub fn dry_run(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
        encodable: bool,
    ) -> Result<PreparedRequest, Error> {
        let request = request?;
        let call = Call::new(self.client, endpoint.into());
        let template = Template::new(self.client, &call, request, encodable)?;
        Ok(PreparedRequest {
            request: template.without_credentials(self.client, &call),
            endpoint: call.endpoint,
        })
    }
}
