//! Errors of the mock server.

use std::io;

use reqwest::StatusCode;

/// An error of a [`MockServer`](super::MockServer): the server did not start, or a call cannot be
/// done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// The server cannot listen.
    #[error("the mock server could not start")]
    Start(#[source] io::Error),
    /// The data of the API cannot be read.
    #[error("the data of the mock server are not a `mock.json` of code generation")]
    Data(#[source] serde_json::Error),
    /// The client for the server cannot be built.
    #[error("a client for the mock server could not be built")]
    Client(#[source] crate::Error),
    /// The API has no operation of this name.
    #[error(
        "the API has no operation \"{name}\": give its operationId, its name in Rust \
         (\"tag.method\") or its method and path, as listed in `OPERATIONS`"
    )]
    #[non_exhaustive]
    UnknownOperation {
        /// The unknown name.
        name: String,
    },
    /// The status cannot be the status of a response.
    #[error("{status} is not the status of a response: give one within 200 to 599")]
    #[non_exhaustive]
    Status {
        /// The wrong status.
        status: u16,
    },
    /// The operation has no pages.
    #[error("\"{name}\" is not paged: it has no methods `pages` and `items`")]
    #[non_exhaustive]
    NotPaged {
        /// The name of the operation.
        name: String,
    },
    /// An item lacks the key that chooses its page.
    #[error("item {index} has no `{key}`, by which pages are chosen")]
    #[non_exhaustive]
    WithoutKey {
        /// The index of the item, from 0.
        index: usize,
        /// The JSON pointer to the key.
        key: &'static str,
    },
    /// The media type cannot be sent in a header.
    #[error("the media type has characters that a header cannot hold")]
    MediaType,
    /// A header cannot be sent.
    #[error("a header has a name or a value with characters that a header cannot hold")]
    Header,
    /// The path cannot be the path of a request.
    #[error("\"{path}\" is not a path template: begin it with a slash, and leave out the query")]
    #[non_exhaustive]
    Path {
        /// The wrong path.
        path: String,
    },
    /// The value cannot be serialized as JSON.
    #[error("the response cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

/// Returns the status of a final response. Statuses below 200 are not final (RFC 9110 section
/// 15.2).
pub(super) fn final_status(status: u16) -> Result<StatusCode, MockError> {
    let is_final = (200..600).contains(&status);
    let code = StatusCode::from_u16(status).ok().filter(|_| is_final);
    code.ok_or(MockError::Status { status })
}
