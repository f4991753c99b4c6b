//! Errors of the mock server.

use std::io;

use reqwest::StatusCode;

/// Why a [`MockServer`] did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// The server could not start to listen.
    #[error("the mock server could not start")]
    Start(#[source] io::Error),
    /// No client for the server could be built.
    #[error("a client for the mock server could not be built")]
    Client(#[source] crate::Error),
    /// The document has no operation of this name.
    #[error(
        "the document has no operation \"{name}\": give its operationId or its path in Rust \
         (\"tag.method\"), as listed in `OPERATIONS`"
    )]
    #[non_exhaustive]
    UnknownOperation {
        /// The name that was given.
        name: String,
    },
    /// The status is none that a server can reply with.
    #[error("{status} is no status of a reply: give one within 200 to 599")]
    #[non_exhaustive]
    Status {
        /// The number that was given.
        status: u16,
    },
    /// The operation does not give a list page by page.
    #[error("\"{name}\" is not paged: it has no methods `pages` and `items`")]
    #[non_exhaustive]
    NotPaged {
        /// The name that was given.
        name: String,
    },
    /// An item lacks the key by which pages of it are chosen.
    #[error("item {index} has no `{key}`, by which pages are chosen")]
    #[non_exhaustive]
    WithoutKey {
        /// The number of the item, from 0.
        index: usize,
        /// The JSON pointer to the key.
        key: &'static str,
    },
    /// The media type holds what no header can hold.
    #[error("the media type holds characters that no header can hold")]
    MediaType,
    /// The value cannot be written as JSON.
    #[error("the reply cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

/// The status of a reply; 1xx are no final replies (RFC 9110 section 15.2).
pub(super) fn status(status: u16) -> Result<StatusCode, MockError> {
    let is_final = (200..600).contains(&status);
    let code = StatusCode::from_u16(status).ok().filter(|_| is_final);
    code.ok_or(MockError::Status { status })
}
