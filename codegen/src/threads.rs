//! Threads with large stacks for recursive work. Their panics become errors.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Scope, ScopedJoinHandle};

use crate::error::Error;

/// The name of the generating threads. A panic in one of them is an error of a part of the
/// document.
pub const THREAD: &str = "codegen";

/// The stack size for deeply nested documents, in bytes. Only the used part is committed.
const SIZE: usize = 256 * 1024 * 1024;

/// The maximum number of threads: each holds its work in memory.
const THREADS: usize = 4;

/// Runs work on a large stack; a panic becomes an error.
pub(crate) fn with_room<T: Send>(
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    thread::scope(|scope| join(spawn(scope, work)?))
}

/// Runs two jobs at a time on large stacks; a panic becomes an error.
pub(crate) fn both<T: Send>(
    one: impl FnOnce() -> Result<T, Error> + Send,
    other: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<(T, T), Error> {
    thread::scope(|scope| {
        let (one, other) = (spawn(scope, one)?, spawn(scope, other)?);
        Ok((join(one)?, join(other)?))
    })
}

/// Runs a job for each part, several at a time, and returns the results in the order of the parts.
/// The first failure in this order is returned, so that the result is the same on every machine.
pub(crate) fn side_by_side<P: Sync, T: Send>(
    parts: &[P],
    job: impl Fn(&P) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::with_capacity(parts.len()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(index) else {
                return Ok(());
            };
            let outcome = catch_unwind(AssertUnwindSafe(|| job(part)))
                .unwrap_or_else(|panic| Err(Error::Generate(panic_message(&*panic))));
            if outcome.is_err() {
                // No later part is started; earlier parts are.
                next.fetch_max(parts.len(), Ordering::Relaxed);
            }
            made.lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner())
                .push((index, outcome));
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(THREADS).min(parts.len());
    thread::scope(|scope| {
        let others: Vec<_> = (0..threads)
            .map(|_| spawn(scope, work))
            .collect::<Result<_, _>>()?;
        others.into_iter().try_for_each(join)
    })?;
    let mut made = made
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    made.sort_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, outcome)| outcome).collect()
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> Result<T, Error> + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, Result<T, Error>>, Error> {
    thread::Builder::new()
        .name(THREAD.to_owned())
        .stack_size(SIZE)
        .spawn_scoped(scope, work)
        .map_err(|error| Error::Interrupted(error.to_string()))
}

fn join<T>(thread: ScopedJoinHandle<'_, Result<T, Error>>) -> Result<T, Error> {
    thread
        .join()
        .unwrap_or_else(|panic| Err(Error::Interrupted(panic_message(&*panic))))
}

/// Returns the message of a panic.
fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_by_side_keeps_order_and_first_failure() {
        let parts: Vec<usize> = (0..100).collect();
        let twice = side_by_side(&parts, |part| Ok(part * 2)).unwrap();
        assert_eq!(twice, (0..100).map(|part| part * 2).collect::<Vec<_>>());
        for _ in 0..20 {
            let failed = side_by_side(&parts, |&part| match part {
                7 => Err(Error::Refine("seven".to_owned())),
                8.. => panic!("{part}"),
                _ => Ok(part),
            });
            assert!(matches!(failed, Err(Error::Refine(text)) if text == "seven"));
        }
        assert!(side_by_side(&[(); 0], |()| Ok(())).unwrap().is_empty());
    }
}
