//! The transport: the service that sends requests, beneath credentials, retries and redirects.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use hyper::http;
use reqwest::{Body, Request, Response};
use tokio::sync::{Mutex, MutexGuard};
use tower_service::Service;

use super::http_client::HttpClient;
use crate::error::BoxError;

/// Makes the transport from the HTTP client.
pub(super) type Wrap = Box<dyn FnOnce(HttpService) -> Box<dyn Transport> + Send>;

/// Does something with a request right before it is sent.
pub(crate) type BeforeSending = dyn Fn(&mut Request) + Send + Sync;

/// The HTTP client of a client as a [`Service`](tower_service::Service): it sends a request once.
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport) receives it.
///
/// The service is always ready, and clones share connections.
#[derive(Clone)]
pub struct HttpService {
    http: Arc<HttpClient>,
}

impl HttpService {
    pub(super) fn new(http: Arc<HttpClient>) -> Self {
        Self { http }
    }
}

impl Service<Request> for HttpService {
    type Response = Response;
    type Error = reqwest::Error;
    type Future = BoxFuture<'static, Result<Response, reqwest::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let client = self.http.current().client;
        Box::pin(async move { client.execute(ready_to_send(request)?).await })
    }
}

impl fmt::Debug for HttpService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpService").finish_non_exhaustive()
    }
}

/// A service that sends requests, for
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport). Every
/// [`Service`](tower_service::Service) of [`reqwest::Request`] with [`reqwest::Response`] is one if
/// it and its futures are `Send`.
///
/// - The service is asked whether it is ready before each request, within the timeout of the call.
///   The attempt timeout begins afterwards. So a limit of rate or concurrency delays calls and ends
///   none early. The service need not be `Clone`.
/// - Requests carry credentials. Do not log their headers, and send them nowhere else.
/// - An error that is a [`reqwest::Error`] counts like one of the HTTP client. Any other error has
///   the kind [`Transport`](crate::ErrorKind::Transport) and counts as an attempt that the server
///   may have carried out: the retry policy retries it if the operation permits a retry.
/// - The response may come from anywhere, such as a cache. Statuses, redirects and bodies are
///   handled as usual.
/// - `tower-http` has layers for `http::Request`, and reqwest converts requests and responses in
///   both directions: use `map_request` and `map_response` of `tower`. Keep the extensions of a
///   request: with them, the client sees the progress of an upload and whether a request was sent.
///
/// ```
/// # use neo_client_runtime::{Api, BoxError, Client, Method, reqwest, serde_json::Value};
/// # static API: Api = Api::new("pets", "Pets", "1").default_server("https://pets.example");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), neo_client_runtime::Error> {
/// # let builder = Client::builder(&API);
/// // A fake for a unit test: no socket is opened. It needs the crates `http`, and `tower` with its
/// // feature `util`.
/// let fake = tower::service_fn(|request: reqwest::Request| async move {
///     let body = format!(r#"{{"path": "{}"}}"#, request.url().path());
///     Ok::<_, BoxError>(reqwest::Response::from(http::Response::new(body)))
/// });
/// let client = builder.transport(move |_| fake).build()?;
/// let response: Value = client.request(Method::GET, "/v1/pets").send_as().await?;
/// assert_eq!(response["path"], "/v1/pets");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot send requests",
    label = "not a `Service<reqwest::Request, Response = reqwest::Response>` that is `Send`, with an error that becomes `BoxError`"
)]
pub trait Transport: Send + 'static {
    #[doc(hidden)]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>>;

    #[doc(hidden)]
    fn send(&mut self, request: Request) -> BoxFuture<'static, Result<Response, BoxError>>;
}

impl<S> Transport for S
where
    S: Service<Request, Response = Response> + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Service::poll_ready(self, context).map_err(Into::into)
    }

    fn send(&mut self, request: Request) -> BoxFuture<'static, Result<Response, BoxError>> {
        let sending = self.call(request);
        Box::pin(async move { sending.await.map_err(Into::into) })
    }
}

/// The transport of a client. Calls use it in turn.
pub(crate) struct TransportSlot(Mutex<Box<dyn Transport>>);

impl TransportSlot {
    pub(super) fn new(transport: Box<dyn Transport>) -> Self {
        Self(Mutex::new(transport))
    }

    /// Waits until the transport can take a request.
    ///
    /// # Errors
    /// Fails if the transport says that it will never be ready again.
    pub(crate) async fn ready(&self) -> Result<ReadyTransport<'_>, BoxError> {
        let mut transport = self.0.lock().await;
        poll_fn(|context| transport.poll_ready(context)).await?;
        Ok(ReadyTransport(transport))
    }
}

/// A transport that can take one request. No other call uses it until then.
pub(crate) struct ReadyTransport<'t>(MutexGuard<'t, Box<dyn Transport>>);

impl ReadyTransport<'_> {
    /// Sends a request. `before` runs when the HTTP client of the client receives it.
    ///
    /// # Errors
    /// Fails if the URL cannot be sent.
    pub(crate) fn send(
        mut self,
        request: Request,
        before: Arc<BeforeSending>,
    ) -> Result<BoxFuture<'static, Result<Response, BoxError>>, BoxError> {
        let mut request = http::Request::<Body>::try_from(request)?;
        request.extensions_mut().insert(Marked(before));
        Ok(self.0.send(from_http(request)?))
    }
}

/// The extension of a request that says what to do right before it is sent.
#[derive(Clone)]
struct Marked(Arc<BeforeSending>);

fn ready_to_send(request: Request) -> reqwest::Result<Request> {
    let mut request = http::Request::<Body>::try_from(request)?;
    let marked = request.extensions_mut().remove::<Marked>();
    let mut request = from_http(request)?;
    if let Some(Marked(before)) = marked {
        before(&mut request);
    }
    Ok(request)
}

/// Converts a request. An empty body is none: it would be framed otherwise.
fn from_http(request: http::Request<Body>) -> reqwest::Result<Request> {
    let mut request = Request::try_from(request)?;
    let bytes = request.body().and_then(Body::as_bytes);
    if bytes.is_some_and(<[u8]>::is_empty) {
        *request.body_mut() = None;
    }
    Ok(request)
}
