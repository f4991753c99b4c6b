//! One call on the wire: the credential, the request, the origin of the reply, once more after a 401, and the body under
//! its ceiling. Everything that is sent goes through here.

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Request, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use crate::api_error::{ApiError, ERROR_BODY_LIMIT};
use crate::byte_stream::ByteStream;
use crate::call::Call;
use crate::client::Client;
use crate::credentials::{CredentialSource, Issued};
use crate::error::{Error, ErrorKind};
use crate::excerpt::showable;
use crate::operation::{Endpoint, Operation, Reply};
use crate::redirect::{self, RefusedRedirect, origin_of};
use crate::reply;
use crate::response::Response;
use crate::runtime::BoxFuture;

/// The most bytes of a URL that the HTTP library can hold.
const URL_LIMIT: usize = u16::MAX as usize - 1;

/// What is done with the body of a 2xx reply: read it whole, or hand it on as a stream.
type Receive<B> =
    for<'a> fn(&'a Client, &'a Call, reqwest::Response) -> BoxFuture<'a, Result<B, Error>>;

impl Client {
    /// Sends the request of an operation and decodes the reply.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<Response<T>, Error> {
        self.call_endpoint(Endpoint::Operation(operation), request)
            .await
    }

    /// Sends the request of an operation and gives the reply as it comes in.
    pub(crate) async fn call_stream(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<Response<ByteStream>, Error> {
        let mut call = Call::new(self, Endpoint::Operation(operation));
        let outcome = self.exchange(&mut call, request, as_stream).await;
        outcome.inspect_err(|error| call.record(error))
    }

    /// [`Client::call`] for any endpoint.
    pub(crate) async fn call_endpoint<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        request: Request,
    ) -> Result<Response<T>, Error> {
        let mut call = Call::new(self, endpoint);
        let received = self.exchange(&mut call, request, as_bytes).await;
        // Only this last step depends on the type.
        received
            .and_then(|response| {
                reply::decode(&call.endpoint, response, call.secret())
                    .map_err(|error| call.complete(error))
            })
            .inspect_err(|error| call.record(error))
    }

    /// Sends a request and gives the body as it is.
    pub(crate) async fn call_bytes(
        &self,
        endpoint: Endpoint,
        request: Request,
    ) -> Result<Response<Bytes>, Error> {
        let mut call = Call::new(self, endpoint);
        let outcome = self.exchange(&mut call, request, as_bytes).await;
        outcome.inspect_err(|error| call.record(error))
    }

    /// The call: as many attempts as it takes.
    async fn exchange<B>(
        &self,
        call: &mut Call,
        mut request: Request,
        receive: Receive<B>,
    ) -> Result<Response<B>, Error> {
        self.prepare(call, &mut request)?;
        let span = call.span.clone();
        async {
            let again = request.try_clone();
            let refusal = match self.attempt(call, request, receive).await {
                Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => error,
                outcome => return outcome,
            };
            match again {
                Some(request) if self.discard_credential(call).await => {
                    match self.attempt(call, request, receive).await {
                        // Without another credential, the refusal is what there is to tell.
                        Err(error) if error.kind() == ErrorKind::Credentials => {
                            Err(refusal.caused_by(error))
                        }
                        outcome => outcome,
                    }
                }
                _ => Err(refusal),
            }
        }
        .instrument(span)
        .await
    }

    /// After a 401: whether there may be another credential. Sending a fixed one again would be of no use.
    async fn discard_credential(&self, call: &Call) -> bool {
        match (&self.settings().credentials, &call.issued) {
            (CredentialSource::Provider(cache), Some(refused)) => {
                let discarded = cache.reject(refused.generation);
                timeout_at(call.deadline, discarded).await.is_ok()
            }
            _ => false,
        }
    }

    /// What is the same for every attempt.
    fn prepare(&self, call: &Call, request: &mut Request) -> Result<(), Error> {
        if !self.settings().base.is_origin_of(request.url()) {
            let why = "the URL is not on the origin of the base URL";
            return Err(call.error(ErrorKind::InvalidRequest, why));
        }
        let length = request.url().as_str().len();
        if length > URL_LIMIT {
            let why =
                format!("the URL has {length} bytes, more than the {URL_LIMIT} that can be sent");
            return Err(call.error(ErrorKind::InvalidRequest, why));
        }
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.settings().user_agent.clone());
        match &call.endpoint {
            Endpoint::Operation(operation) => {
                let accept = HeaderValue::from_static(operation.reply.accept());
                headers.insert(ACCEPT, accept);
            }
            Endpoint::Path { .. } => {
                let accept = HeaderValue::from_static(Reply::Json.accept());
                headers.entry(ACCEPT).or_insert(accept);
            }
        }
        Ok(())
    }

    /// One attempt: one credential, one request, one reply. Any status but 2xx is an error.
    async fn attempt<B>(
        &self,
        call: &mut Call,
        mut request: Request,
        receive: Receive<B>,
    ) -> Result<Response<B>, Error> {
        call.issued = self.issue(call).await?;
        if let Some(issued) = &call.issued {
            let (name, value) = issued.credential.header();
            request.headers_mut().insert(name, value);
        }
        call.count_attempt();
        let response = self.follow(call, request).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(refused(call, response).await);
        }
        let headers = response.headers().clone();
        let body = receive(self, call, response).await?;
        Ok(Response::new(status, headers, body))
    }

    /// Sends a request, and again to wherever the server redirects it within its origin.
    async fn follow(&self, call: &Call, mut request: Request) -> Result<reqwest::Response, Error> {
        for _ in 0..=redirect::LIMIT {
            let (method, asked) = (request.method().clone(), request.url().clone());
            let again = request.try_clone();
            let reply = timeout_at(call.deadline, self.http().execute(request)).await;
            let response = reply
                .map_err(|_| call.out_of_time("no reply came"))?
                .map_err(|error| self.failure(call, error))?;
            let status = response.status();
            call.record_status(status);
            let refuse = |why: String| {
                let what = showable(&why, call.secret());
                call.error(ErrorKind::Redirect, what).status_is(status)
            };
            if response.url().as_str() != asked.as_str() {
                return Err(refuse(followed_by_itself(&response)));
            }
            let target = redirect::target(&method, &response)
                .map_err(|refused| refuse(refused.to_string()))?;
            let Some(target) = target else {
                return Ok(response);
            };
            request = again.ok_or_else(|| refuse(RefusedRedirect::SpentBody.to_string()))?;
            *request.url_mut() = target;
        }
        Err(call.error(ErrorKind::Redirect, RefusedRedirect::TooMany.to_string()))
    }

    /// The credential to send, `None` where the document asks for none.
    async fn issue(&self, call: &Call) -> Result<Option<Issued>, Error> {
        if !call.endpoint.is_authenticated() {
            return Ok(None);
        }
        match &self.settings().credentials {
            CredentialSource::None => Err(call.error(
                ErrorKind::Credentials,
                "it needs a credential and the client has none: set `NEO_API_KEY` or `NEO_BEARER_TOKEN` and use \
                 `Client::from_env`, or give one to the client's builder",
            )),
            CredentialSource::Fixed(credential) => Ok(Some(Issued {
                credential: credential.clone(),
                generation: 0,
            })),
            CredentialSource::Provider(cache) => timeout_at(call.deadline, cache.current())
                .await
                .map_err(|_| call.out_of_time("the credentials provider gave nothing"))?
                .map(Some)
                .map_err(|error| {
                    call.error(ErrorKind::Credentials, "the credentials provider failed")
                        .caused_by(error)
                }),
        }
    }

    /// An error of the HTTP client before the headers of a reply came.
    fn failure(&self, call: &Call, error: reqwest::Error) -> Error {
        if error.is_connect() && !error.is_timeout() {
            let base = &self.settings().base;
            let (host, port) = (base.host(), base.port());
            let what = if error.is_dns() {
                format!("the host `{host}` was not found")
            } else {
                format!("no connection to `{host}` on port {port}")
            };
            return call
                .error(ErrorKind::Connect, what)
                .caused_by(error.without_url());
        }
        call.broken(error)
    }
}

