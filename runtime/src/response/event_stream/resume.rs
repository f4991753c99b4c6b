//! Where the id of the last event goes when an event stream is asked for again.

use std::borrow::Cow;

/// Where the id of the last event goes when the request of an event stream is sent again; see
/// [`EventStream::reconnect`](crate::EventStream::reconnect).
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// Into a header of this name.
    Header(Cow<'static, str>),
    /// Into a query parameter of this name, in the place of one that is there.
    Query(Cow<'static, str>),
}

impl Resume {
    /// The header of the [specification](https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header).
    pub const LAST_EVENT_ID: Self = Self::Header(Cow::Borrowed("last-event-id"));
}
