//! The place for the id of the last event when an event stream is requested again.

use std::borrow::Cow;

/// The place for the id of the last event when the request of an event stream is sent again; see
/// [`EventStream::reconnect`](crate::EventStream::reconnect).
///
/// ```
/// # use neo_client_runtime::ResumeBy;
/// let by_parameter = ResumeBy::Query("after".into());
/// let by_header = ResumeBy::LAST_EVENT_ID;
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResumeBy {
    /// A header of this name.
    Header(Cow<'static, str>),
    /// A query parameter of this name, which replaces an existing one.
    Query(Cow<'static, str>),
}

impl ResumeBy {
    /// The header of the
    /// [specification](https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header).
    pub const LAST_EVENT_ID: Self = Self::Header(Cow::Borrowed("last-event-id"));
}
