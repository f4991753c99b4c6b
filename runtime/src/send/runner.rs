//! Runs calls: what generated requests and requests to other paths are sent by.

use bytes::Bytes;
use reqwest::{Request, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::sleep;
use tracing::Instrument;

use super::idempotency_key;
use super::response_body::ResponseBody;
use crate::call::context::Call;
use crate::call::retry::{Attempted, Next, Why};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::operation::Endpoint;
use crate::response::byte_stream::ByteStream;
use crate::response::{Response, decode};
use crate::text::one_line::{EXCERPT_CHARS, one_line};
use crate::text::redact::redact;

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

    /// Sends a request and decodes the response.
    pub async fn execute<T: DeserializeOwned>(
        self,
        endpoint: impl Into<Endpoint> + Send,
        request: Request,
    ) -> Result<Response<T>, Error> {
        // Only the last step depends on the type.
        self.execute_raw(endpoint, request).await?.decode()
    }

    /// Sends a request and returns the body, to be decoded into one type or several.
    pub async fn execute_raw(
        self,
        endpoint: impl Into<Endpoint> + Send,
        request: Request,
    ) -> Result<RawResponse, Error> {
        let mut call = Call::new(self.client, endpoint.into());
        let outcome = self.execute_with_retry(&mut call, request).await;
        match outcome.inspect_err(|error| call.record(error)) {
            Ok(response) => Ok(RawResponse { call, response }),
            Err(error) => Err(error),
        }
    }

    /// Sends a request and returns the body unchanged.
    pub(crate) async fn execute_as<B: ResponseBody>(
        self,
        endpoint: impl Into<Endpoint> + Send,
        request: Request,
    ) -> Result<Response<B>, Error> {
        let mut call = Call::new(self.client, endpoint.into());
        let outcome = self.execute_with_retry(&mut call, request).await;
        outcome.inspect_err(|error| call.record(error))
    }

    /// Sends a request and gives the body as a stream of bytes.
    pub async fn execute_stream(
        self,
        endpoint: impl Into<Endpoint> + Send,
        request: Request,
    ) -> Result<Response<ByteStream>, Error> {
        self.execute_as(endpoint, request).await
    }

    /// Executes the call with as many attempts as it takes.
    async fn execute_with_retry<B: ResponseBody>(
        &self,
        call: &mut Call,
        mut request: Request,
    ) -> Result<Response<B>, Error> {
        self.prepare(call, &mut request, B::ENCODABLE)?;
        let is_repeatable =
            call.endpoint.is_idempotent() || idempotency_key::has_key(call, &request);
        let span = call.span.clone();
        self.client.settings().retry_budget.deposit();
        async {
            // The rejection of the first credential, once another credential is tried.
            let mut refusal: Option<Error> = None;
            loop {
                // `None` for a streaming body, which is consumed by sending it.
                let again = request.try_clone();
                let failure = match self.attempt(call, request).await {
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
                            // Without another credential, the rejection is the error to report.
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

    /// Decides the step after a failed attempt.
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
        if is_first_refusal && self.discard_credentials(call).await {
            return Next::OtherCredential;
        }
        let attempted = Attempted {
            policy: &call.options.retry_policy,
            budget: &self.client.settings().retry_budget,
            attempts: call.attempts(),
            deadline: call.deadline,
            is_repeatable,
        };
        attempted.next(failure)
    }
}

/// A 2xx response in memory, and the call to which it belongs.
pub struct RawResponse {
    call: Call,
    response: Response<Bytes>,
}

impl RawResponse {
    /// Decodes the body.
    pub fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        decode::decode(&self.call.endpoint, self.response, &self.call.secrets())
            .map_err(|error| self.call.complete(error))
            .inspect_err(|error| self.call.record(error))
    }

    /// Receives the complete response, whatever it is decoded into afterwards.
    pub fn json(&self) -> Result<serde_json::Value, Error> {
        let again = Self {
            call: self.call.clone(),
            response: self.response.clone(),
        };
        Ok(again.decode::<serde_json::Value>()?.into_inner())
    }

    /// The beginning of a text of the response as an error may show it.
    pub fn showable(&self, text: &str) -> String {
        // The text may be large, and what is shown is not.
        let start = redact(text.as_bytes(), &self.call.secrets(), 4 * EXCERPT_CHARS);
        one_line(&String::from_utf8_lossy(&start))
    }
}
