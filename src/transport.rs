//! One call on the wire: its attempts, each with a credential, a request and a reply, within their time limits.
//! Everything that is sent goes through here.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Request, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use crate::api_error::{ApiError, ERROR_BODY_LIMIT};
use crate::byte_stream::ByteStream;
use crate::call::Call;
use crate::client::Client;
use crate::content_coding;
use crate::credentials::{CredentialSource, Issued};
use crate::error::{Error, ErrorKind};
use crate::event_stream::{EventStream, Resume, Resumption};
use crate::excerpt::showable;
use crate::idempotency;
use crate::operation::{Endpoint, Operation, Reply};
use crate::redirect::{self, RefusedRedirect, origin_of};
use crate::response::Response;
use crate::retry::{Attempted, Next, Why};
use crate::runtime::BoxFuture;
use crate::{body, connect_limit, failure, reply};

/// The most bytes of a URL that the HTTP library can hold.
const URL_LIMIT: usize = u16::MAX as usize - 1;

/// How long the body of a refusal may take: its status is known already.
const ERROR_BODY_TIME: Duration = Duration::from_secs(2);

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

    /// Sends a request and gives the reply as it comes in.
    pub(crate) async fn call_stream(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
    ) -> Result<Response<ByteStream>, Error> {
        let mut call = Call::new(self, endpoint.into());
        let outcome = self.exchange(&mut call, request, as_stream).await;
        outcome.inspect_err(|error| call.record(error))
    }

    /// Sends a request and gives the events of the reply as they come. `resume` says how to ask for the rest of them.
    pub(crate) async fn call_events(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
        resume: Option<Resume>,
    ) -> Result<Response<EventStream>, Error> {
        let mut call = Call::new(self, endpoint.into());
        let resumption = resume.map(|how| Resumption::new(self, &request, how));
        let outcome = self.exchange(&mut call, request, as_events).await;
        outcome
            .map(|response| response.map(|events| events.resumed_by(resumption)))
            .inspect_err(|error| call.record(error))
    }

    /// [`Client::call`] for any endpoint.
    pub(crate) async fn call_endpoint<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        request: Request,
    ) -> Result<Response<T>, Error> {
        // Only this last step depends on the type.
        self.call_undecoded(endpoint, request).await?.decode()
    }

    /// Sends a request and gives the body as it is.
    pub(crate) async fn call_bytes(
        &self,
        endpoint: Endpoint,
        request: Request,
    ) -> Result<Response<Bytes>, Error> {
        Ok(self.call_undecoded(endpoint, request).await?.response)
    }

    /// Sends a request and gives the body, to be decoded into one type or several.
    pub(crate) async fn call_undecoded(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
    ) -> Result<Undecoded, Error> {
        let mut call = Call::new(self, endpoint.into());
        match self.exchange(&mut call, request, as_bytes).await {
            Ok(response) => Ok(Undecoded { call, response }),
            Err(error) => {
                call.record(&error);
                Err(error)
            }
        }
    }

    /// The call: as many attempts as it takes.
    async fn exchange<B>(
        &self,
        call: &mut Call,
        mut request: Request,
        receive: Receive<B>,
    ) -> Result<Response<B>, Error> {
        self.prepare(call, &mut request)?;
        let is_repeatable = call.endpoint.is_idempotent() || idempotency::has_key(call, &request);
        let span = call.span.clone();
        self.settings().retry_budget.deposit();
        async {
            // How the first credential was refused, once another one is tried.
            let mut refusal: Option<Error> = None;
            loop {
                // `None` for a body that is a stream, which is spent when it was sent.
                let again = request.try_clone();
                let failure = match self.attempt(call, request, receive).await {
                    Ok(response) => {
                        call.report_attempt(None, &Next::End(Why::Success));
                        return Ok(response);
                    }
                    Err(failure) => failure,
                };
                let next = self
                    .next(call, &failure, is_repeatable, &refusal, &again)
                    .await;
                call.report_attempt(Some(&failure), &next);
                match (next, again) {
                    (Next::Attempt(wait), Some(again)) => {
                        sleep(wait).await;
                        request = again;
                    }
                    (Next::OtherCredential, Some(again)) => {
                        refusal = Some(failure);
                        request = again;
                    }
                    _ => {
                        return Err(match refusal {
                            // Without another credential, the refusal is what there is to tell.
                            Some(refusal) if failure.kind() == ErrorKind::Credentials => {
                                refusal.caused_by(failure)
                            }
                            _ => failure,
                        });
                    }
                }
            }
        }
        .instrument(span)
        .await
    }

    /// What comes after a failed attempt.
    async fn next(
        &self,
        call: &Call,
        failure: &Error,
        is_repeatable: bool,
        refusal: &Option<Error>,
        again: &Option<Request>,
    ) -> Next {
        if again.is_none() {
            return Next::End(Why::SpentBody);
        }
        let is_first_refusal = failure.status() == Some(StatusCode::UNAUTHORIZED)
            && failure.kind() == ErrorKind::Api
            && refusal.is_none();
        if is_first_refusal && self.discard_credential(call).await {
            return Next::OtherCredential;
        }
        let attempted = Attempted {
            policy: &call.options.retry_policy,
            budget: &self.settings().retry_budget,
            attempts: call.attempts(),
            deadline: call.deadline,
            is_repeatable,
        };
        attempted.next(failure)
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
        if let (Some(codings), false) = (content_coding::ACCEPTED, call.endpoint.is_streaming()) {
            // Bytes that are handed on as they come keep their length, and events are not held back.
            headers
                .entry(ACCEPT_ENCODING)
                .or_insert(HeaderValue::from_static(codings));
        }
        match &call.endpoint {
            Endpoint::Operation(operation) => {
                let accept = HeaderValue::from_static(operation.reply.accept());
                headers.insert(ACCEPT, accept);
                idempotency::ensure_key(operation, headers);
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
        call.begin_attempt();
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
        let mut followed = 0;
        loop {
            let (method, asked) = (request.method().clone(), request.url().clone());
            let again = request.try_clone();
            let sending =
                connect_limit::within(call.options.connect_timeout, self.http().execute(request));
            let response = timeout_at(call.attempt_deadline(), sending)
                .await
                .map_err(|_| call.out_of_time("no reply came"))?
                .map_err(|error| failure::no_reply(call, &self.settings().base, error))?;
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
            if followed == redirect::LIMIT {
                return Err(refuse(RefusedRedirect::TooMany.to_string()));
            }
            followed += 1;
            request = again.ok_or_else(|| refuse(RefusedRedirect::SpentBody.to_string()))?;
            *request.url_mut() = target;
        }
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
            CredentialSource::Provider(cache) => timeout_at(call.deadline, cache.current(call.deadline))
                .await
                .map_err(|_| call.out_of_time("the credentials provider gave nothing"))?
                .map(Some)
                .map_err(|error| {
                    call.error(ErrorKind::Credentials, "the credentials provider failed")
                        .caused_by(error)
                }),
        }
    }
}

