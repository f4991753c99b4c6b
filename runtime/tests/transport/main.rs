//! Calls over a network and to a server that fail in every way: each ends in a value or in an error that says what
//! happened, and nothing is done twice that must not be.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

/// One module a subject; `scene` holds what they share.
mod faults {
    mod budget;
    #[cfg(all(feature = "gzip", feature = "brotli", feature = "zstd"))]
    mod coding;
    mod connection;
    mod deadline;
    mod fault;
    mod framing;
    mod json;
    mod media_type;
    mod pool;
    mod provider;
    mod purchase;
    mod redirect;
    mod refusal;
    mod repetition;
    mod retry_after;
    mod scene;
    mod size;
    mod tls;
    mod trace;
}
