//! Lists page by page, over HTTP.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod server;

/// One module a subject; `list` holds what they share.
mod pages {
    mod circles;
    mod ends;
    mod hostile;
    mod list;
    mod mock;
    mod resuming;
    mod sequence;
    mod styles;
}
