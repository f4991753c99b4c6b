//! The end of an event stream.

/// How an event stream ended, as returned by [`EventStream::ended`](crate::EventStream::ended).
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StreamEnd {
    /// The end marker arrived, or the server said with 204 that no more events follow.
    Complete,
    /// The response ended, and the document declares no end marker: the stream may be complete, or
    /// the server may have stopped early.
    Unmarked,
    /// An error was the last that the stream returned, or a [reconnect] failed or was cancelled.
    ///
    /// [reconnect]: crate::EventStream::reconnect
    Failed,
}
