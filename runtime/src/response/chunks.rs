//! A response body as a stream of chunks.

use std::collections::VecDeque;
use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{fmt, io};

use bytes::Bytes;
use futures_core::Stream;

/// The chunks of a body, decoded.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Broken>> + Send + Sync>>;

/// The reason why a body ended early.
#[derive(Debug)]
pub(crate) enum Broken {
    /// More bytes arrived than the limit allows.
    TooLarge,
    /// The HTTP library reported an error.
    Wire(reqwest::Error),
    /// The server reset the HTTP/2 stream before the end of the body.
    Reset,
    /// Nothing was read: this build cannot decode the content coding of the body.
    UnknownCoding(String),
    /// The body is complete but cannot be decoded.
    #[cfg_attr(not(feature = "__decompress"), expect(dead_code))]
    Coding(io::Error),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is too large"),
            Self::Wire(error) => error.fmt(f),
            Self::Reset => f.write_str("the server reset the HTTP/2 stream"),
            Self::UnknownCoding(coding) => write!(f, "the content coding `{coding}` is not known"),
            Self::Coding(error) => error.fmt(f),
        }
    }
}

impl Error for Broken {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Wire(error) => error.source(),
            Self::Coding(error) => error.source(),
            Self::TooLarge | Self::Reset | Self::UnknownCoding(_) => None,
        }
    }
}

/// Chunks that were read before, and the rest.
#[derive(Default)]
pub(crate) struct Preceded {
    pub(crate) first: VecDeque<Result<Bytes, Broken>>,
    /// `None` if all chunks were read.
    pub(crate) rest: Option<Chunks>,
}

impl Stream for Preceded {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match (self.first.pop_front(), &mut self.rest) {
            (Some(chunk), _) => Poll::Ready(Some(chunk)),
            (None, Some(rest)) => rest.as_mut().poll_next(context),
            (None, None) => Poll::Ready(None),
        }
    }
}
