//! The URLs of operations without path parameters. Each call needs the same, and parsing a path takes
//! longer than copying a URL.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use reqwest::Url;

use crate::error::Error;
use crate::operation::Operation;

/// The URLs that were built before, by the address of the operation, which is static.
#[derive(Default)]
pub(crate) struct KnownUrls(RwLock<HashMap<usize, Url>>);

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
        // No code that holds the lock panics halfway through a change.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(url) = known.get(&key) {
            return Ok(url.clone());
        }
        drop(known);
        let url = build()?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, url.clone());
        Ok(url)
    }
}
