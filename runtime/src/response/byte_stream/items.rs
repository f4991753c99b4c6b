//! The call of a body that is read item by item: events and JSON values.

use super::ByteStream;
use crate::client::CallOptions;
use crate::error::Error;
use crate::operation::Endpoint;

impl ByteStream {
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.call.endpoint
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.call.options
    }

    /// Returns the maximum size of one item in bytes.
    pub(crate) fn item_limit(&self) -> usize {
        self.call.options.event_limit
    }

    /// Returns the error that an item reports.
    pub(crate) fn reported_error(&self, body: &[u8]) -> Error {
        let error = self.call.rejection(self.status, &self.headers, body);
        self.call.record(&error);
        error
    }
}
