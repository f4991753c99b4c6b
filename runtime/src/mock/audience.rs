//! The requests for which a response of a test is.

/// The requests of an operation for which a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    All,
    /// The requests that prefer the response of the call with this value of `Accept`.
    Accepting(&'static str),
}
