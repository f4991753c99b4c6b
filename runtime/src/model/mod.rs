//! The parts of generated types: open enums and unions, builders, decoding.

pub mod collection;
pub mod conversion_error;
pub mod deserialize;
pub(crate) mod encode;
pub mod lossy;
pub mod open_enum;
pub mod open_union;
pub mod setter;

pub use conversion_error::ConversionError;
pub use open_enum::UnknownValue;
pub use open_union::UnknownJson;
pub use setter::Nullable;
