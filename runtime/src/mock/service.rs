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
use super::mock_response::{MockContent, MockResponse};
use super::recorded::RecordedRequest;
use super::response::WholeResponse;
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
    pub(super) fn documented(&self, endpoint: &MockEndpoint) -> &[WholeResponse] {
        self.data.responses(&endpoint.key)
    }

    fn record(&self, request: RecordedRequest) {
        let requests = self.requests.lock();
        requests
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
    }

    /// Reads and records a request, and returns the response.
    pub(super) async fn handle(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<MockBody>, Disconnected> {
        let (head, body) = request.into_parts();
        let body = read(body).await?;
        let route = self.routes.find(&head.method, head.uri.path());
        let endpoint = match &route {
            Route::Found(endpoint) => Some(&**endpoint),
            _ => None,
        };
        let fault = endpoint.and_then(|it| {
            let audience = it.audience_of(&head.headers);
            self.script.take_fault(&it.key, audience, head.uri.query())
        });
        let is_too_large = body.is_none();
        let body = body.unwrap_or_default();
        let request = RecordedRequest::new(&head, body, endpoint, &self.credentials);
        self.record(request.clone());
        let response = if is_too_large {
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            self.error(status, "payload_too_large", "request body over 16 MiB")
        } else if fault.is_some_and(Fault::replaces_response) {
            // The fault shows nothing of the response, so that a sequence keeps its next response.
            WholeResponse::empty(StatusCode::NO_CONTENT).into_http()
        } else {
            self.response(&route, &head, &request, fault)
        };
        match fault {
            Some(fault) => fault.apply(response, &self.errors).await,
            None => Ok(response),
        }
    }

    fn response(
        &self,
        route: &Route,
        head: &request::Parts,
        request: &RecordedRequest,
        fault: Option<Fault>,
    ) -> Response<MockBody> {
        let endpoint = match route {
            Route::Found(endpoint) => &**endpoint,
            Route::OtherMethods(methods) => {
                let methods: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
                let status = StatusCode::METHOD_NOT_ALLOWED;
                let message = "the path exists with another method";
                let mut response = self.error(status, "method_not_allowed", message);
                if let Ok(methods) = HeaderValue::try_from(methods.join(", ")) {
                    response.headers_mut().insert(ALLOW, methods);
                }
                return response;
            }
            Route::Unknown => {
                let message = "the API has no such path";
                return self.error(StatusCode::NOT_FOUND, "not_exists", message);
            }
        };
        // Of a path that the document lacks, nobody knows the credentials.
        let operation = endpoint.operation();
        if operation.is_some_and(|operation| !self.credentials.are_in(head, operation)) {
            let message = "credentials are missing";
            let mut response = self.error(StatusCode::UNAUTHORIZED, "unauthorized", message);
            for challenge in self.credentials.challenges(operation) {
                response.headers_mut().append(WWW_AUTHENTICATE, challenge);
            }
            return response;
        }
        let audience = endpoint.audience_of(&head.headers);
        match self.script.take_response(&endpoint.key, audience) {
            Some(ScriptedResponse::Events(events, pause)) => {
                events::response(&events, pause, &head.headers)
            }
            Some(ScriptedResponse::Pages(pages)) => {
                let repeats = fault == Some(Fault::RepeatedCursor);
                match pages.page(head.uri.query(), repeats) {
                    Some(page) => page.into_http(),
                    None => {
                        let message = "no page starts at this position";
                        self.error(StatusCode::BAD_REQUEST, "invalid_position", message)
                    }
                }
            }
            Some(ScriptedResponse::One(response)) => response.into_http(),
            Some(ScriptedResponse::Sequence(mut all)) => match all.pop_front() {
                Some(response) => response.into_http(),
                None => self.sample(endpoint, head),
            },
            Some(ScriptedResponse::With(respond)) => self.made(respond(request), endpoint, head),
            None => self.sample(endpoint, head),
        }
    }

    /// Returns the documented success, or a response without content.
    fn sample(&self, endpoint: &MockEndpoint, head: &request::Parts) -> Response<MockBody> {
        let documented = self.documented(endpoint);
        let sample = choose(documented, &head.headers, |response| &response.media_type);
        let sample = sample.cloned().map(|response| match endpoint.pagination() {
            Some(pagination) => pages::only_page(pagination, response),
            None => response,
        });
        sample
            .unwrap_or_else(|| WholeResponse::empty(StatusCode::NO_CONTENT))
            .into_http()
    }

    /// Returns a response that a test has made for one request.
    fn made(
        &self,
        response: MockResponse,
        endpoint: &MockEndpoint,
        head: &request::Parts,
    ) -> Response<MockBody> {
        let mut made = match response.content {
            Ok(MockContent::Whole(response)) => response.into_http(),
            Ok(MockContent::Events(mut events, pause)) => {
                events.push(events::end(endpoint.end_marker()));
                events::response(&events, pause, &head.headers)
            }
            Ok(MockContent::Sample) => self.sample(endpoint, head),
            Err(mistake) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return self.error(status, "invalid_mock_response", &mistake.to_string());
            }
        };
        for (name, value) in response.headers {
            made.headers_mut().append(name, value);
        }
        made
    }

    fn error(&self, status: StatusCode, code: &str, message: &str) -> Response<MockBody> {
        self.errors.response(status, code, message).into_http()
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
