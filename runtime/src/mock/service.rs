//! Records each request, and responds as scripted or as documented.

use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request;
use hyper::{Request, Response, StatusCode};

use super::accept::choose;
use super::body::{Disconnected, MockBody};
use super::credentials::ExpectedCredentials;
use super::data::MockData;
use super::error::MockError;
use super::error_responses::ErrorResponses;
use super::fault::Fault;
use super::recorded::RecordedRequest;
use super::response::MockResponse;
use super::routes::{MockEndpoint, Route, Routes};
use super::script::{Script, ScriptedResponse};
use super::{events, pages};
use crate::client::Api;

/// The maximum size of a request body that is kept. A larger body is read to its end, so that the
/// client receives the 413.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// A mock API: what its server and its owner share.
pub(super) struct MockService {
    pub(super) routes: Routes,
    pub(super) script: Script,
    data: MockData,
    errors: ErrorResponses,
    credentials: ExpectedCredentials,
    requests: Mutex<Vec<RecordedRequest>>,
}

impl MockService {
    pub(super) fn new(api: &'static Api, data: &'static str) -> Result<Self, MockError> {
        let data = MockData::read(data)?;
        Ok(Self {
            routes: Routes::new(api.operations),
            script: Script::default(),
            errors: ErrorResponses::new(data.error.clone(), &api.error_body),
            data,
            credentials: ExpectedCredentials::of(api),
            requests: Mutex::default(),
        })
    }

    /// Returns the requests so far.
    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the documented successes of an operation.
    pub(super) fn documented(&self, endpoint: &MockEndpoint) -> &[MockResponse] {
        self.data.responses(&endpoint.key)
    }

    /// Reads and records a request, and returns the response.
    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<MockBody>, Disconnected> {
        let (head, body) = request.into_parts();
        let body = read(body).await?;
        let route = self.routes.find(&head.method, head.uri.path());
        let endpoint = match &route {
            Route::Found(endpoint) => Some(*endpoint),
            _ => None,
        };
        let fault = endpoint.and_then(|it| self.script.take_fault(&it.key, head.uri.query()));
        let response = match &body {
            // The fault shows nothing of the response, so that a sequence keeps its next response.
            Some(_) if fault.is_some_and(Fault::replaces_response) => {
                MockResponse::empty(StatusCode::NO_CONTENT).into_http()
            }
            Some(_) => self.response(&route, &head, fault),
            None => {
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                let message = "request body over 16 MiB";
                let error = self.errors.response(status, "payload_too_large", message);
                error.into_http()
            }
        };
        let id = endpoint.and_then(MockEndpoint::operation).map(|it| it.id);
        let body = body.unwrap_or_default();
        let request = RecordedRequest::new(head, body, id, &self.credentials);
        let requests = self.requests.lock();
        requests
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        match fault {
            Some(fault) => fault.apply(response, &self.errors).await,
            None => Ok(response),
        }
    }

    fn response(
        &self,
        route: &Route<'_>,
        head: &request::Parts,
        fault: Option<Fault>,
    ) -> Response<MockBody> {
        let endpoint = match route {
            Route::Found(endpoint) => *endpoint,
            Route::OtherMethods(methods) => {
                let methods: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
                let message = "the path exists with another method";
                let status = StatusCode::METHOD_NOT_ALLOWED;
                let error = self.errors.response(status, "method_not_allowed", message);
                let mut response = error.into_http();
                if let Ok(methods) = HeaderValue::try_from(methods.join(", ")) {
                    response.headers_mut().insert(ALLOW, methods);
                }
                return response;
            }
            Route::Unknown => {
                let message = "the API has no such path";
                let error = self
                    .errors
                    .response(StatusCode::NOT_FOUND, "not_exists", message);
                return error.into_http();
            }
        };
        let is_allowed = |operation| self.credentials.are_in(head, operation);
        if !endpoint.operation().is_some_and(is_allowed) {
            let message = "credentials are missing";
            let error = self
                .errors
                .response(StatusCode::UNAUTHORIZED, "unauthorized", message);
            let mut response = error.into_http();
            for challenge in self.credentials.challenges(endpoint.operation()) {
                response.headers_mut().append(WWW_AUTHENTICATE, challenge);
            }
            return response;
        }
        let documented = || {
            let response = choose(self.documented(endpoint), &head.headers)?.clone();
            Some(match endpoint.pagination() {
                Some(pagination) => pages::only_page(pagination, response),
                None => response,
            })
        };
        let response = match self.script.take_response(&endpoint.key) {
            Some(ScriptedResponse::Events(events, pause)) => {
                return events::response(&events, pause, &head.headers);
            }
            Some(ScriptedResponse::Pages(pages)) => {
                let repeats = fault == Some(Fault::RepeatedCursor);
                let page = pages.page(head.uri.query(), repeats);
                Some(page.unwrap_or_else(|| {
                    let message = "no page starts at this position";
                    let status = StatusCode::BAD_REQUEST;
                    self.errors.response(status, "invalid_position", message)
                }))
            }
            Some(ScriptedResponse::One(response)) => Some(response),
            Some(ScriptedResponse::Sequence(mut all)) => all.pop_front().or_else(documented),
            None => documented(),
        };
        // Without a documented success, the response has no content.
        response
            .unwrap_or_else(|| MockResponse::empty(StatusCode::NO_CONTENT))
            .into_http()
    }
}

/// Reads the whole body. Returns `None` if it is larger than [`MAX_BODY`].
async fn read(mut body: Incoming) -> hyper::Result<Option<Bytes>> {
    let mut kept = Some(BytesMut::new());
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        kept = kept.filter(|kept| kept.len() + data.len() <= MAX_BODY);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&data);
        }
    }
    Ok(kept.map(BytesMut::freeze))
}
