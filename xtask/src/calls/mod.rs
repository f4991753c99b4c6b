//! Calls every operation of a generated client, and checks the bytes of each request against the
//! document.

pub mod check;
pub mod counts;
pub mod operation;
pub mod program;
pub mod received;
pub mod server;
