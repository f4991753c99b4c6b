//! One attempt of a call: credentials, a request and a response, within the timeouts of the
//! attempt.

use std::time::Duration;

use reqwest::Request;
use tokio::time::{Instant, timeout_at};

use super::credentials::Credentials;
use super::prepare::check_length;
use super::redirect;
use super::response_body::ResponseBody;
use crate::call::context::Call;
use crate::client::Client;
use crate::error::Error;
use crate::error::api_error::{ApiError, ERROR_BODY_LIMIT};
use crate::response::Response;
use crate::response::read_body;

/// The maximum time for reading the body of an error response, whose status is known already.
const ERROR_BODY_TIME: Duration = Duration::from_secs(2);

/// Makes one attempt: one set of credentials, one request, one response. Any status other than 2xx
/// is an error.
pub(super) async fn attempt<B: ResponseBody>(
    client: &Client,
    call: &mut Call,
    mut request: Request,
) -> Result<Response<B>, Error> {
    let credentials = Credentials::new(client);
    call.issued = credentials.issue(call).await?;
    credentials.apply(call, &mut request)?;
    check_length(call, &request)?;
    if let Some(limit) = &client.settings().requests {
        let turn = timeout_at(call.deadline, limit.enter()).await;
        call.in_flight = turn.map_err(|_| {
            call.out_of_time("`max_concurrent_requests` permitted no further request")
        })?;
    }
    let response = receive(client, call, request).await;
    // A streaming body keeps a clone until its end.
    call.in_flight = None;
    response
}

/// Sends the request and receives the response.
async fn receive<B: ResponseBody>(
    client: &Client,
    call: &mut Call,
    request: Request,
) -> Result<Response<B>, Error> {
    let response = redirect::send(client, call, request).await?;
    let status = response.status();
    if !status.is_success() {
        return Err(refused(call, response).await);
    }
    let headers = response.headers().clone();
    let body = B::receive(call, response).await?;
    Ok(Response::new(status, headers, body))
}

/// Returns the error for an error response. An unreadable body does not hide the status, and a slow
/// body does not delay it for long.
async fn refused(call: &Call, response: reqwest::Response) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    // Exceeds the limit by the length of one credential, so that no credential is cut in two before
    // it can be redacted.
    let room = call.secrets().iter().map(|it| it.len()).max().unwrap_or(0);
    let deadline = call
        .attempt_deadline()
        .min(Instant::now() + ERROR_BODY_TIME);
    let (body, _) = read_body::read(response, ERROR_BODY_LIMIT + room, deadline).await;
    let quotable = !call.endpoint.is_sensitive();
    let error = ApiError::new(
        call.error_body,
        status,
        &headers,
        &body,
        &call.secrets(),
        quotable,
    );
    let is_listed = call.options.retry_policy.is_temporary(status);
    let is_temporary = error.is_temporary(is_listed, call.has_idempotency_key);
    call.complete(Error::api_error(error).temporary_if(is_temporary))
}
