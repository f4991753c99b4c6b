//! The mock server as tests use it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use reqwest::StatusCode;
use serde::Serialize;

use super::error::{MockError, final_status};
use super::events::MockEvent;
use super::fault::Fault;
use super::listener::Listener;
use super::pages::ServedPages;
use super::recorded::RecordedRequest;
use super::response::MockResponse;
use super::routes::MockEndpoint;
use super::script::ScriptedResponse;
use super::service::MockService;
use crate::client::Api;
use crate::operation::Pagination;

/// A server on 127.0.0.1 that responds to every operation of the API; see the [module](crate::mock)
/// for the responses.
///
/// The server runs on a thread of its own until it is dropped. The drop returns when the port is
/// free again. Servers are independent of each other, and many tests can share one.
///
/// Methods that take an `operation` take its `operationId` (`"get-cats"`) or the name of the call
/// in Rust (`"cats.list_cats"`), as in [`Api::operations`](crate::Api). If two calls share one
/// operation, because it responds as JSON or as a stream, either name means both.
pub struct MockServer {
    base_url: String,
    service: Arc<MockService>,
    // Only dropped: then it stops.
    _listener: Listener,
}

impl MockServer {
    /// Starts a server for an API on a free port.
    ///
    /// `data` is the `mock.json` that code generation writes for the API.
    ///
    /// # Errors
    ///
    /// - [`MockError::Data`] if `data` is not such a file.
    /// - [`MockError::Start`] if the machine gives no port or thread.
    pub async fn start(api: &'static Api, data: &'static str) -> Result<Self, MockError> {
        let service = Arc::new(MockService::new(api, data)?);
        let listener = Listener::start(Arc::clone(&service)).await;
        let listener = listener.map_err(MockError::Start)?;
        Ok(Self {
            base_url: format!("http://{}", listener.address),
            service,
            _listener: listener,
        })
    }

    /// Returns the base URL, such as `http://127.0.0.1:49152`, for a client of your own.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Sets the response of an operation to `status` and `json`, until the next call for the
    /// operation.
    ///
    /// The response may differ from the document. Requests without credentials still get 401.
    ///
    /// # Errors
    ///
    /// - [`MockError::UnknownOperation`] if the API has no such operation.
    /// - [`MockError::Status`] if `status` is not within 200 to 599.
    /// - [`MockError::Json`] if `json` cannot be written as JSON.
    pub fn respond(
        &self,
        operation: &str,
        status: u16,
        json: impl Serialize,
    ) -> Result<(), MockError> {
        let response = ScriptedResponse::One(json_response(status, json)?);
        self.set(operation, response)
    }

    /// Sets the responses of an operation, a status and JSON each: the first for the next request,
    /// and the last for all later ones. For example, the states of a task.
    ///
    /// A request with a [`Fault`] that shows nothing of the response uses up no response. Without
    /// any response, the operation gives its sample again.
    ///
    /// # Errors
    ///
    /// As for [`respond`](MockServer::respond).
    pub fn respond_each(
        &self,
        operation: &str,
        responses: impl IntoIterator<Item = (u16, impl Serialize)>,
    ) -> Result<(), MockError> {
        let responses = responses.into_iter();
        let responses = responses.map(|(status, json)| json_response(status, json));
        let responses: VecDeque<_> = responses.collect::<Result<_, _>>()?;
        self.set(operation, ScriptedResponse::Sequence(responses))
    }

    /// Sets the response of an operation to these bytes, with status 200.
    ///
    /// # Errors
    ///
    /// - [`MockError::UnknownOperation`] if the API has no such operation.
    /// - [`MockError::MediaType`] if `media_type` cannot be sent in a header.
    pub fn respond_bytes(
        &self,
        operation: &str,
        media_type: &str,
        bytes: impl Into<Bytes>,
    ) -> Result<(), MockError> {
        let response = MockResponse {
            status: StatusCode::OK,
            media_type: media_type.to_owned(),
            body: bytes.into(),
        };
        self.endpoint(operation)?;
        HeaderValue::try_from(media_type).map_err(|_| MockError::MediaType)?;
        self.set(operation, ScriptedResponse::One(response))
    }

