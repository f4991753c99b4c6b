//! One request and the head of its response, within the timeout of the attempt.

use std::pin::pin;

use reqwest::{Request, Response};
use tokio::time::timeout_at;

use super::upload::Upload;
use crate::call::context::Call;
use crate::call::transport_error;
use crate::client::Client;
use crate::error::Error;

/// Sends a request and returns the response, whose body is not read yet.
///
/// The attempt timeout restarts whenever a part of the body is sent.
///
/// # Errors
/// Fails if no response arrives. A connection on which the time ran out is not used again.
pub(super) async fn exchange(
    client: &Client,
    call: &mut Call,
    mut request: Request,
) -> Result<Response, Error> {
    let upload = Upload::watch(&mut request, !call.endpoint.is_idempotent());
    let http = client.settings().http.current();
    let mut sending = pin!(http.client.execute(request));
    let outcome = loop {
        match timeout_at(call.attempt_deadline(), &mut sending).await {
            Ok(outcome) => break outcome,
            Err(_) if call.extend_attempt(upload.last_progress()) => {}
            Err(_) => {
                client.settings().http.renew(http.generation);
                return Err(
                    call.out_of_time(match (upload.is_complete(), call.is_over()) {
                        (true, _) => "no response came",
                        (false, true) => "the request body was not sent",
                        (false, false) => "no part of the request body was sent",
                    }),
                );
            }
        }
    };
    call.extend_attempt(upload.last_progress());
    let response = outcome
        .map_err(|error| transport_error::before_response(call, client, error, upload.sent()))?;
    client.settings().http.saw(response.version());
    call.record_status(response.status());
    Ok(response)
}
