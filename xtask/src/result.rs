//! The result type of the crate.

use std::error::Error;

/// The result of an operation whose error is one line for the maintainer.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;
