//! The progress of a request body. It tells a slow upload from a silent one, and a request that was
//! never complete from one that the server may have carried out.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Body, Request};
use tokio::time::Instant;

use crate::call::transport_error::Sent;

/// The maximum size of the pieces in which a body is handed to the HTTP library, which buffers
/// several of them. With larger pieces, an upload over a slow connection would seem to stand still.
const PIECE: usize = 8 * 1024;

/// The HTTP library has not asked for the body yet.
const UNASKED: u8 = 0;
/// A part of the body was handed to the HTTP library, which sent the head before.
const BEGUN: u8 = 1;
/// The complete body was handed to the HTTP library.
const COMPLETE: u8 = 2;
/// The stream of the caller failed.
const FAILED: u8 = 3;
/// The request did not reach the HTTP client.
const UNWATCHED: u8 = 4;

/// The state of the body of a request; `None` for a request that is sent as a whole.
#[derive(Clone)]
pub(super) struct Upload(Option<Arc<State>>);

struct State {
    /// How far the body is: one of the constants.
    stage: AtomicU8,
    is_empty: AtomicBool,
    last_progress: Mutex<Option<Instant>>,
}

impl Upload {
    /// Returns the state of a request that is not watched yet. Until then, all of the request
    /// counts as sent.
    pub(super) fn new() -> Self {
        Self(Some(Arc::new(State {
            stage: AtomicU8::new(UNWATCHED),
            is_empty: AtomicBool::new(true),
            last_progress: Mutex::new(None),
        })))
    }

    /// Returns the state of a request that is sent directly: it is watched if it has a body, or
    /// never lacks one.
    pub(super) fn of(request: &mut Request, never_absent: bool) -> Self {
        if request.body().is_none() && !never_absent {
            return Self(None);
        }
        let upload = Self::new();
        upload.watch(request, never_absent);
        upload
    }

    /// Watches the body of `request`. Only the first request is watched: a service that sends a
    /// second one may have sent all of the first.
    ///
    /// With `never_absent`, a request without content gets an empty body. Over HTTP/2, the end of
    /// such a request is a frame of its own, so that a request whose body was never asked for is
    /// known to be incomplete. Over HTTP/1, an empty body is never asked for.
    pub(super) fn watch(&self, request: &mut Request, never_absent: bool) {
        let Some(state) = &self.0 else { return };
        let has_body = request.body().is_some() || never_absent;
        let first = if has_body { UNASKED } else { COMPLETE };
        let order = (Ordering::AcqRel, Ordering::Acquire);
        let stage = &state.stage;
        if stage
            .compare_exchange(UNWATCHED, first, order.0, order.1)
            .is_err()
        {
            stage.store(COMPLETE, Ordering::Release);
            return;
        }
        if has_body {
            let body = request.body_mut().take();
            let is_empty = body.as_ref().is_none_or(HttpBody::is_end_stream);
            state.is_empty.store(is_empty, Ordering::Release);
            let watched = Watched {
                body: body.unwrap_or_default(),
                rest: Bytes::new(),
                state: Arc::clone(state),
            };
            *request.body_mut() = Some(Body::wrap(watched));
        }
    }

    /// Returns how much of the request was sent.
    pub(super) fn sent(&self) -> Sent {
        let Some(state) = &self.0 else {
            return Sent::All;
        };
        match state.stage.load(Ordering::Acquire) {
            UNASKED if state.is_empty.load(Ordering::Acquire) => Sent::Head,
            UNASKED => Sent::Nothing,
            BEGUN => Sent::Part,
            FAILED => Sent::BodyFailed,
            _ => Sent::All,
        }
    }

    /// Returns the last time at which the HTTP library took a part of the body.
    pub(super) fn last_progress(&self) -> Option<Instant> {
        *self.0.as_ref()?.progress()
    }
}

impl State {
    fn reach(&self, stage: u8) {
        self.stage.store(stage, Ordering::Release);
    }

    fn progress(&self) -> MutexGuard<'_, Option<Instant>> {
        self.last_progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

struct Watched {
    body: Body,
    /// The part of the last frame that was not handed on.
    rest: Bytes,
    state: Arc<State>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.state.stage.load(Ordering::Acquire) == UNASKED {
            self.state.reach(BEGUN);
        }
        if self.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                None => None,
                Some(Err(error)) => {
                    self.state.reach(FAILED);
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Ok(frame)) => Some(frame),
            };
            *self.state.progress() = Some(Instant::now());
            match frame.map(Frame::into_data) {
                None => {
                    self.state.reach(COMPLETE);
                    return Poll::Ready(None);
                }
                Some(Err(frame)) => return Poll::Ready(Some(Ok(frame))),
                Some(Ok(data)) => self.rest = data,
            }
        } else {
            *self.state.progress() = Some(Instant::now());
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        if self.rest.is_empty() && self.body.is_end_stream() {
            self.state.reach(COMPLETE);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    /// Is `false` before the body was asked for, even if the body is empty; see [`Upload::watch`].
    fn is_end_stream(&self) -> bool {
        let has_begun = self.state.stage.load(Ordering::Acquire) != UNASKED;
        has_begun && self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let inner = self.body.size_hint();
        let mut hint = SizeHint::new();
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(inner.lower().saturating_add(rest));
        hint
    }
}
