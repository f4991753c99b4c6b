//! Decodes the members of a gzip body (RFC 1952 section 2.2), and skips what follows them.
//!
//! Some servers pad the body with zeros, or add a line to it. As in gunzip, such bytes are ignored:
//! the members before them are complete, and their checksums fit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_compression::tokio::bufread::GzipDecoder;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

/// The first byte of a member.
const MAGIC: u8 = 0x1f;

/// The maximum number of bytes that are read behind the last member. Reading them lets the
/// connection be used again. After more bytes, the body is abandoned and the connection is closed.
const SKIPPED_LIMIT: usize = 64 * 1024;

/// The decoded members of a body.
pub(super) struct GzipMembers<R> {
    /// `None` at the end of the body, or if the rest of the body is not read.
    decoder: Option<GzipDecoder<R>>,
    state: State,
    /// The number of bytes that may still be skipped.
    skippable: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    InMember,
    /// A member is complete, and nothing behind it was read.
    Between,
    /// Something else than a member follows the last one.
    Behind,
}

impl<R: AsyncBufRead + Unpin> GzipMembers<R> {
    pub(super) fn new(body: R) -> Self {
        Self {
            decoder: Some(GzipDecoder::new(body)),
            state: State::InMember,
            skippable: SKIPPED_LIMIT,
        }
    }
}

impl<R: AsyncBufRead + Unpin> AsyncRead for GzipMembers<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        output: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            let Some(decoder) = &mut this.decoder else {
                return Poll::Ready(Ok(()));
            };
            if this.state == State::InMember {
                let room = output.remaining();
                ready!(Pin::new(decoder).poll_read(context, output))?;
                if room == 0 || output.remaining() < room {
                    return Poll::Ready(Ok(()));
                }
                this.state = State::Between;
                continue;
            }
            let body = decoder.get_mut();
            let next = ready!(Pin::new(&mut *body).poll_fill_buf(context))?;
            match next.first() {
                None => this.decoder = None,
                Some(&MAGIC) if this.state == State::Between => {
                    let body = this.decoder.take().map(GzipDecoder::into_inner);
                    this.decoder = body.map(GzipDecoder::new);
                    this.state = State::InMember;
                }
                Some(_) => {
                    let length = next.len();
                    match this.skippable.checked_sub(length) {
                        Some(rest) => {
                            this.skippable = rest;
                            Pin::new(body).consume(length);
                            this.state = State::Behind;
                        }
                        None => this.decoder = None,
                    }
                }
            }
        }
    }
}