/// What to say when an HTTP client of the caller's own followed a redirect.
fn followed_by_itself(response: &reqwest::Response) -> String {
    format!(
        "the HTTP client followed a redirect by itself, to {}, and may have sent the credential to another origin: \
         build it with `redirect::Policy::none()`",
        origin_of(response.url())
    )
}

/// The error that a reply other than 2xx is. What can be read of its body is kept; what cannot does not hide the status.
async fn refused(call: &Call, response: reqwest::Response) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    // More than the limit by one credential, so that none is cut in two before it can be redacted.
    let room = call.secret().map_or(0, str::len);
    let (body, _) = read(response, ERROR_BODY_LIMIT + room, call.deadline).await;
    let quotable = !call.endpoint.is_sensitive();
    let error = ApiError::new(status, &headers, &body, call.secret(), quotable);
    call.complete(Error::api_error(error))
}

fn as_stream<'a>(
    _: &'a Client,
    call: &'a Call,
    response: reqwest::Response,
) -> BoxFuture<'a, Result<ByteStream, Error>> {
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default();
    let promised = call.endpoint.operation().map(|operation| operation.reply);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let outcome = if promised == Some(Reply::EventStream)
        && !essence.eq_ignore_ascii_case(Reply::EventStream.accept())
    {
        let status = response.status();
        let what =
            format!("{status} with content type `{media_type}` where an event stream was expected");
        let what = showable(&what, call.secret());
        Err(call.error(ErrorKind::Decode, what).status_is(status))
    } else {
        Ok(ByteStream::new(response, call.clone()))
    };
    Box::pin(std::future::ready(outcome))
}

fn as_bytes<'a>(
    client: &'a Client,
    call: &'a Call,
    response: reqwest::Response,
) -> BoxFuture<'a, Result<Bytes, Error>> {
    Box::pin(async move {
        let limit = client.settings().response_limit;
        let status = response.status();
        let announced = response.content_length().unwrap_or_default();
        let (body, end) = match usize::try_from(announced) {
            Ok(length) if length <= limit => read(response, limit, call.deadline).await,
            _ => (Bytes::new(), End::TooLarge),
        };
        let error = match end {
            End::Complete => return Ok(body),
            End::TooLarge => {
                let what = format!(
                    "{status} with a body of more than {limit} bytes, the client's `response_limit`"
                );
                call.error(ErrorKind::ResponseTooLarge, what)
            }
            End::OutOfTime => call.out_of_time("the reply was not complete"),
            End::Broken(error) => call.broken(error),
        };
        Err(error.status_is(status))
    })
}

/// How reading a body ended.
enum End {
    Complete,
    TooLarge,
    OutOfTime,
    Broken(reqwest::Error),
}

/// Reads at most `limit` bytes of the body. What came is given even when the rest did not.
async fn read(mut response: reqwest::Response, limit: usize, deadline: Instant) -> (Bytes, End) {
    let mut body = Vec::new();
    let end = loop {
        match timeout_at(deadline, response.chunk()).await {
            Err(_) => break End::OutOfTime,
            Ok(Err(error)) => break End::Broken(error),
            Ok(Ok(None)) => break End::Complete,
            Ok(Ok(Some(chunk))) => {
                let room = limit - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    break End::TooLarge;
                }
            }
        }
    };
    (body.into(), end)
}
