//! The body of a reply: pieces with a pause before each, and the end of the connection in its middle if that is wanted.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// The pause before a connection breaks, in which what was said before goes out: hyper throws away what it still holds.
const FLUSH: Duration = Duration::from_millis(20);

/// The connection is to be closed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Disconnected {
    #[error("closed on purpose")]
    Closed,
    #[error("reset on purpose")]
    Reset,
    #[error("the request ended early")]
    Request(#[from] hyper::Error),
}

pub(super) struct Body {
    pieces: VecDeque<Bytes>,
    /// Before each piece, and before the end.
    pause: Duration,
    pausing: Option<Pin<Box<Sleep>>>,
    /// Whether the connection breaks after the last piece.
    is_cut: bool,
    /// The length if it is known from the beginning, for `Content-Length`.
    length: Option<u64>,
}

impl Body {
    /// A body in one piece.
    pub(super) fn whole(bytes: Bytes) -> Self {
        let length = u64::try_from(bytes.len()).ok();
        Self {
            pieces: VecDeque::from([bytes]),
            pause: Duration::ZERO,
            pausing: None,
            is_cut: false,
            length,
        }
    }

    /// A body of which each piece comes after a pause.
    pub(super) fn paced(pieces: impl IntoIterator<Item = Bytes>, pause: Duration) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
            pause,
            pausing: None,
            is_cut: false,
            length: None,
        }
    }

    /// The number of bytes of all pieces.
    pub(super) fn length(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    /// Only the first `keep` bytes, and then the end of the connection.
    pub(super) fn cut(mut self, mut keep: usize) -> Self {
        for piece in &mut self.pieces {
            piece.truncate(keep);
            keep -= piece.len();
        }
        // After the cut there is nothing to pause for.
        self.pieces.retain(|piece| !piece.is_empty());
        self.length = None;
        self.is_cut = true;
        self
    }

    /// Only the first `keep` pieces, and then the end of the connection.
    pub(super) fn cut_after(mut self, keep: usize) -> Self {
        self.pieces.truncate(keep);
        self.length = None;
        self.is_cut = true;
        self
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Disconnected;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Disconnected>>> {
        let pause = match self.pieces.front() {
            None if self.is_cut => self.pause.max(FLUSH),
            _ => self.pause,
        };
        if !pause.is_zero() {
            let pausing = self.pausing.get_or_insert_with(|| Box::pin(sleep(pause)));
            ready!(pausing.as_mut().poll(context));
            self.pausing = None;
        }
        Poll::Ready(match self.pieces.pop_front() {
            Some(piece) => Some(Ok(Frame::data(piece))),
            None if self.is_cut => Some(Err(Disconnected::Closed)),
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