/// A 2xx reply that is in memory, and the call that it is the reply of.
pub(crate) struct Undecoded {
    pub(crate) call: Call,
    response: Response<Bytes>,
}

impl Undecoded {
    pub(crate) fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        reply::decode(&self.call.endpoint, self.response, self.call.secret())
            .map_err(|error| self.call.complete(error))
            .inspect_err(|error| self.call.record(error))
    }

    /// The whole reply, whatever it is decoded into afterwards.
    pub(crate) fn json(&self) -> Result<serde_json::Value, Error> {
        let again = Self {
            call: self.call.clone(),
            response: self.response.clone(),
        };
        Ok(again.decode::<serde_json::Value>()?.into_inner())
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

/// The error that a reply other than 2xx is. What can be read of its body is kept; what cannot does not hide the status,
/// and what is slow does not hold it back for long.
async fn refused(call: &Call, response: reqwest::Response) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    // More than the limit by one credential, so that none is cut in two before it can be redacted.
    let room = call.secret().map_or(0, str::len);
    let deadline = call
        .attempt_deadline()
        .min(Instant::now() + ERROR_BODY_TIME);
    let (body, _) = body::read(response, ERROR_BODY_LIMIT + room, deadline).await;
    let quotable = !call.endpoint.is_sensitive();
    let error = ApiError::new(status, &headers, &body, call.secret(), quotable);
    call.complete(Error::api_error(error))
}

fn as_stream<'a>(
    _: &'a Client,
    call: &'a Call,
    response: reqwest::Response,
) -> BoxFuture<'a, Result<ByteStream, Error>> {
    let stream = ByteStream::new(response, call.clone());
    Box::pin(std::future::ready(stream))
}

fn as_events<'a>(
    _: &'a Client,
    call: &'a Call,
    response: reqwest::Response,
) -> BoxFuture<'a, Result<EventStream, Error>> {
    let status = response.status();
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let outcome = if essence.eq_ignore_ascii_case(Reply::EventStream.accept()) {
        EventStream::new(response, call)
    } else {
        let what =
            format!("{status} with content type `{media_type}` where an event stream was expected");
        let what = showable(&what, call.secret());
        Err(call.error(ErrorKind::Decode, what).status_is(status))
    };
    Box::pin(std::future::ready(outcome))
}

fn as_bytes<'a>(
    _: &'a Client,
    call: &'a Call,
    response: reqwest::Response,
) -> BoxFuture<'a, Result<Bytes, Error>> {
    Box::pin(body::whole(call, response))
}
