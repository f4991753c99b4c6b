//! Decoding of the responses of sample operations, strict and lenient.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neo_client_runtime::invariants;

fuzz_target!(|input: (u8, &[u8], &[u8])| {
    let (which, content_type, body) = input;
    invariants::response(which.into(), content_type, body);
    if let Ok(json) = std::str::from_utf8(body) {
        invariants::lenient(json);
    }
});
