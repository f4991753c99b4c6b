//! Cancellation of a wait by the output of a future.

/// The output of a future for [`Run::cancel_when`](super::Run::cancel_when).
///
/// The value says whether the future is a cancellation. `()` is one. A `Result` is one if it is
/// `Ok`, and an `Option` is one if it is `Some`: a channel whose sender was dropped, or a signal
/// handler that could not be installed, cancels nothing.
///
/// ```
/// # use neo_client_runtime::poll::Signal;
/// assert!(().is_cancellation());
/// assert!(Ok::<(), ()>(()).is_cancellation());
/// assert!(!None::<()>.is_cancellation());
/// ```
pub trait Signal {
    /// Returns whether this output cancels the wait.
    fn is_cancellation(&self) -> bool;
}

impl Signal for () {
    fn is_cancellation(&self) -> bool {
        true
    }
}

impl<T, E> Signal for Result<T, E> {
    fn is_cancellation(&self) -> bool {
        self.is_ok()
    }
}

impl<T> Signal for Option<T> {
    fn is_cancellation(&self) -> bool {
        self.is_some()
    }
}
