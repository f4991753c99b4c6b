//! Responses in several parts or forms: from request to request, as bytes, as events, in pages.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use reqwest::StatusCode;
use serde::Serialize;

use super::error::{MockError, status};
use super::events::MockEvent;
use super::mock_server::MockServer;
use super::pages::Pages;
use super::response::Reply;
use super::script::Scripted;

impl MockServer {
    /// Lets an operation reply with these, a status and JSON each, in turn: the first to the next request, and the last
    /// from then on. A task that goes through its states, for instance. A request that fails with a
    /// [`Fault`](super::Fault) that lets nothing of the reply through takes none. Without any reply, the operation gives
    /// its sample again.
    ///
    /// # Errors
    ///
    /// As [`respond`](MockServer::respond).
    pub fn respond_each(
        &self,
        operation: &str,
        replies: impl IntoIterator<Item = (u16, impl Serialize)>,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let reply = |(code, json)| {
            let json = serde_json::to_value(json).map_err(MockError::Json)?;
            Ok(Reply::json(status(code)?, &json))
        };
        let replies: VecDeque<Reply> = replies
            .into_iter()
            .map(reply)
            .collect::<Result<_, MockError>>()?;
        self.running
            .shared
            .override_reply(id, Scripted::Each(replies));
        Ok(())
    }

    /// Lets an operation reply with these bytes from now on, with status 200.
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation, [`MockError::MediaType`] when
    /// `media_type` holds what no header can hold.
    pub fn respond_bytes(
        &self,
        operation: &str,
        media_type: &str,
        bytes: impl Into<Bytes>,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        if HeaderValue::try_from(media_type).is_err() {
            return Err(MockError::MediaType);
        }
        let reply = Reply {
            status: StatusCode::OK,
            media_type: media_type.to_owned(),
            body: bytes.into(),
        };
        self.running
            .shared
            .override_reply(id, Scripted::Reply(reply));
        Ok(())
    }

    /// Lets an operation reply with an event stream from now on: these events, each after `pause`, and then the event
    /// `[DONE]`. A request with the header `Last-Event-ID` gets those that come after the last one with that id.
    ///
    /// [`Fault::CutAfterEvents`](super::Fault::CutAfterEvents) and [`Fault::CutAtByte`](super::Fault::CutAtByte) cut it.
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation.
    pub fn respond_events<E: Into<MockEvent>>(
        &self,
        operation: &str,
        events: impl IntoIterator<Item = E>,
        pause: Duration,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let mut events: Vec<MockEvent> = events.into_iter().map(Into::into).collect();
        events.push(MockEvent::new("[DONE]"));
        let reply = Scripted::Events(events, pause);
        self.running.shared.override_reply(id, reply);
        Ok(())
    }

    /// Lets an operation serve `items` page by page from now on, in the way that it declares
    /// ([`Operation::pagination`](crate::Operation::pagination)): at the position that a request asks for, with `size`
    /// items, or fewer if the request says so.
    ///
    /// Beside the items, the cursor, the total and whether there is more, a page is the documented sample. A position that
    /// is none gets a 400. Items that are chosen by a key must be in its order.
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation, [`MockError::NotPaged`] when none of its
    /// calls is paged, [`MockError::Json`] when an item cannot be written as JSON, [`MockError::WithoutKey`] when it lacks
    /// the key by which pages are chosen.
    pub fn respond_pages(
        &self,
        operation: &str,
        items: impl IntoIterator<Item = impl Serialize>,
        size: usize,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let declared = self.pagination(id, operation)?;
        let items = items.into_iter().map(serde_json::to_value);
        let items: Result<Vec<_>, _> = items.collect();
        let sample = self.running.shared.document.sample(id).unwrap_or_default();
        let pages = Pages::new(declared, items.map_err(MockError::Json)?, size, sample);
        let pages = pages.map_err(|index| MockError::WithoutKey {
            index,
            key: declared.key.unwrap_or_default(),
        })?;
        let reply = Scripted::Pages(Arc::new(pages));
        self.running.shared.override_reply(id, reply);
        Ok(())
    }
}
