//! Path parameters, and paths of `Client::request`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neo_client_runtime::invariants;

fuzz_target!(|text: &str| {
    invariants::path_value(text);
    invariants::request_path(text);
});
