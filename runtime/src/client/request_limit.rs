//! A limit on the requests in flight.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A limit on the requests that all clones of a client have in flight.
pub(crate) struct RequestLimit(Arc<Semaphore>);

/// A request in flight. The next request may be sent when the last clone is dropped.
pub(crate) type InFlight = Arc<OwnedSemaphorePermit>;

impl RequestLimit {
    pub(crate) fn new(max: usize) -> Self {
        Self(Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS))))
    }

    /// Waits until another request may be sent.
    pub(crate) async fn enter(&self) -> Option<InFlight> {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.0).acquire_owned().await;
        permit.ok().map(Arc::new)
    }
}
