//! Servers, faults and calls that the test binaries share.

// Each binary uses a part.
#![allow(dead_code, unused_imports)]

pub mod calls;
pub mod clients;
pub mod connection_fault;
pub mod http2;
pub mod lists;
pub mod server;
#[cfg(feature = "rustls")]
pub mod tls;
pub mod trace;
