//! The mock server as tests use it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;

use super::audience::Audience;
use super::error::{MockError, final_status};
use super::events::{self, MockEvent};
use super::fault::Fault;
use super::listener::Listener;
use super::mock_response::{MockResponse, bytes_response, json_response};
use super::pages::ServedPages;
use super::recorded::RecordedRequest;
use super::response::WholeResponse;
use super::routes::MockEndpoint;
use super::script::{Responder, ScriptedResponse};
use super::service::MockService;
use crate::client::Api;
use crate::operation::Pagination;

/// A server on 127.0.0.1 that responds to every operation of the API; see the [module](crate::mock)
/// for the responses.
///
/// The server runs on a thread of its own until it is dropped. The drop returns when the port is
/// free again. Servers are independent of each other, and many tests can share one.
///
/// Methods that take an `operation` take its `operationId` (`"get-cats"`), the name of the call in
/// Rust (`"cats.list_cats"`), or its method and path (`"GET /cats/{id}"`), as in
/// [`Api::operations`](crate::Api).
///
/// If two calls share one operation, because it responds as JSON or as a stream, either name means
/// both. `Accept` then chooses between the responses of a test: events are for the requests that
/// accept an event stream, JSON is for the others, and an error is for all.
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
        let endpoint = self.endpoint(operation)?;
        let response = json_response(status, json)?;
        let audience = audience(&endpoint, [&response]);
        self.set(&endpoint, audience, ScriptedResponse::One(response));
        Ok(())
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
        let endpoint = self.endpoint(operation)?;
        let audience = audience(&endpoint, &responses);
        self.set(&endpoint, audience, ScriptedResponse::Sequence(responses));
        Ok(())
    }

    /// Sets the response of a path that the document lacks to `status` and `json`, until the next
    /// call for the path. A path of the document gets the response as well.
    ///
    /// `path` is a path template, such as `/api/v2/scans/{id}`. From now on, the other methods take
    /// the path as an operation: `"GET /api/v2/scans/{id}"`. Requests for the path need no
    /// credentials.
    ///
    /// # Errors
    ///
    /// - [`MockError::Path`] if `path` does not begin with a slash, or has a query.
    /// - [`MockError::Status`] if `status` is not within 200 to 599.
    /// - [`MockError::Json`] if `json` cannot be written as JSON.
    pub fn respond_path(
        &self,
        method: Method,
        path: &str,
        status: u16,
        json: impl Serialize,
    ) -> Result<(), MockError> {
        let response = json_response(status, json)?;
        if !path.starts_with('/') || path.contains(['?', '#']) {
            let path = path.to_owned();
            return Err(MockError::Path { path });
        }
        let endpoint = self.service.routes.add(method, path);
        self.set(&endpoint, Audience::All, ScriptedResponse::One(response));
        Ok(())
    }

    /// Lets `respond` make the response of an operation for each request, for example by its path
    /// parameters, its body or its headers.
    ///
    /// A response is a [`MockResponse`], or a pair of a status and JSON. If `respond` panics, the
    /// connection is closed.
    ///
    /// ```
    /// # use neo_client_runtime::{mock::{MockError, MockResponse, MockServer}, serde_json::json};
    /// # fn show(server: &MockServer) -> Result<(), MockError> {
    /// server.respond_with("cats.get_cat", |request| match request.path_parameter("id") {
    ///     Some("1") => MockResponse::json(200, json!({ "id": "1", "name": "Tom" })),
    ///     _ => MockResponse::json(404, json!({ "code": "no_such_cat" })),
    /// })?;
    /// server.respond_with("cats.count_cats", |_| (200, json!({ "count": 1 })))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] if the API has no such operation.
    pub fn respond_with<R: Into<MockResponse>>(
        &self,
        operation: &str,
        respond: impl Fn(&RecordedRequest) -> R + Send + Sync + 'static,
    ) -> Result<(), MockError> {
        let endpoint = self.endpoint(operation)?;
        let respond: Responder =
            Arc::new(move |request| Into::<MockResponse>::into(respond(request)));
        self.set(&endpoint, Audience::All, ScriptedResponse::With(respond));
        Ok(())
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
        let endpoint = self.endpoint(operation)?;
        let response = bytes_response(200, media_type, bytes.into())?;
        let audience = audience(&endpoint, [&response]);
        self.set(&endpoint, audience, ScriptedResponse::One(response));
        Ok(())
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
        let endpoint = self.endpoint(operation)?;
        events.push(events::end(endpoint.end_marker()));
        let audience = endpoint.audience_for("text/event-stream");
        self.set(&endpoint, audience, ScriptedResponse::Events(events, pause));
        Ok(())
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
        let pagination = pagination(&endpoint, operation)?;
        let items = items.into_iter().map(serde_json::to_value);
        let items: Vec<_> = items.collect::<Result<_, _>>().map_err(MockError::Json)?;
        let mut samples = self.service.documented(&endpoint).iter();
        let sample = samples.find(|response| response.is_json());
        let sample = sample.and_then(|response| serde_json::from_slice(&response.body).ok());
        let pages = ServedPages::new(pagination, items, size, sample.unwrap_or_default());
        let pages = pages.map_err(|index| MockError::WithoutKey {
            index,
            key: pagination.key.unwrap_or_default(),
        })?;
        let audience = endpoint.audience_for("application/json");
        self.set(
            &endpoint,
            audience,
            ScriptedResponse::Pages(Arc::new(pages)),
        );
        Ok(())
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
            pagination(&endpoint, operation)?;
        }
        self.service.script.add_fault(&endpoint.key, fault);
        Ok(())
    }

    /// Returns the requests so far, in the order in which they were received completely.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.service.requests()
    }

    fn set(&self, endpoint: &MockEndpoint, audience: Audience, response: ScriptedResponse) {
        let script = &self.service.script;
        script.set_response(&endpoint.key, audience, response);
    }

    fn endpoint(&self, operation: &str) -> Result<Arc<MockEndpoint>, MockError> {
        let endpoint = self.service.routes.named(operation);
        endpoint.ok_or_else(|| MockError::UnknownOperation {
            name: operation.to_owned(),
        })
    }
}

/// Returns the requests for which these responses are: all if one of them is an error.
fn audience<'r>(
    endpoint: &MockEndpoint,
    responses: impl IntoIterator<Item = &'r WholeResponse>,
) -> Audience {
    let of_response = |response: &WholeResponse| match response.status.is_success() {
        true => endpoint.audience_for(&response.media_type),
        false => Audience::All,
    };
    let mut audiences = responses.into_iter().map(of_response);
    let first = audiences.next().unwrap_or(Audience::All);
    match audiences.all(|audience| audience == first) {
        true => first,
        false => Audience::All,
    }
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
