//! Nearly valid documents generate or are rejected, without a panic or a stack overflow, and the
//! output is Rust.
#![no_main]

#[path = "../../codegen/tests/documents/mutation/mod.rs"]
mod mutation;

use std::{path::Path, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use neo_client_codegen::{Error, Settings, generate};
use serde_json::Value;

static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    mutation::documents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/documents"))
});

fuzz_target!(
    // libfuzzer ends the process on each panic, even on a caught panic of progenitor.
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| {
        let document = mutation::mutated(&DOCUMENTS, bytes);
        match generate(&document, None, &Settings::default()) {
            Ok(output) => {
                for text in output.files.values() {
                    drop(syn::parse_file(text).expect("Rust"));
                }
            }
            Err(error @ (Error::Interrupted(_) | Error::Generate(_) | Error::Refine(_))) => {
                eprintln!("{error}\n{document}");
                std::process::abort();
            }
            Err(_) => {}
        }
    }
);