    /// Sets the response of an operation to an event stream: these events, each after `pause`, and
    /// then the operation's [`end_marker`](crate::Operation::end_marker), or `[DONE]`.
    ///
    /// A request with the header `Last-Event-ID` gets the events after the last one with that id.
    /// [`Fault::CutAfterEvents`] and [`Fault::CutAtByte`] cut the stream.
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] if the API has no such operation.
    pub fn respond_events<E: Into<MockEvent>>(
        &self,
        operation: &str,
        events: impl IntoIterator<Item = E>,
        pause: Duration,
    ) -> Result<(), MockError> {
        let mut events: Vec<MockEvent> = events.into_iter().map(Into::into).collect();
        let marker = self.endpoint(operation)?.end_marker();
        events.push(MockEvent::new(marker.unwrap_or("[DONE]")));
        self.set(operation, ScriptedResponse::Events(events, pause))
    }

    /// Serves `items` page by page, in the style of the operation's
    /// [`pagination`](crate::Operation::pagination): from the position that a request asks for,
    /// with `size` items, or fewer if the request says so.
    ///
    /// The other properties of a page are those of the documented sample. A position that does not
    /// exist gets a 400. If a key chooses the page, the items must be in the order of the key.
    ///
    /// # Errors
    ///
    /// - [`MockError::UnknownOperation`] if the API has no such operation.
    /// - [`MockError::NotPaged`] if the operation has no pages.
    /// - [`MockError::Json`] if an item cannot be written as JSON.
    /// - [`MockError::WithoutKey`] if an item lacks the key that chooses the page.
    pub fn respond_pages(
        &self,
        operation: &str,
        items: impl IntoIterator<Item = impl Serialize>,
        size: usize,
    ) -> Result<(), MockError> {
        let endpoint = self.endpoint(operation)?;
        let pagination = pagination(endpoint, operation)?;
        let items = items.into_iter().map(serde_json::to_value);
        let items: Vec<_> = items.collect::<Result<_, _>>().map_err(MockError::Json)?;
        let mut samples = self.service.documented(endpoint).iter();
        let sample = samples.find(|response| response.is_json());
        let sample = sample.and_then(|response| serde_json::from_slice(&response.body).ok());
        let pages = ServedPages::new(pagination, items, size, sample.unwrap_or_default());
        let pages = pages.map_err(|index| MockError::WithoutKey {
            index,
            key: pagination.key.unwrap_or_default(),
        })?;
        self.set(operation, ScriptedResponse::Pages(Arc::new(pages)))
    }

    /// Lets the next request of an operation fail. Further calls are for the requests after it, one
    /// each.
    ///
    /// # Errors
    ///
    /// - [`MockError::UnknownOperation`] if the API has no such operation.
    /// - [`MockError::Status`] if the fault's status is not within 200 to 599.
    /// - [`MockError::NotPaged`] if the fault is about pages and the operation has none.
    pub fn fail_once(&self, operation: &str, fault: Fault) -> Result<(), MockError> {
        let endpoint = self.endpoint(operation)?;
        if let Some(status) = fault.status() {
            final_status(status)?;
        }
        if fault == Fault::RepeatedCursor {
            pagination(endpoint, operation)?;
        }
        self.service.script.add_fault(&endpoint.key, fault);
        Ok(())
    }

    /// Returns the requests so far, in the order in which they were received completely.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.service.requests()
    }

    fn set(&self, operation: &str, response: ScriptedResponse) -> Result<(), MockError> {
        let endpoint = self.endpoint(operation)?;
        self.service.script.set_response(&endpoint.key, response);
        Ok(())
    }

    fn endpoint(&self, operation: &str) -> Result<&MockEndpoint, MockError> {
        let endpoint = self.service.routes.named(operation);
        endpoint.ok_or_else(|| MockError::UnknownOperation {
            name: operation.to_owned(),
        })
    }
}

fn json_response(status: u16, json: impl Serialize) -> Result<MockResponse, MockError> {
    let status = final_status(status)?;
    let json = serde_json::to_value(json).map_err(MockError::Json)?;
    Ok(MockResponse::json(status, &json))
}

fn pagination(endpoint: &MockEndpoint, name: &str) -> Result<Pagination, MockError> {
    endpoint.pagination().ok_or_else(|| MockError::NotPaged {
        name: name.to_owned(),
    })
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
