//! One request and the head of its response, within the timeout of the attempt.

use std::pin::pin;

use reqwest::{Request, Response, StatusCode};
use tokio::time::timeout_at;

use super::upload::Upload;
use crate::call::context::Call;
#[cfg(feature = "opentelemetry")]
use crate::call::telemetry;
use crate::call::transport_error::{self, Circumstances, Sent};
use crate::client::{Client, proxy_refusal};
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
    #[cfg(feature = "opentelemetry")]
    telemetry::propagate_current(&mut request);
    let upload = Upload::watch(&mut request, !call.endpoint.is_idempotent());
    let http = &client.settings().http;
    let (current, waiting) = (http.current(), http.wait());
    let mut sending = pin!(current.client.execute(request));
    let outcome = loop {
        match timeout_at(call.attempt_deadline(), &mut sending).await {
            Ok(outcome) => break outcome,
            Err(_) if call.extend_attempt(upload.last_progress()) => {}
            Err(_) => {
                http.renew(current.generation);
                let error = out_of_time(call, upload.sent());
                return Err(match upload.sent() {
                    Sent::Nothing => error.was_unprocessed(waiting.company()),
                    _ => error,
                });
            }
        }
    };
    call.extend_attempt(upload.last_progress());
    let response = match outcome {
        Ok(response) => response,
        Err(error) => {
            let circumstances = Circumstances {
                sent: upload.sent(),
                company: waiting.company(),
                proxy_status: proxy_status(client, &error).await,
            };
            return Err(transport_error::before_response(
                call,
                client,
                error,
                &circumstances,
            ));
        }
    };
    http.saw(response.version());
    call.record_status(response.status());
    Ok(response)
}

/// Returns the status with which the proxy of the environment refused to connect.
async fn proxy_status(client: &Client, error: &reqwest::Error) -> Option<StatusCode> {
    if !transport_error::is_refused_tunnel(error) {
        return None;
    }
    let (proxy, base) = (client.settings().http.proxy()?, &client.settings().base);
    proxy_refusal::ask(&proxy, base.host(), base.port()).await
}

/// Returns the error for a request without a response in time.
fn out_of_time(call: &Call, sent: Sent) -> Error {
    call.out_of_time(match (sent, call.is_over()) {
        (Sent::Head | Sent::All, _) => "no response came",
        (_, true) => "the request body was not sent",
        (_, false) => "no part of the request body was sent",
    })
}
