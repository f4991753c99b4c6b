//! Requests to paths that the OpenAPI document lacks.

#[cfg(feature = "event-streams")]
mod events;
#[cfg(feature = "multipart")]
mod multipart;

use std::fmt;

use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Body, Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::json;
use crate::client::{Client, reserved_header};
use crate::error::{Error, ErrorKind};
use crate::model::encode;
use crate::operation::Endpoint;
use crate::response::Response;
use crate::response::byte_stream::ByteStream;
use crate::send::{CallRunner, PreparedRequest};

/// A request made by [`Client::request`](crate::Client::request). It is sent with the credentials
/// of the client, to the server of the client only.
///
/// ```no_run
/// # use neo_client_runtime::{Client, Error, Method, serde_json::Value};
/// # async fn show(client: Client) -> Result<(), Error> {
/// let request = client.request(Method::GET, "/v1/cats").query(&[("limit", 5)]);
/// let cats: Value = request.header("x-trace", "7").send_as().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest {
    client: Client,
    endpoint: Endpoint,
    /// The first error is kept until `send`.
    builder: Result<RequestBuilder, Error>,
    #[cfg(feature = "event-streams")]
    resume: Option<crate::response::ResumeBy>,
}

impl Client {
    /// Starts a request to a path that the OpenAPI document lacks. The request has the same
    /// credentials, checks and errors as any operation.
    ///
    /// `path` is relative to the base URL, begins with one `/`, and has no query; use
    /// [`RawRequest::query`]. An invalid path is reported when the request is sent.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Method, serde_json::{Value, json}};
    /// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
    /// let found: Value = client
    ///     .request(Method::POST, "/v1/search")
    ///     .json(&json!({"query": "rotating keys"}))
    ///     .send_as()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RawRequest {
        RawRequest::new(self.clone(), method, path.as_ref())
    }
}

impl RawRequest {
    pub(crate) fn new(client: Client, method: Method, path: &str) -> Self {
        let builder = match flaw(&method, path) {
            None => Ok(client
                .http()
                .request(method.clone(), client.base().join(path))),
            Some(why) => Err(invalid(why)),
        };
        let endpoint = Endpoint::path(client.api().operations, client.api().security, method, path);
        Self {
            client,
            endpoint,
            builder,
            #[cfg(feature = "event-streams")]
            resume: None,
        }
    }

    /// Adds query parameters from a struct, a map or pairs such as `&[("limit", 50)]`.
    pub fn query(self, parameters: &(impl Serialize + ?Sized)) -> Self {
        self.and_then(|builder| {
            let track = encode::Track::default();
            let builder = builder.query(&encode::Guarded::of(parameters, &track));
            if let Some(why) = track.failure() {
                return Err(invalid(format!("query: {why}")));
            }
            let (http, request) = builder.build_split();
            let mut request = request.map_err(unbuildable)?;
            // A form writes a space as `+`, which only some servers read as a space in a query.
            let query = request.url().query().map(|query| query.replace("+", "%20"));
            request.url_mut().set_query(query.as_deref());
            Ok(RequestBuilder::from_parts(http, request))
        })
    }

    /// Sets a JSON body.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.and_then(|builder| {
            let (http, request) = builder.build_split();
            let mut request = request.map_err(unbuildable)?;
            json::body(&mut request, body).map_err(invalid)?;
            Ok(RequestBuilder::from_parts(http, request))
        })
    }

    /// Sets the body: bytes, text, an open file, or a stream ([`Body::wrap_stream`]). Set its media
    /// type with [`header`](RawRequest::header).
    ///
    /// Open files and streams need the feature `multipart`.
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.and_then(|builder| Ok(builder.body(body)))
    }

    /// Adds a header.
    ///
    /// `Authorization`, the headers of the security schemes, `Host` and the headers that frame the
    /// body belong to the client. They are rejected when the request is sent.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let checked = header(&self.client, name.as_ref(), value.as_ref());
        self.and_then(|builder| checked.map(|(name, value)| builder.header(name, value)))
    }

    /// Returns the request as it would be sent, without credentials. Nothing is sent.
    ///
    /// # Errors
    /// Fails if the path, a header or the body is invalid.
    #[allow(clippy::wrong_self_convention, reason = "a request may hold a stream")]
    pub fn to_request(self) -> Result<PreparedRequest, Error> {
        let (client, endpoint, request) = self.into_parts()?;
        CallRunner::new(&client).dry_run(endpoint, Ok(request), true)
    }

    /// Sends the request and returns the body of a 2xx response unchanged.
    ///
    /// `Debug` of the response shows the body, which may hold a secret. Log
    /// [`status`](Response::status) and the length instead.
    ///
    /// # Errors
    /// Fails if the path, a header or the body is invalid, and like any call; see
    /// [`Error`].
    pub async fn send(self) -> Result<Response<Bytes>, Error> {
        let (client, endpoint, request) = self.into_parts()?;
        CallRunner::new(&client)
            .execute_as(endpoint, Ok(request))
            .await
    }

    /// Sends the request and decodes the JSON of a 2xx response. `serde_json::Value` accepts any
    /// JSON, `()` an empty body.
    ///
    /// # Errors
    /// Fails like [`RawRequest::send`], and if the response does not fit the type. The error quotes
    /// the value at fault only if the document lists the method and path and marks no part of the
    /// response as secret. For other paths, the error names the location and not the value.
    pub async fn send_as<T: DeserializeOwned>(self) -> Result<T, Error> {
        let (client, endpoint, request) = self.into_parts()?;
        let response = CallRunner::new(&client)
            .execute_raw(endpoint, request)
            .await?;
        Ok(response.decode::<T>()?.into_inner())
    }

    /// Sends the request and returns the body of a 2xx response as it arrives, without a limit of
    /// size or time.
    ///
    /// # Errors
    /// Fails like [`RawRequest::send`].
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        let (client, endpoint, request) = self.into_parts()?;
        CallRunner::new(&client)
            .execute_as(endpoint, Ok(request))
            .await
    }

    fn and_then(
        mut self,
        change: impl FnOnce(RequestBuilder) -> Result<RequestBuilder, Error>,
    ) -> Self {
        self.builder = self.builder.and_then(change);
        self
    }

    pub(crate) fn into_parts(self) -> Result<(Client, Endpoint, reqwest::Request), Error> {
        let request = self
            .builder
            .and_then(|builder| builder.build().map_err(unbuildable));
        match request {
            Ok(request) => Ok((self.client, self.endpoint, request)),
            Err(error) => Err(error.at(self.endpoint)),
        }
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("endpoint", &format_args!("{}", self.endpoint))
            .finish_non_exhaustive()
    }
}

