//! Decompression of a body as it comes in, by async-compression.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;
use tokio_util::io::{ReaderStream, StreamReader};

use crate::response::chunks::{Broken, Chunks, Preceded};

/// How many decoded bytes are held at a time.
const PIECE: usize = 16 * 1024;

/// Returns `chunks` without `coding`, which is one of those that this build knows.
///
/// A proxy may undo the coding and keep the header. A body that does not begin like one with the
/// coding is returned as it is.
pub(crate) fn undo(coding: &str, chunks: Chunks) -> Chunks {
    let begins = match coding {
        "gzip" | "x-gzip" => begins_like_gzip,
        "zstd" => begins_like_zstd,
        _ => return decoded(coding, chunks),
    };
    Box::pin(Unsure::Reading {
        coding: coding.to_owned(),
        begins,
        first: VecDeque::new(),
        start: Vec::new(),
        chunks,
    })
}

/// The number of bytes by which a coding is recognized.
const MAGIC: usize = 4;

/// Returns whether bytes may be the beginning of a gzip member (RFC 1952 section 2.3.1).
fn begins_like_gzip(start: &[u8]) -> bool {
    start
        .iter()
        .zip([0x1f, 0x8b])
        .all(|(byte, magic)| *byte == magic)
}

/// Returns whether bytes may be the beginning of a frame or a skippable frame (RFC 8878 section
/// 3.1).
fn begins_like_zstd(start: &[u8]) -> bool {
    let is = |magic: [u8; MAGIC]| start.iter().zip(magic).all(|(byte, magic)| *byte == magic);
    let is_skippable = start.first().is_none_or(|first| first & 0xf0 == 0x50)
        && start
            .iter()
            .skip(1)
            .zip([0x2a, 0x4d, 0x18])
            .all(|(byte, magic)| *byte == magic);
    is([0x28, 0xb5, 0x2f, 0xfd]) || is_skippable
}

/// A body that may have a coding.
enum Unsure {
    /// The first bytes did not arrive yet.
    Reading {
        coding: String,
        begins: fn(&[u8]) -> bool,
        first: VecDeque<Result<Bytes, Broken>>,
        /// The first bytes so far.
        start: Vec<u8>,
        chunks: Chunks,
    },
    Known(Chunks),
}

impl Stream for Unsure {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let (coding, body, is_coded) = match &mut *self {
                Self::Known(chunks) => return chunks.as_mut().poll_next(context),
                Self::Reading {
                    coding,
                    begins,
                    first,
                    start,
                    chunks,
                } => {
                    let next = ready!(chunks.as_mut().poll_next(context));
                    if let Some(Ok(chunk)) = &next {
                        let missing = MAGIC.saturating_sub(start.len());
                        start.extend(chunk.iter().take(missing));
                    }
                    let is_over = !matches!(next, Some(Ok(_)));
                    let is_read = is_over || start.len() >= MAGIC;
                    let is_end = next.is_none();
                    first.extend(next);
                    if !is_read {
                        continue;
                    }
                    let none: Chunks = Box::pin(Preceded::default());
                    let rest = std::mem::replace(chunks, none);
                    let body: Chunks = Box::pin(Preceded {
                        first: std::mem::take(first),
                        rest: (!is_end).then_some(rest),
                    });
                    (std::mem::take(coding), body, begins(start))
                }
            };
            *self = Self::Known(match is_coded {
                true => decoded(&coding, body),
                false => {
                    tracing::warn!("a body is not coded by {coding}, as its header says");
                    body
                }
            });
        }
    }
}

fn decoded(coding: &str, chunks: Chunks) -> Chunks {
    let has_begun = Arc::<AtomicBool>::default();
    let coded = StreamReader::new(Coded {
        chunks,
        has_begun: Arc::clone(&has_begun),
    });
    let decoded: Pin<Box<dyn AsyncRead + Send + Sync>> = match coding {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Box::pin(crate::response::gzip_members::GzipMembers::new(coded)),
        #[cfg(feature = "brotli")]
        "br" => Box::pin(async_compression::tokio::bufread::BrotliDecoder::new(coded)),
        #[cfg(feature = "zstd")]
        "zstd" => {
            // RFC 9659: a larger window would be memory that the sender chooses.
            let window = async_compression::zstd::DParameter::window_log_max(23);
            let mut decoder =
                async_compression::tokio::bufread::ZstdDecoder::with_params(coded, &[window]);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        _ => Box::pin(coded),
    };
    Box::pin(Decoded {
        pieces: ReaderStream::with_capacity(decoded, PIECE),
        has_begun,
    })
}

/// Carries [`Broken`] through a decoder, which knows I/O errors only.
struct Coded {
    chunks: Chunks,
    has_begun: Arc<AtomicBool>,
}

impl Stream for Coded {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.chunks.as_mut().poll_next(context));
        if matches!(&next, Some(Ok(chunk)) if !chunk.is_empty()) {
            self.has_begun.store(true, Ordering::Relaxed);
        }
        Poll::Ready(next.map(|chunk| chunk.map_err(io::Error::other)))
    }
}

/// The output of a decoder.
struct Decoded<S> {
    pieces: S,
    /// `true` if anything arrived. The response to a HEAD has a coding and no body (RFC 9110
    /// section 9.3.2).
    has_begun: Arc<AtomicBool>,
}

impl<S: Stream<Item = io::Result<Bytes>> + Unpin> Stream for Decoded<S> {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(
            match ready!(Pin::new(&mut self.pieces).poll_next(context)) {
                Some(Err(error))
                    if error.kind() == io::ErrorKind::UnexpectedEof
                        && !self.has_begun.load(Ordering::Relaxed) =>
                {
                    None
                }
                next => next.map(|piece| {
                    piece.map_err(|error| error.downcast::<Broken>().unwrap_or_else(Broken::Coding))
                }),
            },
        )
    }
}
