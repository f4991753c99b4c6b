//! The error of a builder or a conversion.

use std::borrow::Cow;
use std::{error, fmt};

/// A value that cannot be built: a required field is missing, or a value does not convert.
///
/// ```
/// # use neo_client_runtime::{ConversionError, Error};
/// fn build() -> Result<u8, ConversionError> {
///     Err("`name` is required".into())
/// }
///
/// /// `?` turns the error into that of the client.
/// fn call() -> Result<u8, Error> {
///     Ok(build()?)
/// }
/// # assert!(call().unwrap_err().to_string().starts_with("`name` is required"));
/// ```
pub struct ConversionError(Cow<'static, str>);

impl error::Error for ConversionError {}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&'static str> for ConversionError {
    fn from(problem: &'static str) -> Self {
        Self(problem.into())
    }
}

impl From<String> for ConversionError {
    fn from(problem: String) -> Self {
        Self(problem.into())
    }
}
