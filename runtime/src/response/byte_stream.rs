//! The body of a response as a stream of bytes.

#[cfg(feature = "event-streams")]
mod items;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::io::AsyncBufRead;
use tokio::time::{Sleep, sleep_until, timeout_at};
use tokio_util::io::StreamReader;

use crate::call::context::{Call, after};
use crate::error::Error;
use crate::error::api_error::ERROR_BODY_LIMIT;
use crate::error::reason::tells_failure;
use crate::response::chunks::{Chunks, Preceded};
use crate::response::content_coding::{self, decoded};
use crate::response::read_body;

/// The body of a response, chunk by chunk, as the network delivers it. A chunk may begin or end
/// anywhere.
///
/// A content coding is undone, even if it was not requested. If this build cannot decode it, the
/// bytes stay as the server sent them; the header `Content-Encoding` of the response names it.
///
/// The stream has no size limit, and no timeout except the [idle
/// timeout](crate::CallOptions::idle_timeout). A body that is shorter than `Content-Length` is an
/// error. Dropping the stream closes the connection. The stream ends after an error.
///
/// ```no_run
/// # use neo_client_runtime::{Client, Error, Method};
/// # async fn show(client: Client) -> Result<(), Error> {
/// let mut body = client.request(Method::GET, "/v1/report").stream().await?.into_inner();
/// while let Some(chunk) = body.chunk().await {
///     println!("{} bytes", chunk?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the response is read as the stream is polled"]
pub struct ByteStream {
    /// `None` at the end, so that the connection is closed even if the stream is kept.
    chunks: Option<Chunks>,
    status: StatusCode,
    /// The headers of the response, for errors.
    headers: HeaderMap,
    content_length: Option<u64>,
    call: Call,
    /// The maximum silence.
    limit: Option<Duration>,
    /// Fires when the caller waited for that long.
    idle: Option<Pin<Box<Sleep>>>,
    /// The caller waits for the next chunk. A slow caller is not a silent server.
    is_waiting: bool,
}

impl ByteStream {
    /// Returns the decoded body of a response, whose headers were taken out of it.
    ///
    /// # Errors
    /// Fails if this build cannot decode the content coding of the body.
    pub(crate) fn new(
        response: reqwest::Response,
        headers: &HeaderMap,
        call: Call,
    ) -> Result<Self, Error> {
        let status = response.status();
        // The length of a body that is decoded on the way is unknown.
        let is_coded = content_coding::is_coded(headers);
        let content_length = response.content_length().filter(|_| !is_coded);
        let chunks = decoded(response, headers, None)
            .map_err(|broken| read_body::incomplete(&call, status, broken))?;
        Ok(Self::of(chunks, status, headers, content_length, call))
    }

    /// Returns the body of a response, decoded if this build can decode its content coding, and as
    /// the server sent it otherwise.
    pub(crate) fn decoded_if_possible(
        response: reqwest::Response,
        headers: &HeaderMap,
        call: Call,
    ) -> Result<Self, Error> {
        if content_coding::is_decodable(headers) {
            return Self::new(response, headers, call);
        }
        let endpoint = &call.endpoint;
        tracing::warn!(
            "{endpoint}: the content coding of the response is not known, its bytes stay coded"
        );
        let (status, content_length) = (response.status(), response.content_length());
        let chunks = content_coding::coded(response, headers);
        Ok(Self::of(chunks, status, headers, content_length, call))
    }

    fn of(
        chunks: Chunks,
        status: StatusCode,
        headers: &HeaderMap,
        content_length: Option<u64>,
        call: Call,
    ) -> Self {
        Self {
            status,
            headers: headers.clone(),
            content_length,
            chunks: Some(chunks),
            limit: call.options.idle_timeout_or_default(),
            idle: None,
            is_waiting: false,
            call,
        }
    }

    /// Returns the next chunk, or `None` at the end of the body. Equivalent to polling the
    /// [`Stream`], without an import.
    ///
    /// # Errors
    /// Fails if the connection breaks before the body is complete, or if nothing arrives for the
    /// duration of the idle timeout.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the stream, unless its JSON tells an error in place of the bytes. Waits for the end
    /// of a body that may be one.
    pub(crate) async fn unless_failure(mut self) -> Result<Self, Error> {
        let (mut first, mut rest) = (VecDeque::new(), self.chunks.take());
        let mut body = Vec::new();
        while let Some(chunks) = &mut rest
            && body.len() <= ERROR_BODY_LIMIT
        {
            let next = poll_fn(|context| chunks.as_mut().poll_next(context));
            match timeout_at(self.call.attempt_deadline(), next).await {
                Ok(Some(Ok(chunk))) => {
                    body.extend_from_slice(&chunk);
                    first.push_back(Ok(chunk));
                }
                Ok(None) => rest = None,
                Ok(Some(Err(broken))) => {
                    return Err(read_body::incomplete(&self.call, self.status, broken));
                }
                Err(_) => break,
            }
        }
        let failure = match rest {
            Some(_) => None,
            None => self.failure_in(&body),
        };
        self.chunks = Some(Box::pin(Preceded { first, rest }));
        match failure {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Returns the size of the body in bytes, if the server sent it.
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// Returns the body as a reader. Its I/O errors contain the [`Error`].
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

    /// Returns an error of the call to which this response belongs.
    #[cfg(any(feature = "downloads", feature = "event-streams"))]
    pub(crate) fn error(&self, kind: crate::error::ErrorKind, what: String) -> Error {
        let error = self.call.error(kind, what).status_is(self.status);
        self.call.record(&error);
        self.answered(error)
    }

    /// Adds the headers of the response to an error.
    pub(crate) fn answered(&self, error: Error) -> Error {
        self.call.answered(error, &self.headers)
    }

    /// Closes the connection, or gives it back to the pool after the end.
    fn close(&mut self) {
        self.chunks = None;
        self.call.in_flight = None;
    }

    /// Starts the idle timeout.
    fn begin_to_wait(&mut self, limit: Duration) {
        match &mut self.idle {
            Some(idle) => idle.as_mut().reset(after(limit)),
            None => self.idle = Some(Box::pin(sleep_until(after(limit)))),
        }
    }

    /// Returns the error that JSON in place of the body tells.
    pub(crate) fn failure_in(&self, json: &[u8]) -> Option<Error> {
        let (status, headers) = (self.status, &self.headers);
        let error = self.call.failure_in(status, headers, json, tells_failure)?;
        self.call.record(&error);
        Some(error)
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(chunks) = &mut self.chunks else {
            return Poll::Ready(None);
        };
        let next = match (chunks.as_mut().poll_next(context), self.limit) {
            (Poll::Ready(next), _) => next.map(|chunk| {
                chunk.map_err(|broken| read_body::incomplete(&self.call, self.status, broken))
            }),
            (Poll::Pending, None) => return Poll::Pending,
            (Poll::Pending, Some(limit)) => {
                if !std::mem::replace(&mut self.is_waiting, true) {
                    self.begin_to_wait(limit);
                }
                if let Some(idle) = &mut self.idle {
                    ready!(idle.as_mut().poll(context));
                }
                self.call.abandon_connection();
                Some(Err(self.call.idle().status_is(self.status)))
            }
        };
        Poll::Ready(match next {
            Some(Ok(chunk)) => {
                self.is_waiting = false;
                Some(Ok(chunk))
            }
            Some(Err(error)) => {
                self.call.record(&error);
                self.close();
                Some(Err(self.answered(error)))
            }
            None => {
                self.close();
                None
            }
        })
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
