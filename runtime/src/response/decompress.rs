//! Decompression of a body as it comes in, by async-compression.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;
use tokio_util::io::{ReaderStream, StreamReader};

use crate::response::chunks::{Broken, Chunks};

/// How many decoded bytes are held at a time.
const PIECE: usize = 16 * 1024;

/// `chunks` without `coding`, which is one of those that this build knows.
pub(crate) fn undo(coding: &str, chunks: Chunks) -> Chunks {
    let has_begun = Arc::<AtomicBool>::default();
    let coded = StreamReader::new(Coded {
        chunks,
        has_begun: Arc::clone(&has_begun),
    });
    let decoded: Pin<Box<dyn AsyncRead + Send + Sync>> = match coding {
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => {
            let mut decoder = async_compression::tokio::bufread::GzipDecoder::new(coded);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
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
