//! Runs calls of generated requests and of `RawRequest`.

use std::marker::PhantomData;
use std::time::Duration;

use futures_core::future::BoxFuture;
use reqwest::{Request, StatusCode};
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;
use tokio::time::sleep;
use tracing::Instrument;

use super::attempt::attempt;
use super::credentials::Credentials;
use super::raw_response::RawResponse;
use super::response_body::ResponseBody;
use super::send_as::SendAs;
use super::template::Template;
use crate::call::context::Call;
use crate::call::retry::{GiveUpReason, RetryContext, RetryDecision};
use crate::call::retry_loop::{self, Retried};
#[cfg(feature = "opentelemetry")]
use crate::call::span::error_type;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Unprocessed};
use crate::operation::Endpoint;
use crate::response::Response;

/// Runs calls of a client.
#[derive(Clone, Copy)]
pub struct CallRunner<'c> {
    pub(crate) client: &'c Client,
}

impl<'c> CallRunner<'c> {
    /// Returns a runner for calls of `client`.
    pub fn new(client: &'c Client) -> Self {
        Self { client }
    }

    /// Sends a request and returns the body, to be decoded into one type or several.
    ///
    /// The future depends on no type, so that the compiler proves once that it is `Send`.
    pub fn execute_raw(
        self,
        endpoint: impl Into<Endpoint>,
        request: Request,
    ) -> BoxFuture<'c, Result<RawResponse, Error>> {
        self.execute_boxed(endpoint.into(), Ok(request))
    }

    /// Sends a request, if it could be built, and decodes the response.
    pub fn execute<T: DeserializeOwned + 'static>(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
    ) -> BoxFuture<'c, Result<T, Error>> {
        self.execute_read(endpoint.into(), request, RawResponse::decode_value)
    }

    /// Sends a request, if it could be built, and decodes the response, which keeps its status and
    /// headers.
    pub fn execute_whole<T: DeserializeOwned + 'static>(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
    ) -> BoxFuture<'c, Result<Response<T>, Error>> {
        self.execute_read(endpoint.into(), request, RawResponse::decode)
    }

    /// Sends a request, if it could be built, and decodes the response as a type that the caller
    /// chooses, which may borrow.
    pub fn execute_typed<T: DeserializeOwned>(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
    ) -> SendAs<'c, T> {
        SendAs::new(self.execute_boxed(endpoint.into(), request))
    }

    /// Sends a request, if it could be built, and returns the body as text.
    pub fn execute_text(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
    ) -> BoxFuture<'c, Result<Response<String>, Error>> {
        self.execute_read(endpoint.into(), request, |response| Ok(response.text()))
    }

    /// Sends a request, if it could be built, and reads the response by `read`.
    ///
    /// With `'c` as the bound of the type, the compiler would take a third of a second to prove
    /// that the future is `Send`.
    fn execute_read<T: 'static>(
        self,
        endpoint: Endpoint,
        request: Result<Request, Error>,
        read: fn(RawResponse) -> Result<T, Error>,
    ) -> BoxFuture<'c, Result<T, Error>> {
        Box::pin(async move { read(self.execute_unboxed(endpoint, request).await?) })
    }

    fn execute_boxed(
        self,
        endpoint: Endpoint,
        request: Result<Request, Error>,
    ) -> BoxFuture<'c, Result<RawResponse, Error>> {
        Box::pin(self.execute_unboxed(endpoint, request))
    }

    async fn execute_unboxed(
        self,
        endpoint: Endpoint,
        request: Result<Request, Error>,
    ) -> Result<RawResponse, Error> {
        let request = request?;
        let mut call = Call::new(self.client, endpoint);
        let response = self.execute_in(&mut call, request).await?;
        Ok(RawResponse { call, response })
    }

    /// Sends a request, if it could be built, and returns the body in the form `B`, undecoded.
    pub fn execute_as<B: ResponseBody>(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
    ) -> BoxFuture<'c, Result<Response<B>, Error>> {
        let endpoint = endpoint.into();
        Box::pin(async move {
            let request = request?;
            let mut call = Call::new(self.client, endpoint);
            self.execute_in(&mut call, request).await
        })
    }

    /// Sends the request of `call` with as many attempts as it takes.
    async fn execute_in<B: ResponseBody>(
        self,
        call: &mut Call,
        request: Request,
    ) -> Result<Response<B>, Error> {
        let template = check_runtime(&call.endpoint)
            .and_then(|()| Template::new(self.client, call, request, B::ENCODABLE));
        let outcome = match template {
            Ok(mut template) => self.execute_with_retry(call, &mut template).await,
            Err(error) => Err(error),
        };
        #[cfg(feature = "opentelemetry")]
        call.telemetry
            .end_call(call.attempts(), outcome.as_ref().err().map(error_type));
        outcome.inspect_err(|error| call.record(error))
    }

    async fn execute_with_retry<B: ResponseBody>(
        self,
        call: &mut Call,
        template: &mut Template,
    ) -> Result<Response<B>, Error> {
        call.has_idempotency_key = template.has_idempotency_key(call);
        let span = call.span.clone();
        self.client.settings().retry_budget.deposit();
        let mut retried = RetriedCall {
            client: self.client,
            call,
            template,
            unprocessed: 0,
            unsent: 0,
            body: PhantomData,
        };
        retry_loop::run(&mut retried).instrument(span).await
    }
}