fn invalid(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, why)
}

fn unbuildable(error: reqwest::Error) -> Error {
    Error::new(ErrorKind::InvalidRequest, "the request could not be built")
        .caused_by(error.without_url())
}

/// Returns why a request cannot be sent to `path`.
fn flaw(method: &Method, path: &str) -> Option<&'static str> {
    if *method == Method::CONNECT {
        return Some("the method CONNECT asks for a tunnel, not for a path");
    }
    let Some(rest) = path.strip_prefix('/') else {
        return Some("the path must begin with `/`");
    };
    if rest.starts_with('/') {
        return Some("the path must begin with one `/` only");
    }
    if path.contains('\\') {
        return Some("the path must not hold a backslash");
    }
    if path.contains('?') {
        return Some("the path must not hold a query: use `.query`");
    }
    if path.contains('#') {
        return Some("the path must not hold a fragment");
    }
    // Parsing a URL drops some of these characters silently, which changes the segments.
    if path.chars().any(char::is_control) {
        return Some("the path must not hold control characters");
    }
    // Parsing also drops trailing spaces, whatever precedes them: `/.. ` would become `/..`.
    if path.ends_with(' ') {
        return Some("the path must not end with a space: write `%20`");
    }
    // Parsing a URL resolves `.` and `..`, in either spelling, and some servers decode `%2F` and
    // `%5C` before they do the same.
    let decoded = path
        .to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/");
    if decoded.split('/').any(|part| matches!(part, "." | "..")) {
        return Some("the path must not hold a segment `.` or `..`");
    }
    None
}

fn header(client: &Client, name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    reserved_header::check(client.api(), name, value).map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{SecurityScheme, SecuritySchemeKind};
    use crate::client::Api;

    static API: Api = Api::new("pets", "Pets", "1").security_schemes(&[SecurityScheme::new(
        "Key",
        "key",
        SecuritySchemeKind::Header("X-Api-Key"),
    )]);

    fn client() -> Client {
        let builder = Client::builder(&API).base_url("http://localhost");
        builder.build().unwrap()
    }

    #[test]
    fn raw_path_is_checked() {
        let get = |path| flaw(&Method::GET, path);
        for path in [
            "/",
            "/api/v1/x",
            "/api/v1/x/",
            "/a//b",
            "/a b",
            "/ä",
            "/a/...",
            "/a/.b/b..",
            "/a%20b",
            "/a:b@c",
        ] {
            assert_eq!(get(path), None, "{path}");
        }
        for (path, part) in [
            ("", "begin with `/`"),
            ("api", "begin with `/`"),
            ("https://evil.example/", "begin with `/`"),
            ("@evil.example/", "begin with `/`"),
            ("//evil.example/", "one `/`"),
            ("/\\evil.example", "backslash"),
            ("/a?b=c", "`.query`"),
            ("/a#b", "fragment"),
            ("/a/../b", "segment"),
            ("/a/..", "segment"),
            ("/./a", "segment"),
            ("/a/%2e%2E/b", "segment"),
            ("/a/.%2e", "segment"),
            ("/a/%2E", "segment"),
            ("/a/..%2Fb", "segment"),
            ("/a%5c..%5Cb", "segment"),
            ("/a/.\n./b", "control"),
            ("/a\t", "control"),
            ("/a\0", "control"),
            ("/a ", "space"),
            ("/a/.. ", "space"),
        ] {
            let flaw = get(path).unwrap_or_default();
            assert!(flaw.contains(part), "{path}: {flaw}");
        }
        assert!(flaw(&Method::CONNECT, "/").is_some());
    }

    #[test]
    fn reserved_header_is_rejected() {
        assert!(header(&client(), "X-Request-Id", "7").is_ok());
        for name in [
            "authorization",
            "Authorization",
            "X-API-KEY",
            "host",
            "Content-Length",
            "transfer-encoding",
        ] {
            let text = header(&client(), name, "canary").unwrap_err().to_string();
            assert!(text.contains("set by the client"), "{text}");
            assert!(!text.contains("canary"));
        }
        assert!(header(&client(), "a b", "x").is_err());
        let text = header(&client(), "x-a", "canary\r\nx-b: 1")
            .unwrap_err()
            .to_string();
        assert!(text.contains("`x-a`") && !text.contains("canary"), "{text}");
    }
}
