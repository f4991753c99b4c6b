//! The request of a call: everything that is the same for every attempt. Each attempt and each
//! redirect sends a copy.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, USER_AGENT,
};
use reqwest::{Body, Method, Request, Url};

use super::credentials::Credentials;
use super::idempotency_key;
use crate::call::context::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, ResponseKind};
use crate::response::content_coding;

/// The maximum length of a URL in bytes that the HTTP library supports.
const URL_LIMIT: usize = u16::MAX as usize - 1;

/// The content codings that this build can decode.
static CODINGS: HeaderValue = HeaderValue::from_static(match content_coding::ACCEPTED {
    Some(codings) => codings,
    None => "identity",
});
static NO_CODINGS: HeaderValue = HeaderValue::from_static("identity");

/// The request of a call.
///
/// The headers of the runtime and the credentials are added to each copy, so that a copy costs
/// little: most requests have no other header.
pub(super) struct Template {
    request: Request,
    /// `true` if the body is a stream, which is consumed by sending it.
    is_stream: bool,
    /// `true` if a content coding of the response may be requested.
    encodable: bool,
}

impl Template {
    /// Checks a request and adds what the options of the call add.
    ///
    /// # Errors
    /// Fails if the URL is not on the origin of the base URL, or is too long, and if no idempotency
    /// key can be made.
    pub(super) fn new(
        client: &Client,
        call: &Call,
        mut request: Request,
        encodable: bool,
    ) -> Result<Self, Error> {
        if !client.settings().is_origin_of(request.url()) {
            let why = "the URL is not on the origin of the base URL";
            return Err(call.error(ErrorKind::InvalidRequest, why));
        }
        let extras = &call.options.extras;
        extras
            .apply(client.api(), &mut request)
            .map_err(|why| call.error(ErrorKind::InvalidRequest, why))?;
        check_length(call, &request)?;
        if let Some(operation) = call.endpoint.operation() {
            idempotency_key::ensure_key(operation, request.headers_mut())
                .map_err(|why| call.error(ErrorKind::Configuration, why))?;
        }
        let bytes = request.body().map(Body::as_bytes);
        Ok(Self {
            is_stream: bytes.is_some_and(|bytes| bytes.is_none()),
            request,
            encodable,
        })
    }

    /// Returns whether the request can be sent more than once.
    pub(super) fn can_resend(&self) -> bool {
        !self.is_stream
    }

    /// Returns the headers without those of the runtime.
    pub(super) fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns whether the request has an idempotency key, which all copies share.
    pub(super) fn has_idempotency_key(&self, call: &Call) -> bool {
        idempotency_key::has_key(call, &self.request)
    }

    /// Returns a copy with the credentials of the call, and with the URL `target` if a redirect
    /// named one. Only the first copy has a body that is a stream.
    ///
    /// # Errors
    /// Fails if a credential cannot be sent, or makes the URL too long.
    pub(super) fn copy(
        &mut self,
        client: &Client,
        call: &Call,
        target: Option<Url>,
    ) -> Result<Request, Error> {
        // A body in memory is shared.
        let copy = self.request.body().and_then(|_| self.request.try_clone());
        let mut copy = copy.unwrap_or_else(|| self.take());
        if let Some(target) = target {
            *copy.url_mut() = target;
        }
        add_headers(client, call, &mut copy, self.encodable);
        Credentials::new(client).apply(call, &mut copy)?;
        check_length(call, &copy)?;
        Ok(copy)
    }

    /// Returns a copy that has the body.
    fn take(&mut self) -> Request {
        let (method, url) = (self.request.method().clone(), self.request.url().clone());
        let mut copy = Request::new(method, url);
        *copy.headers_mut() = self.request.headers().clone();
        *copy.body_mut() = self.request.body_mut().take();
        copy
    }

    /// Returns the request as it would be sent, without credentials.
    pub(super) fn without_credentials(mut self, client: &Client, call: &Call) -> Request {
        add_headers(client, call, &mut self.request, self.encodable);
        self.request
    }
}

/// Adds the headers that the runtime owns, and those that the caller did not choose.
fn add_headers(client: &Client, call: &Call, request: &mut Request, encodable: bool) {
    let has_no_body = request.body().is_none();
    let has_body_by_nature = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    let headers = request.headers_mut();
    // The caller may have set it, in a parameter or as a header of the call.
    headers
        .entry(USER_AGENT)
        .or_insert_with(|| client.settings().user_agent.clone());
    // Without the header, servers may send any content coding (RFC 9110 section 12.5.3).
    let codings = match encodable {
        true => &CODINGS,
        false => &NO_CODINGS,
    };
    headers
        .entry(ACCEPT_ENCODING)
        .or_insert_with(|| codings.clone());
    if has_no_body && has_body_by_nature {
        // RFC 9110 section 8.6. Some servers respond 411 otherwise.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let accept = match &call.endpoint {
        Endpoint::Operation(operation) => operation.accept,
        Endpoint::Path { .. } => ResponseKind::Json.accept(),
    };
    // The caller may have chosen one of several media types.
    headers
        .entry(ACCEPT)
        .or_insert(HeaderValue::from_static(accept));
}

/// Checks the length of the URL, which a credential in the query may have changed.
fn check_length(call: &Call, request: &Request) -> Result<(), Error> {
    let length = request.url().as_str().len();
    if length <= URL_LIMIT {
        return Ok(());
    }
    let why = format!("the URL has {length} bytes, more than the {URL_LIMIT} that can be sent");
    Err(call.error(ErrorKind::InvalidRequest, why))
}
