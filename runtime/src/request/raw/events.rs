//! Requests whose response is an event stream.

use reqwest::header::{ACCEPT, HeaderValue};

use super::{RawRequest, header};
use crate::error::Error;
use crate::operation::ResponseKind;
use crate::response::Response;
use crate::response::event_stream::{EventStream, ResumeBy};
use crate::send::CallRunner;

impl RawRequest {
    /// Declares how [`events`](RawRequest::events) of this request are resumed, so that
    /// [`EventStream::reconnect`](crate::EventStream::reconnect) can request the rest: the same
    /// request is sent again, with the id of the last event. Use it for requests that are safe to
    /// send twice, such as a GET.
    pub fn resume(mut self, how: ResumeBy) -> Self {
        let checked = match &how {
            ResumeBy::Header(name) => header(&self.client, name, "").map(drop),
            ResumeBy::Query(_) => Ok(()),
        };
        self.resume = Some(how);
        self.and_then(|builder| checked.map(|()| builder))
    }

    /// Sends the request with `Accept: text/event-stream` and returns the events of a 2xx response
    /// as they arrive.
    ///
    /// # Errors
    /// Fails like [`RawRequest::send`], and if the response is not an event stream.
    pub async fn events(mut self) -> Result<Response<EventStream>, Error> {
        let resume = self.resume.take();
        let (client, endpoint, mut request) = self.into_parts()?;
        let accept = HeaderValue::from_static(ResponseKind::EventStream.accept());
        request.headers_mut().insert(ACCEPT, accept);
        let runner = CallRunner::new(&client);
        runner.execute_events(endpoint, Ok(request), resume).await
    }
}
