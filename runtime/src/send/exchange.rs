//! One request and the head of its response, within the timeout of the attempt.

use std::pin::{Pin, pin};
use std::sync::Arc;

use reqwest::{Request, Response, StatusCode};
use tokio::time::timeout_at;

use super::upload::Upload;
use crate::call::context::Call;
#[cfg(feature = "opentelemetry")]
use crate::call::telemetry;
use crate::call::transport_error::{self, Circumstances, Sent};
use crate::client::transport::TransportSlot;
use crate::client::{Client, proxy_refusal};
use crate::error::{BoxError, Error, Unprocessed};

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
    let settings = client.settings();
    let http = &settings.http;
    let response = match &settings.transport {
        None => {
            let upload = Upload::of(&mut request, !call.endpoint.is_idempotent());
            let current = http.current();
            call.connection = Some((Arc::clone(http), current.generation));
            let sending = current.client.execute(request);
            let sending = pin!(async move { sending.await.map_err(BoxError::from) });
            respond(client, call, &upload, sending).await?
        }
        Some(transport) => through(client, call, transport, request).await?,
    };
    http.saw(response.version());
    call.record_status(response.status());
    Ok(response)
}

/// Sends a request through the transport of the caller, once it is ready.
async fn through(
    client: &Client,
    call: &mut Call,
    transport: &TransportSlot,
    request: Request,
) -> Result<Response, Error> {
    let ready = timeout_at(call.deadline, transport.ready())
        .await
        .map_err(|_| call.out_of_time("the transport was not ready"))?;
    let unsent = |error: BoxError| {
        let error = transport_error::of_transport(call, error);
        error.was_unprocessed(Unprocessed::Alone)
    };
    let ready = ready.map_err(unsent)?;
    let upload = Upload::new();
    let (watching, never_absent) = (upload.clone(), !call.endpoint.is_idempotent());
    let watch = move |request: &mut Request| watching.watch(request, never_absent);
    let mut sending = ready.send(request, Arc::new(watch)).map_err(unsent)?;
    call.restart_attempt();
    let http = &client.settings().http;
    call.connection = Some((Arc::clone(http), http.current().generation));
    respond(client, call, &upload, sending.as_mut()).await
}

/// Waits for the response of a request that is being sent.
async fn respond(
    client: &Client,
    call: &mut Call,
    upload: &Upload,
    mut sending: Pin<&mut (dyn Future<Output = Result<Response, BoxError>> + Send)>,
) -> Result<Response, Error> {
    let http = &client.settings().http;
    let waiting = http.wait();
    let outcome = loop {
        match timeout_at(call.attempt_deadline(), &mut sending).await {
            Ok(outcome) => break outcome,
            Err(_) if call.extend_attempt(upload.last_progress()) => {}
            Err(_) => {
                call.abandon_connection();
                let error = out_of_time(call, upload.sent());
                return Err(match upload.sent() {
                    Sent::Nothing => error.was_unprocessed(waiting.company()),
                    _ => error,
                });
            }
        }
    };
    call.extend_attempt(upload.last_progress());
    let error = match outcome {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let error = match error.downcast::<reqwest::Error>() {
        Ok(error) => *error,
        Err(error) => return Err(transport_error::of_transport(call, error)),
    };
    let circumstances = Circumstances {
        sent: upload.sent(),
        company: waiting.company(),
        proxy_status: proxy_status(client, &error).await,
    };
    Err(transport_error::before_response(
        call,
        client,
        error,
        &circumstances,
    ))
}

/// Returns the status with which the proxy refused to connect.
async fn proxy_status(client: &Client, error: &reqwest::Error) -> Option<StatusCode> {
    if !transport_error::is_refused_tunnel(error) {
        return None;
    }
    let base = &client.settings().base;
    let proxy = client.settings().http.proxy(base)?;
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
