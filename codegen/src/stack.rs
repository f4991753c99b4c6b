//! Room for work that recurses, and an end to its panics.

use std::any::Any;
use std::thread;

use crate::error::Error;

/// Stack for documents that nest deeply, in bytes; touched only as far as it is needed.
const SIZE: usize = 256 * 1024 * 1024;

/// Does the work on a large stack; a panic in it is an error.
pub(crate) fn with_room<T: Send>(
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let interrupted = |error: std::io::Error| Error::Interrupted(error.to_string());
    thread::scope(|scope| {
        thread::Builder::new()
            .name("codegen".to_owned())
            .stack_size(SIZE)
            .spawn_scoped(scope, work)
            .map_err(interrupted)?
            .join()
            .unwrap_or_else(|panic| Err(Error::Interrupted(panic_message(&*panic))))
    })
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "panic without a message".to_owned())
}
