//! The body of a response: frames with a pause before each, which can break off.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// The pause before a connection breaks, in which the earlier frames are sent. Hyper discards the
/// bytes that it still holds.
const FLUSH: Duration = Duration::from_millis(20);

/// The end of a connection without a complete response.
#[derive(Debug, thiserror::Error)]
pub(super) enum Disconnected {
    #[error("closed on purpose")]
    Closed,
    #[error("reset on purpose")]
    Reset,
    #[error("the request ended early")]
    Request(#[from] hyper::Error),
}

/// A response body.
pub(super) struct MockBody {
    frames: VecDeque<Bytes>,
    /// The pause before each frame and before the end.
    pause: Duration,
    pausing: Option<Pin<Box<Sleep>>>,
    /// `true` if the connection breaks after the last frame.
    is_cut: bool,
    /// The length for `Content-Length`, if it is known at the start.
    length: Option<u64>,
}

impl MockBody {
    /// Returns a body of one frame.
    pub(super) fn whole(bytes: Bytes) -> Self {
        let length = u64::try_from(bytes.len()).ok();
        Self {
            frames: VecDeque::from([bytes]),
            pause: Duration::ZERO,
            pausing: None,
            is_cut: false,
            length,
        }
    }

    /// Returns a body with a pause before each frame.
    pub(super) fn paced(frames: impl IntoIterator<Item = Bytes>, pause: Duration) -> Self {
        Self {
            frames: frames.into_iter().collect(),
            pause,
            pausing: None,
            is_cut: false,
            length: None,
        }
    }

    /// Returns the number of bytes of all frames.
    pub(super) fn length(&self) -> usize {
        self.frames.iter().map(Bytes::len).sum()
    }

    /// Keeps the first `keep` bytes. Then the connection breaks.
    pub(super) fn cut(mut self, mut keep: usize) -> Self {
        for frame in &mut self.frames {
            frame.truncate(keep);
            keep -= frame.len();
        }
        // No pause for frames that are cut away.
        self.frames.retain(|frame| !frame.is_empty());
        self.length = None;
        self.is_cut = true;
        self
    }

    /// Keeps the first `keep` frames. Then the connection breaks.
    pub(super) fn cut_after(mut self, keep: usize) -> Self {
        self.frames.truncate(keep);
        self.length = None;
        self.is_cut = true;
        self
    }
}

impl hyper::body::Body for MockBody {
    type Data = Bytes;
    type Error = Disconnected;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Disconnected>>> {
        let pause = match self.frames.front() {
            None if self.is_cut => self.pause.max(FLUSH),
            _ => self.pause,
        };
        if !pause.is_zero() {
            let pausing = self.pausing.get_or_insert_with(|| Box::pin(sleep(pause)));
            ready!(pausing.as_mut().poll(context));
            self.pausing = None;
        }
        Poll::Ready(match self.frames.pop_front() {
            Some(frame) => Some(Ok(Frame::data(frame))),
            None if self.is_cut => Some(Err(Disconnected::Closed)),
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
