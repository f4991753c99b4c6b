//! Base URLs and the targets of redirects.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neo_client_runtime::invariants;

fuzz_target!(|input: (u8, bool, &str)| {
    let (status, get, text) = input;
    invariants::base_url(text);
    invariants::redirect(300 + u16::from(status % 9), get, text.as_bytes());
});