/// Returns an error of this operation unless a tokio runtime runs here. Without a runtime, tokio
/// would panic at the first timer.
pub(crate) fn check_runtime(endpoint: &Endpoint) -> Result<(), Error> {
    let why = "no tokio runtime runs here: make the call within `Runtime::block_on`, or in a task \
               of a runtime";
    match Handle::try_current() {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::configuration(why).at(endpoint.clone())),
    }
}

/// A call as the retry loop sees it.
struct RetriedCall<'a, B> {
    client: &'a Client,
    call: &'a mut Call,
    template: &'a mut Template,
    /// The number of attempts that the server did not process while it dealt with other requests.
    unprocessed: u32,
    /// The number of attempts that sent nothing because the credentials provider failed.
    unsent: u32,
    body: PhantomData<fn() -> B>,
}

impl<B: ResponseBody> Retried for RetriedCall<'_, B> {
    type Response = Response<B>;
    type Failure = Error;

    fn can_repeat(&self) -> bool {
        self.template.can_resend()
    }

    async fn attempt(&mut self) -> Result<Response<B>, Error> {
        attempt(self.client, self.call, self.template).await
    }

    fn discard_rejected(&mut self, failure: &Error, has_switched: bool) -> bool {
        let is_rejection = failure.status() == Some(StatusCode::UNAUTHORIZED)
            && failure.kind() == ErrorKind::Api
            && !has_switched;
        is_rejection && Credentials::new(self.client).discard(self.call)
    }

    fn decide(&mut self, failure: &Error) -> RetryDecision {
        if failure.unprocessed() == Some(Unprocessed::AmongOthers) {
            self.unprocessed += 1;
        }
        if failure.kind() == ErrorKind::Credentials {
            self.unsent += 1;
        }
        let context = RetryContext {
            policy: &self.call.options.retry_policy,
            budget: &self.client.settings().retry_budget,
            attempts: self.call.attempts().saturating_sub(self.unprocessed) + self.unsent,
            unprocessed: self.unprocessed,
            deadline: self.call.deadline,
            is_repeatable: self.call.is_repeatable(),
        };
        context.decide(failure)
    }

    fn report(&mut self, failure: Option<(&Error, &RetryDecision)>) {
        #[cfg(feature = "opentelemetry")]
        self.call
            .telemetry
            .end_attempt(failure.map(|(failure, _)| error_type(failure)));
        self.call.report_attempt(failure);
    }

    async fn wait(&self, time: Duration) {
        sleep(time).await;
    }

    /// Without another credential, the rejection is the error to report.
    fn give_up(last: Error, rejection: Option<Error>, why: &GiveUpReason) -> Error {
        match rejection {
            Some(rejection) if last.kind() == ErrorKind::Credentials => rejection.caused_by(last),
            _ => match why.note() {
                Some(note) if last.is_retryable() => last.given_up(note),
                _ => last,
            },
        }
    }
}

/// Returns the value of a response, without status and headers.
pub fn value_of<'c, T: 'static>(
    response: BoxFuture<'c, Result<Response<T>, Error>>,
) -> BoxFuture<'c, Result<T, Error>> {
    Box::pin(async move { Ok(response.await?.into_inner()) })
}
