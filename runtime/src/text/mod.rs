//! Text from the server: secrets taken out, one line made of many, charsets and lenient numbers.

pub(crate) mod charset;
pub(crate) mod lenient_decode;
pub(crate) mod markup;
pub(crate) mod one_line;
pub(crate) mod query;
pub(crate) mod redact;
