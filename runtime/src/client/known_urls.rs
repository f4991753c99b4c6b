//! The URLs of operations without path parameters. Each call needs the same, and parsing a path
//! takes longer than copying a URL.

use std::sync::{PoisonError, RwLock};

use reqwest::Url;

use crate::error::Error;
use crate::operation::Operation;

/// The URLs that were built before, in the order of the addresses of the operations, which are
/// static.
#[derive(Default)]
pub(crate) struct KnownUrls(RwLock<Vec<(usize, Url)>>);

impl KnownUrls {
    /// Returns the URL of `operation`, which `build` makes for the first call.
    ///
    /// # Errors
    /// Fails if `build` fails, and then remembers nothing.
    pub(crate) fn get(
        &self,
        operation: &'static Operation,
        build: impl FnOnce() -> Result<Url, Error>,
    ) -> Result<Url, Error> {
        let key = std::ptr::from_ref(operation).addr();
        let find = |known: &[(usize, Url)]| known.binary_search_by_key(&key, |(key, _)| *key);
        // No code that holds the lock panics halfway through a change.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = find(&known).ok().and_then(|index| known.get(index)) {
            return Ok(url.clone());
        }
        drop(known);
        let url = build()?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Err(index) = find(&known) {
            known.insert(index, (key, url.clone()));
        }
        Ok(url)
    }
}
