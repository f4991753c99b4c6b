//! Documents that are nearly right generate, or are refused; nothing panics.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../mutation/mod.rs"]
mod mutation;

use std::path::Path;

use neo_client_codegen::{Error, Settings, generate};

/// How many documents are tried, if the variable `DOCUMENTS` does not say how many.
const DOCUMENTS: u64 = 150;

#[test]
fn mutated_document_generates_or_is_rejected() {
    let documents = mutation::documents(Path::new(env!("CARGO_MANIFEST_DIR")));
    let tried = std::env::var("DOCUMENTS").map_or(DOCUMENTS, |number| number.parse().unwrap());
    for seed in 0..tried {
        let document = mutation::mutated(&documents, &bytes(seed));
        let generated = generate(&document, None, &Settings::default());
        if let Err(error @ (Error::Interrupted(_) | Error::Generate(_) | Error::Refine(_))) =
            generated
        {
            panic!("seed {seed}: {error}\n{document}")
        }
    }
}

/// Up to 40 bytes, always the same for a seed (splitmix64).
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    };
    let length = 8 + usize::from(next()[0]) % 32;
    std::iter::from_fn(|| Some(next()))
        .flatten()
        .take(length)
        .collect()
}
