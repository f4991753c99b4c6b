//! `Retry-After`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neo_client_runtime::invariants;

fuzz_target!(|value: &[u8]| invariants::retry_after(value));
