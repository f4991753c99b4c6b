//! Error responses, and the texts that errors show of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neo_client_runtime::invariants;

fuzz_target!(|input: (u16, u16, &[u8], &[u8], &[u8])| {
    let (status, keep, content_type, retry_after, body) = input;
    invariants::api_error(100 + status % 900, content_type, retry_after, body);
    invariants::excerpt(body, keep.into());
});
