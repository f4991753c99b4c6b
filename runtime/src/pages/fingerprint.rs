//! Fingerprints of pages, by which a repeated page is recognized.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;

use serde::Serialize;

/// Hashes items as JSON.
pub(super) fn fingerprint(hasher: &RandomState, items: &impl Serialize) -> u64 {
    struct Into<H>(H);
    impl<H: Hasher> io::Write for Into<H> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hash = Into(hasher.build_hasher());
    match serde_json::to_writer(&mut hash, items) {
        Ok(()) => hash.0.finish(),
        // An item without a JSON form equals no other.
        Err(_) => RandomState::new().hash_one(0),
    }
}
