//! Event streams, split into chunks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neo_client_runtime::invariants;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (limit, piece, stream) = input;
    invariants::event_stream(limit.into(), piece.into(), stream);
});
