//! One attempt of a call: a credential, a request and a response, within the timeouts of the
//! attempt. Everything that is sent goes through here.

use std::time::Duration;

use reqwest::Request;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, USER_AGENT};
use tokio::time::{Instant, timeout_at};

use super::idempotency_key;
use super::redirect::{self, RefusedRedirect, origin_of};
use super::response_body::ResponseBody;
use super::runner::CallRunner;
use crate::call::context::Call;
use crate::call::transport_error;
use crate::error::api_error::{ApiError, ERROR_BODY_LIMIT};
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, ResponseKind};
use crate::response::Response;
use crate::response::content_coding;
use crate::response::read_body;
use crate::text::one_line::showable;

/// The maximum length of a URL in bytes that the HTTP library supports.
const URL_LIMIT: usize = u16::MAX as usize - 1;

/// The maximum time for reading the body of an error response, whose status is known already.
const ERROR_BODY_TIME: Duration = Duration::from_secs(2);

impl CallRunner<'_> {
    /// Sets everything that is the same for every attempt.
    pub(super) fn prepare(
        &self,
        call: &Call,
        request: &mut Request,
        encodable: bool,
    ) -> Result<(), Error> {
        if !self.client.settings().base.is_origin_of(request.url()) {
            let why = "the URL is not on the origin of the base URL";
            return Err(call.error(ErrorKind::InvalidRequest, why));
        }
        check_length(call, request)?;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.client.settings().user_agent.clone());
        if let (Some(codings), true) = (content_coding::ACCEPTED, encodable) {
            headers
                .entry(ACCEPT_ENCODING)
                .or_insert(HeaderValue::from_static(codings));
        }
        match &call.endpoint {
            Endpoint::Operation(operation) => {
                let accept = HeaderValue::from_static(operation.response.accept());
                headers.insert(ACCEPT, accept);
                idempotency_key::ensure_key(operation, headers);
            }
            Endpoint::Path { .. } => {
                let accept = HeaderValue::from_static(ResponseKind::Json.accept());
                headers.entry(ACCEPT).or_insert(accept);
            }
        }
        Ok(())
    }

    /// Makes one attempt: one credential, one request, one response. Any status other than 2xx is
    /// an error.
    pub(super) async fn attempt<B: ResponseBody>(
        &self,
        call: &mut Call,
        mut request: Request,
    ) -> Result<Response<B>, Error> {
        call.issued = self.issue(call).await?;
        apply(call, &mut request)?;
        check_length(call, &request)?;
        call.begin_attempt();
        let response = self.follow(call, request).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(refused(call, response).await);
        }
        let headers = response.headers().clone();
        let body = B::receive(call, response).await?;
        Ok(Response::new(status, headers, body))
    }

    /// Sends a request and follows redirects within its origin.
    async fn follow(&self, call: &Call, mut request: Request) -> Result<reqwest::Response, Error> {
        let mut followed = 0;
        loop {
            let (method, asked) = (request.method().clone(), request.url().clone());
            let again = request.try_clone();
            let sending = self.client.http().execute(request);
            let response = timeout_at(call.attempt_deadline(), sending)
                .await
                .map_err(|_| call.out_of_time("no response came"))?
                .map_err(|error| {
                    transport_error::before_response(call, self.client.settings(), error)
                })?;
            let status = response.status();
            call.record_status(status);
            let refuse = |why: String| {
                let what = showable(&why, &call.secrets());
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
            // The query of the target may lack the API key, or repeat the key.
            for issued in &call.issued {
                issued.apply_to_query(&mut request);
            }
        }
    }
}

/// Returns the message for an HTTP client of the caller that followed a redirect.
fn followed_by_itself(response: &reqwest::Response) -> String {
    format!(
        "the HTTP client followed a redirect by itself, to {}, and may have sent the credential to another origin: \
         build it with `redirect::Policy::none()`",
        origin_of(response.url())
    )
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
    call.complete(Error::api_error(error))
}

/// Puts the credentials into the request.
fn apply(call: &Call, request: &mut Request) -> Result<(), Error> {
    let mut used = Vec::new();
    for issued in &call.issued {
        let header = issued.scheme.kind.header().map(str::to_ascii_lowercase);
        let is_first = !used.contains(&header);
        issued
            .credential
            .apply(issued.scheme, request, is_first)
            .map_err(|why| call.error(ErrorKind::Credentials, why))?;
        used.push(header);
    }
    Ok(())
}

fn check_length(call: &Call, request: &Request) -> Result<(), Error> {
    let length = request.url().as_str().len();
    if length <= URL_LIMIT {
        return Ok(());
    }
    let why = format!("the URL has {length} bytes, more than the {URL_LIMIT} that can be sent");
    Err(call.error(ErrorKind::InvalidRequest, why))
}
