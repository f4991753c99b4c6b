//! One attempt of a call: credentials, a request and a response, within the timeouts of the
//! attempt.

use std::sync::Arc;

use reqwest::header::{HeaderMap, RANGE};
use reqwest::{Request, StatusCode};
use tokio::time::timeout_at;
use tracing::Instrument;

use super::credentials::Credentials;
use super::redirect;
use super::response_body::ResponseBody;
use super::template::Template;
use crate::call::context::Call;
use crate::client::Client;
use crate::error::Error;
use crate::error::echo::Echo;
use crate::response::{Response, partial_content, read_body};

/// Makes one attempt: one set of credentials, one request, one response. Any status other than 2xx
/// is an error.
pub(super) async fn attempt<B: ResponseBody>(
    client: &Client,
    call: &mut Call,
    template: &mut Template,
) -> Result<Response<B>, Error> {
    call.issued = Credentials::new(client).issue(call).await?;
    let request = template.copy(client, call, None)?;
    if call.endpoint.is_sensitive() {
        call.echo = Some(Arc::new(Echo::of(&request)));
    }
    if let Some(limit) = &client.settings().requests {
        let turn = timeout_at(call.deadline, limit.enter()).await;
        call.in_flight = turn.map_err(|_| {
            call.out_of_time("`max_concurrent_requests` permitted no further request")
        })?;
    }
    #[cfg(feature = "opentelemetry")]
    call.telemetry.begin_attempt(&request);
    let span = call.begin_attempt_span(client);
    let response = receive(client, call, template, request)
        .instrument(span)
        .await;
    if let Err(error) = &response {
        call.record_attempt(error);
    }
    // A streaming body keeps a clone until its end.
    call.in_flight = None;
    response
}

/// Sends the request and receives the response.
async fn receive<B: ResponseBody>(
    client: &Client,
    call: &mut Call,
    template: &mut Template,
    request: Request,
) -> Result<Response<B>, Error> {
    let mut response = redirect::send(client, call, template, request).await?;
    let status = response.status();
    #[cfg(feature = "opentelemetry")]
    call.telemetry.responded(status, response.content_length());
    let headers = std::mem::take(response.headers_mut());
    if !status.is_success() {
        return Err(rejected(call, response, &headers).await);
    }
    if let Some(error) = partial_content::unasked(call, status, &headers)
        && !template.headers().contains_key(RANGE)
    {
        return Err(call.answered(error, &headers));
    }
    let body = B::receive(call, response, &headers).await;
    let body = body.map_err(|error| call.answered(error, &headers))?;
    Ok(Response::new(status, headers, call.elapsed(), body))
}

/// Returns the error for an error response. An unreadable body does not hide the status, and a slow
/// body does not delay it for long.
async fn rejected(call: &Call, response: reqwest::Response, headers: &HeaderMap) -> Error {
    let status = response.status();
    if status == StatusCode::MISDIRECTED_REQUEST {
        call.abandon_connection();
    }
    let body = read_body::beginning(call, response, headers).await;
    call.rejection(status, headers, &body)
}
