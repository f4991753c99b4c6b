//! The body of a reply as it comes in.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::CONTENT_ENCODING;
use tokio::io::AsyncBufRead;
use tokio::time::{Sleep, sleep};
use tokio_util::io::StreamReader;

use crate::call::context::{Call, after};
use crate::error::{Error, ErrorKind};
use crate::response::chunks::Chunks;
use crate::response::content_coding::decoded;
use crate::response::read_body;

/// The body of a reply, piece by piece, as the network delivers it: a piece may begin or end anywhere.
///
/// It has no size limit, and no time limit but the [idle timeout](crate::CallOptions::idle_timeout), which is off unless
/// set. Dropping it closes the connection. After an error it is at its end.
#[must_use = "the reply is read as the stream is polled"]
pub struct ByteStream {
    /// `None` at the end, so that the connection is given back even if the stream is kept.
    chunks: Option<Chunks>,
    status: StatusCode,
    content_length: Option<u64>,
    call: Call,
    /// Ends when nothing has come for as long as the idle timeout.
    idle: Option<Pin<Box<Sleep>>>,
}

impl ByteStream {
    pub(crate) fn new(response: reqwest::Response, call: Call) -> Result<Self, Error> {
        let status = response.status();
        // Of a body that is decoded on the way the length is not known.
        let is_coded = response.headers().contains_key(CONTENT_ENCODING);
        let content_length = response.content_length().filter(|_| !is_coded);
        let chunks = decoded(response, None)
            .map_err(|broken| read_body::incomplete(&call, status, broken))?;
        let idle = call
            .options
            .idle_timeout
            .map(|limit| Box::pin(sleep(limit)));
        Ok(Self {
            status,
            content_length,
            chunks: Some(chunks),
            idle,
            call,
        })
    }

    /// The next piece; `None` at the end of the body. The same as polling it as a [`Stream`], without an import.
    ///
    /// # Errors
    /// When the connection breaks before the body is complete, or nothing comes for as long as the idle timeout.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How many bytes the body has, if the server says so.
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// The body as a reader. Its I/O errors hold the [`Error`].
    pub fn into_async_read(self) -> impl AsyncBufRead + Send + Sync + Unpin {
        struct Pieces(ByteStream);

        impl Stream for Pieces {
            type Item = io::Result<Bytes>;

            fn poll_next(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Option<Self::Item>> {
                let piece = ready!(Pin::new(&mut self.0).poll_next(context));
                Poll::Ready(piece.map(|piece| piece.map_err(io::Error::other)))
            }
        }

        StreamReader::new(Pieces(self))
    }

    /// An error of the call that this is the reply of.
    pub(crate) fn error(&self, kind: ErrorKind, what: String) -> Error {
        let error = self.call.error(kind, what).status_is(self.status);
        self.call.record(&error);
        error
    }

    /// There was a sign of life.
    fn keep_alive(&mut self) {
        if let (Some(idle), Some(limit)) = (&mut self.idle, self.call.options.idle_timeout) {
            idle.as_mut().reset(after(limit));
        }
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(chunks) = &mut self.chunks else {
            return Poll::Ready(None);
        };
        let next = match (chunks.as_mut().poll_next(context), &mut self.idle) {
            (Poll::Ready(next), _) => next.map(|chunk| {
                chunk.map_err(|broken| read_body::incomplete(&self.call, self.status, broken))
            }),
            (Poll::Pending, None) => return Poll::Pending,
            (Poll::Pending, Some(idle)) => {
                ready!(idle.as_mut().poll(context));
                Some(Err(self.call.idle().status_is(self.status)))
            }
        };
        match &next {
            Some(Ok(_)) => self.keep_alive(),
            Some(Err(error)) => {
                self.call.record(error);
                self.chunks = None;
            }
            None => self.chunks = None,
        }
        Poll::Ready(next)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
