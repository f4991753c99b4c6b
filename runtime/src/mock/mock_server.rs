//! The mock server as tests see it: started, and told what to respond.

use std::fmt;

use serde::Serialize;

use super::document::Document;
use super::error::MockError;
use super::fault::Fault;
use super::recorded::RecordedRequest;
use super::response::Reply;
use super::script::Scripted;
use super::server::Running;
use crate::client::Api;
use crate::operation::Pagination;

/// A server on 127.0.0.1 that answers every operation of the API; see the [module](self) for what
/// it replies.
///
/// It runs on a thread of its own until it is dropped; the drop returns when the port is free
/// again. Several servers do not know of each other, and one can be shared by many tests.
pub struct MockServer {
    pub(super) base_url: String,
    pub(super) running: Running,
}

impl MockServer {
    /// Starts a server for an API on a free port. `document` is the OpenAPI document of the API, as JSON.
    ///
    /// # Errors
    ///
    /// [`MockError::Start`] when the machine gives no port or thread, or the document is not JSON.
    pub async fn start(api: &'static Api, document: &str) -> Result<Self, MockError> {
        let document = Document::read(document, api.operations)
            .map_err(|error| MockError::Start(error.into()))?;
        let running = Running::start(document).await.map_err(MockError::Start)?;
        let base_url = format!("http://{}", running.address);
        Ok(Self { base_url, running })
    }

    /// The base URL, such as `http://127.0.0.1:49152`, for a client of your own.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Lets an operation reply with `status` and `json` from now on, until the next call for it.
    ///
    /// `operation` is the document's `operationId` (`"get-v1-billing-credits"`) or the call in Rust
    /// (`"billing.get_credit_balance"`). Where two calls share one operation, as
    /// `tasks.create_task` and `tasks.create_task_stream` do, either name means both. The reply
    /// needs not follow the document. Requests without credentials still get 401.
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation,
    /// [`MockError::Status`] when `status` is not within 200 to 599, [`MockError::Json`] when
    /// `json` cannot be written as JSON.
    pub fn respond(
        &self,
        operation: &str,
        status: u16,
        json: impl Serialize,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let status = super::error::status(status)?;
        let json = serde_json::to_value(json).map_err(MockError::Json)?;
        let reply = Scripted::Reply(Reply::json(status, &json));
        self.running.shared.override_reply(id, reply);
        Ok(())
    }

    /// Lets the next request of an operation fail. Called several times, the requests after it fail too, one by one.
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation, [`MockError::Status`] when the fault's
    /// status is not within 200 to 599, [`MockError::NotPaged`] when it is a fault of pages and the operation has none.
    pub fn fail_once(&self, operation: &str, fault: Fault) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        if let Some(status) = fault.impossible_status() {
            return Err(MockError::Status { status });
        }
        if fault == Fault::RepeatedCursor {
            self.pagination(id, operation)?;
        }
        self.running.shared.add_fault(id, fault);
        Ok(())
    }

    /// The requests that were answered so far, in the order in which they had come in whole.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.running.shared.requests()
    }

    /// How the operation of this id is paged; `name` is what it was called.
    pub(super) fn pagination(&self, id: &str, name: &str) -> Result<Pagination, MockError> {
        self.running
            .shared
            .document
            .pagination(id)
            .ok_or_else(|| MockError::NotPaged {
                name: name.to_owned(),
            })
    }

    /// The operation id that `name` is, or that the call of this name in Rust has.
    pub(super) fn operation_id<'n>(&self, name: &'n str) -> Result<&'n str, MockError> {
        let document = &self.running.shared.document;
        document
            .endpoint(name)
            .map(|_| name)
            .or_else(|| document.id_of(name))
            .ok_or_else(|| MockError::UnknownOperation {
                name: name.to_owned(),
            })
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
